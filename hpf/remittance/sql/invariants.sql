-- Each check gives (rows compared, up to 20 faults in Chinese). A sheet is booked when it has its day.

-- name: check_contiguous
WITH months AS (
    SELECT unit_account_id, min(month) AS first_month, max(month) AS last_month, count(*) AS booked
    FROM remittance_sheet WHERE booked_on IS NOT NULL GROUP BY unit_account_id
)
SELECT count(*), (array_agg(format('单位账户%%s：缴至%%s，已入账%%s个月（%%s至%%s）', u.number, u.paid_through, COALESCE(m.booked, 0),
                                   m.first_month, m.last_month))
    FILTER (WHERE u.paid_through IS DISTINCT FROM m.last_month
            OR extract(year FROM age(m.last_month, m.first_month)) * 12
               + extract(month FROM age(m.last_month, m.first_month)) + 1 <> m.booked))[1:20]
FROM registry_unitaccount u LEFT JOIN months m ON m.unit_account_id = u.id;

-- name: check_person_once
SELECT count(*), (array_agg(format('个人账户%%s在单位账户%%s的%%s汇缴中出现%%s次', account_id, unit_account_id, month, times))
                  FILTER (WHERE times > 1))[1:20]
FROM (SELECT s.unit_account_id, s.month, l.account_id, count(*) AS times
      FROM remittance_sheet s JOIN remittance_sheetline l ON l.case_no = s.case_id
      WHERE s.booked_on IS NOT NULL GROUP BY s.unit_account_id, s.month, l.account_id) people;

-- name: check_totals
WITH sums AS (
    SELECT case_no, count(*) AS people, sum(unit_fen) AS unit_fen, sum(personal_fen) AS personal_fen
    FROM remittance_sheetline GROUP BY case_no
)
SELECT count(*), (array_agg(format('办件%%s：清册%%s分，逐人合计%%s分，记账%%s分', s.case_id, s.total_fen,
                                   COALESCE(l.unit_fen + l.personal_fen, 0), COALESCE(e.total_fen, 0)))
    FILTER (WHERE (s.people, s.unit_fen, s.personal_fen)
                  IS DISTINCT FROM (COALESCE(l.people, 0), COALESCE(l.unit_fen, 0), COALESCE(l.personal_fen, 0))
            OR s.booked_on IS NOT NULL AND s.total_fen <> COALESCE(e.total_fen, 0)
            OR s.booked_on IS NULL AND s.entry_id IS NOT NULL))[1:20]
FROM remittance_sheet s
LEFT JOIN sums l ON l.case_no = s.case_id
LEFT JOIN ledger_entry e ON e.id = s.entry_id AND e.kind = 'remittance' AND e.about = s.case_id;

-- name: check_bridge
WITH booked AS (
    SELECT case_id, last_people, last_fen,
           lag(people, 1, 0) OVER following AS previous_people, lag(total_fen, 1, 0::bigint) OVER following AS previous_fen
    FROM remittance_sheet WHERE booked_on IS NOT NULL
    WINDOW following AS (PARTITION BY unit_account_id ORDER BY month)
)
SELECT count(*), (array_agg(format('办件%%s：上月%%s人%%s分，上月清册本月%%s人%%s分', case_id, last_people, last_fen,
                                   previous_people, previous_fen))
    FILTER (WHERE (last_people, last_fen) <> (previous_people, previous_fen)))[1:20]
FROM booked;

-- name: check_states
-- A sheet is booked when its case is, and then the bank lines that paid it are too. Until then it has received what its
-- lines brought; a line that waits to be noted as counted may be in it already.
WITH compared AS (
    SELECT s.case_id, format('办件%%s为%%s，清册%%s', s.case_id, c.state,
                             CASE WHEN s.booked_on IS NULL THEN '未入账' ELSE '已入账' END) AS fault,
           (c.state = 'booked') = (s.booked_on IS NOT NULL) AS holds
    FROM remittance_sheet s JOIN casework_case c ON c.number = s.case_id
    UNION ALL
    SELECT s.case_id, format('流水号%%s已入账，办件%%s未入账', line.flow_no, s.case_id), s.booked_on IS NOT NULL
    FROM treasury_line line JOIN remittance_sheet s ON s.case_id = line.case_no WHERE line.state = 'booked'
    UNION ALL
    SELECT s.case_id, format('办件%%s登记到账%%s分，其银行流水已登记%%s分、待登记%%s分', s.case_id, s.received_fen,
                             COALESCE(came.counted_fen, 0), COALESCE(came.short_fen, 0)),
           s.received_fen BETWEEN COALESCE(came.counted_fen, 0) AND COALESCE(came.counted_fen, 0) + COALESCE(came.short_fen, 0)
    FROM remittance_sheet s LEFT JOIN (
        SELECT case_no, COALESCE(sum(amount_fen) FILTER (WHERE state = 'counted'), 0) AS counted_fen,
               COALESCE(sum(amount_fen) FILTER (WHERE state = 'short'), 0) AS short_fen
        FROM treasury_line WHERE state IN ('counted', 'short') GROUP BY case_no) came ON came.case_no = s.case_id
    WHERE s.live AND s.booked_on IS NULL
)
SELECT count(*), (array_agg(fault) FILTER (WHERE NOT holds))[1:20] FROM compared;

-- name: check_owners
WITH compared AS (
    SELECT s.case_id, (c.unit_account_id, c.employer_id) = (s.unit_account_id, s.employer_id)
           AND u.employer_id = s.employer_id AND (e.id IS NULL OR e.unit_account_id = s.unit_account_id)
           AND NOT EXISTS (SELECT 1 FROM remittance_sheetline l WHERE l.case_no = s.case_id AND l.employer_id <> s.employer_id)
           AS holds
    FROM remittance_sheet s JOIN casework_case c ON c.number = s.case_id JOIN registry_unitaccount u ON u.id = s.unit_account_id
    LEFT JOIN ledger_entry e ON e.id = s.entry_id
)
SELECT count(*), (array_agg(format('办件%%s：清册、明细、办件或记账的单位不同', case_id)) FILTER (WHERE NOT holds))[1:20]
FROM compared;

-- name: all_postings
-- The postings that the kept lines of all sheets make.
WITH shares AS (
    SELECT s.case_id AS n, s.month, u.unallocated_account_id, l.account_id, l.unit_fen + l.personal_fen AS amount_fen
    FROM remittance_sheet s
    JOIN registry_unitaccount u ON u.id = s.unit_account_id
    JOIN remittance_sheetline l ON l.case_no = s.case_id
    WHERE l.unit_fen + l.personal_fen > 0
)
SELECT n, unallocated_account_id AS account_id, 'D' AS side, sum(amount_fen)::bigint AS amount_fen, NULL::date AS month
FROM shares GROUP BY n, unallocated_account_id
UNION ALL
SELECT n, account_id, 'C', amount_fen, month FROM shares;

-- name: check_digests
SELECT count(*), (array_agg(format('办件%%s：逐人明细与核定或入账时不同', s.case_id))
    FILTER (WHERE s.lines_digest <> COALESCE(d.digest, '') OR e.lines_digest <> s.lines_digest))[1:20]
FROM remittance_sheet s
LEFT JOIN ({digests}) d ON d.n = s.case_id
LEFT JOIN ledger_entry e ON e.id = s.entry_id;

-- name: months
SELECT DISTINCT month FROM remittance_sheet;

-- name: check_replay
WITH sheets AS (
    SELECT s.*, r.rounding FROM remittance_sheet s
    JOIN unnest(%(months)s::date[], %(roundings)s::text[]) AS r (month, rounding) USING (month)
),
lines AS (
    SELECT s.case_id, format('办件%%s：个人账户%%s的基数或缴存额与时间线不符', s.case_id, l.account_id) AS fault,
           (l.unit_fen, l.personal_fen) = (contribution_fen(l.base_fen, s.unit_rate, s.rounding),
                                           contribution_fen(l.base_fen, s.personal_rate, s.rounding))
           AND l.base_fen IS NOT DISTINCT FROM (
               SELECT e.base_fen FROM registry_timelineevent e
               WHERE e.unit_account_id = s.unit_account_id AND e.account_id = l.account_id AND e.base_fen IS NOT NULL
                 AND e.effective_month <= s.month AND e.id <= s.events_through
               ORDER BY e.effective_month DESC, e.id DESC LIMIT 1) AS holds
    FROM sheets s JOIN remittance_sheetline l ON l.case_no = s.case_id
),
wholes AS (
    SELECT s.case_id, format('办件%%s：人数或比例与时间线不符', s.case_id) AS fault,
           s.people = (
               SELECT count(*) FILTER (WHERE kind <> 'sealing') FROM (
                   SELECT DISTINCT ON (e.account_id) e.kind FROM registry_timelineevent e
                   WHERE e.unit_account_id = s.unit_account_id AND e.account_id IS NOT NULL
                     AND e.effective_month <= s.month AND e.id <= s.events_through
                     AND e.kind IN ('opening', 'unsealing', 'sealing')
                   ORDER BY e.account_id, e.effective_month DESC, e.id DESC) membership)
           AND (s.unit_rate, s.personal_rate) IS NOT DISTINCT FROM (
               SELECT (e.unit_rate, e.personal_rate) FROM registry_timelineevent e
               WHERE e.unit_account_id = s.unit_account_id AND e.account_id IS NULL AND e.kind = 'rate'
                 AND e.effective_month <= s.month AND e.id <= s.events_through
               ORDER BY e.effective_month DESC, e.id DESC LIMIT 1) AS holds
    FROM sheets s
),
compared AS (TABLE lines UNION ALL TABLE wholes)
SELECT count(*), (array_agg(fault) FILTER (WHERE NOT holds))[1:20] FROM compared;
