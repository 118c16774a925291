-- Proofs of work: what a browser computes before it may ask for something that costs. Who cannot has fewer tries.

-- How much is to be computed, and for how long a proof is good.
CREATE OR REPLACE FUNCTION hall_access_proof_terms() RETURNS TABLE (effort integer, minutes integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT proof_effort, proof_minutes FROM hall_access_limits
$$;

-- Takes a proof that holds, once. Without one, or with one that was used before, the attempt is counted for its address
-- and purpose. ``wait`` is the seconds to wait, 0 lets it pass; ``is_news`` is true for the first who is told to wait.
CREATE OR REPLACE FUNCTION hall_access_take_proof(
    p_proof bytea, p_expires_at timestamptz, p_address bytea, p_now timestamptz
) RETURNS TABLE (wait integer, is_news boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    IF p_proof IS NOT NULL THEN
        INSERT INTO hall_access_spentproof (digest, expires_at) VALUES (p_proof, p_expires_at) ON CONFLICT DO NOTHING;
        IF FOUND THEN
            RETURN QUERY SELECT 0, false;
            RETURN;
        END IF;
    END IF;
    RETURN QUERY SELECT c.* FROM hall_access_limits l
    CROSS JOIN LATERAL hall_access_count(p_address, l.unproved_tries, l.unproved_window_minutes, p_now) c;
END $$;
