-- What many are told was approved by a second person, and keeps its words from the moment it was handed in.
CREATE OR REPLACE FUNCTION messaging_massmessage_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (
        OLD.state <> 'submitted'
        OR to_jsonb(OLD) - '{state,message_no}'::text[] <> to_jsonb(NEW) - '{state,message_no}'::text[])) THEN
        RAISE EXCEPTION 'a message for many keeps its words' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.state = 'published' OR NEW.message_no IS NOT NULL) AND NOT casework_approved('mass_message', NEW.id) THEN
        RAISE EXCEPTION 'a message for many is approved by a second person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER messaging_massmessage_guard BEFORE INSERT OR UPDATE OR DELETE ON messaging_massmessage
    FOR EACH ROW EXECUTE FUNCTION messaging_massmessage_guard();

-- A wording likewise.
CREATE OR REPLACE FUNCTION messaging_wording_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (
        OLD.state <> 'submitted'
        OR to_jsonb(OLD) - '{state,number}'::text[] <> to_jsonb(NEW) - '{state,number}'::text[])) THEN
        RAISE EXCEPTION 'a wording keeps its words' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.state = 'published' OR NEW.number IS NOT NULL) AND NOT casework_approved('message_wording', NEW.id) THEN
        RAISE EXCEPTION 'a wording is approved by a second person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER messaging_wording_guard BEFORE INSERT OR UPDATE OR DELETE ON messaging_wording
    FOR EACH ROW EXECUTE FUNCTION messaging_wording_guard();

-- What messages say, those with login codes too, is a wording that was approved, with its own words and once.
CREATE OR REPLACE FUNCTION messaging_version_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'a published wording never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.draft_no IS NULL OR NOT casework_approved('message_wording', NEW.draft_no) OR NOT EXISTS (
        SELECT FROM messaging_wording w
        WHERE w.id = NEW.draft_no AND (w.code, w.effective_on, w.title, w.sms, w.text)
                                      = (NEW.code, NEW.effective_on, NEW.title, NEW.sms, NEW.text)) THEN
        RAISE EXCEPTION 'a wording is what a second person has approved' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER messaging_version_guard BEFORE INSERT OR UPDATE OR DELETE ON notices_publishedversion
    FOR EACH ROW EXECUTE FUNCTION messaging_version_guard();
