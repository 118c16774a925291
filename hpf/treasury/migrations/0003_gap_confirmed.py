"""Whether the treasurer confirmed that a statement is missing before or after this one."""

from django.db import migrations

GAP = "ALTER TABLE treasury_statement ADD COLUMN gap_confirmed boolean NOT NULL DEFAULT false"


class Migration(migrations.Migration):
    dependencies = [("treasury", "0002_own_payer")]
    operations = [migrations.RunSQL(GAP, "ALTER TABLE treasury_statement DROP COLUMN gap_confirmed")]
