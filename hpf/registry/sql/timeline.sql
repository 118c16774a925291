-- name: replay
-- The sheet of a unit account and a month: who is in it, with which base and which amounts (domain H-05, settled 8).
-- Yields (account_id, base_fen, unit_fen, personal_fen). Events after %(through)s were not known. The base is looked up
-- by index, one by one: joined as a second set, it is at the mercy of statistics that a fresh roster does not have yet.
SELECT membership.account_id, base.base_fen,
       contribution_fen(base.base_fen, rate.unit_rate, %(rounding)s) AS unit_fen,
       contribution_fen(base.base_fen, rate.personal_rate, %(rounding)s) AS personal_fen
FROM (
    SELECT DISTINCT ON (account_id) account_id, kind
    FROM registry_timelineevent
    WHERE unit_account_id = %(unit_account_id)s AND account_id IS NOT NULL AND effective_month <= %(month)s
      AND id <= %(through)s AND kind IN ('opening', 'unsealing', 'sealing')
    ORDER BY account_id, effective_month DESC, id DESC
) membership
CROSS JOIN LATERAL (
    SELECT base_fen FROM registry_timelineevent e
    WHERE e.unit_account_id = %(unit_account_id)s AND e.account_id = membership.account_id
      AND e.effective_month <= %(month)s AND e.id <= %(through)s AND e.base_fen IS NOT NULL
    ORDER BY e.effective_month DESC, e.id DESC LIMIT 1
) base
CROSS JOIN (
    SELECT unit_rate, personal_rate FROM registry_timelineevent
    WHERE unit_account_id = %(unit_account_id)s AND account_id IS NULL AND kind = 'rate'
      AND effective_month <= %(month)s AND id <= %(through)s
    ORDER BY effective_month DESC, id DESC LIMIT 1
) rate
WHERE membership.kind <> 'sealing';

-- name: last_event
SELECT COALESCE(max(id), 0) FROM registry_timelineevent WHERE unit_account_id = %(unit_account_id)s;

-- name: lock_unit_account
SELECT id FROM registry_unitaccount WHERE id = %(unit_account_id)s FOR NO KEY UPDATE;

-- name: standing
SELECT digest, standing, name_digest FROM registry_standing(%(digests)s::bytea[], %(unit_account_id)s);

-- name: name_tokens
-- The tokens of the names of a query of (account_id, employer_id, name), in the order of their index: the surname, and
-- every two characters side by side where they first stand.
INSERT INTO registry_nametoken (employer_id, token, account_id)
SELECT employer_id, token, account_id
FROM (
    SELECT employer_id, account_id, name, at, CASE at WHEN 0 THEN left(name, 1) ELSE substr(name, at, 2) END AS token
    FROM (SELECT employer_id, account_id, name, generate_series(0, length(name) - 1) AS at FROM ({names}) names) places
) tokens
WHERE at = 0 OR strpos(name, token) = at
ORDER BY employer_id, token, account_id;
