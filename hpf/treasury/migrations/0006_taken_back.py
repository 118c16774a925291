"""Receipts that the bank takes back: the line that does waits, and names the receipt once two persons said which."""

from django.db import migrations

TAKEN_BACK = """
ALTER TABLE treasury_line
    ADD COLUMN offsets_id bigint CONSTRAINT treasury_line_offset_once UNIQUE REFERENCES treasury_line,
    DROP CONSTRAINT treasury_line_state_check, DROP CONSTRAINT treasury_line_booked, DROP CONSTRAINT treasury_line_lies,
    ADD CONSTRAINT treasury_line_state_check CHECK (state IN (
        'matched', 'booked', 'short', 'counted', 'unallocated', 'unidentified', 'assigned', 'repeated', 'outgoing',
        'taken_back', 'offset', 'reversed')),
    ADD CONSTRAINT treasury_line_booked CHECK (
        (entry_id IS NULL) = (state IN ('repeated', 'outgoing', 'taken_back', 'offset'))),
    ADD CONSTRAINT treasury_line_lies CHECK (state = 'reversed' OR (unit_account_id IS NULL) = (
        state IN ('unidentified', 'repeated', 'outgoing', 'taken_back', 'offset'))),
    ADD CONSTRAINT treasury_line_offset CHECK ((offsets_id IS NOT NULL) = (state = 'offset'));
DROP INDEX treasury_line_open;
CREATE INDEX treasury_line_open ON treasury_line (state, id)
    WHERE state IN ('matched', 'short', 'unidentified', 'taken_back');
"""


class Migration(migrations.Migration):
    dependencies = [("treasury", "0005_contained")]
    operations = [migrations.RunSQL(TAKEN_BACK, migrations.RunSQL.noop)]
