-- One side's monthly amount: base × rate, rounded as named. The twin of hpf.kernel.rate.Rate.of; a test compares them.
-- One expression without FROM, so that the planner inlines it and folds the rounding away: 100,000 calls cost nothing.
CREATE OR REPLACE FUNCTION contribution_fen(base_fen bigint, rate_bp integer, rounding text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE rounding
        WHEN '四舍五入到分' THEN (base_fen * rate_bp + 5000) / 10000
        WHEN '舍去到分' THEN base_fen * rate_bp / 10000
        WHEN '见厘进分' THEN (base_fen * rate_bp / 1000 + 9) / 10
        WHEN '四舍五入到角' THEN (base_fen * rate_bp + 50000) / 100000 * 10
        WHEN '舍去到角' THEN base_fen * rate_bp / 100000 * 10
        WHEN '见分进角' THEN (base_fen * rate_bp / 10000 + 9) / 10 * 10
        WHEN '四舍五入到元' THEN (base_fen * rate_bp + 500000) / 1000000 * 100
        WHEN '舍去到元' THEN base_fen * rate_bp / 1000000 * 100
        WHEN '见角进元' THEN (base_fen * rate_bp / 100000 + 9) / 10 * 100
    END
$$;

-- Where persons stand, by the digests of their identity numbers (settled 24): a verdict and nothing else, for the
-- portal too, which sees no other employer's rows. Under which name a person is kept (its digest) is told of the unit
-- account's own people alone (ADR 24): elsewhere it would let names be tried. Every question is logged; an employer may ask about 500,000 numbers
-- a day, five times the largest roster.
CREATE OR REPLACE FUNCTION registry_standing(p_digests bytea[], p_unit_account_id bigint)
RETURNS TABLE (digest bytea, standing text, name_digest bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    asker bigint := NULLIF(current_setting('hpf.employer', true), '')::bigint;
BEGIN
    IF asker IS NOT NULL THEN
        IF (SELECT COALESCE(sum(number_count), 0) FROM registry_identitylookup
            WHERE employer_id = asker AND asked_at > now() - interval '1 day') + cardinality(p_digests) > 500000 THEN
            RAISE EXCEPTION 'too many identity numbers asked about in a day'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'registry_standing_limit';
        END IF;
        INSERT INTO registry_identitylookup (employer_id, number_count) VALUES (asker, cardinality(p_digests));
    END IF;
    RETURN QUERY
    SELECT m.identity_digest,
           CASE WHEN a.id IS NULL THEN 'free'
                WHEN a.state NOT IN ('01', '02') THEN 'closed'
                WHEN a.unit_account_id = p_unit_account_id THEN CASE a.state WHEN '01' THEN 'open_here' ELSE 'sealed_here' END
                ELSE CASE a.state WHEN '01' THEN 'open_elsewhere' ELSE 'sealed_elsewhere' END END,
           CASE WHEN a.unit_account_id = p_unit_account_id AND (asker IS NULL OR a.employer_id = asker)
                THEN sha256(convert_to(m.name, 'UTF8')) END
    FROM registry_member m
    LEFT JOIN registry_account a ON a.member_id = m.id
    WHERE m.identity_digest = ANY (p_digests);
END $$;

-- Timeline events are law to the sheets: they are added, never changed.
CREATE OR REPLACE FUNCTION registry_timeline_immutable() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the timeline is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER registry_timeline_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_timelineevent
    FOR EACH STATEMENT EXECUTE FUNCTION registry_timeline_immutable();
