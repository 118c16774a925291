-- Harvesting (agreement §3.2(6)). Counts one record that the one behind a session looks up; the same one counts once in
-- 24 hours. Beyond the center's limit he is asked what for, beyond a multiple of it he is stopped. A handler's limit
-- grows with the members of the employers for whom he acts: who works through a roster of 10,000 looks at more of them.
-- ``held``: '' he may look, 'asked' he has to say what for, 'stopped'. ``is_news`` for the first who is told so.
CREATE OR REPLACE FUNCTION hall_access_look(p_session bytea, p_subject bytea, p_now timestamptz)
RETURNS TABLE (held text, is_news boolean, in_hour integer, in_day integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    limits hall_access_limits;
    whose hall_access_websession;
    tally hall_access_tally;
    before text;
    an_hour bigint;
    a_day bigint;
BEGIN
    SELECT * INTO whose FROM hall_access_websession WHERE token_digest = p_session AND ended_at IS NULL;
    IF NOT FOUND THEN
        RETURN QUERY SELECT '', false, 0, 0;
        RETURN;
    END IF;
    SELECT * INTO STRICT limits FROM hall_access_limits;
    SELECT * INTO an_hour, a_day FROM hall_access_looks_allowed(limits, whose);
    SELECT t.* INTO tally FROM hall_access_tally t
    JOIN hall_access_look l ON l.kind = t.kind AND l.principal_id = t.principal_id AND l.subject = p_subject
    WHERE t.kind = whose.kind AND t.principal_id = whose.principal_id AND t.state IN ('', 'confirmed')
      AND t.day_since + interval '1 day' > p_now AND t.hour_since + interval '1 hour' > p_now
      AND t.day_count <= a_day AND t.hour_count <= an_hour;
    IF FOUND THEN  -- counted before, and nothing else has changed: nothing to write
        RETURN QUERY SELECT '', false, tally.hour_count, tally.day_count;
        RETURN;
    END IF;
    INSERT INTO hall_access_tally (kind, principal_id, hour_since, hour_count, day_since, day_count, state, changed_at)
    VALUES (whose.kind, whose.principal_id, p_now, 0, p_now, 0, '', p_now) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT tally FROM hall_access_tally
    WHERE kind = whose.kind AND principal_id = whose.principal_id FOR UPDATE;
    before := tally.state;
    IF tally.state = 'stopped' THEN
        RETURN QUERY SELECT 'stopped', false, tally.hour_count, tally.day_count;
        RETURN;
    END IF;
    IF tally.day_since + interval '1 day' <= p_now THEN
        DELETE FROM hall_access_look l WHERE l.kind = tally.kind AND l.principal_id = tally.principal_id;
        tally.day_since := p_now;
        tally.day_count := 0;
    END IF;
    IF tally.hour_since + interval '1 hour' <= p_now THEN
        tally.hour_since := p_now;
        tally.hour_count := 0;
        IF tally.day_count <= a_day THEN
            tally.state := '';
        END IF;
    END IF;
    INSERT INTO hall_access_look (kind, principal_id, subject) VALUES (tally.kind, tally.principal_id, p_subject)
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        tally.hour_count := tally.hour_count + 1;
        tally.day_count := tally.day_count + 1;
    END IF;
    IF tally.hour_count > an_hour * limits.looks_stop_factor OR tally.day_count > a_day * limits.looks_stop_factor THEN
        tally.state := 'stopped';
    ELSIF tally.state = '' AND (tally.hour_count > an_hour OR tally.day_count > a_day) THEN
        tally.state := 'asked';
    END IF;
    UPDATE hall_access_tally t
    SET hour_since = tally.hour_since, hour_count = tally.hour_count, day_since = tally.day_since,
        day_count = tally.day_count, state = tally.state,
        changed_at = CASE WHEN tally.state = before THEN t.changed_at ELSE p_now END
    WHERE t.id = tally.id AND t IS DISTINCT FROM tally;
    RETURN QUERY SELECT CASE WHEN tally.state = 'confirmed' THEN '' ELSE tally.state END,
                        tally.state <> before AND tally.state <> '', tally.hour_count, tally.day_count;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_look FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_look TO hpf_{center}_staff;

-- How many different records the one behind a session may look up in an hour and in a day before he is asked what for.
-- A login is counted as one, whomever an agent has chosen: all employers for whom he may act by now count together.
CREATE OR REPLACE FUNCTION hall_access_looks_allowed(
    limits hall_access_limits, whose hall_access_websession, OUT an_hour bigint, OUT a_day bigint
) LANGUAGE plpgsql STABLE SET search_path = {center}, pg_temp AS $$
DECLARE
    people bigint;
BEGIN
    IF whose.kind = 'staff' THEN
        an_hour := limits.staff_looks_an_hour;
        a_day := limits.staff_looks_a_day;
        RETURN;
    END IF;
    SELECT COALESCE(sum(active_count + sealed_count), 0) INTO people
    FROM registry_unitaccount WHERE employer_id IN (
        SELECT employer_id FROM registry_handler
        WHERE active AND (id = whose.principal_id OR login_id = whose.principal_id)
          AND registered_on <= policy_business_day());
    an_hour := limits.looks_an_hour + people * limits.looks_percent_an_hour / 100;
    a_day := limits.looks_a_day + people * limits.looks_percent_a_day / 100;
END $$;

-- Who was asked has said what for: he may go on until he is stopped. False if nobody had asked him.
CREATE OR REPLACE FUNCTION hall_access_confirm_looking(p_session bytea, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    UPDATE hall_access_tally t SET state = 'confirmed', changed_at = p_now
    FROM hall_access_websession s
    WHERE s.token_digest = p_session AND s.ended_at IS NULL AND t.kind = s.kind AND t.principal_id = s.principal_id
      AND t.state = 'asked';
    RETURN FOUND;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_confirm_looking FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_confirm_looking TO hpf_{center}_staff;

-- Lets somebody who was stopped begin anew. False if he was not.
CREATE OR REPLACE FUNCTION hall_access_resume_looking(p_tally_id bigint, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    resumed hall_access_tally;
BEGIN
    UPDATE hall_access_tally
    SET state = '', hour_since = p_now, hour_count = 0, day_since = p_now, day_count = 0, changed_at = p_now
    WHERE id = p_tally_id AND state = 'stopped' RETURNING * INTO resumed;
    DELETE FROM hall_access_look WHERE kind = resumed.kind AND principal_id = resumed.principal_id;
    RETURN resumed.id IS NOT NULL;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_resume_looking FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_resume_looking TO hpf_{center}_staff;

-- Puts other limits of looking up in force, once, that a second person approved.
CREATE OR REPLACE FUNCTION hall_access_set_looks(p_change_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    change hall_access_lookschange;
BEGIN
    UPDATE hall_access_lookschange SET applied_at = clock_timestamp()
    WHERE id = p_change_id AND applied_at IS NULL AND casework_approved('looks', id) RETURNING * INTO change;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'limits of looking up are set by two persons' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE hall_access_limits
    SET looks_an_hour = change.looks_an_hour, looks_a_day = change.looks_a_day,
        looks_percent_an_hour = change.looks_percent_an_hour, looks_percent_a_day = change.looks_percent_a_day,
        staff_looks_an_hour = change.staff_looks_an_hour, staff_looks_a_day = change.staff_looks_a_day,
        looks_stop_factor = change.looks_stop_factor;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_set_looks FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_set_looks TO hpf_{center}_staff;

CREATE OR REPLACE FUNCTION hall_access_looks_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF current_user = 'hpf_{center}_staff' THEN
        RAISE EXCEPTION 'limits of looking up are set by two persons' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER hall_access_looks_guard BEFORE UPDATE ON hall_access_limits FOR EACH ROW
    WHEN ((OLD.looks_an_hour, OLD.looks_a_day, OLD.looks_percent_an_hour, OLD.looks_percent_a_day,
           OLD.staff_looks_an_hour, OLD.staff_looks_a_day, OLD.looks_stop_factor)
          IS DISTINCT FROM
          (NEW.looks_an_hour, NEW.looks_a_day, NEW.looks_percent_an_hour, NEW.looks_percent_a_day,
           NEW.staff_looks_an_hour, NEW.staff_looks_a_day, NEW.looks_stop_factor))
    EXECUTE FUNCTION hall_access_looks_guard();
