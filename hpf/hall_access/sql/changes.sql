-- name: hold_employer
SELECT pg_advisory_xact_lock(hall_access_lock_of(%(employer_id)s));

-- name: end_handler
SELECT hall_access_end_handler(%(handler_id)s, %(why)s, %(now)s);

-- name: farewell
SELECT ended_why FROM hall_access_farewell(%(session)s, %(now)s);

-- name: end_acceptances
SELECT agreement_end_of(%(handler_id)s, %(on)s);

-- name: end_agreement
SELECT agreement_end(%(employer_id)s, %(on)s);
