"""Whose word a statement stands on where it does not prove itself: that its head was typed, and by which two persons."""

from django.db import migrations

BY_TWO = """
ALTER TABLE treasury_statement ADD COLUMN head_typed boolean NOT NULL DEFAULT false,
                               ADD COLUMN handed_in_id bigint CONSTRAINT treasury_statement_handed_in UNIQUE;
"""


class Migration(migrations.Migration):
    dependencies = [("treasury", "0006_taken_back")]
    operations = [
        migrations.RunSQL(BY_TWO, "ALTER TABLE treasury_statement DROP COLUMN head_typed, DROP COLUMN handed_in_id")
    ]
