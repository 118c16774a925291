-- An application goes its way and no other: what a second person looks at does not change meanwhile, what is over stays
-- as it is, and nothing is registered that was not approved.
CREATE OR REPLACE FUNCTION employer_registration_way() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
DECLARE
    moving text[] := '{state,employer_id,changed_at}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('prefilled', 'accepted') OR NEW.employer_id IS NOT NULL THEN
            RAISE EXCEPTION 'an application begins as prefilled or accepted' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF OLD.state IN ('registered', 'refused', 'withdrawn') THEN
        RAISE EXCEPTION 'this application is over' USING ERRCODE = 'insufficient_privilege';
    ELSIF OLD.state = 'under_review' AND to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving THEN
        RAISE EXCEPTION 'what is under review does not change' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.number <> OLD.number OR (NEW.state = 'registered') <> (NEW.employer_id IS NOT NULL) THEN
        RAISE EXCEPTION 'an employer belongs to what is registered' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.state = 'registered'
          AND (OLD.state <> 'under_review' OR NOT casework_approved('employer_registration', NEW.id)) THEN
        RAISE EXCEPTION 'no second person has approved this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER employer_registration_way BEFORE INSERT OR UPDATE ON employer_registration_application
    FOR EACH ROW EXECUTE FUNCTION employer_registration_way();

CREATE OR REPLACE TRIGGER employer_registration_writers_apart BEFORE INSERT OR UPDATE ON casework_review
    FOR EACH ROW EXECUTE FUNCTION casework_writers_apart(
        'employer_registration', 'application', 'accept_application', 'correct_application', 'attach_scans', 'take_scan_off');

-- Scans come to an application, and go, while it lies at the clerk: what a second person looks at stays. So does what is
-- over; where no employer came of it, for the six months in which one may sue at least.
CREATE OR REPLACE FUNCTION employer_registration_scans() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
DECLARE
    scan casework_attachment := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF scan.subject_kind = 'employer_registration' THEN
        IF NOT EXISTS (SELECT FROM employer_registration_application
                       WHERE id = scan.subject_id AND (state = 'accepted' OR (
                           TG_OP = 'DELETE' AND state IN ('returned', 'refused', 'withdrawn')
                           AND changed_at < now() - interval '180 days'))) THEN
            RAISE EXCEPTION 'scans are attached while a clerk has the application'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN scan;
END $$;
CREATE OR REPLACE TRIGGER employer_registration_scans BEFORE INSERT OR DELETE ON casework_attachment
    FOR EACH ROW EXECUTE FUNCTION employer_registration_scans();

-- An employer comes into the register by an application that a second person has approved, under the name and code that
-- the application says, and never changes the application it came by.
CREATE OR REPLACE FUNCTION employer_registration_approved() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.application_id IS DISTINCT FROM OLD.application_id THEN
            RAISE EXCEPTION 'an employer keeps its application' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF NOT casework_approved('employer_registration', NEW.application_id) OR NOT EXISTS (
        SELECT FROM employer_registration_application
        WHERE id = NEW.application_id AND state = 'under_review' AND name = NEW.name AND credit_code = NEW.credit_code
    ) THEN
        RAISE EXCEPTION 'no employer without an approved application' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER employer_registration_approved BEFORE INSERT OR UPDATE ON registry_employer
    FOR EACH ROW EXECUTE FUNCTION employer_registration_approved();

-- The public form. Codes are counted for a mobile and for an address; limits are read here, not passed in.

-- Keeps a code for a browser. ``wait`` is the seconds until one may be sent, 0 if this one may. For a number ``mobile`` is
-- the ciphertext of where the code goes, NULL if no application has the number; what is counted and answered is the same.
CREATE OR REPLACE FUNCTION employer_registration_ask(
    p_token bytea, p_number text, p_mobile_digest bytea, p_address bytea, p_code bytea, p_now timestamptz
) RETURNS TABLE (wait integer, until timestamptz, mobile bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    limits employer_registration_limits;
    known employer_registration_application;
    digest bytea := p_mobile_digest;
    next_at timestamptz;
    ends_at timestamptz;
BEGIN
    SELECT * INTO STRICT limits FROM employer_registration_limits;
    IF p_number <> '' THEN
        SELECT * INTO known FROM employer_registration_application WHERE number = p_number;
        digest := COALESCE(known.handler_mobile_digest, p_mobile_digest);
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema || encode(p_address, 'hex'), 0));
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema || encode(digest, 'hex'), 0));
    SELECT greatest(
        (SELECT greatest(issued[1] + make_interval(secs => limits.code_gap_seconds),
                         issued[limits.codes_an_hour] + interval '1 hour', issued[limits.codes_a_day] + interval '1 day')
         FROM (SELECT array_agg(issued_at ORDER BY issued_at DESC) AS issued FROM employer_registration_proof
               WHERE mobile_digest = digest AND issued_at > p_now - interval '1 day') of_mobile),
        (SELECT issued[limits.codes_an_hour_from_address] + interval '1 hour'
         FROM (SELECT array_agg(issued_at ORDER BY issued_at DESC) AS issued FROM employer_registration_proof
               WHERE address_digest = p_address AND issued_at > p_now - interval '1 hour') from_address)
    ) INTO next_at;
    IF next_at > p_now THEN
        RETURN QUERY SELECT ceil(extract(epoch FROM next_at - p_now))::integer, NULL::timestamptz, NULL::bytea;
        RETURN;
    END IF;
    ends_at := p_now + make_interval(mins => limits.code_minutes);
    INSERT INTO employer_registration_proof (token_digest, number, mobile_digest, address_digest, code_digest, tries,
                                             issued_at, expires_at)
    VALUES (p_token, p_number, digest, p_address, p_code, 0, p_now, ends_at);
    RETURN QUERY SELECT 0, ends_at, known.handler_mobile;
END $$;

-- Tries a browser's code: ``right``, ``wrong``, or ``dead``, if there is none to compare with. A right one stays right for
-- the browser that has it, as long as it was proved for.
CREATE OR REPLACE FUNCTION employer_registration_try(p_token bytea, p_code bytea, p_now timestamptz)
RETURNS TABLE (verdict text, tries_left integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    limits employer_registration_limits;
    proof employer_registration_proof;
BEGIN
    SELECT * INTO STRICT limits FROM employer_registration_limits;
    SELECT * INTO proof FROM employer_registration_proof WHERE token_digest = p_token FOR UPDATE;
    IF proof.id IS NULL OR proof.tries >= limits.code_tries
       OR greatest(proof.expires_at, proof.proved_until) <= p_now THEN
        RETURN QUERY SELECT 'dead', 0;
    ELSIF proof.code_digest <> p_code THEN
        UPDATE employer_registration_proof SET tries = tries + 1 WHERE id = proof.id;
        RETURN QUERY SELECT 'wrong', limits.code_tries - proof.tries - 1;
    ELSE
        UPDATE employer_registration_proof
        SET proved_until = COALESCE(proved_until, p_now + make_interval(mins => limits.proved_minutes))
        WHERE id = proof.id;
        RETURN QUERY SELECT 'right', limits.code_tries - proof.tries;
    END IF;
END $$;

-- Keeps a form for a browser that has proved the form's mobile; the same browser again gets the number of the first time.
-- No row without a proof.
CREATE OR REPLACE FUNCTION employer_registration_prefill(p_token bytea, p_row jsonb, p_now timestamptz)
RETURNS TABLE (number text, application_id bigint, is_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    proof employer_registration_proof;
    made employer_registration_application;
BEGIN
    SELECT * INTO proof FROM employer_registration_proof p WHERE p.token_digest = p_token AND p.proved_until > p_now
    FOR UPDATE;
    IF proof.id IS NULL THEN
        RETURN;
    END IF;
    IF proof.number <> '' THEN
        RETURN QUERY SELECT a.number, a.id, false FROM employer_registration_application a WHERE a.number = proof.number;
        RETURN;
    END IF;
    made := jsonb_populate_record(NULL::employer_registration_application, p_row);
    IF made.handler_mobile_digest IS DISTINCT FROM proof.mobile_digest THEN
        RETURN;
    END IF;
    made.id := nextval(pg_get_serial_sequence('employer_registration_application', 'id'));
    made.state := 'prefilled';
    made.materials := '{}';
    made.scans_waived := '';
    made.accepted_by := '';
    made.accepted_on := NULL;
    made.created_at := p_now;
    made.changed_at := p_now;
    INSERT INTO employer_registration_application SELECT made.*;
    UPDATE employer_registration_proof p SET number = made.number WHERE p.id = proof.id;
    RETURN QUERY SELECT made.number, made.id, true;
END $$;

-- The form that a browser has kept or proved to be its own, while the proof lasts.
CREATE OR REPLACE FUNCTION employer_registration_read(p_token bytea, p_now timestamptz)
RETURNS SETOF employer_registration_application
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT a.* FROM employer_registration_proof p JOIN employer_registration_application a ON a.number = p.number
    WHERE p.token_digest = p_token AND p.proved_until > p_now
$$;

-- Deletes what nobody brought to the counter in time; how many forms that were.
CREATE OR REPLACE FUNCTION employer_registration_forget(p_now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    gone integer;
BEGIN
    DELETE FROM employer_registration_proof WHERE issued_at < p_now - interval '2 days';
    DELETE FROM employer_registration_application a USING employer_registration_limits l
    WHERE a.state = 'prefilled' AND a.created_at < p_now - make_interval(days => l.kept_days);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
REVOKE EXECUTE ON FUNCTION employer_registration_forget FROM PUBLIC;
GRANT EXECUTE ON FUNCTION employer_registration_forget TO hpf_{center}_staff;
