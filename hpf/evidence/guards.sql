-- An event as the text that the chain's digest covers: every column, in order, set apart by the unit separator.
CREATE OR REPLACE FUNCTION evidence_text(e evidence_event) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(E'\x1f', e.id, extract(epoch FROM e.recorded_at)::numeric(20, 6), e.business_day, e.act,
                     e.actor_kind, COALESCE(e.actor_id::text, ''), e.actor_name, e.channel, e.address,
                     COALESCE(e.employer_id::text, ''), e.subject, COALESCE(e.key, ''),
                     encode(e.content_digest, 'hex'), e.detail::text, e.result::text)
$$;

-- Events are written through this function and the next alone: nobody has INSERT on the table. In a handler's transaction
-- the event belongs to the handler's employer, whatever the caller says.
CREATE OR REPLACE FUNCTION evidence_record(
    p_business_day date, p_act text, p_actor_kind text, p_actor_id bigint, p_actor_name text, p_channel text,
    p_address text, p_employer_id bigint, p_subject text, p_key text, p_content_digest bytea, p_detail jsonb,
    p_result jsonb
) RETURNS TABLE (id bigint, recorded_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    scope bigint := NULLIF(current_setting('hpf.employer', true), '')::bigint;
    event evidence_event;
BEGIN
    IF current_setting('role') NOT LIKE '%\_staff' AND p_actor_kind NOT IN ('handler', 'public') THEN
        RAISE EXCEPTION 'the portal records no acts of %', p_actor_kind USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO evidence_event (business_day, act, actor_kind, actor_id, actor_name, channel, address, employer_id,
                                subject, key, content_digest, detail, result)
    VALUES (p_business_day, p_act, p_actor_kind, p_actor_id, p_actor_name, p_channel, p_address,
            COALESCE(scope, p_employer_id), p_subject, p_key, p_content_digest, p_detail, p_result)
    RETURNING * INTO event;
    INSERT INTO evidence_unsealed VALUES (event.id);
    RETURN QUERY SELECT event.id, event.recorded_at;
END $$;

-- The same for each of a set that the staff or the worker did at once, in its order: one statement for all of them.
CREATE OR REPLACE FUNCTION evidence_record_each(
    p_business_day date, p_act text, p_actor_kind text, p_actor_id bigint, p_actor_name text, p_channel text,
    p_address text, p_employers bigint[], p_subjects text[], p_content_digest bytea, p_results text[]
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    WITH events AS (
        INSERT INTO evidence_event (business_day, act, actor_kind, actor_id, actor_name, channel, address, employer_id,
                                    subject, content_digest, detail, result)
        SELECT p_business_day, p_act, p_actor_kind, p_actor_id, p_actor_name, p_channel, p_address, a.employer_id, a.subject,
               p_content_digest, '{}'::jsonb, a.result::jsonb
        FROM unnest(p_employers, p_subjects, p_results) WITH ORDINALITY AS a (employer_id, subject, result, place)
        ORDER BY a.place
        RETURNING id
    )
    INSERT INTO evidence_unsealed SELECT id FROM events;
$$;
REVOKE EXECUTE ON FUNCTION evidence_record_each FROM PUBLIC;
GRANT EXECUTE ON FUNCTION evidence_record_each TO hpf_{center}_staff;

CREATE OR REPLACE FUNCTION evidence_immutable() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'evidence is never updated, deleted or truncated' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER evidence_event_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_event
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_immutable();
CREATE OR REPLACE TRIGGER evidence_link_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_link
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_immutable();
