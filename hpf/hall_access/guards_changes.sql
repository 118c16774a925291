-- What ends at the counter: who may act for an employer, and how all of a handler's ways in end at once.

-- The lock under which one acts for an employer: shared while a handler writes, alone while his access is changed.
CREATE OR REPLACE FUNCTION hall_access_lock_of(p_employer_id bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$ SELECT hashtextextended(current_schema || 'acts for ' || p_employer_id, 0) $$;

-- Whether somebody is the handler of an employer still, and nothing is against his acting. Asked at the start of each of
-- his writing transactions: a change waits for what is under way, and what begins later waits for the change. So an act is
-- done before it, or not at all. ``p_suspended_too``: for what remains while access is suspended, appealing and leaving.
CREATE OR REPLACE FUNCTION handler_may_act(p_handler_id bigint, p_employer_id bigint, p_suspended_too boolean)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hall_access_lock_of(p_employer_id));
    RETURN EXISTS (
        SELECT FROM registry_handler h
        CROSS JOIN access_restriction_standing(p_employer_id, policy_business_day()) standing
        WHERE h.id = p_handler_id AND h.employer_id = p_employer_id AND h.active
          AND (p_suspended_too OR NOT standing.suspended)
    );
END $$;

-- Ends what somebody has under way, and its codes. A recovery that has proved no mobile yet is let go of: from now on it is
-- nobody's, and goes on as nobody's does. Whoever began it for another does not see that there is one who acts meanwhile.
CREATE OR REPLACE FUNCTION hall_access_end_under_way(p_kind text, p_principal_id bigint, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = {center}, pg_temp AS $$
DECLARE
    ended bigint[];
BEGIN
    PERFORM hall_access_hold_owner(p_kind, p_principal_id);
    WITH his AS (
        UPDATE hall_access_challenge
        SET closed_at = CASE WHEN purpose = 'login' OR proved_at IS NOT NULL THEN p_now END,
            principal_id = CASE WHEN purpose = 'login' OR proved_at IS NOT NULL THEN principal_id END
        WHERE kind = p_kind AND principal_id = p_principal_id AND closed_at IS NULL RETURNING id)
    SELECT array_agg(id) INTO ended FROM his;
    UPDATE hall_access_code SET code_digest = '' WHERE challenge_id = ANY (ended) AND closed_at IS NULL;  -- opens nothing
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_end_under_way FROM PUBLIC;

-- Ends what a handler has open: logins and recoveries under way, codes, sessions.
CREATE OR REPLACE FUNCTION hall_access_cut(p_handler_id bigint, p_why text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    PERFORM hall_access_end_under_way('handler', p_handler_id, p_now);
    UPDATE hall_access_websession SET ended_at = p_now, ended_why = p_why
    WHERE kind = 'handler' AND principal_id = p_handler_id AND ended_at IS NULL;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_cut FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_cut TO hpf_{center}_staff;

-- Ends every way in that a handler has: what is open, and the authenticator.
-- A house test knows each table by its columns.
CREATE OR REPLACE FUNCTION hall_access_end_handler(p_handler_id bigint, p_why text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    PERFORM hall_access_cut(p_handler_id, p_why, p_now);
    DELETE FROM hall_access_backupcode WHERE authenticator_id IN (
        SELECT id FROM hall_access_authenticator WHERE kind = 'handler' AND principal_id = p_handler_id);
    DELETE FROM hall_access_authenticator WHERE kind = 'handler' AND principal_id = p_handler_id;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_end_handler FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_end_handler TO hpf_{center}_staff;

-- Why a session ended, told to whoever still holds its token; no row for one that lives or that nobody knows. One that
-- has rested too long is over, though nobody has come back yet to have it noted (`hall_access_principal`).
CREATE OR REPLACE FUNCTION hall_access_farewell(p_session bytea, p_now timestamptz) RETURNS TABLE (ended_why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT CASE WHEN s.ended_at IS NOT NULL THEN s.ended_why WHEN rest.until < s.expires_at THEN 'idle' ELSE 'expired' END
    FROM hall_access_websession s
    CROSS JOIN LATERAL (SELECT s.seen_at + make_interval(mins => idle_minutes) AS until FROM hall_access_limits) rest
    WHERE s.token_digest = p_session AND (s.ended_at IS NOT NULL OR least(rest.until, s.expires_at) <= p_now)
$$;

-- Who made a change is the one who acts, and nobody has come in by it yet.
CREATE OR REPLACE FUNCTION hall_access_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    NEW.changed_by_id := NULLIF(current_setting('hpf.staff', true), '')::bigint;
    NEW.proved_at := NULL;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER hall_access_changed BEFORE INSERT ON hall_access_handlerchange
    FOR EACH ROW EXECUTE FUNCTION hall_access_changed();

-- Whether somebody's mobile was bound at the counter and he has not come in with it since.
CREATE OR REPLACE FUNCTION hall_access_unproved(p_handler_id bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT EXISTS (SELECT FROM hall_access_handlerchange WHERE new_handler_id = p_handler_id AND proved_at IS NULL)
$$;
REVOKE EXECUTE ON FUNCTION hall_access_unproved FROM PUBLIC;

-- One person alone takes no employer over: who bound a mobile gives its owner no password until he has come in with it,
-- and a password that was given before the mobile was changed is spent with the old one.
CREATE OR REPLACE FUNCTION hall_access_password_by_another() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF OLD.must_change_password AND NEW.mobile_digest IS DISTINCT FROM OLD.mobile_digest THEN
        NEW.initial_password_expires_at := NULL;
    END IF;
    IF NEW.must_change_password AND NEW.password_hash IS DISTINCT FROM OLD.password_hash AND EXISTS (
        SELECT FROM hall_access_handlerchange
        WHERE new_handler_id = NEW.id AND proved_at IS NULL
          AND changed_by_id = NULLIF(current_setting('hpf.staff', true), '')::bigint
    ) THEN
        RAISE EXCEPTION 'who changed the handler or his mobile gives him no password'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hall_access_password_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER hall_access_password_by_another BEFORE UPDATE OF password_hash, mobile_digest
    ON registry_handler FOR EACH ROW EXECUTE FUNCTION hall_access_password_by_another();
