-- What goes out in the center's name was approved by a second person, and keeps its words from the moment it was handed
-- in. A trigger names the kind of its review, and the column that is filled when it goes out.
CREATE OR REPLACE FUNCTION messaging_draft_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
DECLARE
    kind text := TG_ARGV[0];
    out_as text := TG_ARGV[1];
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (
        OLD.state <> 'submitted' OR to_jsonb(OLD) - ARRAY['state', out_as] <> to_jsonb(NEW) - ARRAY['state', out_as])) THEN
        RAISE EXCEPTION 'what was handed in keeps its words' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.state = 'published' OR to_jsonb(NEW) ->> out_as IS NOT NULL) AND NOT casework_approved(kind, NEW.id) THEN
        RAISE EXCEPTION 'what goes out is approved by a second person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER messaging_massmessage_guard BEFORE INSERT OR UPDATE OR DELETE ON messaging_massmessage
    FOR EACH ROW EXECUTE FUNCTION messaging_draft_guard('mass_message', 'message_no');
CREATE OR REPLACE TRIGGER messaging_wording_guard BEFORE INSERT OR UPDATE OR DELETE ON messaging_wording
    FOR EACH ROW EXECUTE FUNCTION messaging_draft_guard('message_wording', 'number');

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

-- A text as what is read of it: without blanks of any kind, and without the signs by which Markdown shows others as they
-- stand.
CREATE OR REPLACE FUNCTION messaging_signs(p_text text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = {center}, pg_temp AS $$
    SELECT regexp_replace(p_text, E'[\\\\\\s\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', '', 'g')
$$;

-- An announcement that is decided with its message says what that says, sign by sign (ADR 22).
CREATE OR REPLACE FUNCTION messaging_announcement_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM messaging_massmessage m
        WHERE m.id = NEW.review_subject AND 'announcement' = ANY (m.ways)
          AND messaging_signs(m.text) = messaging_signs(NEW.text)) THEN
        RAISE EXCEPTION 'an announcement says what its message says' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER messaging_announcement_guard BEFORE INSERT ON publications_draft
    FOR EACH ROW WHEN (NEW.review_kind = 'mass_message') EXECUTE FUNCTION messaging_announcement_guard();
