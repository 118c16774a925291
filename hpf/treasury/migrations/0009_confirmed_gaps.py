"""For which sum two persons gave their word, beside the statement behind the gap. It was kept that they did, not for what:
a gap that was confirmed before is asked about once more, when the next statement of its account comes."""

from django.db import migrations

FOR_A_SUM = """
DROP TRIGGER IF EXISTS money_desk_statement_guard ON treasury_statement;
ALTER TABLE treasury_statement DROP COLUMN gap_confirmed, ADD COLUMN confirmed_gap_fen bigint NOT NULL DEFAULT 0;
"""
FOR_ANY = """
DROP TRIGGER IF EXISTS money_desk_gap_guard ON treasury_statement;
DROP TRIGGER IF EXISTS money_desk_statement_guard ON treasury_statement;
ALTER TABLE treasury_statement ADD COLUMN gap_confirmed boolean NOT NULL DEFAULT false;
UPDATE treasury_statement SET gap_confirmed = confirmed_gap_fen <> 0;
ALTER TABLE treasury_statement DROP COLUMN confirmed_gap_fen;
"""


class Migration(migrations.Migration):
    dependencies = [("treasury", "0008_same_sums")]
    operations = [migrations.RunSQL(FOR_A_SUM, FOR_ANY)]
