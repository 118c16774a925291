-- name: chain
-- How an account's statements continue each other: what a statement's balances hold more than the one before and its own
-- new lines explain, 0 when no statement is missing between. A file that brought nothing new proves nothing.
SELECT id AS statement_id,
       COALESCE(closing_fen - new_fen - lag(closing_fen) OVER (
           PARTITION BY bank_account_id ORDER BY ends_on, starts_on, id), 0) AS gap_fen
FROM treasury_statement WHERE new_count > 0 OR line_count = 0;

-- name: gap
SELECT COALESCE(sum(gap_fen), 0)::bigint FROM ({chain}) chain WHERE statement_id = %(statement_id)s;

-- name: bank_statements
SELECT s.id, b.number, b.bank, s.starts_on, s.ends_on, s.opening_fen, s.closing_fen, s.line_count, s.imported_at,
       s.imported_by, COALESCE(g.gap_fen, 0) AS gap_fen, sums.credited_fen, sums.debited_fen, sums.unidentified, sums.on_their_way
FROM treasury_statement s
JOIN registry_bankaccount b ON b.id = s.bank_account_id
LEFT JOIN ({chain}) g ON g.statement_id = s.id
CROSS JOIN LATERAL (
    SELECT COALESCE(sum(amount_fen) FILTER (WHERE side = '贷'), 0)::bigint AS credited_fen,
           COALESCE(sum(amount_fen) FILTER (WHERE side = '借'), 0)::bigint AS debited_fen,
           count(*) FILTER (WHERE state = 'unidentified') AS unidentified,
           count(*) FILTER (WHERE state IN ('matched', 'short')) AS on_their_way
    FROM treasury_line WHERE statement_id = s.id
) sums
WHERE %(statement_id)s::bigint IS NULL OR s.id = %(statement_id)s
ORDER BY s.id DESC LIMIT %(limit)s;

-- name: outcomes
SELECT state, count(*), sum(amount_fen)::bigint FROM treasury_line
WHERE (%(statement_id)s::bigint IS NULL OR statement_id = %(statement_id)s)
  AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))
GROUP BY state;

-- name: lines
SELECT line.id, line.statement_id, line.line_no, line.flow_no, line.booked_on, line.side, line.amount_fen,
       line.payer_name, line.payer_account, line.payer_bank, line.summary, line.remark, line.state, line.findings,
       line.case_no, line.employer_id, employer.name AS employer_name, line.unit_account_id
FROM treasury_line line LEFT JOIN registry_employer employer ON employer.id = line.employer_id
WHERE line.id > %(after)s AND line.id < %(before)s AND (%(statement_id)s::bigint IS NULL OR line.statement_id = %(statement_id)s)
  AND (%(states)s::text[] IS NULL OR line.state = ANY(%(states)s))
ORDER BY line.id * %(direction)s LIMIT %(limit)s;

-- name: case_lines
SELECT line.id, line.statement_id, line.line_no, line.flow_no, line.booked_on, line.side, line.amount_fen,
       line.payer_name, line.payer_account, line.payer_bank, line.summary, line.remark, line.state, line.findings,
       line.case_no, line.employer_id, employer.name AS employer_name, line.unit_account_id
FROM treasury_line line LEFT JOIN registry_employer employer ON employer.id = line.employer_id
WHERE line.case_no = %(case_no)s ORDER BY line.id;

-- name: line
SELECT line.id, line.statement_id, line.line_no, line.flow_no, line.booked_on, line.side, line.amount_fen,
       line.payer_name, line.payer_account, line.payer_bank, line.summary, line.remark, line.state, line.findings,
       line.case_no, line.employer_id, employer.name AS employer_name, line.unit_account_id
FROM treasury_line line LEFT JOIN registry_employer employer ON employer.id = line.employer_id
WHERE line.id = %(line_id)s;

-- name: units_of_payer
-- Unit accounts whose registered bank account, or the very name of whose employer, is a payer's.
SELECT unit.id, unit.number, employer.name, COALESCE(unit.bank_account_digest = %(digest)s, false) AS by_account,
       employer.name = ANY(%(names)s) AS by_name
FROM registry_unitaccount unit JOIN registry_employer employer ON employer.id = unit.employer_id
WHERE unit.bank_account_digest = %(digest)s
   OR unit.employer_id IN (SELECT id FROM registry_employer WHERE name = ANY(%(names)s))
ORDER BY by_account DESC, by_name DESC, unit.id LIMIT 5;

-- name: own_lines
-- What the portal may see of the lines that name its employer.
SELECT id, flow_no, booked_on, amount_fen, state, findings, case_no, unit_account_id,
       COALESCE(own_payer_name, ''), COALESCE(own_payer_account, '') FROM treasury_line
WHERE %(case_no)s::bigint IS NULL OR case_no = %(case_no)s
ORDER BY id DESC LIMIT %(limit)s;

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

-- name: covered_through
-- The day through which the statements of all collecting accounts are in. A file proves a day complete that was taken
-- after it; behind a gap nothing is proved until the missing statement has come.
WITH taken AS (
    SELECT s.bank_account_id, LEAST(s.ends_on, s.imported_on - 1) AS day,
           bool_or(COALESCE(g.gap_fen, 0) <> 0) OVER (
               PARTITION BY s.bank_account_id ORDER BY s.ends_on, s.starts_on, s.id) AS behind_gap
    FROM treasury_statement s LEFT JOIN ({chain}) g ON g.statement_id = s.id
),
accounts AS (
    SELECT b.id, max(t.day) FILTER (WHERE NOT t.behind_gap) AS day
    FROM registry_bankaccount b LEFT JOIN taken t ON t.bank_account_id = b.id WHERE b.collects GROUP BY b.id
)
SELECT CASE WHEN bool_and(day IS NOT NULL) THEN min(day) END FROM accounts;

-- name: matched_cases
SELECT case_no FROM treasury_line WHERE state = 'matched' AND statement_id <= %(through)s ORDER BY id;
