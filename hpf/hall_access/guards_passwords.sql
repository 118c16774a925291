-- Passwords: changed by who is logged in, recovered by who holds the second factor.

-- How strict the center is with passwords: the profile of 等保, and the age at which one is reminded.
CREATE OR REPLACE FUNCTION hall_access_password_profile() RETURNS TABLE (dengbao boolean, days integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT dengbao, CASE WHEN dengbao THEN dengbao_password_days ELSE password_days END FROM hall_access_limits
$$;

-- The hashes that somebody's password had before, newest first.
CREATE OR REPLACE FUNCTION hall_access_past_passwords(p_kind text, p_principal_id bigint) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT password_hash FROM hall_access_pastpassword
    WHERE kind = p_kind AND principal_id = p_principal_id ORDER BY id DESC
$$;
REVOKE EXECUTE ON FUNCTION hall_access_past_passwords FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_past_passwords TO hpf_{center}_staff;

-- Puts a password in the place of the one whose hash was compared, and keeps that one among the last five. False if it
-- has changed meanwhile.
CREATE OR REPLACE FUNCTION hall_access_put_password(
    p_kind text, p_principal_id bigint, p_old_hash text, p_new_hash text, p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    IF p_kind = 'handler' THEN
        UPDATE registry_handler
        SET password_hash = p_new_hash, must_change_password = false, password_changed_at = p_now
        WHERE id = p_principal_id AND password_hash = p_old_hash AND active;
    ELSE
        UPDATE registry_staff
        SET password_hash = p_new_hash, must_change_password = false, password_changed_at = p_now
        WHERE id = p_principal_id AND password_hash = p_old_hash AND active;
    END IF;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO hall_access_pastpassword (kind, principal_id, password_hash, retired_at)
    VALUES (p_kind, p_principal_id, p_old_hash, p_now);
    DELETE FROM hall_access_pastpassword WHERE id IN (
        SELECT id FROM hall_access_pastpassword WHERE kind = p_kind AND principal_id = p_principal_id
        ORDER BY id DESC OFFSET 5);
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_put_password FROM PUBLIC;

-- Changes the password of the one behind a session; his other sessions and logins under way end.
-- Verdicts: ``over`` the session is; ``other`` the password is by now; ``right``.
CREATE OR REPLACE FUNCTION hall_access_change_password(
    p_session bytea, p_old_hash text, p_new_hash text, p_now timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    own hall_access_websession;
BEGIN
    SELECT * INTO own FROM hall_access_websession WHERE token_digest = p_session AND ended_at IS NULL;
    IF NOT FOUND THEN
        RETURN 'over';
    ELSIF NOT hall_access_put_password(own.kind, own.principal_id, p_old_hash, p_new_hash, p_now) THEN
        RETURN 'other';
    END IF;
    PERFORM hall_access_end_sessions(own.kind, own.principal_id, own.id, p_now);
    RETURN 'right';
END $$;

-- Begins to recover a handler's password, or nobody's: always one row. Who has never come in has no password to forget,
-- and a mobile that one clerk has bound opens no account by itself: its owner comes in once with his password, or is
-- given one by another clerk.
-- Whoever changes the handler's mobile waits, and ends this too; where he was first, this waits and only then looks
-- whether the mobile was bound by one alone: a look that is older than the lock would not see it.
CREATE OR REPLACE FUNCTION hall_access_ask_reset(
    p_challenge bytea, p_user_name text, p_credit_code text, p_stand_in bytea, p_now timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    PERFORM FROM registry_handler h JOIN registry_employer e ON e.id = h.employer_id
    WHERE h.user_name = p_user_name AND e.credit_code = p_credit_code FOR SHARE OF h;
    INSERT INTO hall_access_challenge (token_digest, kind, principal_id, purpose, stand_in, initial, tries, expires_at)
    SELECT p_challenge, 'handler', known.id, 'reset', p_stand_in, false, 0,
           p_now + make_interval(mins => l.login_minutes)
    FROM hall_access_limits l LEFT JOIN (
        SELECT h.id FROM registry_handler h JOIN registry_employer e ON e.id = h.employer_id
        WHERE h.user_name = p_user_name AND e.credit_code = p_credit_code AND h.active AND NOT h.must_change_password
          AND NOT hall_access_unproved(h.id)
    ) known ON true;
END $$;

-- Tries the code of a recovery. Verdicts as in ``hall_access_try_code``, and ``over``.
CREATE OR REPLACE FUNCTION hall_access_prove(p_challenge bytea, p_code bytea, p_now timestamptz)
RETURNS TABLE (verdict text, tries_left integer, handler_id bigint, employer_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    recovery record;
    tried record;
BEGIN
    PERFORM hall_access_hold(p_challenge);
    SELECT * INTO recovery FROM hall_access_challenged(p_challenge, p_now);
    IF NOT FOUND OR recovery.purpose <> 'reset' THEN
        RETURN QUERY SELECT 'over', 0, NULL::bigint, NULL::bigint;
        RETURN;
    END IF;
    SELECT * INTO tried FROM hall_access_try_code(recovery.challenge_id, p_code, p_now);
    IF tried.verdict = 'right' THEN
        UPDATE hall_access_challenge SET proved_at = p_now WHERE id = recovery.challenge_id;
    END IF;
    RETURN QUERY SELECT tried.verdict, tried.tries_left, recovery.principal_id, recovery.employer_id;
END $$;

-- Puts a new password in the place of the forgotten one: by who has proved the mobile and, where there is one, the
-- authenticator. All sessions and all that is under way end. Looked at once nobody changes the handler any more.
-- Verdicts: ``over``; ``other`` the password is by now; ``right``.
CREATE OR REPLACE FUNCTION hall_access_recover(
    p_challenge bytea, p_old_hash text, p_new_hash text, p_now timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    recovery record;
BEGIN
    SELECT * INTO recovery FROM hall_access_challenged(p_challenge, p_now);
    PERFORM pg_advisory_xact_lock_shared(hall_access_lock_of(recovery.employer_id));
    SELECT * INTO recovery FROM hall_access_challenged(p_challenge, p_now);
    IF NOT FOUND OR recovery.purpose <> 'reset' OR NOT recovery.proved
       OR (recovery.has_authenticator AND NOT recovery.passed) THEN
        RETURN 'over';
    ELSIF NOT hall_access_put_password('handler', recovery.principal_id, p_old_hash, p_new_hash, p_now) THEN
        RETURN 'other';
    END IF;
    PERFORM hall_access_end_sessions('handler', recovery.principal_id, NULL, p_now);
    RETURN 'right';
END $$;
