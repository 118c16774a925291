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

-- What the portal writes points to rows of its own employer. The trigger names, of each column that points somewhere: the
-- column, the table, the table's key. Asked once a statement of all its rows, and planned for as many as there are: one row
-- and 100,000 alike. Counted, for EXISTS would be planned as if the first row were all. What was written stays as it is when a member goes to another employer; so this is no foreign key.
CREATE OR REPLACE FUNCTION storage_own_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {center}, pg_temp SET enable_nestloop = on AS $$
DECLARE
    own bigint := NULLIF(current_setting('hpf.employer', true), '')::bigint;
    strange boolean;
BEGIN
    IF current_setting('role') NOT LIKE '%\_portal' THEN
        RETURN NULL;
    END IF;
    FOR at IN 0 .. TG_NARGS - 1 BY 3 LOOP
        EXECUTE format(
            'SELECT count(*) > 0 FROM written w WHERE w.%1$I IS NOT NULL AND NOT EXISTS ('
            'SELECT FROM %2$I owner WHERE owner.%3$I = w.%1$I AND owner.employer_id = $1)',
            TG_ARGV[at], TG_ARGV[at + 1], TG_ARGV[at + 2]) INTO strange USING own;
        IF strange THEN
            RAISE EXCEPTION '%.% points to what is not the employer''s', TG_TABLE_NAME, TG_ARGV[at]
                USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'storage_own_references';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- Foreign keys of tables that are filled by the hundred thousand, asked once a statement of all its rows and not once a row
-- (ADR 17). The trigger names, of each column: the column, the table, the table's key. What is pointed to is never deleted.
-- Counted, as above.
CREATE OR REPLACE FUNCTION storage_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {center}, pg_temp SET enable_nestloop = on AS $$
DECLARE
    dangles boolean;
BEGIN
    FOR at IN 0 .. TG_NARGS - 1 BY 3 LOOP
        EXECUTE format(
            'SELECT count(*) > 0 FROM written w WHERE w.%1$I IS NOT NULL AND NOT EXISTS ('
            'SELECT FROM %2$I there WHERE there.%3$I = w.%1$I)',
            TG_ARGV[at], TG_ARGV[at + 1], TG_ARGV[at + 2]) INTO dangles;
        IF dangles THEN
            RAISE EXCEPTION '%.% points to nothing in %', TG_TABLE_NAME, TG_ARGV[at], TG_ARGV[at + 1]
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'storage_references';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
