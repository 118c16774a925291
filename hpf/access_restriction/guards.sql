-- What is withheld from an employer on a day: everything, or single functions. Always one row. Asked on every request of
-- a handler, and again at the start of each of his writing transactions.
CREATE OR REPLACE FUNCTION access_restriction_standing(p_employer_id bigint, p_today date)
RETURNS TABLE (suspended boolean, limited text[])
LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    SELECT COALESCE(bool_or(r.kind <> 'limited'), false),
           COALESCE(array_agg(DISTINCT f.function) FILTER (WHERE f.function IS NOT NULL), '{}')
    FROM access_restriction_restriction r LEFT JOIN unnest(r.functions) f (function) ON true
    WHERE r.employer_id = p_employer_id AND r.state = 'approved' AND r.lifted_on IS NULL
      AND r.starts_on <= p_today AND (r.ends_on IS NULL OR r.ends_on > p_today)
$$;

-- Whether a function is withheld from the employer for whom the portal's role writes. His transaction holds the lock of
-- who acts for the employer since it began: a restriction is in force before it or after it, never in between.
CREATE OR REPLACE FUNCTION access_restriction_withholds(p_function text) RETURNS boolean LANGUAGE sql STABLE
SET search_path = {center}, pg_temp AS $$
    SELECT current_setting('role') = 'hpf_{center}_portal' AND EXISTS (
        SELECT FROM access_restriction_standing(
            NULLIF(current_setting('hpf.employer', true), '')::bigint, policy_business_day()) s
        WHERE s.suspended OR p_function = ANY (s.limited))
$$;

-- A handler opens no case of what is withheld and moves none on, whatever page he comes from.
CREATE OR REPLACE FUNCTION access_restriction_case_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF access_restriction_withholds(NEW.kind) THEN
        RAISE EXCEPTION 'this is withheld from the employer'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'access_restriction_withheld';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER access_restriction_case_guard BEFORE INSERT OR UPDATE ON casework_case
    FOR EACH ROW WHEN (current_setting('role') = 'hpf_{center}_portal') EXECUTE FUNCTION access_restriction_case_guard();

-- Nor does he write what belongs to it without a case. Row level security shows his role its own employer alone, so that
-- it is asked once a statement.
CREATE OR REPLACE FUNCTION access_restriction_function_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF access_restriction_withholds(TG_ARGV[0]) THEN
        RAISE EXCEPTION 'this is withheld from the employer'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'access_restriction_withheld';
    END IF;
    RETURN NEW;
END $$;

-- Of the timeline only the kind of a row says what it belongs to.
CREATE OR REPLACE FUNCTION access_restriction_timeline_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF current_setting('role') = 'hpf_{center}_portal' AND EXISTS (
        SELECT FROM (SELECT DISTINCT kind IN ('sealing', 'unsealing') AS seals FROM written) w
        WHERE access_restriction_withholds(CASE WHEN w.seals THEN 'sealing' ELSE 'account_opening' END)) THEN
        RAISE EXCEPTION 'this is withheld from the employer'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'access_restriction_withheld';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER access_restriction_function_guard BEFORE INSERT OR UPDATE ON account_opening_roster
    FOR EACH STATEMENT EXECUTE FUNCTION access_restriction_function_guard('account_opening');
CREATE OR REPLACE TRIGGER access_restriction_function_guard BEFORE INSERT OR UPDATE OR DELETE ON account_opening_rosterrow
    FOR EACH STATEMENT EXECUTE FUNCTION access_restriction_function_guard('account_opening');
CREATE OR REPLACE TRIGGER access_restriction_function_guard BEFORE INSERT ON registry_member
    FOR EACH STATEMENT EXECUTE FUNCTION access_restriction_function_guard('account_opening');
CREATE OR REPLACE TRIGGER access_restriction_opening_guard BEFORE INSERT ON registry_account
    FOR EACH STATEMENT EXECUTE FUNCTION access_restriction_function_guard('account_opening');
CREATE OR REPLACE TRIGGER access_restriction_function_guard BEFORE UPDATE ON registry_account
    FOR EACH STATEMENT EXECUTE FUNCTION access_restriction_function_guard('sealing');
CREATE OR REPLACE TRIGGER access_restriction_timeline_guard AFTER INSERT ON registry_timelineevent
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION access_restriction_timeline_guard();
CREATE OR REPLACE TRIGGER access_restriction_function_guard BEFORE INSERT OR UPDATE ON remittance_sheet
    FOR EACH STATEMENT EXECUTE FUNCTION access_restriction_function_guard('remittance');
CREATE OR REPLACE TRIGGER access_restriction_function_guard BEFORE INSERT ON remittance_sheetline
    FOR EACH STATEMENT EXECUTE FUNCTION access_restriction_function_guard('remittance');
CREATE OR REPLACE TRIGGER access_restriction_function_guard BEFORE INSERT OR UPDATE ON inquiries_inquiry
    FOR EACH STATEMENT EXECUTE FUNCTION access_restriction_function_guard('inquiries');
CREATE OR REPLACE TRIGGER access_restriction_function_guard BEFORE INSERT ON inquiries_turn
    FOR EACH STATEMENT EXECUTE FUNCTION access_restriction_function_guard('inquiries');

-- A restriction is in force when a second person approved it, and is lifted by an approved lifting or an appeal that was
-- upheld; its words never change.
CREATE OR REPLACE FUNCTION access_restriction_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' OR NEW.lifted_on IS NOT NULL THEN
            RAISE EXCEPTION 'a restriction begins as a proposal' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - '{state,decided_on,lifted_on,lifted_by,lifted_why}'::text[]
           <> to_jsonb(NEW) - '{state,decided_on,lifted_on,lifted_by,lifted_why}'::text[]
       OR OLD.lifted_on IS NOT NULL OR (NEW.state <> OLD.state AND OLD.state <> 'proposed') THEN
        RAISE EXCEPTION 'a restriction keeps its words' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = 'approved' AND NOT casework_approved('access_restriction', NEW.id) THEN
        RAISE EXCEPTION 'a restriction is approved by a second person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.lifted_on IS NOT NULL AND (NEW.state <> 'approved' OR NOT EXISTS (
        SELECT FROM access_restriction_lifting l
        WHERE l.restriction_id = NEW.id AND casework_approved('access_lifting', l.id)
        UNION ALL
        SELECT FROM access_restriction_appeal a WHERE a.restriction_id = NEW.id AND a.state = 'upheld')) THEN
        RAISE EXCEPTION 'a restriction is lifted by two persons or by an appeal' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER access_restriction_guard BEFORE INSERT OR UPDATE OR DELETE ON access_restriction_restriction
    FOR EACH ROW EXECUTE FUNCTION access_restriction_guard();

CREATE OR REPLACE FUNCTION access_restriction_lifting_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.state <> 'proposed') OR (TG_OP = 'UPDATE' AND (
        OLD.state <> 'proposed' OR to_jsonb(OLD) - 'state' <> to_jsonb(NEW) - 'state'
        OR (NEW.state = 'approved' AND NOT casework_approved('access_lifting', NEW.id)))) THEN
        RAISE EXCEPTION 'a lifting is approved by a second person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER access_restriction_lifting_guard
    BEFORE INSERT OR UPDATE OR DELETE ON access_restriction_lifting
    FOR EACH ROW EXECUTE FUNCTION access_restriction_lifting_guard();

-- An appeal is about the employer's own restriction; it is answered once, by somebody who neither proposed nor approved
-- that restriction.
CREATE OR REPLACE FUNCTION access_restriction_appeal_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' OR NEW.answered_on IS NOT NULL OR NOT EXISTS (
            SELECT FROM access_restriction_restriction r
            WHERE r.id = NEW.restriction_id AND r.employer_id = NEW.employer_id AND r.state = 'approved') THEN
            RAISE EXCEPTION 'an appeal is against a restriction of one''s own' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.state <> 'open' OR NEW.answered_by_id IS NULL
       OR to_jsonb(OLD) - '{state,answer,answered_by_id,answered_name,answered_on}'::text[]
          <> to_jsonb(NEW) - '{state,answer,answered_by_id,answered_name,answered_on}'::text[] THEN
        RAISE EXCEPTION 'an appeal is answered once and never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (
        SELECT FROM casework_review v
        WHERE v.kind = 'access_restriction' AND v.subject_id = NEW.restriction_id
          AND NEW.answered_by_id IN (v.maker_id, v.checker_id)) THEN
        RAISE EXCEPTION 'who made a restriction does not answer the appeal'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'access_restriction_appeal_apart';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER access_restriction_appeal_guard
    BEFORE INSERT OR UPDATE OR DELETE ON access_restriction_appeal
    FOR EACH ROW EXECUTE FUNCTION access_restriction_appeal_guard();
