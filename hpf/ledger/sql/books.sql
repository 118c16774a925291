-- name: hold_books
SELECT pg_advisory_xact_lock('ledger_closed_day'::regclass::oid::int, 0);

-- name: closed_through
SELECT max(day) FROM ledger_closed_day;

-- name: close_day
INSERT INTO ledger_closed_day (day, closed_by) VALUES (%(day)s, %(by)s);

-- name: number_vouchers
INSERT INTO ledger_voucher (entry_id, period, number)
SELECT e.id, p.period,
       row_number() OVER (PARTITION BY p.period ORDER BY e.book_date, e.id)
       + COALESCE((SELECT max(number) FROM ledger_voucher v WHERE v.period = p.period), 0)
FROM ledger_entry e CROSS JOIN LATERAL (SELECT date_trunc('month', e.book_date)::date AS period) p
WHERE e.book_date <= %(day)s AND NOT EXISTS (SELECT 1 FROM ledger_voucher v WHERE v.entry_id = e.id);

-- name: keep_control_totals
INSERT INTO ledger_control_total (day, subject, debit_fen, credit_fen)
SELECT %(day)s, s.code,
       COALESCE(sum(p.amount_fen) FILTER (WHERE p.side = 'D'), 0), COALESCE(sum(p.amount_fen) FILTER (WHERE p.side = 'C'), 0)
FROM ledger_subject s
LEFT JOIN ledger_account a ON a.subject = s.code
LEFT JOIN ledger_posting p ON p.account_id = a.id AND p.book_date > %(after)s AND p.book_date <= %(day)s
GROUP BY s.code;

-- name: trial_balance
SELECT s.code,
       COALESCE(sum(p.amount_fen) FILTER (WHERE p.side = 'D'), 0)::bigint,
       COALESCE(sum(p.amount_fen) FILTER (WHERE p.side = 'C'), 0)::bigint
FROM ledger_subject s
LEFT JOIN ledger_account a ON a.subject = s.code
LEFT JOIN ledger_posting p ON p.account_id = a.id
GROUP BY s.code ORDER BY s.code;
