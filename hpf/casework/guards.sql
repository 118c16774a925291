-- A review is made by who hands over, in his own name, and decided once and by somebody else, in his; who made it never
-- changes, nor the door by which it came. The application may not update those columns; this stands against everybody else.
-- Who acts is what the program says: a command at the server acts in the name that it was given. That it was a command
-- stands with the review, for whom it names and for who decides (ADR 18).
CREATE OR REPLACE FUNCTION casework_review_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
DECLARE
    acting bigint := NULLIF(current_setting('hpf.staff', true), '')::bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending' OR NEW.maker_id IS DISTINCT FROM acting THEN
            RAISE EXCEPTION 'a review is made by who hands over' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' OR OLD.state <> 'pending'
       OR (OLD.kind, OLD.subject_id, OLD.maker_id, OLD.maker_name, OLD.made_at, OLD.channel)
          IS DISTINCT FROM (NEW.kind, NEW.subject_id, NEW.maker_id, NEW.maker_name, NEW.made_at, NEW.channel) THEN
        RAISE EXCEPTION 'a review is decided once and never changed' USING ERRCODE = 'insufficient_privilege';
    ELSIF COALESCE(NEW.checker_id, NEW.maker_id) IS DISTINCT FROM acting THEN
        RAISE EXCEPTION 'a review is decided by who decides' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER casework_review_guard BEFORE INSERT OR UPDATE OR DELETE ON casework_review
    FOR EACH ROW EXECUTE FUNCTION casework_review_guard();

-- What belongs to an employer stays. What came before there was one stays too, unless the subject's item lets it go.
CREATE OR REPLACE FUNCTION casework_attachment_kept() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR OLD.employer_id IS NOT NULL THEN
        RAISE EXCEPTION 'an attachment stays as it came' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
CREATE OR REPLACE TRIGGER casework_attachment_kept BEFORE UPDATE OR DELETE ON casework_attachment
    FOR EACH ROW EXECUTE FUNCTION casework_attachment_kept();

-- Which contents of the data folder something names: a column `digest`, or the `digest` of an entry in `files`. Asked
-- before one is taken out for good; an item that keeps files in a table of its own is found by these names.
CREATE OR REPLACE FUNCTION casework_named(p_digests bytea[]) RETURNS SETOF bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    holder record;
BEGIN
    FOR holder IN
        SELECT c.table_name, c.column_name FROM information_schema.columns c
        WHERE c.table_schema = current_schema
          AND (c.column_name, c.data_type) IN (('digest', 'bytea'), ('files', 'jsonb'))
    LOOP
        IF holder.column_name = 'digest' THEN
            RETURN QUERY EXECUTE format('SELECT digest FROM %I WHERE digest = ANY ($1)', holder.table_name)
                USING p_digests;
        ELSE
            RETURN QUERY EXECUTE format(
                'SELECT d FROM unnest($1) d WHERE EXISTS ('
                'SELECT FROM %I, jsonb_array_elements(files) f WHERE f ->> ''digest'' = encode(d, ''hex''))',
                holder.table_name) USING p_digests;
        END IF;
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION casework_named FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework_named TO hpf_{center}_staff;

-- For the guards of the items: who wrote what stands under a number does not decide it, whoever handed it over. The
-- trigger names the kind of review, the subject of its events, and the acts by which one writes.
CREATE OR REPLACE FUNCTION casework_writers_apart() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF NEW.kind = TG_ARGV[0] AND NEW.checker_id IS NOT NULL AND EXISTS (
        SELECT FROM evidence_event
        WHERE subject = TG_ARGV[1] || ':' || NEW.subject_id AND act = ANY (TG_ARGV[2:])
          AND actor_kind = 'staff' AND actor_id = NEW.checker_id
    ) THEN
        RAISE EXCEPTION 'nobody decides what he wrote himself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'casework_review_writers_apart';
    END IF;
    RETURN NEW;
END $$;

-- For the guards of the items: whether what stands under a number was approved by a second person.
CREATE OR REPLACE FUNCTION casework_approved(p_kind text, p_subject_id bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    SELECT COALESCE((SELECT state = 'approved' FROM casework_review
                     WHERE kind = p_kind AND subject_id = p_subject_id ORDER BY id DESC LIMIT 1), false)
$$;

-- A case of an employer holds its own unit account and no other: nobody keeps others from declaring their month.
CREATE OR REPLACE FUNCTION casework_hold_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF current_setting('role') LIKE '%\_portal' AND NOT EXISTS (
        SELECT FROM casework_case c
        WHERE (c.number, c.kind, 'unit:' || c.unit_account_id) = (NEW.case_id, NEW.kind, NEW.subject)) THEN
        RAISE EXCEPTION 'a case holds its own unit account' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER casework_hold_guard BEFORE INSERT ON casework_hold
    FOR EACH ROW EXECUTE FUNCTION casework_hold_guard();
