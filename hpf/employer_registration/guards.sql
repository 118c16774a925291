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
