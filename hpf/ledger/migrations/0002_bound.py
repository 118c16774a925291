"""No balance reaches a trillion yuan: so neither a sum of a file's lines nor a day sum leaves its column."""

from django.db import migrations

BOUND = (
    "ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_bound CHECK (carried_fen + current_fen < 100000000000000)"
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(BOUND, "ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_bound")]
