-- A published version is what center and employers hold each other to: it comes from a draft that a second person
-- approved, word for word, and never changes. A center is founded with its first versions, before it has any employer.
CREATE OR REPLACE FUNCTION agreement_version_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'a published version is never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.draft_id IS NULL THEN
        IF EXISTS (SELECT FROM registry_employer)
           OR EXISTS (SELECT FROM registry_agreementversion WHERE document = NEW.document) THEN
            RAISE EXCEPTION 'only a center that is being founded has a version without review'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF NOT casework_approved('agreement_version', NEW.draft_id) OR NOT EXISTS (
        SELECT FROM agreement_agreementdraft d
        WHERE d.id = NEW.draft_id
          AND (d.document, d.number, d.effective_on, d.summary, d.text, d.digest)
              = (NEW.document, NEW.number, NEW.effective_on, NEW.summary, NEW.text, NEW.digest)
          AND (d.binding IS NULL OR d.binding = NEW.binding)
    ) THEN
        RAISE EXCEPTION 'a version is published as a second person approved it'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER agreement_version_guard BEFORE INSERT OR UPDATE OR DELETE ON registry_agreementversion
    FOR EACH ROW EXECUTE FUNCTION agreement_version_guard();

-- A draft says which clauses bind the user (ADR 23), and is changed only while its review was withdrawn or came back: what
-- is looked at is what is published.
CREATE OR REPLACE FUNCTION agreement_draft_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND EXISTS (
        SELECT FROM casework_review
        WHERE kind = 'agreement_version' AND subject_id = OLD.id AND state IN ('pending', 'approved', 'refused')
    )) THEN
        RAISE EXCEPTION 'a draft under review is not changed' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.binding IS NULL THEN
        RAISE EXCEPTION 'a draft says which clauses bind the user' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER agreement_draft_guard BEFORE INSERT OR UPDATE OR DELETE ON agreement_agreementdraft
    FOR EACH ROW EXECUTE FUNCTION agreement_draft_guard();

CREATE OR REPLACE TRIGGER agreement_writers_apart BEFORE INSERT OR UPDATE ON casework_review
    FOR EACH ROW EXECUTE FUNCTION casework_writers_apart(
        'agreement_version', 'agreement_draft', 'draft_agreement', 'redraft_agreement');

-- An acceptance says what was accepted: the digest is the version's. Only the day on which it ended is added, once.
CREATE OR REPLACE FUNCTION agreement_acceptance_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.ended_on IS NOT NULL
           OR NEW.digest IS DISTINCT FROM (SELECT digest FROM registry_agreementversion WHERE id = NEW.version_id)
           OR NEW.employer_id IS DISTINCT FROM (SELECT employer_id FROM registry_handler WHERE id = NEW.handler_id) THEN
            RAISE EXCEPTION 'an acceptance names its handler''s employer and the digest of the version accepted'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF TG_OP <> 'UPDATE' OR OLD.ended_on IS NOT NULL OR NEW.ended_on IS NULL
          OR to_jsonb(OLD) - 'ended_on' <> to_jsonb(NEW) - 'ended_on' THEN
        RAISE EXCEPTION 'an acceptance is evidence and never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER agreement_acceptance_guard BEFORE INSERT OR UPDATE OR DELETE ON agreement_agreementacceptance
    FOR EACH ROW EXECUTE FUNCTION agreement_acceptance_guard();

CREATE OR REPLACE FUNCTION agreement_kept() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'versions and acceptances are kept for good' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER agreement_kept BEFORE TRUNCATE ON registry_agreementversion
    FOR EACH STATEMENT EXECUTE FUNCTION agreement_kept();
CREATE OR REPLACE TRIGGER agreement_kept BEFORE TRUNCATE ON agreement_agreementacceptance
    FOR EACH STATEMENT EXECUTE FUNCTION agreement_kept();

-- Ends on a day what somebody accepted who acts for the employer no longer by a grant: it bound his acts.
CREATE OR REPLACE FUNCTION agreement_end_of(p_handler_id bigint, p_on date) RETURNS integer LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
DECLARE
    ended integer;
BEGIN
    UPDATE agreement_agreementacceptance SET ended_on = p_on WHERE handler_id = p_handler_id AND ended_on IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

-- Ends an employer's agreement on a day, whoever accepted it; the number of acceptances that ended.
CREATE OR REPLACE FUNCTION agreement_end(p_employer_id bigint, p_on date) RETURNS integer LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
DECLARE
    ended integer;
BEGIN
    UPDATE agreement_agreementacceptance SET ended_on = p_on WHERE employer_id = p_employer_id AND ended_on IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;
