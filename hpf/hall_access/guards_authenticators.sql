-- Authenticator apps and backup codes. That a code belongs to a secret is worked out by the program, because the secret is
-- sealed; that a time step or a backup code works once is kept here. Staff role only, the portal's logins included: the
-- portal itself cannot say that a code was right.

-- Begins to try an authenticator's or a backup code for a login under way: counts the try before anybody compares.
-- Verdicts: ``over``; ``locked`` too many wrong ones today; ``dead`` too many for this login; ``try``.
CREATE OR REPLACE FUNCTION hall_access_try_authenticator(p_challenge bytea, p_purpose text, p_now timestamptz)
RETURNS TABLE (verdict text, tries_left integer, kind text, principal_id bigint, employer_id bigint, name text,
               secret bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    login record;
    remaining integer;
    answer text := 'try';
BEGIN
    PERFORM hall_access_hold(p_challenge);
    SELECT * INTO login FROM hall_access_challenged(p_challenge, p_now);
    IF NOT FOUND OR NOT login.has_authenticator OR login.purpose <> p_purpose
       OR (login.purpose = 'reset' AND NOT login.proved) THEN
        RETURN QUERY SELECT 'over', 0, NULL::text, NULL::bigint, NULL::bigint, NULL::text, NULL::bytea;
        RETURN;
    END IF;
    IF NOT hall_access_count_code(login.challenge_id, p_now) THEN
        answer := 'locked';
    ELSE
        UPDATE hall_access_challenge c SET tries = c.tries + 1
        FROM hall_access_limits l
        WHERE c.id = login.challenge_id AND c.closed_at IS NULL AND c.tries < l.code_tries
        RETURNING l.code_tries - c.tries INTO remaining;
        IF NOT FOUND THEN
            UPDATE hall_access_challenge SET closed_at = p_now WHERE id = login.challenge_id AND closed_at IS NULL;
            PERFORM hall_access_take_back(login.challenge_id);
            answer := 'dead';
        END IF;
    END IF;
    RETURN QUERY SELECT answer, COALESCE(remaining, 0), login.kind, login.principal_id, login.employer_id, login.name,
                        (SELECT a.secret FROM hall_access_authenticator a
                         WHERE a.kind = login.kind AND a.principal_id = login.principal_id);
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_try_authenticator FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_try_authenticator TO hpf_{center}_staff;

-- Uses a time step or a backup code up. False if it was used before, or a later step was: of two at the same moment one
-- waits for the other's row and finds it used.
CREATE OR REPLACE FUNCTION hall_access_use(
    p_kind text, p_principal_id bigint, p_step bigint, p_backup bytea, p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    IF p_step IS NOT NULL THEN
        UPDATE hall_access_authenticator SET last_step = p_step
        WHERE kind = p_kind AND principal_id = p_principal_id AND last_step < p_step;
    ELSE
        UPDATE hall_access_backupcode SET used_at = p_now
        WHERE code_digest = p_backup AND used_at IS NULL AND authenticator_id = (
            SELECT id FROM hall_access_authenticator WHERE kind = p_kind AND principal_id = p_principal_id);
    END IF;
    RETURN FOUND;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_use FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_use TO hpf_{center}_staff;

-- Turns a login into a session by a time step or a backup code that belongs to its principal; in a recovery it is noted
-- and opens nothing. Verdicts: ``right``; ``used`` up before; ``spent`` the initial password is, or the login, by another.
CREATE OR REPLACE FUNCTION hall_access_pass(
    p_challenge bytea, p_step bigint, p_backup bytea, p_session bytea, p_address text, p_agent text, p_now timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    login record;
BEGIN
    SELECT * INTO STRICT login FROM hall_access_challenged(p_challenge, p_now);
    IF NOT hall_access_use(login.kind, login.principal_id, p_step, p_backup, p_now) THEN
        RETURN 'used';
    END IF;
    PERFORM hall_access_take_back(login.challenge_id);
    IF login.purpose = 'reset' THEN
        UPDATE hall_access_challenge SET passed_at = p_now WHERE id = login.challenge_id;
        RETURN 'right';
    END IF;
    IF NOT hall_access_spend(login.challenge_id, p_now) THEN
        RETURN 'spent';
    END IF;
    PERFORM hall_access_open_session(login.kind, login.principal_id, login.employer_id, p_session, p_address, p_agent,
                                     p_now);
    RETURN 'right';
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_pass FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_pass TO hpf_{center}_staff;

-- Opens a session for a member of the staff who has no authenticator yet: it leads to the password and the
-- authenticator and nowhere else. False if the initial password has been used by another login, or an authenticator was
-- enrolled meanwhile: whoever enrols one ends the login, and is waited for.
CREATE OR REPLACE FUNCTION hall_access_admit(
    p_challenge bytea, p_session bytea, p_address text, p_agent text, p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    login record;
BEGIN
    PERFORM hall_access_hold(p_challenge);
    SELECT * INTO login FROM hall_access_challenged(p_challenge, p_now);
    IF NOT FOUND OR login.kind <> 'staff' OR login.purpose <> 'login' OR login.has_authenticator
       OR NOT hall_access_spend(login.challenge_id, p_now) THEN
        RETURN false;
    END IF;
    PERFORM hall_access_open_session('staff', login.principal_id, NULL, p_session, p_address, p_agent, p_now);
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_admit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_admit TO hpf_{center}_staff;

-- Gives the one behind a session an authenticator, in the place of one he may have had, with its backup codes. All else
-- that he has open ends: what came in without the authenticator must not go on as if it had passed it. Whoever ends the
-- session waits, and finds the authenticator.
CREATE OR REPLACE FUNCTION hall_access_enrol(
    p_session bytea, p_secret bytea, p_step bigint, p_backups bytea[], p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    own hall_access_websession;
BEGIN
    SELECT * INTO own FROM hall_access_websession WHERE token_digest = p_session AND ended_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM hall_access_end_under_way(own.kind, own.principal_id, p_now);
    PERFORM FROM hall_access_websession WHERE id = own.id AND ended_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE hall_access_websession SET ended_at = p_now, ended_why = 'authenticator_changed'
    WHERE kind = own.kind AND principal_id = own.principal_id AND ended_at IS NULL AND id <> own.id;
    PERFORM hall_access_put_on(own.kind, own.principal_id, p_secret, p_step, p_backups, p_now);
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_enrol FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_enrol TO hpf_{center}_staff;

-- Somebody's authenticator is this one from now on.
CREATE OR REPLACE FUNCTION hall_access_put_on(
    p_kind text, p_principal_id bigint, p_secret bytea, p_step bigint, p_backups bytea[], p_now timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    number bigint;
BEGIN
    PERFORM hall_access_take_off(p_kind, p_principal_id);
    INSERT INTO hall_access_authenticator (kind, principal_id, secret, last_step, enrolled_at, check_number, password_by)
    VALUES (p_kind, p_principal_id, p_secret, p_step, p_now,
            to_char(abs(hashtext(gen_random_uuid()::text)::bigint) % 1000000, 'fm000000'),
            (SELECT password_by FROM registry_staff WHERE p_kind = 'staff' AND id = p_principal_id))
    RETURNING id INTO number;
    INSERT INTO hall_access_backupcode (authenticator_id, code_digest)
    SELECT number, digest FROM unnest(p_backups) digest;
    IF p_kind = 'staff' THEN
        PERFORM hall_access_release_first(number, p_principal_id, p_now);
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_put_on FROM PUBLIC;

-- Raises where the center was founded for its own work: what stands in for the app of somebody is a demonstration's.
CREATE OR REPLACE FUNCTION hall_access_in_demonstration() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = {center}, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM evidence_event WHERE key = 'center:found') THEN
        RAISE EXCEPTION 'authenticators are their owners'' own' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_in_demonstration FROM PUBLIC;

-- For a demonstration, which keeps everybody's authenticator and shows its numbers.
CREATE OR REPLACE FUNCTION hall_access_equip(
    p_kind text, p_principal_id bigint, p_secret bytea, p_step bigint, p_backups bytea[], p_now timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    PERFORM hall_access_in_demonstration();
    PERFORM hall_access_put_on(p_kind, p_principal_id, p_secret, p_step, p_backups, p_now);
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_equip FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_equip TO hpf_{center}_staff;

-- Takes somebody's authenticator away, and its backup codes with it. False if there is none.
CREATE OR REPLACE FUNCTION hall_access_take_off(p_kind text, p_principal_id bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = {center}, pg_temp AS $$
BEGIN
    DELETE FROM hall_access_backupcode WHERE authenticator_id IN (
        SELECT id FROM hall_access_authenticator WHERE kind = p_kind AND principal_id = p_principal_id);
    DELETE FROM hall_access_authenticator WHERE kind = p_kind AND principal_id = p_principal_id;
    RETURN FOUND;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_take_off FROM PUBLIC;

-- The same, for who may: a handler gives up his own; that of the staff takes another administrator of security, or two
-- others (`hall_access_unequip_by_two`).
CREATE OR REPLACE FUNCTION hall_access_unequip(p_kind text, p_principal_id bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    IF p_kind = 'staff' THEN
        PERFORM hall_access_by_security(p_principal_id);
    END IF;
    RETURN hall_access_take_off(p_kind, p_principal_id);
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_unequip FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_unequip TO hpf_{center}_staff;

-- For a demonstration: the sealed secret of somebody's authenticator, and the last step used.
DROP FUNCTION IF EXISTS hall_access_equipment;
CREATE FUNCTION hall_access_equipment(p_kind text, p_principal_id bigint) RETURNS TABLE (secret bytea, last_step bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    PERFORM hall_access_in_demonstration();
    RETURN QUERY SELECT a.secret, a.last_step
                 FROM hall_access_authenticator a WHERE a.kind = p_kind AND a.principal_id = p_principal_id;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_equipment FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_equipment TO hpf_{center}_staff;

-- For the one behind a session, the portal's handlers included: since when, and how many backup codes are left.
CREATE OR REPLACE FUNCTION hall_access_own_equipment(p_session bytea)
RETURNS TABLE (enrolled_at timestamptz, backups_left bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT a.enrolled_at,
           (SELECT count(*) FROM hall_access_backupcode b WHERE b.authenticator_id = a.id AND b.used_at IS NULL)
    FROM hall_access_websession own
    JOIN hall_access_authenticator a ON (a.kind, a.principal_id) = (own.kind, own.principal_id)
    WHERE own.token_digest = p_session AND own.ended_at IS NULL
$$;
