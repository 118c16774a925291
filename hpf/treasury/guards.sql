-- How an account's statements continue each other, neighbour by neighbour in the order of their ends, whatever the order
-- in which they came; of those that end on the same day, in that which their balances say (``place``). What an account held
-- before all of its lines is the same for all of its statements; where it changes from one to the next, a statement is
-- missing between them. Two persons' word for it stands with the one behind the gap, and is for that sum and no other.
-- Before the first there is none that it could join: it says that the account held nothing, or what two persons have seen
-- (``base_moved_fen``, each with the statement that moved it). Of the first day itself, those lines lie before a statement that one before it brought and that it does not repeat; and of
-- the last day of several there are none: it tells of that from its morning.
CREATE OR REPLACE FUNCTION treasury_chain() RETURNS TABLE (
    statement_id bigint, bank_account_id bigint, n bigint, starts_on date, ends_on date, opening_fen bigint,
    base_fen bigint, gap_fen bigint, confirmed boolean, previous_id bigint
) LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    WITH placed AS (
        SELECT *, row_number() OVER (PARTITION BY bank_account_id ORDER BY ends_on, place, id) AS n
        FROM treasury_statement WHERE NOT contained
    ),
    moved AS (
        SELECT bank_account_id, starts_on AS day, id, 0 AS fen FROM treasury_statement
        UNION ALL
        SELECT bank_account_id, booked_on, NULL, sum(CASE side WHEN '贷' THEN amount_fen ELSE -amount_fen END)
        FROM treasury_line WHERE state <> 'repeated' GROUP BY bank_account_id, booked_on
    ),
    days_before AS (
        SELECT id, sum(fen) OVER (PARTITION BY bank_account_id ORDER BY day, id NULLS LAST
                                  ROWS UNBOUNDED PRECEDING) AS fen
        FROM moved
    ),
    same_day AS (
        SELECT id, sum(fen) AS fen FROM (
            SELECT DISTINCT s.id, line.flow_no, line.booked_on,
                   CASE line.side WHEN '贷' THEN line.amount_fen ELSE -line.amount_fen END AS fen
            FROM placed s
            JOIN placed earlier ON earlier.bank_account_id = s.bank_account_id AND earlier.n < s.n
                 AND earlier.starts_on <= s.ends_on AND earlier.ends_on >= s.starts_on
            JOIN treasury_line line ON line.statement_id = earlier.id AND line.booked_on IN (s.starts_on, s.ends_on)
            WHERE NOT EXISTS (SELECT FROM treasury_line own WHERE own.statement_id = s.id AND own.flow_no = line.flow_no
                              AND own.booked_on = line.booked_on)) lines
        GROUP BY id
    ),
    based AS (
        SELECT s.*, s.opening_fen - b.fen - COALESCE(d.fen, 0) AS base_fen
        FROM placed s JOIN days_before b ON b.id = s.id LEFT JOIN same_day d ON d.id = s.id
    ),
    joined AS (
        SELECT *, (base_fen - COALESCE(lag(base_fen) OVER neighbours, seen.fen))::bigint AS gap_fen,
               lag(id) OVER neighbours AS previous_id
        FROM based JOIN (SELECT bank_account_id, sum(base_moved_fen) AS fen FROM treasury_statement GROUP BY bank_account_id) seen
             USING (bank_account_id)
        WINDOW neighbours AS (PARTITION BY bank_account_id ORDER BY n)
    )
    SELECT id, bank_account_id, n, starts_on, ends_on, opening_fen, base_fen::bigint, gap_fen,
           n > 1 AND gap_fen = confirmed_gap_fen, previous_id
    FROM joined
$$;

-- What is missing between an account's statements stands there with two persons' word or not at all, and a statement steps
-- aside for good, where a larger one has its lines. Asked when the transaction commits, when all stand in their order.
CREATE OR REPLACE FUNCTION treasury_statements_join() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM treasury_chain() c
               WHERE c.bank_account_id = NEW.bank_account_id AND c.gap_fen <> 0 AND NOT c.confirmed) THEN
        RAISE EXCEPTION 'statements join, or two persons know what is missing' USING ERRCODE = 'insufficient_privilege';
    ELSIF TG_OP = 'UPDATE' AND OLD.contained AND NOT NEW.contained OR NEW.contained AND NOT EXISTS (
        SELECT FROM treasury_statement whole
        WHERE whole.bank_account_id = NEW.bank_account_id AND NEW.line_count BETWEEN 1 AND whole.line_count - 1
          AND NEW.starts_on BETWEEN whole.starts_on AND whole.ends_on AND NOT EXISTS (
            SELECT flow_no, booked_on FROM treasury_line WHERE statement_id = NEW.id
            EXCEPT SELECT flow_no, booked_on FROM treasury_line WHERE statement_id = whole.id)) THEN
        RAISE EXCEPTION 'a statement steps aside for a larger one that has its lines'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS treasury_statements_join ON treasury_statement;
CREATE CONSTRAINT TRIGGER treasury_statements_join AFTER INSERT OR UPDATE ON treasury_statement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION treasury_statements_join();
