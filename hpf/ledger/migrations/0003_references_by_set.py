"""The subject of an account is asked once a statement, by the trigger that ``access.py`` names (ADR 17)."""

from django.db import migrations

DROP = "ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_subject_fkey"
LAY = "ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_subject_fkey FOREIGN KEY (subject) REFERENCES ledger_subject"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_bound")]
    operations = [migrations.RunSQL(DROP, LAY)]
