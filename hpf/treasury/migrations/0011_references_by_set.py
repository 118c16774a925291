"""The references of lines are asked once a statement, by the trigger that ``access.py`` names (ADR 17)."""

from django.db import migrations

DROP = """
ALTER TABLE treasury_line
    DROP CONSTRAINT treasury_line_statement_id_fkey, DROP CONSTRAINT treasury_line_entry_id_fkey,
    DROP CONSTRAINT treasury_line_assigned_entry_id_fkey, DROP CONSTRAINT treasury_line_offsets_id_fkey;
"""
LAY = """
ALTER TABLE treasury_line
    ADD CONSTRAINT treasury_line_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES treasury_statement,
    ADD CONSTRAINT treasury_line_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES ledger_entry,
    ADD CONSTRAINT treasury_line_assigned_entry_id_fkey FOREIGN KEY (assigned_entry_id) REFERENCES ledger_entry,
    ADD CONSTRAINT treasury_line_offsets_id_fkey FOREIGN KEY (offsets_id) REFERENCES treasury_line;
"""


class Migration(migrations.Migration):
    dependencies = [("treasury", "0010_paid_alone")]
    operations = [migrations.RunSQL(DROP, LAY)]
