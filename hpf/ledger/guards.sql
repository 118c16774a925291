-- The ledger's guards. Triggers refuse; they never compute. L-numbers are those of docs/ledger.md.

-- L1 (and the mirror of L6): checked once per entry, at commit, over all its postings.
CREATE OR REPLACE FUNCTION ledger_entry_balances() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    postings bigint; debits numeric; credits numeric; strangers bigint; differences bigint;
BEGIN
    SELECT count(*), COALESCE(sum(amount_fen) FILTER (WHERE side = 'D'), 0),
           COALESCE(sum(amount_fen) FILTER (WHERE side = 'C'), 0),
           count(*) FILTER (WHERE reversal <> (NEW.reverses_id IS NOT NULL) OR value_date <> NEW.value_date)
    INTO postings, debits, credits, strangers
    FROM ledger_posting WHERE entry_id = NEW.id AND book_date = NEW.book_date;
    IF postings < 2 OR debits <> credits OR debits <> NEW.total_fen OR strangers > 0 THEN
        RAISE EXCEPTION 'L1: entry % does not balance: % postings, debit %, credit %, total %',
            NEW.id, postings, debits, credits, NEW.total_fen USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_l1';
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT count(*) INTO differences FROM (
            (SELECT account_id, side, -amount_fen, month FROM ledger_posting WHERE entry_id = NEW.id
             EXCEPT ALL SELECT account_id, side, amount_fen, month FROM ledger_posting WHERE entry_id = NEW.reverses_id)
            UNION ALL
            (SELECT account_id, side, amount_fen, month FROM ledger_posting WHERE entry_id = NEW.reverses_id
             EXCEPT ALL SELECT account_id, side, -amount_fen, month FROM ledger_posting WHERE entry_id = NEW.id)) d;
        IF differences > 0 THEN
            RAISE EXCEPTION 'L6: entry % is not the mirror of entry %', NEW.id, NEW.reverses_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_l6';
        END IF;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS ledger_l1 ON ledger_entry;
CREATE CONSTRAINT TRIGGER ledger_l1 AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();

-- L2: nothing joins an entry after its transaction.
CREATE OR REPLACE FUNCTION ledger_posting_joins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT entry_id, book_date FROM inserted) i
        LEFT JOIN ledger_entry e ON e.id = i.entry_id AND e.book_date = i.book_date
        WHERE e.xact IS DISTINCT FROM pg_current_xact_id()
    ) THEN
        RAISE EXCEPTION 'L2: a posting joins an entry of another transaction'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_l2';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ledger_l2 AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_joins();

-- L3: nothing is updated, deleted or truncated.
CREATE OR REPLACE FUNCTION ledger_immutable() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'L3: % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER ledger_l3 BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_immutable();
CREATE OR REPLACE TRIGGER ledger_l3 BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_immutable();
CREATE OR REPLACE TRIGGER ledger_l3 BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_corrected_month
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_immutable();
CREATE OR REPLACE TRIGGER ledger_l3 BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_closed_day
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_immutable();
CREATE OR REPLACE TRIGGER ledger_l3 BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_voucher
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_immutable();
CREATE OR REPLACE TRIGGER ledger_l3 BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_control_total
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_immutable();
CREATE OR REPLACE TRIGGER ledger_l3 BEFORE DELETE OR TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_immutable();

-- L8: a closed day takes no posting. Posting shares the books, closing holds them alone, so neither slips past the other.
CREATE OR REPLACE FUNCTION ledger_entry_day_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared('ledger_closed_day'::regclass::oid::int, 0);
    IF EXISTS (SELECT 1 FROM ledger_closed_day WHERE day >= (SELECT min(book_date) FROM inserted)) THEN
        RAISE EXCEPTION 'L8: % is closed', (SELECT min(book_date) FROM inserted)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_l8';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ledger_l8 AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_day_open();

-- A yearly partition is made when its first posting comes.
CREATE OR REPLACE FUNCTION ledger_ensure_year(p_year integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    IF p_year NOT BETWEEN 1990 AND 2199 THEN
        RAISE EXCEPTION 'no postings in the year %', p_year USING ERRCODE = 'check_violation';
    END IF;
    IF to_regclass(format('ledger_posting_%s', p_year)) IS NULL THEN
        PERFORM pg_advisory_xact_lock('ledger_posting'::regclass::oid::int, 0);
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS ledger_posting_%s PARTITION OF ledger_posting FOR VALUES FROM (%L) TO (%L)',
            p_year, make_date(p_year, 1, 1), make_date(p_year + 1, 1, 1));
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION ledger_ensure_year FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_ensure_year TO hpf_{center}_staff;
SELECT ledger_ensure_year(extract(year FROM current_date)::integer);
