-- Each check gives (rows compared, up to 20 faults in Chinese).

-- name: check_owners
-- Whose something is: said in many tables, so that nobody sees another's rows, and everywhere the same.
WITH owned AS (
    SELECT '记账账户' AS what, id, unit_account_id, employer_id FROM ledger_account WHERE unit_account_id IS NOT NULL
    UNION ALL SELECT '记账', id, unit_account_id, employer_id FROM ledger_entry WHERE unit_account_id IS NOT NULL
    UNION ALL SELECT '个人账户', id, unit_account_id, employer_id FROM registry_account
    UNION ALL SELECT '时间线事件', id, unit_account_id, employer_id FROM registry_timelineevent
),
faults AS (
    SELECT format('%%s%%s：单位%%s，其单位账户属单位%%s', o.what, o.id, o.employer_id, u.employer_id) AS fault
    FROM owned o LEFT JOIN registry_unitaccount u ON u.id = o.unit_account_id
    WHERE o.employer_id IS DISTINCT FROM u.employer_id
    UNION ALL
    SELECT format('个人账户%%s：单位账户%%s，其记账账户属单位账户%%s', a.number, a.unit_account_id, l.unit_account_id)
    FROM registry_account a LEFT JOIN ledger_account l ON l.id = a.id AND l.kind = 'member'
    WHERE a.unit_account_id IS DISTINCT FROM l.unit_account_id
    UNION ALL
    SELECT format('个人账户%%s：单位%%s，职工属单位%%s', a.number, a.employer_id, m.employer_id)
    FROM registry_account a JOIN registry_member m ON m.id = a.member_id WHERE a.employer_id <> m.employer_id
    UNION ALL
    SELECT format('单位账户%%s：暂存款账户%%s属单位账户%%s', u.number, u.unallocated_account_id, l.unit_account_id)
    FROM registry_unitaccount u
    LEFT JOIN ledger_account l ON l.id = u.unallocated_account_id AND l.kind = 'unallocated'
    WHERE l.unit_account_id IS DISTINCT FROM u.id
)
SELECT (SELECT count(*) FROM owned), (SELECT (array_agg(fault))[1:20] FROM faults);

-- name: check_timeline_guard
WITH faults AS (
    SELECT '时间线缺少防护触发器' AS fault
    WHERE NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = 'registry_timelineevent'::regclass
                      AND tgname = 'registry_timeline_immutable' AND tgenabled = 'O')
    UNION ALL
    SELECT format('时间线：角色%%s有%%s权限', role, privilege)
    FROM unnest(%(roles)s::text[]) role, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) privilege
    WHERE has_table_privilege(role, 'registry_timelineevent'::regclass, privilege)
)
SELECT (SELECT count(*) FROM registry_timelineevent), (SELECT array_agg(fault) FROM faults);

-- name: check_accounts
-- An account's columns are what the last events of the timeline say; its amounts base × rate, to within a rounding.
WITH compared AS (
    SELECT a.number, a.state, a.base_fen, CASE kind.kind WHEN 'sealing' THEN '02' ELSE '01' END AS told_state,
           base.base_fen AS told_base,
           abs(a.unit_fen - a.base_fen * u.unit_rate / 10000) <= 100
           AND abs(a.personal_fen - a.base_fen * u.personal_rate / 10000) <= 100 AS reckoned
    FROM registry_account a JOIN registry_unitaccount u ON u.id = a.unit_account_id
    LEFT JOIN LATERAL (
        SELECT e.kind FROM registry_timelineevent e
        WHERE e.unit_account_id = a.unit_account_id AND e.account_id = a.id AND e.kind IN ('opening', 'unsealing', 'sealing')
        ORDER BY e.effective_month DESC, e.id DESC LIMIT 1) kind ON true
    LEFT JOIN LATERAL (
        SELECT e.base_fen FROM registry_timelineevent e
        WHERE e.unit_account_id = a.unit_account_id AND e.account_id = a.id AND e.base_fen IS NOT NULL
        ORDER BY e.effective_month DESC, e.id DESC LIMIT 1) base ON true
    WHERE a.state IN ('01', '02')
)
SELECT count(*), (array_agg(format('个人账户%%s：状态%%s、基数%%s分，时间线为%%s、%%s分', number, state, base_fen, told_state, told_base))
    FILTER (WHERE state <> told_state OR base_fen IS DISTINCT FROM told_base OR NOT reckoned))[1:20]
FROM compared;
