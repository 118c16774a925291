-- name: same_statement
SELECT id, imported_on, imported_by FROM treasury_statement
WHERE bank_account_id = %(bank_account_id)s AND digest = %(digest)s;

-- name: known_lines
-- What earlier files brought of the same days.
SELECT flow_no, booked_on, side, amount_fen FROM treasury_line
WHERE bank_account_id = %(bank_account_id)s AND booked_on BETWEEN %(starts_on)s AND %(ends_on)s AND state <> 'repeated';

-- name: known_periods
-- Earlier files that tell of whole days among these: a day between the first and the last is whole.
SELECT starts_on, ends_on FROM treasury_statement
WHERE bank_account_id = %(bank_account_id)s AND starts_on < %(ends_on)s AND ends_on > %(starts_on)s
  AND ends_on > starts_on + 1;

-- name: earlier_lines
-- What earlier lines mean to a case: whether one is on its way to pay it, and what fell short. A line that paid it, or
-- was not taken, does not count: there the case itself knows.
SELECT case_no, bool_or(state = 'matched'), COALESCE(sum(amount_fen) FILTER (WHERE state IN ('short', 'counted')), 0)::bigint
FROM treasury_line WHERE case_no = ANY(%(case_numbers)s) AND state IN ('matched', 'short', 'counted')
GROUP BY case_no;

-- name: insert_statement
INSERT INTO treasury_statement (bank_account_id, starts_on, ends_on, opening_fen, closing_fen, line_count,
                                new_count, new_fen, digest, imported_on, imported_by, gap_confirmed)
VALUES (%(bank_account_id)s, %(starts_on)s, %(ends_on)s, %(opening_fen)s, %(closing_fen)s, %(line_count)s,
        %(new_count)s, %(new_fen)s, %(digest)s, %(today)s, %(by)s, %(gap)s)
RETURNING id;

-- name: take_incoming
INSERT INTO treasury_line (statement_id, bank_account_id, line_no, flow_no, booked_on, side, amount_fen, payer_name,
                           payer_account, payer_account_digest, payer_bank, summary, remark, state, findings, case_no,
                           employer_id, unit_account_id, entry_id, own_payer_name, own_payer_account)
SELECT %(statement_id)s, %(bank_account_id)s, line_no, flow_no, booked_on, side, amount_fen, payer_name, payer_account,
       payer_account_digest, payer_bank, summary, remark, state, findings::jsonb, case_no, employer_id, unit_account_id,
       entry_id, own_payer_name, own_payer_account
FROM incoming_line ORDER BY line_no;

-- name: move_lines
-- What became of cases, on their lines: from ``origin`` (and, where all went well, from ``beside``) to ``to``; where the
-- item refused, to 暂存款 with the reason. Run again it finds nothing left to move.
UPDATE treasury_line line
SET state = CASE WHEN told.finding IS NULL THEN %(to)s ELSE 'unallocated' END,
    findings = CASE WHEN told.finding IS NULL THEN line.findings ELSE line.findings || told.finding END
FROM json_to_recordset(%(outcomes)s::json) AS told (case_no bigint, finding jsonb)
WHERE line.case_no = told.case_no AND line.statement_id <= %(through)s
  AND (line.state = %(origin)s OR (told.finding IS NULL AND line.state = %(beside)s));

-- name: lock_line
SELECT state, amount_fen, flow_no
FROM treasury_line WHERE id = %(line_id)s FOR NO KEY UPDATE;

-- name: assign_line
UPDATE treasury_line SET state = 'assigned', employer_id = %(employer_id)s, unit_account_id = %(unit_account_id)s,
                         assigned_entry_id = %(entry_id)s
WHERE id = %(line_id)s;

-- name: put_in_order
UPDATE treasury_statement s SET place = told.place
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS told (id, place) WHERE s.id = told.id AND s.place <> told.place;
