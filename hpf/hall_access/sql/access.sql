-- name: charge
SELECT wait, is_news FROM hall_access_charge(%(pair)s, %(place)s, %(now)s);

-- name: forgive
SELECT hall_access_forgive(%(pair)s, %(place)s);

-- name: handler
SELECT id, employer_id, name, password_hash, initial, expires_at FROM hall_access_handler(%(user_name)s);

-- name: staff
SELECT id, NULL::bigint, name, password_hash, false, NULL::timestamptz
FROM registry_staff WHERE user_name = %(user_name)s AND active;

-- name: challenge
SELECT hall_access_challenge(%(challenge)s, %(handler_id)s, %(password_hash)s, %(now)s);

-- name: challenged
SELECT mobile, code_until, next_code_at FROM hall_access_challenged(%(challenge)s, %(now)s);

-- name: issue_code
SELECT wait, code_until, handler_id, employer_id, name, mobile
FROM hall_access_issue_code(%(challenge)s, %(code)s, %(now)s);

-- name: finish
SELECT verdict, tries_left, handler_id, employer_id, name
FROM hall_access_finish(%(challenge)s, %(code)s, %(session)s, %(address)s, %(agent)s, %(now)s);

-- name: open_session
SELECT hall_access_open_session(
    %(kind)s, %(principal_id)s, %(employer_id)s::bigint, %(session)s, %(address)s, %(agent)s, %(now)s
);

-- name: principal
SELECT session_id, kind, principal_id, name, employer_id, roles, must_change_password, must_accept_agreement
FROM hall_access_principal(%(session)s, %(now)s, %(today)s);

-- name: end_session
SELECT kind, principal_id, employer_id FROM hall_access_end_session(%(session)s, %(now)s);

-- name: end_others
SELECT hall_access_end_others(%(session)s, %(now)s);

-- name: end_sessions
SELECT hall_access_end_sessions(%(kind)s, %(principal_id)s, NULL, %(now)s);

-- name: sessions
SELECT id, started_at, seen_at, ended_at, ended_why, address, agent, is_this FROM hall_access_sessions(%(session)s);

-- name: forget
SELECT hall_access_forget(%(now)s);
