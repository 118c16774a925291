"""What two persons have seen that an account held before all of its lines: beside the statement that moved it. What was
taken before anybody was asked stands as it is."""

from django.db import migrations

SEEN = """
DROP TRIGGER IF EXISTS treasury_statements_join ON treasury_statement;
ALTER TABLE treasury_statement ADD COLUMN base_moved_fen bigint NOT NULL DEFAULT 0;
UPDATE treasury_statement s SET base_moved_fen = s.opening_fen - COALESCE((
    SELECT sum(CASE side WHEN '贷' THEN amount_fen ELSE -amount_fen END) FROM treasury_line line
    WHERE line.bank_account_id = s.bank_account_id AND line.booked_on < s.starts_on AND line.state <> 'repeated'), 0)
WHERE s.id IN (SELECT DISTINCT ON (bank_account_id) id FROM treasury_statement WHERE NOT contained
               ORDER BY bank_account_id, ends_on, place, id);
"""
UNSEEN = """
DROP TRIGGER IF EXISTS money_desk_base_guard ON treasury_statement;
DROP TRIGGER IF EXISTS money_desk_statement_guard ON treasury_statement;
ALTER TABLE treasury_statement DROP COLUMN base_moved_fen;
"""


class Migration(migrations.Migration):
    dependencies = [("treasury", "0011_references_by_set")]
    operations = [migrations.RunSQL(SEEN, UNSEEN)]
