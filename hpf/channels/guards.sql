-- What stops the hall was approved by a second person, or closed at once by the system's administrator. A closure keeps
-- its words; it can be lifted, once.
CREATE OR REPLACE FUNCTION channels_closure_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (
        OLD.state = 'refused' OR OLD.lifted_at IS NOT NULL OR (OLD.state = 'approved' AND NEW.state <> 'approved')
        OR to_jsonb(OLD) - '{state,lifted_at,lifted_by}'::text[]
           <> to_jsonb(NEW) - '{state,lifted_at,lifted_by}'::text[])) THEN
        RAISE EXCEPTION 'a closure keeps its words' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = 'approved' AND NOT casework_approved('closure', NEW.id) AND NOT (
        NEW.urgent AND (SELECT 'system_admin' = ANY (roles) FROM registry_staff WHERE id = NEW.made_by_id)) THEN
        RAISE EXCEPTION 'a closure is approved by a second person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER channels_closure_guard BEFORE INSERT OR UPDATE OR DELETE ON channels_closure
    FOR EACH ROW EXECUTE FUNCTION channels_closure_guard();

-- What is closed at a moment or will be within a week, as one value: the frame of every page asks for it.
CREATE OR REPLACE FUNCTION channels_standing(p_now timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT COALESCE(jsonb_agg(jsonb_build_array(id, channels, function, reason, starts_at, ends_at) ORDER BY starts_at, id),
                    '[]')
    FROM channels_closure
    WHERE state = 'approved' AND lifted_at IS NULL AND starts_at < p_now + interval '7 days'
      AND (ends_at IS NULL OR ends_at > p_now)
$$;
