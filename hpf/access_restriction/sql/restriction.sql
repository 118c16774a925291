-- name: hold_employer
SELECT pg_advisory_xact_lock(hall_access_lock_of(%(employer_id)s));

-- name: cut
SELECT hall_access_cut(id, 'restricted', %(now)s)
FROM registry_handler WHERE employer_id = %(employer_id)s AND active;
