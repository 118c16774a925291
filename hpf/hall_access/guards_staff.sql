-- Gives somebody the roles and the branch of his latest proposal, if two others agreed to it. Nothing else changes them:
-- the staff's role may not update these columns.
CREATE OR REPLACE FUNCTION hall_access_grant_roles(p_staff_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    proposal hall_access_staffproposal;
    decided casework_review;
BEGIN
    SELECT * INTO STRICT proposal FROM hall_access_staffproposal WHERE staff_id = p_staff_id ORDER BY id DESC LIMIT 1;
    SELECT * INTO STRICT decided FROM casework_review
    WHERE kind = 'staff_roles' AND subject_id = p_staff_id ORDER BY id DESC LIMIT 1;
    IF decided.state <> 'approved' OR decided.maker_id <> proposal.proposed_by
       OR p_staff_id IN (decided.maker_id, decided.checker_id) THEN
        RAISE EXCEPTION 'roles need a proposal that two others agreed to' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE registry_staff SET roles = proposal.roles, branch_id = proposal.branch_id WHERE id = p_staff_id;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_grant_roles FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_grant_roles TO hpf_{center}_staff;

-- Lets somebody's login codes be looked at again after too many wrong ones.
CREATE OR REPLACE FUNCTION hall_access_unlock(p_kind text, p_principal_id bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    DELETE FROM hall_access_throttle
    WHERE subject = sha256(convert_to(concat_ws(' ', 'codes', 'login', p_kind, p_principal_id), 'UTF8'))
$$;
REVOKE EXECUTE ON FUNCTION hall_access_unlock FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_unlock TO hpf_{center}_staff;
