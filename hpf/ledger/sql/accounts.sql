-- name: open_account
INSERT INTO ledger_account (kind, subject, employer_id, unit_account_id, label, opened_on, segment_starts_on)
VALUES (%(kind)s, %(subject)s, %(employer_id)s, %(unit_account_id)s, %(label)s, %(on)s, %(on)s)
RETURNING id;

-- name: open_member_accounts
INSERT INTO ledger_account (id, kind, subject, employer_id, unit_account_id, label, opened_on, segment_starts_on)
SELECT id, 'member', '201', employer_id, unit_account_id, '', %(opened_on)s, %(opened_on)s FROM ({members}) members;

-- name: balance
SELECT carried_fen + current_fen FROM ledger_account WHERE id = %(account_id)s AND keeps_balance;

-- name: parts
SELECT carried_fen, current_fen FROM ledger_account WHERE id = %(account_id)s AND keeps_balance;

-- name: unallocated
SELECT id, carried_fen + current_fen FROM ledger_account
WHERE unit_account_id = %(unit_account_id)s AND kind = 'unallocated';

-- name: movements
SELECT p.entry_id, p.book_date, e.kind, e.narrative, p.month,
       CASE p.side WHEN 'C' THEN p.amount_fen ELSE -p.amount_fen END,
       sum(CASE p.side WHEN 'C' THEN p.amount_fen ELSE -p.amount_fen END) OVER (ORDER BY p.book_date, p.id)::bigint,
       e.about
FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
WHERE p.account_id = %(account_id)s
ORDER BY p.book_date DESC, p.id DESC LIMIT %(limit)s;
