-- name: charge
SELECT wait, is_news, of_address FROM hall_access_charge(
    %(pair)s, %(place)s, %(account)s, %(kind)s, %(user_name)s, %(address)s, %(now)s
);

-- name: forgive
SELECT hall_access_forgive(%(pair)s, %(place)s);

-- name: handler
SELECT id, employer_id, name, password_hash, initial, expires_at, ended FROM hall_access_handler(%(user_name)s);

-- name: staff
SELECT id, NULL::bigint, name, password_hash, must_change_password, initial_password_expires_at, ''
FROM registry_staff WHERE user_name = %(user_name)s AND active;

-- name: challenge
SELECT hall_access_challenge(%(challenge)s, %(kind)s, %(principal_id)s, %(password_hash)s, %(now)s);

-- name: challenged
SELECT mobile, code_until, next_code_at, has_authenticator, principal_id, proved, passed
FROM hall_access_challenged(%(challenge)s, %(now)s);

-- name: issue_code
SELECT wait, code_until, purpose, handler_id, employer_id, name, mobile
FROM hall_access_issue_code(%(challenge)s, %(code)s, %(counter)s, %(address)s, %(now)s);

-- name: finish
SELECT verdict, tries_left, handler_id, employer_id, name
FROM hall_access_finish(%(challenge)s, %(code)s, %(session)s, %(address)s, %(agent)s, %(now)s);

-- name: admit
SELECT hall_access_admit(%(challenge)s, %(session)s, %(address)s, %(agent)s, %(now)s);

-- name: try_authenticator
SELECT verdict, tries_left, kind, principal_id, employer_id, name, secret
FROM hall_access_try_authenticator(%(challenge)s, %(purpose)s, %(now)s);

-- name: pass
SELECT hall_access_pass(
    %(challenge)s, %(step)s::bigint, %(backup)s::bytea, %(session)s, %(address)s, %(agent)s, %(now)s
);

-- name: enrol
SELECT hall_access_enrol(%(session)s, %(secret)s, %(step)s, %(backups)s::bytea[], %(now)s);

-- name: equip
SELECT hall_access_equip(%(kind)s, %(principal_id)s, %(secret)s, %(step)s, %(backups)s::bytea[], %(now)s);

-- name: equipment
SELECT secret, last_step FROM hall_access_equipment(%(kind)s, %(principal_id)s);

-- name: principal
SELECT session_id, kind, principal_id, name, employer_id, roles, idle_at, expires_at,
       must_change_password, must_enrol, must_be_released, suspended, must_accept_agreement, limited
FROM hall_access_principal(%(session)s, %(now)s, %(today)s, %(renews)s);

-- name: choices
SELECT user_id, employer, number, is_own, is_chosen FROM hall_access_choices(%(session)s, %(today)s);

-- name: choose
SELECT hall_access_choose(%(session)s, %(user_id)s, %(today)s);

-- name: end_session
SELECT kind, principal_id, employer_id FROM hall_access_end_session(%(session)s, %(now)s);

-- name: password_profile
SELECT dengbao, days FROM hall_access_password_profile();

-- name: past_passwords
SELECT hall_access_past_passwords(%(kind)s, %(principal_id)s);

-- name: change_password
SELECT hall_access_change_password(%(session)s, %(old)s, %(new)s, %(now)s);

-- name: ask_reset
SELECT hall_access_ask_reset(%(challenge)s, %(user_name)s, %(credit_code)s, %(stand_in)s, %(now)s);

-- name: prove
SELECT verdict, tries_left, handler_id, employer_id FROM hall_access_prove(%(challenge)s, %(code)s, %(now)s);

-- name: recover
SELECT hall_access_recover(%(challenge)s, %(old)s, %(new)s, %(now)s);

-- name: end_own
SELECT hall_access_end_own(%(session)s, %(id)s::bigint, %(now)s);

-- name: new_place
SELECT hall_access_new_place(%(session)s);

-- name: unreleased
SELECT authenticator_id, staff_id, enrolled_at, check_number, password_by FROM hall_access_unreleased();

-- name: is_released
SELECT hall_access_is_released(%(staff_id)s);

-- name: release
SELECT hall_access_release(%(authenticator_id)s, %(staff_id)s, %(now)s);

-- name: others_of_security
SELECT name FROM hall_access_others_of_security(%(staff_id)s) name;

-- name: release_by_two
SELECT hall_access_release_by_two(%(system)s, %(audit)s, %(staff_id)s, %(check_number)s, %(now)s);

-- name: own_equipment
SELECT enrolled_at, backups_left FROM hall_access_own_equipment(%(session)s);

-- name: unequip
SELECT hall_access_unequip(%(kind)s, %(principal_id)s);

-- name: unequip_by_two
SELECT hall_access_unequip_by_two(%(system)s, %(audit)s, %(staff_id)s, %(now)s);

-- name: grant_roles
SELECT hall_access_grant_roles(%(staff_id)s);

-- name: unlock
SELECT hall_access_unlock(%(kind)s, %(principal_id)s, %(account)s, %(now)s);

-- name: locks
SELECT what, max(until) FROM hall_access_locks(%(kind)s, %(principal_id)s, %(account)s, %(now)s)
GROUP BY what ORDER BY what;

-- name: end_sessions
SELECT hall_access_end_sessions(%(kind)s, %(principal_id)s, NULL, %(now)s);

-- name: sessions
SELECT id, started_at, seen_at, ended_at, ended_why, address, agent, is_this FROM hall_access_sessions(%(session)s);

-- name: proof_terms
SELECT effort, minutes FROM hall_access_proof_terms();

-- name: take_proof
SELECT wait, is_news FROM hall_access_take_proof(
    %(proof)s::bytea, %(expires_at)s::timestamptz, %(address)s, %(now)s
);

-- name: forget
SELECT hall_access_forget(%(now)s);

-- name: session_of
SELECT kind, user_name, name, employer, started_at, ended_at, address, agent FROM hall_access_session_of(%(id)s);

-- name: look, prepared
SELECT held, is_news, in_hour, in_day FROM hall_access_look(%(session)s, %(subject)s, %(now)s);

-- name: confirm_looking
SELECT hall_access_confirm_looking(%(session)s, %(now)s);

-- name: resume_looking
SELECT hall_access_resume_looking(%(tally_id)s, %(now)s);

-- name: set_looks
SELECT hall_access_set_looks(%(change_id)s);

-- name: held_back
SELECT t.id, t.kind, COALESCE(h.name, s.name), COALESCE(h.user_name, s.user_name), e.name, t.state, t.hour_count,
       t.day_count, t.changed_at,
       -- what he said when he was asked the last time; nothing if he has not said it
       COALESCE((SELECT said.result ->> 'reason' FROM evidence_event said
                 WHERE said.subject = t.kind || ':' || t.principal_id
                   AND said.act IN ('ask_about_looking', 'confirm_looking')
                 ORDER BY said.id DESC LIMIT 1), '')
FROM hall_access_tally t
LEFT JOIN registry_handler h ON t.kind = 'handler' AND h.id = t.principal_id
LEFT JOIN registry_employer e ON e.id = h.employer_id
LEFT JOIN registry_staff s ON t.kind = 'staff' AND s.id = t.principal_id
WHERE t.state <> '' ORDER BY t.state = 'stopped' DESC, t.changed_at DESC LIMIT 200;
