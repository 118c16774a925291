-- Puts an approved change of the center's details in force, once. Nothing else changes them: the staff's role may not
-- update a branch or the center.
CREATE OR REPLACE FUNCTION center_details_apply(p_change_id bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    change center_details_change;
    branch_number bigint;
BEGIN
    UPDATE center_details_change SET applied_at = clock_timestamp()
    WHERE id = p_change_id AND applied_at IS NULL AND casework_approved('center_details', id) RETURNING * INTO change;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the center''s details are changed by two persons' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF change.adds_branch THEN
        INSERT INTO registry_branch (code, name, place, address, hours, phone, services)
        SELECT code, name, place, address, hours, phone, services
        FROM jsonb_populate_record(NULL::registry_branch, change.after) RETURNING id INTO branch_number;
    ELSIF change.branch_id IS NOT NULL THEN
        UPDATE registry_branch b
        SET name = a.name, address = a.address, hours = a.hours, phone = a.phone, services = a.services
        FROM jsonb_populate_record(NULL::registry_branch, change.after) a
        WHERE b.id = change.branch_id RETURNING b.id INTO branch_number;
    ELSE
        UPDATE registry_center c
        SET name = a.name, hotline = a.hotline, address = a.address, icp_record = a.icp_record,
            police_record = a.police_record, site_code = a.site_code
        FROM jsonb_populate_record(NULL::registry_center, change.after) a;
    END IF;
    RETURN branch_number;
END $$;
REVOKE EXECUTE ON FUNCTION center_details_apply FROM PUBLIC;
GRANT EXECUTE ON FUNCTION center_details_apply TO hpf_{center}_staff;
