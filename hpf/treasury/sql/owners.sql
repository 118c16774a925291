-- name: lock_line
SELECT id, state, amount_fen, flow_no, employer_id, unit_account_id, entry_id, assigned_entry_id
FROM treasury_line WHERE id = %(line_id)s FOR NO KEY UPDATE;

-- name: assign_line
UPDATE treasury_line SET state = 'assigned', employer_id = %(employer_id)s, unit_account_id = %(unit_account_id)s,
                         assigned_entry_id = %(entry_id)s
WHERE id = %(line_id)s;

-- name: unassign_line
UPDATE treasury_line SET state = 'unidentified', employer_id = %(employer_id)s, unit_account_id = NULL,
                         assigned_entry_id = NULL
WHERE id = %(line_id)s;

-- name: offset_line
UPDATE treasury_line SET state = 'offset', offsets_id = %(receipt_id)s WHERE id = %(line_id)s;

-- name: reverse_line
-- What was assigned lies where it lay before: nowhere of an employer.
UPDATE treasury_line SET state = 'reversed', assigned_entry_id = NULL,
                         unit_account_id = CASE WHEN state = 'assigned' THEN NULL ELSE unit_account_id END
WHERE id = %(line_id)s;

-- name: suspect_lines
UPDATE treasury_line line SET state = 'taken_back', findings = told.findings
FROM json_to_recordset(%(told)s::json) AS told (id bigint, findings jsonb) WHERE line.id = told.id;

-- name: pay_out_line
UPDATE treasury_line SET state = 'outgoing' WHERE id = %(line_id)s;

-- name: held_unallocated
-- What lies in a unit account's 暂存款, held until the transaction ends, less what bank lines bring for cases.
SELECT (a.carried_fen + a.current_fen - COALESCE((
    SELECT sum(amount_fen) FROM treasury_line
    WHERE unit_account_id = %(unit_account_id)s AND state IN ('matched', 'short')), 0))::bigint
FROM ledger_account a WHERE a.kind = 'unallocated' AND a.unit_account_id = %(unit_account_id)s FOR NO KEY UPDATE;
