-- An authenticator of the staff's opens nothing until an administrator of security has released it: one who is neither
-- its owner nor who gave him the password under which it was enrolled. So whoever hands passwords out and comes in first
-- as somebody else has gained nothing. Roles are told to `hall_access_principal` through `hall_access_is_released` alone,
-- and a command takes nobody's name without it.

-- Who gave somebody the initial password that he has: the one who acts, nobody where the center is founded.
CREATE OR REPLACE FUNCTION hall_access_password_given() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF NEW.must_change_password THEN
        NEW.password_by := NULLIF(current_setting('hpf.staff', true), '')::bigint;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER hall_access_password_given BEFORE INSERT OR UPDATE OF password_hash ON registry_staff
    FOR EACH ROW EXECUTE FUNCTION hall_access_password_given();

-- Whether what somebody of the staff comes in with has been released.
CREATE OR REPLACE FUNCTION hall_access_is_released(p_staff_id bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM hall_access_authenticator a JOIN hall_access_release r ON r.authenticator_id = a.id
        WHERE a.kind = 'staff' AND a.principal_id = p_staff_id)
$$;
REVOKE EXECUTE ON FUNCTION hall_access_is_released FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_is_released TO hpf_{center}_staff;

-- The founding's own: before anybody was ever released, the first administrator of security to enrol is, if his password
-- is that of the founding. No roles open before it, so nobody can have given him another; after it there is no second.
CREATE OR REPLACE FUNCTION hall_access_release_first(p_authenticator_id bigint, p_staff_id bigint, p_now timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    INSERT INTO hall_access_release (authenticator_id, staff_id, founding, released_at)
    SELECT p_authenticator_id, s.id, true, p_now FROM registry_staff s
    WHERE s.id = p_staff_id AND s.roles = '{security_admin}' AND s.password_by IS NULL
      AND NOT EXISTS (SELECT FROM hall_access_release)
    ON CONFLICT DO NOTHING
$$;
REVOKE EXECUTE ON FUNCTION hall_access_release_first FROM PUBLIC;

-- Whose authenticators wait to be released, the longest waiting first.
CREATE OR REPLACE FUNCTION hall_access_unreleased()
RETURNS TABLE (authenticator_id bigint, staff_id bigint, enrolled_at timestamptz, check_number text, password_by bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT a.id, a.principal_id, a.enrolled_at, a.check_number, a.password_by
    FROM hall_access_authenticator a
    WHERE a.kind = 'staff' AND NOT EXISTS (SELECT FROM hall_access_release r WHERE r.authenticator_id = a.id)
    ORDER BY a.enrolled_at, a.id
$$;
REVOKE EXECUTE ON FUNCTION hall_access_unreleased FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_unreleased TO hpf_{center}_staff;

-- Raises where the one who acts about somebody's authenticator is no other administrator of security, at work.
CREATE OR REPLACE FUNCTION hall_access_by_security(p_staff_id bigint) RETURNS void
LANGUAGE plpgsql SET search_path = {center}, pg_temp AS $$
DECLARE
    acting bigint := NULLIF(current_setting('hpf.staff', true), '')::bigint;
BEGIN
    IF acting IS NULL OR acting = p_staff_id OR NOT hall_access_is_released(acting) OR NOT EXISTS (
        SELECT FROM registry_staff WHERE id = acting AND active AND 'security_admin' = ANY (roles)
    ) THEN
        RAISE EXCEPTION 'an authenticator is the business of another administrator of security'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_by_security FROM PUBLIC;

-- Releases the authenticator that the one who acts has looked at. Verdicts: ``released``; ``gone`` it is another now, or
-- waits no more; ``issuer`` he gave the password himself. Raises where he is no administrator of security at work.
CREATE OR REPLACE FUNCTION hall_access_release(p_authenticator_id bigint, p_staff_id bigint, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    acting bigint := NULLIF(current_setting('hpf.staff', true), '')::bigint;
    waiting record;
BEGIN
    PERFORM hall_access_by_security(p_staff_id);
    PERFORM FROM hall_access_authenticator WHERE id = p_authenticator_id FOR SHARE;
    SELECT * INTO waiting FROM hall_access_unreleased() u
    WHERE u.authenticator_id = p_authenticator_id AND u.staff_id = p_staff_id;
    IF NOT FOUND THEN
        RETURN 'gone';
    ELSIF waiting.password_by = acting THEN
        RETURN 'issuer';
    END IF;
    INSERT INTO hall_access_release (authenticator_id, staff_id, founding, released_by, released_at)
    VALUES (p_authenticator_id, p_staff_id, false, acting, p_now) ON CONFLICT DO NOTHING;
    RETURN CASE WHEN FOUND THEN 'released' ELSE 'gone' END;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_release FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_release TO hpf_{center}_staff;

-- An administrator who has logged in, by his session: nobody's number where he is another, or not at work.
CREATE OR REPLACE FUNCTION hall_access_at_work(p_session bytea, p_role text, p_now timestamptz) RETURNS bigint
LANGUAGE sql SET search_path = {center}, pg_temp AS $$
    SELECT p.principal_id FROM hall_access_principal(p_session, p_now, policy_business_day(), false) p
    WHERE p.kind = 'staff' AND NOT p.must_change_password AND p_role = ANY (p.roles)
$$;
REVOKE EXECUTE ON FUNCTION hall_access_at_work FROM PUBLIC;

-- Raises where the two sessions are not those of the administrators of the system and of audit, or it is not about one of
-- security; answers with who the two are.
CREATE OR REPLACE FUNCTION hall_access_by_two(
    p_system bytea, p_audit bytea, p_staff_id bigint, p_now timestamptz, OUT of_system bigint, OUT of_audit bigint
) LANGUAGE plpgsql SET search_path = {center}, pg_temp AS $$
BEGIN
    of_system := hall_access_at_work(p_system, 'system_admin', p_now);
    of_audit := hall_access_at_work(p_audit, 'audit_admin', p_now);
    IF of_system IS NULL OR of_audit IS NULL OR NOT EXISTS (
        SELECT FROM registry_staff WHERE id = p_staff_id AND active AND roles = '{security_admin}'
    ) THEN
        RAISE EXCEPTION 'an administrator of security is helped by those of the system and of audit together'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_by_two FROM PUBLIC;

-- Takes the lost authenticator of an administrator of security away, and ends what he has open. False if he has none.
CREATE OR REPLACE FUNCTION hall_access_unequip_by_two(
    p_system bytea, p_audit bytea, p_staff_id bigint, p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    PERFORM hall_access_by_two(p_system, p_audit, p_staff_id, p_now);
    PERFORM hall_access_end_sessions('staff', p_staff_id, NULL, p_now);  -- first, as where one is tried or enrolled
    RETURN hall_access_take_off('staff', p_staff_id);
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_unequip_by_two FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_unequip_by_two TO hpf_{center}_staff;

-- The other administrators of security who are at work: what one of them is for, is not done by two others.
CREATE OR REPLACE FUNCTION hall_access_others_of_security(p_staff_id bigint) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT name FROM registry_staff
    WHERE id <> p_staff_id AND active AND 'security_admin' = ANY (roles) AND hall_access_is_released(id) ORDER BY id
$$;
REVOKE EXECUTE ON FUNCTION hall_access_others_of_security FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_others_of_security TO hpf_{center}_staff;

-- Releases what an administrator of security has enrolled, where no other one is there: by those of the system and of audit
-- together, who both have logged in. False where he has none that waits with this check number.
CREATE OR REPLACE FUNCTION hall_access_release_by_two(
    p_system bytea, p_audit bytea, p_staff_id bigint, p_check_number text, p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    two record;
    its bigint;
BEGIN
    SELECT * INTO two FROM hall_access_by_two(p_system, p_audit, p_staff_id, p_now);
    IF EXISTS (SELECT FROM hall_access_others_of_security(p_staff_id)) THEN
        RAISE EXCEPTION 'another administrator of security is there' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT id INTO its FROM hall_access_authenticator
    WHERE kind = 'staff' AND principal_id = p_staff_id AND check_number = p_check_number FOR SHARE;
    INSERT INTO hall_access_release (authenticator_id, staff_id, founding, released_by, witnessed_by, released_at)
    SELECT its, p_staff_id, false, two.of_system, two.of_audit, p_now WHERE its IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_release_by_two FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_release_by_two TO hpf_{center}_staff;
