"""Whether a statement lies in a larger one, which says all that it says. Until now it stood beside that with a gap."""

from django.db import migrations

CONTAINED = "ALTER TABLE treasury_statement ADD COLUMN contained boolean NOT NULL DEFAULT false"


class Migration(migrations.Migration):
    dependencies = [("treasury", "0004_place")]
    operations = [migrations.RunSQL(CONTAINED, "ALTER TABLE treasury_statement DROP COLUMN contained")]
