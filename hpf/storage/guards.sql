-- The portal may defer a job and nothing else: the function works as the owner, the queue's tables stay closed to it,
-- and of the tasks it may name only those that a handler starts.
ALTER FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) SECURITY DEFINER SET search_path = {center}, pg_temp;

CREATE OR REPLACE FUNCTION storage_portal_defers() RETURNS trigger LANGUAGE plpgsql SET search_path = {center}, pg_temp AS $$
BEGIN
    IF current_setting('role') LIKE '%\_portal'
       AND (NEW.task_name NOT IN ('check_roster', 'open_accounts', 'book_sheet', 'send_messages') OR NEW.priority <> 0) THEN
        RAISE EXCEPTION 'the portal does not start %', NEW.task_name USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER storage_portal_defers BEFORE INSERT ON procrastinate_jobs
    FOR EACH ROW EXECUTE FUNCTION storage_portal_defers();
