-- The lock under which somebody of the staff acts: shared while he writes, alone while he is stopped.
CREATE OR REPLACE FUNCTION staff_lock_of(p_staff_id bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$ SELECT hashtextextended(current_schema || 'works as ' || p_staff_id, 0) $$;

-- Whether somebody of the staff may still act: asked at the beginning of each of his transactions. Stopping him waits for
-- what he has under way, and what he begins later waits for it: nothing of his is done after he was stopped.
CREATE OR REPLACE FUNCTION staff_may_act(p_staff_id bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = {center}, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(staff_lock_of(p_staff_id));
    RETURN NOT EXISTS (SELECT FROM registry_staff WHERE id = p_staff_id AND NOT active);
END $$;

-- The same for who stops another: he takes both locks, in the order of their numbers. Of two who stop each other at the
-- same moment, one waits with nothing in his hands that the other needs, and is then stopped himself.
CREATE OR REPLACE FUNCTION staff_may_stop(p_staff_id bigint, p_other_id bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = {center}, pg_temp AS $$
DECLARE
    may_act boolean;
BEGIN
    IF p_other_id < p_staff_id THEN
        PERFORM pg_advisory_xact_lock(staff_lock_of(p_other_id));
    END IF;
    may_act := staff_may_act(p_staff_id);
    IF p_other_id > p_staff_id THEN
        PERFORM pg_advisory_xact_lock(staff_lock_of(p_other_id));
    END IF;
    RETURN may_act;
END $$;

-- Once somebody has been released, nobody comes with roles: all get them by a proposal that two others agreed to. Before
-- it the founding enters the first administrators, and the demonstration its staff.
CREATE OR REPLACE FUNCTION hall_access_enters_without_roles() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM hall_access_release) THEN
        RAISE EXCEPTION 'roles need a proposal that two others agreed to' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER hall_access_enters_without_roles BEFORE INSERT ON registry_staff
    FOR EACH ROW WHEN (cardinality(NEW.roles) > 0) EXECUTE FUNCTION hall_access_enters_without_roles();

-- A proposal is made before it is reviewed, and its moment is the database's: none slips in under a look at another.
CREATE OR REPLACE FUNCTION hall_access_proposed() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM casework_review
               WHERE kind = 'staff_roles' AND subject_id = NEW.staff_id AND state = 'pending') THEN
        RAISE EXCEPTION 'another proposal is under review' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.proposed_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER hall_access_proposed BEFORE INSERT ON hall_access_staffproposal
    FOR EACH ROW EXECUTE FUNCTION hall_access_proposed();

-- Gives somebody the roles and the branch of his latest proposal, if two others agreed to it: a review that was asked for
-- before it was about another. Nothing else changes them: the staff's role may not update these columns.
CREATE OR REPLACE FUNCTION hall_access_grant_roles(p_staff_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    proposal hall_access_staffproposal;
    decided casework_review;
BEGIN
    SELECT * INTO STRICT proposal FROM hall_access_staffproposal WHERE staff_id = p_staff_id ORDER BY id DESC LIMIT 1;
    SELECT * INTO STRICT decided FROM casework_review
    WHERE kind = 'staff_roles' AND subject_id = p_staff_id ORDER BY id DESC LIMIT 1;
    IF decided.state <> 'approved' OR decided.maker_id <> proposal.proposed_by OR decided.made_at < proposal.proposed_at
       OR p_staff_id IN (decided.maker_id, decided.checker_id) THEN
        RAISE EXCEPTION 'roles need a proposal that two others agreed to' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE registry_staff SET roles = proposal.roles, branch_id = proposal.branch_id WHERE id = p_staff_id;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_grant_roles FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_grant_roles TO hpf_{center}_staff;

-- What keeps somebody out: the counters of codes and of passwords that are used up, and until when. No row if nothing does.
CREATE OR REPLACE FUNCTION hall_access_locks(p_kind text, p_principal_id bigint, p_account bytea, p_now timestamptz)
RETURNS TABLE (subject bytea, what text, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT t.subject, 'codes', t.since + interval '1 day'
    FROM hall_access_throttle t CROSS JOIN hall_access_limits l
    WHERE t.subject IN (sha256(convert_to(concat_ws(' ', 'codes', 'login', p_kind, p_principal_id), 'UTF8')),
                        sha256(convert_to(concat_ws(' ', 'codes', 'reset', p_kind, p_principal_id), 'UTF8')))
      AND t.failures >= l.wrong_codes_a_day AND t.since + interval '1 day' > p_now
    UNION ALL
    SELECT t.subject, 'password', t.blocked_until
    FROM hall_access_throttle t WHERE t.account = p_account AND t.blocked_until > p_now
$$;
REVOKE EXECUTE ON FUNCTION hall_access_locks FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_locks TO hpf_{center}_staff;

-- Lets somebody in again: what keeps him out is counted from nothing. How many counters that were.
CREATE OR REPLACE FUNCTION hall_access_unlock(p_kind text, p_principal_id bigint, p_account bytea, p_now timestamptz)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    WITH gone AS (
        DELETE FROM hall_access_throttle WHERE subject IN (
            SELECT subject FROM hall_access_locks(p_kind, p_principal_id, p_account, p_now)) RETURNING 1)
    SELECT count(*) FROM gone
$$;
REVOKE EXECUTE ON FUNCTION hall_access_unlock FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_unlock TO hpf_{center}_staff;
