"""The place of a statement among those of its account that end on the same day. Until now they stood as they came."""

from django.db import migrations

PLACE = "ALTER TABLE treasury_statement ADD COLUMN place integer NOT NULL DEFAULT 0"


class Migration(migrations.Migration):
    dependencies = [("treasury", "0003_gap_confirmed")]
    operations = [migrations.RunSQL(PLACE, "ALTER TABLE treasury_statement DROP COLUMN place")]
