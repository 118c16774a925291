-- name: ending_days
-- The days from a statement's first on that end others: whether several, and whether one of them tells of its days.
SELECT ends_on, count(*) > 1, min(starts_on) <= %(ends_on)s FROM treasury_statement
WHERE bank_account_id = %(bank_account_id)s AND ends_on >= %(starts_on)s AND NOT contained
GROUP BY ends_on ORDER BY ends_on;

-- name: ending_together
-- Statements that end on one day, as `order.Part` has them: for each sum of lines that others have, a row.
WITH together AS (
    SELECT s.id, s.starts_on, s.opening_fen - COALESCE((
               SELECT sum(CASE side WHEN '贷' THEN amount_fen ELSE -amount_fen END) FROM treasury_line line
               WHERE line.bank_account_id = s.bank_account_id AND line.booked_on < s.starts_on AND line.state <> 'repeated'
           ), 0) AS base_fen
    FROM treasury_statement s
    WHERE s.bank_account_id = %(bank_account_id)s AND s.ends_on = %(ends_on)s AND NOT s.contained
),
lines AS (
    SELECT s.id, CASE line.side WHEN '贷' THEN line.amount_fen ELSE -line.amount_fen END AS fen,
           array_agg(e.id) FILTER (WHERE e.ends_on = %(ends_on)s) AS holders, bool_or(e.ends_on < %(ends_on)s) AS is_before
    FROM together s
    JOIN treasury_statement e ON e.bank_account_id = %(bank_account_id)s AND e.id <> s.id AND NOT e.contained
         AND e.ends_on BETWEEN s.starts_on AND %(ends_on)s
    JOIN treasury_line line ON line.statement_id = e.id AND line.booked_on IN (s.starts_on, %(ends_on)s)
    WHERE NOT EXISTS (SELECT FROM treasury_line own WHERE own.statement_id = s.id AND own.flow_no = line.flow_no
                      AND own.booked_on = line.booked_on)
    GROUP BY s.id, line.booked_on, line.flow_no, line.side, line.amount_fen
),
sums AS (
    SELECT id, CASE WHEN NOT is_before THEN (SELECT array_agg(holder ORDER BY holder) FROM unnest(holders) holder) END AS holders,
           sum(fen) AS fen
    FROM lines GROUP BY 1, 2
)
SELECT t.id, t.base_fen::bigint, sums.holders, COALESCE(sums.fen, 0)::bigint
FROM together t LEFT JOIN sums ON sums.id = t.id ORDER BY t.id;

-- name: base_before
-- What the last statement that ends before a day says that the account held before all of its lines.
SELECT base_fen FROM treasury_chain() chain
WHERE bank_account_id = %(bank_account_id)s AND ends_on < %(ends_on)s ORDER BY n DESC LIMIT 1;

-- name: gaps_beside
-- Where a new statement does not join its neighbours, and where it made another sum of a gap elsewhere: the statement
-- behind the gap, the day from which it does not join, its balance and what is missing, and whether two persons gave their
-- word for just that before. Or what the account held before all of its lines is not what it was: that stands before the
-- first statement.
SELECT statement_id, n = 1, CASE n WHEN 1 THEN first_day ELSE starts_on END, CASE n WHEN 1 THEN base_fen ELSE opening_fen END,
       gap_fen, confirmed
FROM (SELECT *, min(starts_on) OVER () AS first_day FROM treasury_chain() WHERE bank_account_id = %(bank_account_id)s) chain
WHERE gap_fen <> 0 AND (NOT confirmed OR %(statement_id)s IN (statement_id, previous_id)) ORDER BY n;

-- name: confirm_base
UPDATE treasury_statement SET base_moved_fen = %(fen)s WHERE id = %(statement_id)s;

-- name: confirm_gaps
UPDATE treasury_statement s SET confirmed_gap_fen = told.fen
FROM unnest(%(ids)s::bigint[], %(fens)s::bigint[]) AS told (id, fen) WHERE s.id = told.id;

-- name: bank_statements
SELECT s.id, b.number, b.bank, s.starts_on, s.ends_on, s.opening_fen, s.closing_fen, s.line_count, s.imported_at,
       s.imported_by, COALESCE(g.gap_fen, 0) AS gap_fen, sums.credited_fen, sums.debited_fen, sums.unidentified, sums.on_their_way
FROM treasury_statement s
JOIN registry_bankaccount b ON b.id = s.bank_account_id
LEFT JOIN treasury_chain() g ON g.statement_id = s.id
CROSS JOIN LATERAL (
    SELECT COALESCE(sum(amount_fen) FILTER (WHERE side = '贷'), 0)::bigint AS credited_fen,
           COALESCE(sum(amount_fen) FILTER (WHERE side = '借'), 0)::bigint AS debited_fen,
           count(*) FILTER (WHERE state = 'unidentified') AS unidentified,
           count(*) FILTER (WHERE state IN ('matched', 'short')) AS on_their_way
    FROM treasury_line WHERE statement_id = s.id
) sums
WHERE %(statement_id)s::bigint IS NULL OR s.id = %(statement_id)s
ORDER BY s.id DESC LIMIT %(limit)s;

-- name: of_handed_in
SELECT id FROM treasury_statement WHERE handed_in_id = %(handed_in_id)s;

-- name: of_same_days
-- The latest statements of an account that tell of one of these days.
SELECT s.id, s.starts_on, s.ends_on FROM treasury_statement s JOIN registry_bankaccount b ON b.id = s.bank_account_id
WHERE translate(b.number, ' -', '') = %(account)s AND s.starts_on <= %(ends_on)s AND s.ends_on >= %(starts_on)s
ORDER BY s.id DESC LIMIT 5;

-- name: of_digest
SELECT id FROM treasury_statement WHERE digest = %(digest)s;

-- name: outcomes
SELECT state, count(*), sum(amount_fen)::bigint FROM treasury_line
WHERE (%(statement_id)s::bigint IS NULL OR statement_id = %(statement_id)s)
  AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))
GROUP BY state;

-- name: shown
-- Lines with the names of their employers, in the order of their numbers.
SELECT line.id, line.statement_id, line.bank_account_id, line.line_no, line.flow_no, line.booked_on, line.side,
       line.amount_fen, line.payer_name, line.payer_account, line.payer_bank, line.summary, line.remark, line.state,
       line.findings, line.case_no, line.employer_id, employer.name AS employer_name, line.unit_account_id
FROM ({picked}) line LEFT JOIN registry_employer employer ON employer.id = line.employer_id
ORDER BY line.id;

-- name: lines
SELECT * FROM treasury_line
WHERE id > %(after)s AND id < %(before)s
  AND (%(statement_id)s::bigint IS NULL OR statement_id = %(statement_id)s)
  AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))
ORDER BY id * %(direction)s LIMIT %(limit)s;

-- name: case_lines
SELECT * FROM treasury_line WHERE case_no = %(case_no)s;

-- name: line
SELECT * FROM treasury_line WHERE id = %(line_id)s;

-- name: receipts
SELECT * FROM treasury_line
WHERE side = '贷' AND bank_account_id = %(bank_account_id)s AND amount_fen = ANY(%(amounts)s::bigint[])
  AND booked_on <= %(through)s AND state <> 'repeated';

-- name: sums_paid_out
SELECT DISTINCT amount_fen FROM treasury_line
WHERE bank_account_id = %(bank_account_id)s AND booked_on >= %(since)s AND state = 'outgoing';

-- name: paid_out
SELECT * FROM treasury_line
WHERE side = '借' AND bank_account_id = %(bank_account_id)s AND amount_fen = ANY(%(amounts)s::bigint[])
  AND booked_on >= %(since)s AND state = 'outgoing';

-- name: units_of_payer
-- Unit accounts whose registered bank account, or the very name of whose employer, is a payer's.
SELECT unit.id, unit.number, employer.name, COALESCE(unit.bank_account_digest = %(digest)s, false) AS by_account,
       employer.name = ANY(%(names)s) AS by_name
FROM registry_unitaccount unit JOIN registry_employer employer ON employer.id = unit.employer_id
WHERE unit.bank_account_digest = %(digest)s
   OR unit.employer_id IN (SELECT id FROM registry_employer WHERE name = ANY(%(names)s))
ORDER BY by_account DESC, by_name DESC, unit.id LIMIT 5;

-- name: unidentified
-- Lines without an owner; whether one comes from an employer's registered account, or names the employer otherwise.
SELECT id, flow_no, booked_on, amount_fen, payer_name,
       COALESCE(payer_account_digest IN (SELECT bank_account_digest FROM registry_unitaccount
                                         WHERE employer_id = %(employer_id)s), false)
           OR COALESCE(employer_id = %(employer_id)s, false)
FROM treasury_line WHERE state = 'unidentified' ORDER BY id;

-- name: own_lines
-- What the portal may see of the lines that name its employer.
SELECT id, flow_no, booked_on, amount_fen, state, findings, case_no, unit_account_id,
       COALESCE(own_payer_name, ''), COALESCE(own_payer_account, '') FROM treasury_line
WHERE %(case_no)s::bigint IS NULL OR case_no = %(case_no)s
ORDER BY id DESC LIMIT %(limit)s;

-- name: claimed_lines
-- Those that were given to a unit account after a moment and before an entry, and name no case or another one.
SELECT l.id, l.flow_no, l.booked_on, l.amount_fen, l.state, l.findings, l.case_no, l.unit_account_id,
       COALESCE(l.own_payer_name, ''), COALESCE(l.own_payer_account, '')
FROM treasury_line l JOIN ledger_entry e ON e.id = l.assigned_entry_id
WHERE l.unit_account_id = %(unit_account_id)s AND e.recorded_at > %(since)s
  AND (%(before_entry)s::bigint IS NULL OR e.id < %(before_entry)s) AND l.case_no IS DISTINCT FROM %(besides)s
ORDER BY l.id DESC;

-- name: brought
-- What bank lines brought into each of some cases.
SELECT case_no, sum(amount_fen)::bigint FROM treasury_line
WHERE case_no = ANY(%(case_numbers)s) AND state = ANY(%(states)s) GROUP BY case_no;

-- name: short_cases
-- Cases with money that is not yet counted, and all that has come for them.
SELECT case_no, sum(amount_fen)::bigint FROM treasury_line
WHERE state IN ('short', 'counted') AND statement_id <= %(through)s AND case_no IN (
    SELECT case_no FROM treasury_line WHERE state = 'short' AND statement_id <= %(through)s)
GROUP BY case_no ORDER BY case_no;

-- name: last_unsettled
SELECT max(statement_id) FROM treasury_line WHERE state IN ('matched', 'short');

-- name: counted_cases
SELECT DISTINCT case_no FROM treasury_line WHERE state = 'counted' ORDER BY case_no;

-- name: on_its_way
SELECT COALESCE(sum(amount_fen), 0)::bigint FROM treasury_line
WHERE case_no = %(case_no)s AND state IN ('matched', 'short');

-- name: cases_on_their_way
SELECT DISTINCT case_no FROM treasury_line WHERE state IN ('matched', 'short') ORDER BY case_no;

-- name: covered_through
-- The day through which the statements of all collecting accounts are in. A file proves a day complete that was taken
-- after it; behind a gap nothing is proved until the missing statement has come.
WITH taken AS (
    SELECT s.bank_account_id, LEAST(s.ends_on, s.imported_on - 1) AS day,
           bool_or(COALESCE(g.gap_fen, 0) <> 0) OVER (
               PARTITION BY s.bank_account_id ORDER BY g.n) AS behind_gap
    FROM treasury_statement s JOIN treasury_chain() g ON g.statement_id = s.id
),
accounts AS (
    SELECT b.id, max(t.day) FILTER (WHERE NOT t.behind_gap) AS day
    FROM registry_bankaccount b LEFT JOIN taken t ON t.bank_account_id = b.id WHERE b.collects GROUP BY b.id
)
SELECT CASE WHEN bool_and(day IS NOT NULL) THEN min(day) END FROM accounts;

-- name: last_day
SELECT max(ends_on) FROM treasury_statement;

-- name: matched_cases
SELECT case_no FROM treasury_line WHERE state = 'matched' AND statement_id <= %(through)s ORDER BY id;
