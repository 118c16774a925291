-- name: plan_for_a_set
-- The sets below are new to the planner, who would guess one row where there are 100,000; they are sorted in memory.
SELECT set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true);

-- name: open_members
-- Who of a case's chosen rows is new becomes a member and gets the number of an account, in the order of the sheet.
-- One identity document, one member: the unique digest decides between two employers in the same moment. Inserted in
-- the order of digests, so that two rosters with the same people wait for each other and never for ever.
WITH members AS (
    INSERT INTO registry_member (employer_id, name, identity_type, identity_number, identity_digest, mobile,
                                 mobile_digest, sex, birthday, bank_card)
    SELECT employer_id, name, identity_type, identity_number, identity_digest, mobile, mobile_digest, sex, birthday,
           bank_card
    FROM account_opening_rosterrow
    WHERE case_no = %(case_no)s AND verdict = ANY(%(verdicts)s)
    ORDER BY identity_digest
    ON CONFLICT (identity_digest) DO NOTHING
    RETURNING id, identity_digest
),
in_order AS (
    SELECT r.row_no, m.id AS member_id
    FROM members m JOIN account_opening_rosterrow r USING (identity_digest)
    WHERE r.case_no = %(case_no)s AND r.verdict = ANY(%(verdicts)s)
    ORDER BY r.row_no
),
numbered AS (
    SELECT row_no, member_id, nextval((SELECT pg_get_serial_sequence('ledger_account', 'id')::regclass)) AS account_id
    FROM in_order
)
UPDATE account_opening_rosterrow r SET member_id = n.member_id, account_id = n.account_id
FROM numbered n WHERE r.case_no = %(case_no)s AND r.row_no = n.row_no;

-- name: opened_ledger_accounts
SELECT account_id AS id, employer_id, %(unit_account_id)s::bigint AS unit_account_id
FROM account_opening_rosterrow WHERE case_no = %(case_no)s AND account_id IS NOT NULL ORDER BY account_id;

-- name: opened_names
SELECT account_id, employer_id, name FROM account_opening_rosterrow
WHERE case_no = %(case_no)s AND account_id IS NOT NULL;

-- name: open_accounts
-- The account's number is the center's prefix and ten digits.
INSERT INTO registry_account (id, number, member_id, employer_id, unit_account_id, state, wage_fen, base_fen, unit_fen,
                              personal_fen, first_month, opened_on, seal_reason)
SELECT r.account_id, c.number_prefix || lpad(r.account_id::text, 10, '0'), r.member_id, r.employer_id,
       %(unit_account_id)s, '01', r.wage_fen, r.base_fen, r.unit_fen, r.personal_fen, r.first_month, %(opened_on)s, ''
FROM account_opening_rosterrow r CROSS JOIN registry_center c
WHERE r.case_no = %(case_no)s AND r.account_id IS NOT NULL
ORDER BY r.account_id;

-- name: opening_events
INSERT INTO registry_timelineevent (employer_id, unit_account_id, account_id, kind, effective_month, wage_fen, base_fen,
                                    reason, case_no, business_day)
SELECT employer_id, %(unit_account_id)s, account_id, 'opening', first_month, wage_fen, base_fen, '', case_no,
       %(opened_on)s
FROM account_opening_rosterrow
WHERE case_no = %(case_no)s AND account_id IS NOT NULL
ORDER BY account_id;

-- name: opened_totals
SELECT count(*), COALESCE(sum(base_fen), 0)::bigint, COALESCE(sum(unit_fen), 0)::bigint,
       COALESCE(sum(personal_fen), 0)::bigint
FROM account_opening_rosterrow WHERE case_no = %(case_no)s AND account_id IS NOT NULL;
