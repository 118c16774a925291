-- Each check gives (rows compared, up to 20 faults in Chinese).

-- name: check_l1
WITH sums AS (
    SELECT e.id, e.total_fen, count(p.id) AS postings, COALESCE(sum(p.amount_fen) FILTER (WHERE p.side = 'D'), 0) AS debit,
           COALESCE(sum(p.amount_fen) FILTER (WHERE p.side = 'C'), 0) AS credit
    FROM ledger_entry e LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.book_date = e.book_date
    GROUP BY e.id
)
SELECT count(*), (array_agg(format('记账%%s：借%%s分，贷%%s分，合计%%s分，%%s条分录', id, debit, credit, total_fen, postings))
                  FILTER (WHERE postings < 2 OR debit <> credit OR debit <> total_fen))[1:20]
FROM sums;

-- name: check_l2
SELECT count(*), (array_agg(format('分录%%s：记账%%s或账户%%s不符', p.id, p.entry_id, p.account_id))
                  FILTER (WHERE e.id IS NULL OR a.id IS NULL OR e.book_date <> p.book_date OR e.value_date <> p.value_date))[1:20]
FROM ledger_posting p
LEFT JOIN ledger_entry e ON e.id = p.entry_id
LEFT JOIN ledger_account a ON a.id = p.account_id;

-- name: check_l2_owners
-- A posting of a member or of unallocated money belongs to the unit account of its entry, any other to nobody.
SELECT count(*), (array_agg(format('分录%%s：单位账户%%s，其记账%%s为%%s', p.id, p.unit_account_id, e.id, e.unit_account_id))
    FILTER (WHERE (p.employer_id, p.unit_account_id) IS DISTINCT FROM
                  (CASE WHEN a.keeps_balance THEN e.employer_id END, CASE WHEN a.keeps_balance THEN e.unit_account_id END)))[1:20]
FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id JOIN ledger_account a ON a.id = p.account_id;

-- name: check_l3
WITH guarded (relation) AS (
    VALUES ('ledger_entry'), ('ledger_posting'), ('ledger_corrected_month'), ('ledger_closed_day'), ('ledger_voucher'),
           ('ledger_control_total')
),
faults AS (
    SELECT format('%%s：缺少防护触发器', relation) AS fault FROM guarded
    WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = relation::regclass AND t.tgname = 'ledger_l3'
                      AND t.tgenabled = 'O')
    UNION ALL
    SELECT format('%%s：缺少防护触发器%%s', relation, name)
    FROM (VALUES ('ledger_entry', 'ledger_l1'), ('ledger_entry', 'ledger_l8'), ('ledger_posting', 'ledger_l2')) g (relation, name)
    WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = relation::regclass AND t.tgname = name AND t.tgenabled = 'O')
    UNION ALL
    SELECT format('%%s：角色%%s有%%s权限', relation, role, privilege)
    FROM guarded, unnest(%(roles)s::text[]) role, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) privilege
    WHERE has_table_privilege(role, relation::regclass, privilege)
    UNION ALL
    SELECT format('角色%%s权限过大', rolname) FROM pg_roles
    WHERE rolname = ANY(%(roles)s) AND (rolsuper OR rolbypassrls)
)
SELECT (SELECT count(*) FROM guarded), (SELECT array_agg(fault) FROM faults);

-- name: check_l4
SELECT count(*), (array_agg(format('分录%%s：%%s分', p.id, p.amount_fen))
                  FILTER (WHERE p.amount_fen = 0 OR (p.amount_fen < 0) <> (e.reverses_id IS NOT NULL)))[1:20]
FROM ledger_posting p LEFT JOIN ledger_entry e ON e.id = p.entry_id;

-- name: check_l5
WITH digests AS (
    SELECT entry_id, sha256(convert_to(string_agg(concat_ws(',', account_id, side, amount_fen, month), ';'
                                       ORDER BY account_id, side, month, amount_fen), 'UTF8')) AS digest
    FROM ledger_posting GROUP BY entry_id
)
SELECT count(*), (array_agg(format('记账%%s：分录与摘要不符', e.id)) FILTER (WHERE d.digest IS DISTINCT FROM e.lines_digest))[1:20]
FROM ledger_entry e LEFT JOIN digests d ON d.entry_id = e.id;

-- name: check_l6
WITH pairs AS (SELECT id, reverses_id FROM ledger_entry WHERE reverses_id IS NOT NULL),
both_sides AS (
    SELECT pairs.id, p.account_id, p.side, p.month, sum(p.amount_fen) AS rest
    FROM pairs JOIN ledger_posting p ON p.entry_id IN (pairs.id, pairs.reverses_id)
    GROUP BY pairs.id, p.account_id, p.side, p.month
),
corrections AS (
    SELECT p.account_id, p.month, count(*) AS times, bool_and(c.entry_id IS NOT NULL) AS listed
    FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id JOIN ledger_account a ON a.id = p.account_id
    LEFT JOIN ledger_corrected_month c ON c.account_id = p.account_id AND c.month = p.month AND c.entry_id = e.id
    WHERE e.kind = 'correction' AND p.side = 'D' AND a.kind = 'member'
    GROUP BY p.account_id, p.month
)
SELECT (SELECT count(*) FROM pairs) + (SELECT count(*) FROM corrections),
       ((SELECT array_agg(format('红冲%%s未将原记账冲平', id)) FROM both_sides WHERE rest <> 0)
        || (SELECT array_agg(format('账户%%s %%s月错缴更正%%s次', account_id, month, times)) FROM corrections
            WHERE times > 1 OR NOT listed))[1:20];

-- name: check_l7
SELECT count(*), (array_agg(format('账户%%s：%%s分', id, carried_fen + current_fen)) FILTER (WHERE carried_fen < 0 OR current_fen < 0))[1:20]
FROM ledger_account WHERE keeps_balance;

-- name: check_l8
WITH late AS (
    SELECT format('记账%%s记于已结账日%%s之后', e.id, c.day) AS fault FROM ledger_entry e
    JOIN ledger_closed_day c ON c.day >= e.book_date AND c.closed_at < e.recorded_at
    WHERE NOT EXISTS (SELECT 1 FROM ledger_voucher v WHERE v.entry_id = e.id)
),
gaps AS (
    SELECT format('%%s凭证号不连续', to_char(period, 'YYYY-MM')) AS fault FROM ledger_voucher
    GROUP BY period HAVING min(number) <> 1 OR max(number) <> count(*)
),
unnumbered AS (
    SELECT format('记账%%s已结账而无凭证号', e.id) AS fault FROM ledger_entry e
    WHERE e.book_date <= (SELECT max(day) FROM ledger_closed_day)
      AND NOT EXISTS (SELECT 1 FROM ledger_voucher v WHERE v.entry_id = e.id)
)
SELECT (SELECT count(*) FROM ledger_voucher),
       (SELECT (array_agg(fault))[1:20] FROM (TABLE late UNION ALL TABLE gaps UNION ALL TABLE unnumbered) f);

-- name: check_l9_balances
WITH sums AS (
    SELECT a.id, a.carried_fen + a.current_fen AS balance, a.moment,
           COALESCE(sum(CASE p.side WHEN 'C' THEN p.amount_fen WHEN 'D' THEN -p.amount_fen END), 0) AS posted,
           COALESCE(sum(CASE p.side WHEN 'C' THEN p.amount_fen WHEN 'D' THEN -p.amount_fen END
                        * (GREATEST(p.value_date, a.segment_starts_on) - DATE '1970-01-01')), 0) AS posted_moment
    FROM ledger_account a LEFT JOIN ledger_posting p ON p.account_id = a.id
    WHERE a.keeps_balance GROUP BY a.id
)
SELECT count(*), (array_agg(format('账户%%s：余额%%s分，分录合计%%s分', id, balance, posted))
                  FILTER (WHERE balance <> posted OR moment <> posted_moment))[1:20]
FROM sums;

-- name: check_l9_control
WITH postings AS (
    SELECT a.subject, a.keeps_balance, COALESCE(sum(CASE p.side WHEN 'C' THEN p.amount_fen ELSE -p.amount_fen END), 0) AS credit
    FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id GROUP BY a.subject, a.keeps_balance
),
balances AS (
    SELECT subject, sum(carried_fen + current_fen) AS credit FROM ledger_account WHERE keeps_balance GROUP BY subject
),
faults AS (
    SELECT format('科目%%s：账户余额合计%%s分，分录合计%%s分', b.subject, b.credit, COALESCE(p.credit, 0)) AS fault
    FROM balances b LEFT JOIN postings p ON p.subject = b.subject AND p.keeps_balance
    WHERE b.credit <> COALESCE(p.credit, 0)
    UNION ALL
    SELECT format('全部分录借贷相差%%s分', sum(credit)) FROM postings HAVING sum(credit) <> 0
    UNION ALL
    SELECT format('科目%%s：日终总账合计%%s分，分录合计%%s分', t.subject, t.kept, t.posted) FROM (
        SELECT c.subject, sum(c.credit_fen - c.debit_fen) AS kept,
               (SELECT COALESCE(sum(CASE p.side WHEN 'C' THEN p.amount_fen ELSE -p.amount_fen END), 0)
                FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
                WHERE a.subject = c.subject AND p.book_date <= (SELECT max(day) FROM ledger_closed_day)) AS posted
        FROM ledger_control_total c GROUP BY c.subject) t
    WHERE t.kept <> t.posted
)
SELECT (SELECT count(*) FROM ledger_posting), (SELECT (array_agg(fault))[1:20] FROM faults);

-- name: check_l9_days
-- Each side by itself: what stands too high on both sides would not show in their difference.
WITH posted AS (
    SELECT (SELECT min(c.day) FROM ledger_closed_day c WHERE c.day >= days.book_date) AS day, days.subject,
           sum(days.debit_fen) AS debit_fen, sum(days.credit_fen) AS credit_fen
    FROM (SELECT p.book_date, a.subject, COALESCE(sum(p.amount_fen) FILTER (WHERE p.side = 'D'), 0) AS debit_fen,
                 COALESCE(sum(p.amount_fen) FILTER (WHERE p.side = 'C'), 0) AS credit_fen
          FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id GROUP BY p.book_date, a.subject) days
    GROUP BY 1, days.subject
),
expected AS (
    SELECT c.day, s.code AS subject, COALESCE(p.debit_fen, 0) AS debit_fen, COALESCE(p.credit_fen, 0) AS credit_fen
    FROM ledger_closed_day c CROSS JOIN ledger_subject s
    LEFT JOIN posted p ON p.day = c.day AND p.subject = s.code
)
SELECT count(*), (array_agg(format('%%s科目%%s：总账借%%s分贷%%s分，分录借%%s分贷%%s分', e.day, e.subject, t.debit_fen, t.credit_fen,
                                   e.debit_fen, e.credit_fen))
    FILTER (WHERE (t.debit_fen, t.credit_fen) IS DISTINCT FROM (e.debit_fen, e.credit_fen)))[1:20]
FROM expected e LEFT JOIN ledger_control_total t ON t.day = e.day AND t.subject = e.subject;
