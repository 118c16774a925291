-- Nothing is public that a second person has not approved, and nothing else than what that person saw: a version is
-- taken in only if its draft, or the message that it announces, was approved by somebody who had no hand in it, and only
-- with the draft's own content. A version never changes; employers are told of it once, and it can be taken down once.
CREATE OR REPLACE FUNCTION publications_version_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (
            SELECT FROM publications_draft d
            JOIN casework_review r ON r.kind = d.review_kind AND r.subject_id = COALESCE(d.review_subject, d.id)
                                  AND r.state = 'approved'
            WHERE d.id = NEW.draft_id AND casework_approved(r.kind, r.subject_id) AND r.checker_id <> ALL (d.writers)
              AND (d.publication_id, d.title, d.text, d.change_summary, d.important, d.files, d.digest)
                  = (NEW.publication_id, NEW.title, NEW.text, NEW.change_summary, NEW.important, NEW.files, NEW.digest)
              AND d.take_down_at IS NOT DISTINCT FROM NEW.take_down_at
              AND NEW.publish_at >= COALESCE(d.publish_at, NEW.publish_at)
              AND NEW.effective_on = COALESCE(d.effective_on, NEW.effective_on)
        ) THEN
            RAISE EXCEPTION 'a version is what a second person has approved' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.taken_down_at IS NOT NULL
       OR (OLD.told_at IS NOT NULL AND NEW.told_at IS DISTINCT FROM OLD.told_at)
       OR (OLD.message_no IS NOT NULL AND NEW.message_no IS DISTINCT FROM OLD.message_no)
       OR to_jsonb(OLD) - '{told_at,message_no,taken_down_at,taken_down_by,taken_down_reason}'::text[]
       <> to_jsonb(NEW) - '{told_at,message_no,taken_down_at,taken_down_by,taken_down_reason}'::text[] THEN
        RAISE EXCEPTION 'what was published never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER publications_version_guard BEFORE INSERT OR UPDATE OR DELETE ON publications_version
    FOR EACH ROW EXECUTE FUNCTION publications_version_guard();

-- A draft is written while it is written: what was handed in, published or dropped keeps its words. One that is decided
-- with a message is there, handed in under its title by who wrote it, while that waits for its second person; no draft
-- ever takes another's review.
CREATE OR REPLACE FUNCTION publications_draft_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.review_kind <> (CASE WHEN NEW.review_subject IS NULL THEN 'publication' ELSE 'mass_message' END) THEN
            RAISE EXCEPTION 'a draft is decided by itself or with its message' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.review_subject IS NOT NULL AND (NEW.state <> 'submitted' OR NOT EXISTS (
            SELECT FROM casework_review r WHERE (r.kind, r.subject_id, r.state, btrim(r.title))
                                                = (NEW.review_kind, NEW.review_subject, 'pending', NEW.title)
                                          AND NEW.writers = ARRAY[r.maker_id])) THEN
            RAISE EXCEPTION 'an announcement is handed in with its message' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.state IN ('published', 'dropped')
       OR (OLD.state <> 'writing' AND to_jsonb(OLD) - 'state' <> to_jsonb(NEW) - 'state')
       OR (OLD.review_kind, OLD.review_subject) IS DISTINCT FROM (NEW.review_kind, NEW.review_subject)
       OR NOT OLD.writers <@ NEW.writers THEN
        RAISE EXCEPTION 'a draft that was handed in keeps its words' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER publications_draft_guard BEFORE INSERT OR UPDATE OR DELETE ON publications_draft
    FOR EACH ROW EXECUTE FUNCTION publications_draft_guard();

-- The versions that stand at a moment: of each publication the latest that is out, unless it was taken down.
CREATE OR REPLACE FUNCTION publications_standing(p_now timestamptz) RETURNS SETOF publications_version
LANGUAGE sql STABLE AS $$
    SELECT v.* FROM publications_version v
    WHERE v.publish_at <= p_now AND v.taken_down_at IS NULL AND (v.take_down_at IS NULL OR v.take_down_at > p_now)
      AND NOT EXISTS (SELECT FROM publications_version later
                      WHERE later.publication_id = v.publication_id AND later.number > v.number
                        AND later.publish_at <= p_now)
$$;

-- The important ones that a handler has not acknowledged, oldest first. Asked on every page of the portal.
CREATE OR REPLACE FUNCTION publications_to_acknowledge(p_handler_id bigint, p_now timestamptz)
RETURNS SETOF publications_version LANGUAGE sql STABLE AS $$
    SELECT v.* FROM publications_standing(p_now) v
    WHERE v.important AND NOT EXISTS (SELECT FROM publications_acknowledgement a
                                      WHERE a.handler_id = p_handler_id AND a.version_id = v.draft_id)
$$;
