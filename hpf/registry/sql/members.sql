-- name: member_rows, prepared
-- Members of a page of account ids, in the order of their accounts.
SELECT a.id, a.number, m.name, m.identity_number, a.state, a.wage_fen, a.base_fen, a.unit_fen, a.personal_fen,
       a.first_month, a.opened_on
FROM ({page}) page JOIN registry_account a USING (id) JOIN registry_member m ON m.id = a.member_id
ORDER BY a.id;

-- name: head_count, prepared
-- A unit account that the one who asks may see, by its number or the first, and how many members it has.
SELECT id, active_count, sealed_count FROM registry_unitaccount
WHERE %(number)s = '' OR number = %(number)s ORDER BY id LIMIT 1;

-- name: page_after
SELECT id FROM ({accounts}) accounts WHERE id > %(after)s ORDER BY id LIMIT %(limit)s;

-- name: page_before
SELECT id FROM ({accounts}) accounts WHERE id < %(before)s ORDER BY id DESC LIMIT %(limit)s;

-- name: count_accounts
SELECT count(*) FROM ({accounts}) accounts;

-- name: accounts
SELECT id FROM registry_account
WHERE unit_account_id = %(unit_account_id)s AND (%(state)s = '' OR state = %(state)s);

-- name: accounts_by_token
-- Whose name has a token: a surname, or two characters side by side. Found by equality, whatever the size of the unit.
SELECT a.id
FROM registry_nametoken t JOIN registry_account a ON a.id = t.account_id
WHERE t.employer_id = (SELECT employer_id FROM registry_unitaccount WHERE id = %(unit_account_id)s)
  AND t.token = %(token)s AND a.unit_account_id = %(unit_account_id)s AND (%(state)s = '' OR a.state = %(state)s);

-- name: accounts_by_part
-- Whose name contains a longer part: looked for among those alone that have its first two characters.
SELECT a.id
FROM registry_nametoken t JOIN registry_account a ON a.id = t.account_id JOIN registry_member m ON m.id = a.member_id
WHERE t.employer_id = (SELECT employer_id FROM registry_unitaccount WHERE id = %(unit_account_id)s)
  AND t.token = left(%(part)s, 2) AND a.unit_account_id = %(unit_account_id)s
  AND (%(state)s = '' OR a.state = %(state)s) AND strpos(m.name, %(part)s) > 0;

-- name: accounts_by_number
-- The account of this number, or that of the identity document of this number, each by its own unique index.
SELECT id FROM registry_account
WHERE number = %(number)s AND unit_account_id = %(unit_account_id)s AND (%(state)s = '' OR state = %(state)s)
UNION
SELECT a.id FROM registry_member m JOIN registry_account a ON a.member_id = m.id
WHERE m.identity_digest = %(digest)s AND a.unit_account_id = %(unit_account_id)s
  AND (%(state)s = '' OR a.state = %(state)s);
