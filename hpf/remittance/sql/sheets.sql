-- name: last_sheet
-- The booked month before: its lines are 上月. No row for a unit's first month.
SELECT case_id, people, total_fen, unit_rate, personal_rate FROM remittance_sheet
WHERE unit_account_id = %(unit_account_id)s AND month = %(month)s AND entry_id IS NOT NULL AND live;

-- name: part
-- How a member's share differs: the one place that says it. Stands where ``now`` and ``past`` are joined.
CASE
    WHEN past.account_id IS NULL THEN
        CASE WHEN EXISTS (SELECT 1 FROM registry_timelineevent e WHERE e.account_id = now.account_id
                          AND e.unit_account_id = %(unit_account_id)s AND e.kind = 'unsealing'
                          AND e.effective_month <= %(month)s AND e.id <= %(through)s)
             THEN 'UNSEALED' ELSE 'OPENED' END
    WHEN now.account_id IS NULL THEN 'LEFT'
    WHEN now.unit_fen = past.unit_fen AND now.personal_fen = past.personal_fen THEN NULL
    WHEN now.base_fen <> past.base_fen THEN 'BASE'
    ELSE 'RATE'
END;

-- name: compare
-- This month against last month, line by line: what is new, what is gone, what differs. {lines} is the replay.
WITH now AS MATERIALIZED ({lines}),
past AS (
    SELECT account_id, base_fen, unit_fen, personal_fen FROM remittance_sheetline WHERE case_no = %(last_case)s
),
differences AS (
    SELECT ({part}) AS part,
           CASE WHEN past.account_id IS NULL THEN 1 WHEN now.account_id IS NULL THEN -1 ELSE 0 END AS people,
           COALESCE(now.unit_fen + now.personal_fen, 0) - COALESCE(past.unit_fen + past.personal_fen, 0) AS fen
    FROM now FULL JOIN past USING (account_id)
    WHERE past.account_id IS NULL OR now.account_id IS NULL
       OR now.unit_fen <> past.unit_fen OR now.personal_fen <> past.personal_fen
)
SELECT
    (SELECT count(*) FROM now), (SELECT COALESCE(sum(unit_fen), 0)::bigint FROM now),
    (SELECT COALESCE(sum(personal_fen), 0)::bigint FROM now),
    (SELECT count(*) FROM now WHERE base_fen < %(floor)s OR base_fen > %(cap)s),
    (SELECT count(*) FROM now WHERE base_fen = %(floor)s),
    -- The first few of them by name, looked up one by one: a join would be planned for the whole sheet.
    (SELECT jsonb_agg((SELECT m.name FROM registry_member m WHERE m.id = (
                           SELECT a.member_id FROM registry_account a WHERE a.id = first.account_id))
                      ORDER BY first.account_id)
     FROM (SELECT account_id FROM now WHERE base_fen = %(floor)s ORDER BY account_id LIMIT 3) first),
    -- A part whose members partly pay more, partly less, stands twice: 增加 and 减少 are never netted.
    (SELECT jsonb_agg(jsonb_build_array(part, people, fen) ORDER BY part, people DESC) FROM (
        SELECT part, sum(people) AS people, sum(fen)::bigint AS fen FROM differences GROUP BY part, sign(fen)) parts);

-- name: outside_limits
SELECT a.number, m.name, lines.base_fen
FROM ({lines}) lines JOIN registry_account a ON a.id = lines.account_id JOIN registry_member m ON m.id = a.member_id
WHERE lines.base_fen < %(floor)s OR lines.base_fen > %(cap)s
ORDER BY lines.account_id LIMIT 50;

-- name: rates
SELECT unit_rate, personal_rate FROM registry_timelineevent
WHERE unit_account_id = %(unit_account_id)s AND kind = 'rate' AND effective_month <= %(month)s
ORDER BY effective_month DESC, id DESC LIMIT 1;

-- name: as_postings
-- The posting's own query, before anything is written (settled 6): {lines} is the replay. The unallocated account was
-- opened before its members', so it comes first: lines in the order of accounts cost the digest no sort.
WITH shares AS MATERIALIZED (
    SELECT account_id, unit_fen + personal_fen AS amount_fen FROM ({lines}) lines WHERE unit_fen + personal_fen > 0
)
SELECT 1 AS n, %(unallocated_account_id)s::bigint AS account_id, 'D' AS side, sum(amount_fen)::bigint AS amount_fen,
       NULL::date AS month
FROM shares HAVING count(*) > 0
UNION ALL
SELECT 1, account_id, 'C', amount_fen, %(month)s::date FROM shares;

-- name: keep_lines
INSERT INTO remittance_sheetline (case_no, account_id, employer_id, base_fen, unit_fen, personal_fen)
SELECT %(case_no)s, account_id, %(employer_id)s, base_fen, unit_fen, personal_fen FROM ({lines}) lines;

-- name: no_nested_loops
-- Of a large sheet the planner guesses 200 accounts, and would look up 100,000 one by one.
SELECT set_config('enable_nestloop', 'off', true);

-- name: sheet_postings
-- The same rows from the kept lines of sheets, for booking; only accounts that the unit still holds take money.
WITH sheets AS (
    SELECT wanted.n, s.case_id, s.month, s.unit_account_id, u.unallocated_account_id
    FROM unnest(%(case_numbers)s::bigint[]) WITH ORDINALITY AS wanted (case_no, n)
    JOIN remittance_sheet s ON s.case_id = wanted.case_no
    JOIN registry_unitaccount u ON u.id = s.unit_account_id
),
shares AS MATERIALIZED (
    SELECT s.n, s.month, s.unallocated_account_id, l.account_id, l.unit_fen + l.personal_fen AS amount_fen
    FROM sheets s
    JOIN remittance_sheetline l ON l.case_no = s.case_id
    JOIN registry_account a ON a.id = l.account_id
    WHERE a.unit_account_id = s.unit_account_id AND a.state IN ('01', '02') AND l.unit_fen + l.personal_fen > 0
)
SELECT n, unallocated_account_id AS account_id, 'D' AS side, sum(amount_fen)::bigint AS amount_fen, NULL::date AS month
FROM shares GROUP BY n, unallocated_account_id
UNION ALL
SELECT n, account_id, 'C', amount_fen, month FROM shares;

-- name: sheet_differences
SELECT m.name || '（' || a.number || '）已不在本单位正常或封存状态'
FROM remittance_sheetline l JOIN remittance_sheet s ON s.case_id = l.case_no
JOIN registry_account a ON a.id = l.account_id JOIN registry_member m ON m.id = a.member_id
WHERE l.case_no = %(case_no)s AND NOT (a.unit_account_id = s.unit_account_id AND a.state IN ('01', '02'))
ORDER BY l.account_id LIMIT 11;

-- name: lock_sheets
-- Locks in the order of unit accounts. A statement of its own: the next one sees what the lock waited for.
SELECT u.id FROM remittance_sheet s JOIN registry_unitaccount u ON u.id = s.unit_account_id
WHERE s.case_id = ANY(%(case_numbers)s) ORDER BY u.id, s.case_id FOR NO KEY UPDATE;

-- name: sheets_to_book
-- The sheets of cases with what decides whether they book.
SELECT s.case_id, c.state, s.employer_id, s.unit_account_id, s.month, s.total_fen, s.people, s.lines_digest,
       u.paid_through, u.first_month, b.carried_fen + b.current_fen, u.number
FROM remittance_sheet s
JOIN casework_case c ON c.number = s.case_id
JOIN registry_unitaccount u ON u.id = s.unit_account_id
JOIN ledger_account b ON b.id = u.unallocated_account_id
WHERE s.case_id = ANY(%(case_numbers)s)
ORDER BY s.unit_account_id, s.month;

-- name: mark_booked
WITH booked AS (
    SELECT * FROM unnest(%(case_numbers)s::bigint[], %(entries)s::bigint[]) AS b (case_no, entry_id)
),
sheets AS (
    UPDATE remittance_sheet s SET entry_id = b.entry_id, booked_on = %(today)s FROM booked b WHERE s.case_id = b.case_no
    RETURNING s.case_id, s.unit_account_id, s.month
),
units AS (
    UPDATE registry_unitaccount u
    SET paid_through = m.month, state = CASE u.state WHEN '02' THEN '01' ELSE u.state END
    FROM (SELECT unit_account_id, max(month) AS month FROM sheets GROUP BY unit_account_id) m
    WHERE u.id = m.unit_account_id
),
holds AS (DELETE FROM casework_hold h USING booked b WHERE h.case_id = b.case_no)
UPDATE casework_case c SET state = 'booked', changed_at = now() FROM booked b WHERE c.number = b.case_no;

-- name: stand_back
-- Cases that were to be booked from unallocated money and could not be: they wait again, for money or for their end.
UPDATE casework_case c
SET state = CASE WHEN s.received_fen > 0 THEN 'awaiting_rest' ELSE 'awaiting_payment' END, changed_at = now()
FROM remittance_sheet s
WHERE s.case_id = c.number AND c.number = ANY(%(case_numbers)s) AND c.state = 'working'
RETURNING c.number, c.employer_id;

-- name: reserved
SELECT COALESCE(sum(s.reserved_fen + s.received_fen), 0)::bigint
FROM remittance_sheet s JOIN casework_case c ON c.number = s.case_id
WHERE s.unit_account_id = %(unit_account_id)s AND s.live AND s.entry_id IS NULL;

-- name: funds
-- Of declared months: the sum, what the notice has still to bring, the 暂存款, and what came into it since they were
-- declared, less what left it and what bank lines bring for the month itself.
SELECT s.case_id, s.total_fen, GREATEST(0, s.due_fen - s.received_fen), a.carried_fen + a.current_fen,
       GREATEST(0, COALESCE((
           SELECT sum(CASE p.side WHEN 'C' THEN p.amount_fen ELSE -p.amount_fen END)
           FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
           WHERE p.account_id = a.id AND p.book_date >= s.declared_on AND e.recorded_at > s.declared_at), 0)
       - COALESCE((
           SELECT sum(l.amount_fen) FROM treasury_line l
           WHERE l.case_no = s.case_id AND l.state = ANY(%(bringing)s)), 0))::bigint
FROM remittance_sheet s
JOIN registry_unitaccount u ON u.id = s.unit_account_id
JOIN ledger_account a ON a.id = u.unallocated_account_id
WHERE s.case_id = ANY(%(case_numbers)s);

-- name: set_aside
SELECT COALESCE(sum(CASE c.state WHEN 'working' THEN s.total_fen ELSE s.reserved_fen + s.received_fen END), 0)::bigint
FROM remittance_sheet s JOIN casework_case c ON c.number = s.case_id
WHERE s.unit_account_id = %(unit_account_id)s AND s.live AND s.entry_id IS NULL;

-- name: kept_lines
SELECT account_id, base_fen, unit_fen, personal_fen FROM remittance_sheetline WHERE case_no = %(case_no)s;

-- name: people
-- The people behind {lines} in the order of their accounts; the page is cut before anything is joined.
SELECT a.id, a.number, m.name, m.identity_number, l.base_fen, l.unit_fen, l.personal_fen
FROM (SELECT * FROM ({lines}) lines WHERE account_id > %(after)s AND account_id < %(before)s
      ORDER BY account_id * %(direction)s LIMIT %(limit)s) l
JOIN registry_account a ON a.id = l.account_id JOIN registry_member m ON m.id = a.member_id
ORDER BY a.id;

-- name: lines_of_part
-- The lines of one part of the way from last month; who left stands with last month's share.
WITH now AS MATERIALIZED ({lines}),
past AS (
    SELECT account_id, base_fen, unit_fen, personal_fen FROM remittance_sheetline WHERE case_no = %(last_case)s
)
SELECT account_id, COALESCE(now.base_fen, past.base_fen) AS base_fen, COALESCE(now.unit_fen, past.unit_fen) AS unit_fen,
       COALESCE(now.personal_fen, past.personal_fen) AS personal_fen
FROM now FULL JOIN past USING (account_id) WHERE ({part}) = %(wanted)s;

-- name: lines_on_floor
-- The lines whose base stands exactly on the floor.
SELECT account_id, base_fen, unit_fen, personal_fen FROM ({lines}) lines WHERE base_fen = %(floor)s;

-- name: sums
SELECT count(*), COALESCE(sum(unit_fen), 0)::bigint, COALESCE(sum(personal_fen), 0)::bigint FROM ({lines}) lines;

-- name: remind
-- Notices that end soon and were not reminded of: each once.
UPDATE remittance_sheet s SET reminded_on = %(today)s FROM casework_case c
WHERE c.number = s.case_id AND s.live AND s.entry_id IS NULL AND s.reminded_on IS NULL
  AND s.last_day BETWEEN %(today)s AND %(until)s AND s.declared_on < %(today)s AND s.due_fen > s.received_fen
  AND c.state IN ('awaiting_payment', 'awaiting_rest')
RETURNING s.case_id;

-- name: short
-- The declared months of unit accounts of which a part has come, and whether their notice still runs.
SELECT s.case_id, s.last_day >= %(today)s
FROM remittance_sheet s JOIN casework_case c ON c.number = s.case_id
WHERE s.unit_account_id = ANY(%(unit_account_ids)s) AND s.live AND s.entry_id IS NULL AND c.state = 'awaiting_rest'
ORDER BY s.case_id;

-- name: lapse
UPDATE remittance_sheet s SET live = false FROM casework_case c
WHERE c.number = s.case_id AND s.live AND s.entry_id IS NULL AND s.last_day <= %(through)s
  AND c.state IN ('awaiting_payment', 'awaiting_rest') AND s.case_id <> ALL(%(besides)s)
RETURNING s.case_id, s.employer_id;

-- name: receive
-- What has come for cases, as totals: (case, employer, state before, whether it is more than was known, whether it counts).
-- A total that was told before counts, whatever became of the case since.
WITH told AS (SELECT * FROM unnest(%(case_numbers)s::bigint[], %(totals)s::bigint[]) AS t (case_no, total_fen)),
known AS (
    SELECT t.case_no, t.total_fen, s.employer_id, c.state, s.received_fen < t.total_fen AS is_more,
           c.state IN ('awaiting_payment', 'awaiting_rest') AS is_open
    FROM told t JOIN remittance_sheet s ON s.case_id = t.case_no JOIN casework_case c ON c.number = t.case_no
),
sheets AS (
    UPDATE remittance_sheet s SET received_fen = k.total_fen FROM known k
    WHERE s.case_id = k.case_no AND k.is_more AND k.is_open
),
cases AS (
    UPDATE casework_case c SET state = 'awaiting_rest', changed_at = now() FROM known k
    WHERE c.number = k.case_no AND k.is_more AND k.is_open
)
SELECT case_no, employer_id, state, is_more AND is_open, is_open OR NOT is_more FROM known ORDER BY case_no;

-- name: ended
SELECT number, state FROM casework_case
WHERE number = ANY(%(case_numbers)s) AND kind = 'remittance' AND state IN ('booked', 'withdrawn', 'lapsed');

-- name: payable
-- What the treasury asks of cases that a bank line names.
SELECT s.case_id, s.unit_account_id, s.due_fen, c.state, s.declared_on, s.last_day
FROM remittance_sheet s JOIN casework_case c ON c.number = s.case_id
WHERE s.case_id = ANY(%(case_numbers)s);

-- name: awaiting
SELECT s.case_id, s.unit_account_id, s.due_fen, c.state, s.declared_on, s.last_day
FROM remittance_sheet s JOIN casework_case c ON c.number = s.case_id
WHERE s.live AND s.entry_id IS NULL AND c.state IN ('awaiting_payment', 'awaiting_rest')
ORDER BY s.case_id;
