"""Payments that one person took before two were asked for: they wait at the desk for the word of two, as money does that
goes out and may be a receipt taken back."""

from django.db import migrations

TO_TWO_PERSONS = """
UPDATE treasury_line line
SET state = 'taken_back', findings = jsonb_build_array(jsonb_build_object(
        'reason', 'TREASURY-PAID-ALONE', 'case_no', NULL,
        'what', format('流水号%s为付款%s元，导入时未经两人核对', line.flow_no, to_char(line.amount_fen / 100.0, 'FM999999999990.00')),
        'why', '从中心账户付出的钱，须由两人与银行和付款凭证核对',
        'treasurer_remedy', '请与银行和付款凭证核对后，提出确认为付款，由另一人复核',
        'handler_remedy', '该笔为中心付款，无需办理'))
FROM treasury_statement s
WHERE s.id = line.statement_id AND s.handed_in_id IS NULL AND line.state = 'outgoing'
  AND line.findings @> '[{"reason": "TREASURY-OUTGOING"}]'
"""


class Migration(migrations.Migration):
    dependencies = [("treasury", "0009_confirmed_gaps")]
    operations = [migrations.RunSQL(TO_TWO_PERSONS, migrations.RunSQL.noop)]
