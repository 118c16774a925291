-- name: rates
-- The rates of a unit account in a month; no row before the first that were set.
SELECT unit_rate, personal_rate FROM registry_timelineevent
WHERE unit_account_id = %(unit_account_id)s AND kind = 'rate' AND effective_month <= %(month)s
ORDER BY effective_month DESC, id DESC LIMIT 1;

-- name: take_incoming
INSERT INTO account_opening_rosterrow (
    case_no, employer_id, row_no, verdict, name, identity_type, identity_number, identity_digest, mobile, mobile_digest,
    sex, birthday, bank_card, wage_fen, base_fen, unit_fen, personal_fen, first_month, findings)
SELECT %(case_no)s, %(employer_id)s, row_no, verdict, name, identity_type, identity_number, identity_digest, mobile,
       mobile_digest, sex, birthday, bank_card, wage_fen, base_fen, unit_fen, personal_fen, first_month, findings::jsonb
FROM incoming_row;

-- name: lock_case
-- The state of a case, which stays as it is until the transaction ends.
SELECT state FROM casework_case WHERE number = %(case_no)s FOR NO KEY UPDATE;

-- name: first_months
SELECT DISTINCT first_month FROM account_opening_rosterrow WHERE case_no = %(case_no)s AND first_month IS NOT NULL;

-- name: count_rows
-- What the rows of a roster come to, kept beside them: pages never count 100,000 rows.
WITH sums AS (
    SELECT count(*) AS people,
           count(*) FILTER (WHERE verdict IN ('good', 'check')) AS good,
           count(*) FILTER (WHERE verdict = 'check') AS to_check,
           count(*) FILTER (WHERE verdict = 'mend') AS to_mend,
           count(*) FILTER (WHERE verdict = 'refused') AS refused,
           COALESCE(sum(base_fen) FILTER (WHERE verdict IN ('good', 'check')), 0)::bigint AS ready_base_fen,
           COALESCE(sum(unit_fen) FILTER (WHERE verdict IN ('good', 'check')), 0)::bigint AS ready_unit_fen,
           COALESCE(sum(personal_fen) FILTER (WHERE verdict IN ('good', 'check')), 0)::bigint AS ready_personal_fen,
           COALESCE(sum(base_fen) FILTER (WHERE verdict = 'mend'), 0)::bigint AS mend_base_fen,
           COALESCE(sum(unit_fen) FILTER (WHERE verdict = 'mend'), 0)::bigint AS mend_unit_fen,
           COALESCE(sum(personal_fen) FILTER (WHERE verdict = 'mend'), 0)::bigint AS mend_personal_fen
    FROM account_opening_rosterrow WHERE case_no = %(case_no)s
),
kinds AS (
    SELECT finding ->> 'code' AS code, count(DISTINCT row_no) AS rows, min(row_no) AS first_row,
           (array_agg(finding ORDER BY row_no))[1] AS sample
    FROM account_opening_rosterrow CROSS JOIN LATERAL jsonb_array_elements(findings) AS finding
    WHERE case_no = %(case_no)s AND findings <> '[]'
    GROUP BY finding ->> 'code'
)
UPDATE account_opening_roster r
SET people = s.people, good = s.good, to_check = s.to_check, to_mend = s.to_mend, refused = s.refused,
    ready_base_fen = s.ready_base_fen, ready_unit_fen = s.ready_unit_fen, ready_personal_fen = s.ready_personal_fen,
    mend_base_fen = s.mend_base_fen, mend_unit_fen = s.mend_unit_fen, mend_personal_fen = s.mend_personal_fen,
    groups = (SELECT COALESCE(jsonb_agg(jsonb_build_object('sample', sample, 'rows', rows)
                                        ORDER BY rows DESC, first_row, code), '[]') FROM kinds)
FROM sums s WHERE r.case_id = %(case_no)s;

-- name: late_rows
-- Rows that were to be opened and are not: somebody opened an account for the person meanwhile.
SELECT row_no, identity_digest, sha256(convert_to(name, 'UTF8'))
FROM account_opening_rosterrow
WHERE case_no = %(case_no)s AND verdict = ANY(%(verdicts)s) AND account_id IS NULL ORDER BY row_no;

-- name: refuse_rows
UPDATE account_opening_rosterrow r SET verdict = 'refused', findings = r.findings || late.findings::jsonb
FROM unnest(%(row_numbers)s::integer[], %(findings)s::text[]) AS late (row_no, findings)
WHERE r.case_no = %(case_no)s AND r.row_no = late.row_no;

-- name: rows
-- The rows of a page, in the order of the sheet.
SELECT r.row_no, r.name, r.identity_type, r.identity_number, r.wage_fen, r.base_fen, r.unit_fen, r.personal_fen,
       r.first_month, r.verdict, r.findings, a.number
FROM ({page}) page JOIN account_opening_rosterrow r ON r.case_no = %(case_no)s AND r.row_no = page.row_no
LEFT JOIN registry_account a ON a.id = r.account_id
ORDER BY r.row_no;

-- name: page_after
SELECT row_no FROM ({wanted}) wanted WHERE row_no > %(after)s ORDER BY row_no LIMIT %(limit)s;

-- name: page_before
SELECT row_no FROM ({wanted}) wanted WHERE row_no < %(before)s ORDER BY row_no DESC LIMIT %(limit)s;

-- name: wanted_rows
SELECT row_no FROM account_opening_rosterrow
WHERE case_no = %(case_no)s AND (%(verdict)s = '' OR verdict = %(verdict)s)
  AND (%(opened)s::boolean IS NULL OR (account_id IS NOT NULL) = %(opened)s)
  AND (%(code)s = '' OR findings @> jsonb_build_array(jsonb_build_object('code', %(code)s::text)));

-- name: row_findings
SELECT row_no, findings FROM account_opening_rosterrow
WHERE case_no = %(case_no)s AND verdict = ANY(%(verdicts)s) AND (account_id IS NULL OR NOT %(only_left)s);
