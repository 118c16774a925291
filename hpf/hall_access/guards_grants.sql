-- Who acts for an employer beside its handler: granted by two persons of the center, ended by two, each by itself.

-- Whether an employer works in two steps on a day: one prepares, another approves.
CREATE OR REPLACE FUNCTION hall_access_in_two_steps(p_employer_id bigint, p_on date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT EXISTS (SELECT FROM hall_access_grant
                   WHERE employer_id = p_employer_id AND duty = 'approver' AND state = 'granted' AND starts_on <= p_on)
$$;

-- What somebody does for his employer on a day, and whether it works in two steps: who only looks has no part in them.
CREATE OR REPLACE FUNCTION hall_access_roles(p_user registry_handler, p_on date) RETURNS text[]
LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    SELECT CASE WHEN p_user.duty <> 'viewer' AND hall_access_in_two_steps(p_user.employer_id, p_on)
                THEN ARRAY[p_user.duty, 'two_steps'] ELSE ARRAY[p_user.duty] END
$$;

-- As whom a handler's session acts: as the agent that he chose to be, while the grant stands, else as himself.
CREATE OR REPLACE FUNCTION hall_access_acting(p_login_id bigint, p_acting_id bigint) RETURNS SETOF registry_handler
LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    SELECT a.* FROM registry_handler l
    JOIN registry_handler a ON a.active AND (a.id = l.id OR (a.id = p_acting_id AND a.login_id = l.id))
    WHERE l.id = p_login_id AND l.active
    ORDER BY a.id = l.id LIMIT 1
$$;

-- Whether somebody has employers to choose from on a day, and whether he has to: he never did in this session, or the one
-- that he chose is closed to him. Nobody lands in another employer than the one that he sees.
CREATE OR REPLACE FUNCTION hall_access_choice(
    p_login_id bigint, p_chosen_id bigint, p_acting_id bigint, p_on date
) RETURNS text[]
LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    SELECT CASE WHEN p_chosen_id IS NULL AND NOT somewhere THEN '{}'
                WHEN p_chosen_id IS DISTINCT FROM p_acting_id THEN '{chooses,must_choose}'
                WHEN somewhere THEN '{chooses}' ELSE '{}' END::text[]
    FROM (SELECT EXISTS (SELECT FROM registry_handler WHERE login_id = p_login_id AND active AND registered_on <= p_on)
          AS somewhere) elsewhere
$$;

-- The employers that the one behind a session may choose from: his own, and those that granted it, from their day on.
CREATE OR REPLACE FUNCTION hall_access_choices(p_session bytea, p_today date)
RETURNS TABLE (user_id bigint, employer text, number text, is_own boolean, is_chosen boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT h.id, e.name, (SELECT u.number FROM registry_unitaccount u WHERE u.employer_id = e.id ORDER BY u.id LIMIT 1),
           h.id = s.principal_id, h.id IS NOT DISTINCT FROM s.acting_id
    FROM hall_access_websession s
    JOIN registry_handler h ON h.active AND (h.id = s.principal_id OR (h.login_id = s.principal_id
                                                                       AND h.registered_on <= p_today))
    JOIN registry_employer e ON e.id = h.employer_id
    WHERE s.token_digest = p_session AND s.ended_at IS NULL AND s.kind = 'handler'
    ORDER BY h.id = s.principal_id DESC, e.name
$$;

-- Binds a session to one of them. False for one that he may not choose.
CREATE OR REPLACE FUNCTION hall_access_choose(p_session bytea, p_user_id bigint, p_today date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    UPDATE hall_access_websession SET acting_id = p_user_id
    WHERE token_digest = p_session AND ended_at IS NULL
      AND EXISTS (SELECT FROM hall_access_choices(p_session, p_today) WHERE user_id = p_user_id);
    RETURN FOUND;
END $$;

-- A grant keeps its words. It is granted as a second person approved it, and ended as a second person approved that, or
-- with what it stood on: another approver took over, the employer gave up the hall, the agent is a handler no longer.
CREATE OR REPLACE FUNCTION hall_access_grant_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' THEN
            RAISE EXCEPTION 'a grant begins as a proposal' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' OR OLD.state IN ('refused', 'ended')
          OR to_jsonb(OLD) - '{state,end_reason,ended_on,ended_at,ended_by}'::text[]
             <> to_jsonb(NEW) - '{state,end_reason,ended_on,ended_at,ended_by}'::text[] THEN
        RAISE EXCEPTION 'a grant keeps its words' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.state = 'granted' AND NOT casework_approved('access_grant', NEW.id) THEN
        RAISE EXCEPTION 'a grant is approved by a second person' USING ERRCODE = 'insufficient_privilege';
    ELSIF OLD.state = 'granted' AND NEW.state NOT IN ('granted', 'ended')
          OR OLD.state = 'proposed' AND NEW.state = 'ended' THEN
        RAISE EXCEPTION 'what is granted can only be ended' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.state = 'ended' AND NOT casework_approved('access_grant_end', NEW.id)
          AND NOT (NEW.duty = 'approver' AND EXISTS (
              SELECT FROM hall_access_grant WHERE employer_id = NEW.employer_id AND duty = 'approver'
                 AND state = 'granted' AND id <> NEW.id))
          AND NOT EXISTS (SELECT FROM registry_handler WHERE id = NEW.login_id AND NOT active)
          AND EXISTS (SELECT FROM registry_handler
                      WHERE employer_id = NEW.employer_id AND duty = 'handler' AND active) THEN
        RAISE EXCEPTION 'the end of a grant is approved by a second person' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.state = 'ended' AND NEW.duty = 'approver'
          AND EXISTS (SELECT FROM casework_preparedact WHERE employer_id = NEW.employer_id AND state = 'waiting')
          AND NOT EXISTS (SELECT FROM hall_access_grant WHERE employer_id = NEW.employer_id AND duty = 'approver'
                             AND state = 'granted' AND id <> NEW.id) THEN
        RAISE EXCEPTION 'prepared acts wait for their approver'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hall_access_grant_acts';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER hall_access_grant_guard BEFORE INSERT OR UPDATE OR DELETE ON hall_access_grant
    FOR EACH ROW EXECUTE FUNCTION hall_access_grant_guard();

-- Nobody acts beside the handler but the person who was granted, as what was granted.
CREATE OR REPLACE FUNCTION hall_access_beside_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.employer_id, OLD.duty, OLD.grant_id, OLD.login_id)
       IS DISTINCT FROM (NEW.employer_id, NEW.duty, NEW.grant_id, NEW.login_id) THEN
        RAISE EXCEPTION 'what somebody does for an employer never changes' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.duty <> 'handler' AND NEW.active AND (TG_OP = 'INSERT' OR NOT OLD.active) AND NOT EXISTS (
        SELECT FROM hall_access_grant g
        WHERE g.id = NEW.grant_id AND g.state = 'granted'
          AND (g.employer_id, g.duty, g.identity_digest) = (NEW.employer_id, NEW.duty, NEW.identity_digest)
          AND g.login_id IS NOT DISTINCT FROM NEW.login_id
    ) THEN
        RAISE EXCEPTION 'nobody acts beside the handler without a grant' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER hall_access_beside_guard
    BEFORE INSERT OR UPDATE OF employer_id, duty, grant_id, login_id, active ON registry_handler
    FOR EACH ROW EXECUTE FUNCTION hall_access_beside_guard();
