-- Two steps inside an employer: who prepares is not who approves, and nothing is submitted by one alone.

-- What an employer submits: with two steps it needs an approver. A test holds the portal's list against this one.
CREATE OR REPLACE FUNCTION casework_submits(p_act text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT p_act IN ('open_account', 'open_roster', 'pay_from_unallocated', 'seal_members', 'submit_sheet',
                     'withdraw_sheet')
$$;

-- A prepared act is made by who prepares for its employer and decided by its approver, once. Its words never change. Two
-- persons are two human beings: an approver who was the handler or an agent before decides nothing of his own.
CREATE OR REPLACE FUNCTION casework_prepared_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT hall_access_in_two_steps(NEW.employer_id, policy_business_day()) THEN
            RAISE EXCEPTION 'the employer does not work in two steps'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'casework_prepared_granted';
        ELSIF NEW.state <> 'waiting' OR NOT EXISTS (
            SELECT FROM registry_handler WHERE id = NEW.prepared_by_id AND employer_id = NEW.employer_id AND active
               AND duty IN ('handler', 'agent')) THEN
            RAISE EXCEPTION 'an act is prepared by who acts for the employer' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF TG_OP = 'DELETE' OR OLD.state <> 'waiting'
          OR to_jsonb(OLD) - '{state,decided_by_id,decider_name,decided_at,note}'::text[]
             <> to_jsonb(NEW) - '{state,decided_by_id,decider_name,decided_at,note}'::text[] THEN
        RAISE EXCEPTION 'a prepared act is decided once and never changed' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.state IN ('approved', 'returned') AND NOT EXISTS (
        SELECT FROM registry_handler
        WHERE id = NEW.decided_by_id AND employer_id = NEW.employer_id AND active AND duty = 'approver') THEN
        RAISE EXCEPTION 'a prepared act is decided by the employer''s approver' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.state IN ('approved', 'returned') AND EXISTS (
        SELECT FROM registry_handler preparer JOIN registry_handler approver USING (identity_digest)
        WHERE preparer.id = NEW.prepared_by_id AND approver.id = NEW.decided_by_id) THEN
        RAISE EXCEPTION 'who prepares does not approve, whatever he has become since'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'casework_prepared_two_persons';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE OR REPLACE TRIGGER casework_prepared_guard BEFORE INSERT OR UPDATE OR DELETE ON casework_preparedact
    FOR EACH ROW EXECUTE FUNCTION casework_prepared_guard();

-- Where two steps are granted, what a handler submits was prepared by another and approved by him: asked when the
-- transaction commits, so that a rehearsal, which never does, needs nobody.
CREATE OR REPLACE FUNCTION casework_two_steps() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF hall_access_in_two_steps(NEW.employer_id, policy_business_day()) AND NOT EXISTS (
        SELECT FROM casework_preparedact
        WHERE key = NEW.key AND (employer_id, act, decided_by_id) = (NEW.employer_id, NEW.act, NEW.actor_id)
          AND state = 'approved') THEN
        RAISE EXCEPTION 'what this employer submits is approved by a second person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'casework_two_steps';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS casework_two_steps ON evidence_event;
CREATE CONSTRAINT TRIGGER casework_two_steps AFTER INSERT ON evidence_event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.actor_kind = 'handler' AND casework_submits(NEW.act))
    EXECUTE FUNCTION casework_two_steps();

-- Approves a prepared act in the transaction that carries it out. False if somebody else decided; who clicks twice waits
-- for his first click, and is let through to its receipt.
CREATE OR REPLACE FUNCTION prepared_carry_out(p_id bigint, p_approver_id bigint, p_name text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casework_preparedact
    SET state = 'approved', decided_by_id = p_approver_id, decider_name = p_name, decided_at = clock_timestamp()
    WHERE id = p_id AND state = 'waiting';
    RETURN FOUND OR EXISTS (
        SELECT FROM casework_preparedact WHERE id = p_id AND state = 'approved' AND decided_by_id = p_approver_id);
END $$;
