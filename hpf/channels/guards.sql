-- What stops the hall was approved by a second person, or closed at once by the system's administrator himself. A closure
-- keeps its words; it can be lifted, once.
CREATE OR REPLACE FUNCTION channels_closure_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (
        OLD.state = 'refused' OR OLD.lifted_at IS NOT NULL OR (OLD.state = 'approved' AND NEW.state <> 'approved')
        OR to_jsonb(OLD) - '{state,lifted_at,lifted_by}'::text[]
           <> to_jsonb(NEW) - '{state,lifted_at,lifted_by}'::text[])) THEN
        RAISE EXCEPTION 'a closure keeps its words' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = 'approved' AND OLD.state IS DISTINCT FROM 'approved' AND NOT casework_approved('closure', NEW.id)
       AND NOT (NEW.urgent AND NEW.made_by_id::text IS NOT DISTINCT FROM current_setting('hpf.staff', true)
                AND (SELECT 'system_admin' = ANY (roles) FROM registry_staff WHERE id = NEW.made_by_id)) THEN
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

-- A timetable was approved by a second person and keeps its words.
CREATE OR REPLACE FUNCTION channels_timetable_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (
        OLD.state <> 'proposed' OR to_jsonb(OLD) - 'state' <> to_jsonb(NEW) - 'state')) THEN
        RAISE EXCEPTION 'a timetable keeps its words' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = 'approved' AND NOT casework_approved('timetable', NEW.id) THEN
        RAISE EXCEPTION 'a timetable is approved by a second person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER channels_timetable_guard BEFORE INSERT OR UPDATE OR DELETE ON channels_timetable
    FOR EACH ROW EXECUTE FUNCTION channels_timetable_guard();

-- The timetables in force at a moment and those to come, as one value, in the order of their beginning.
CREATE OR REPLACE FUNCTION channels_timetables(p_now timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT COALESCE(jsonb_agg(jsonb_build_array(channel, function, starts_on, working_hours, resting_hours, most)
                              ORDER BY starts_on, id), '[]')
    FROM channels_timetable t
    WHERE state = 'approved' AND NOT EXISTS (
        SELECT FROM channels_timetable later
        WHERE (later.channel, later.function) = (t.channel, t.function) AND later.state = 'approved'
          AND (later.starts_on, later.id) > (t.starts_on, t.id)
          AND later.starts_on <= (p_now AT TIME ZONE 'Asia/Shanghai')::date)
$$;

-- Counts a handler's act in its own transaction where its function has a limit a day: whoever comes at the same moment
-- waits for the row, and one too many is refused.
CREATE OR REPLACE FUNCTION channels_count() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {center}, pg_temp AS $$
DECLARE
    at_most integer := (SELECT most FROM channels_timetable
                        WHERE counted_act = NEW.act AND state = 'approved' AND starts_on <= NEW.business_day
                        ORDER BY starts_on DESC, id DESC LIMIT 1);
BEGIN
    IF at_most IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO channels_daycount AS c (employer_id, act, day, count)
    VALUES (NEW.employer_id, NEW.act, NEW.business_day, 1)
    ON CONFLICT (employer_id, act) DO UPDATE
    SET day = EXCLUDED.day, count = CASE WHEN c.day = EXCLUDED.day THEN c.count + 1 ELSE 1 END
    WHERE c.day <> EXCLUDED.day OR c.count < at_most;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this employer has done this as often as it may today'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'channels_daily_limit', DETAIL = at_most;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER channels_count AFTER INSERT ON evidence_event
    FOR EACH ROW WHEN (NEW.actor_kind = 'handler' AND NEW.channel = 'portal' AND NEW.employer_id IS NOT NULL)
    EXECUTE FUNCTION channels_count();
