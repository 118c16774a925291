-- Whether what somebody proposed was handed over by himself and approved by who acts now, another one.
CREATE OR REPLACE FUNCTION money_desk_approved(p_kind text, p_subject_id bigint, p_proposed_by_id bigint)
RETURNS boolean LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    SELECT casework_approved(p_kind, p_subject_id) AND EXISTS (
        SELECT FROM casework_review r
        WHERE (r.kind, r.subject_id, r.state, r.maker_id) = (p_kind, p_subject_id, 'approved', p_proposed_by_id)
          AND r.checker_id <> p_proposed_by_id AND r.checker_id::text = current_setting('hpf.staff', true))
$$;

-- A proposal keeps its words; it is approved as a second person approved it.
CREATE OR REPLACE FUNCTION money_desk_proposal_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' OR NEW.entry_id IS NOT NULL
           OR NEW.proposed_by_id::text IS DISTINCT FROM current_setting('hpf.staff', true) THEN
            RAISE EXCEPTION 'a proposal begins with who proposes' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.state <> 'proposed'
       OR to_jsonb(OLD) - '{state,decided_on,entry_id,told_before_id}'::text[]
          <> to_jsonb(NEW) - '{state,decided_on,entry_id,told_before_id}'::text[] THEN
        RAISE EXCEPTION 'a proposal keeps its words' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.state = 'approved' AND NOT money_desk_approved('bank_line', NEW.id, NEW.proposed_by_id) THEN
        RAISE EXCEPTION 'a proposal is approved by a second person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER money_desk_proposal_guard BEFORE INSERT OR UPDATE OR DELETE ON money_desk_proposal
    FOR EACH ROW EXECUTE FUNCTION money_desk_proposal_guard();

-- Money without an owner gets one, and loses him again, by an approved proposal: for this line, this unit account and its
-- employer, this entry of its sum, which nothing has reversed: one word moves the money once. What the bank takes back
-- goes the same way, with the receipt that had brought it. Nothing else moves a line from one unit account or employer to
-- another, or touches one but to take it on to its case; but what nobody has confirmed as a payment may come to wait.
CREATE OR REPLACE FUNCTION money_desk_line_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'unidentified' AND NEW.state = 'assigned' AND EXISTS (
        SELECT FROM money_desk_proposal p
        JOIN registry_unitaccount u ON u.id = p.unit_account_id
        JOIN ledger_entry e ON e.id = p.entry_id
        WHERE (p.act, p.state, p.line_id, p.unit_account_id, p.entry_id)
              = ('assign_line', 'approved', NEW.id, NEW.unit_account_id, NEW.assigned_entry_id)
          AND (e.kind, e.unit_account_id, e.total_fen, u.employer_id)
              = ('identified', p.unit_account_id, NEW.amount_fen, NEW.employer_id)
          AND NOT EXISTS (SELECT FROM ledger_entry mirror WHERE mirror.reverses_id = e.id)) THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND OLD.state = 'assigned' AND NEW.state = 'unidentified' AND EXISTS (
        SELECT FROM money_desk_proposal p
        JOIN ledger_entry e ON e.id = p.entry_id
        LEFT JOIN money_desk_proposal gave ON gave.entry_id = e.reverses_id
        WHERE (p.act, p.state, p.line_id, p.unit_account_id, e.reverses_id)
              = ('unassign_line', 'approved', NEW.id, OLD.unit_account_id, OLD.assigned_entry_id)
          AND NEW.employer_id IS NOT DISTINCT FROM gave.told_before_id) THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND (OLD.state, NEW.state) = ('outgoing', 'taken_back')
          AND OLD.employer_id IS NOT DISTINCT FROM NEW.employer_id AND NOT EXISTS (
        SELECT FROM money_desk_proposal p
        WHERE (p.act, p.state, p.line_id) = ('pay_out_line', 'approved', NEW.id)) THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND OLD.state = 'taken_back'
          AND (OLD.employer_id, OLD.findings) IS NOT DISTINCT FROM (NEW.employer_id, NEW.findings) AND EXISTS (
        SELECT FROM money_desk_proposal p
        WHERE (p.state, p.line_id) = ('approved', NEW.id)
          AND ((p.act, NEW.state, p.receipt_id) = ('reverse_line', 'offset', NEW.offsets_id)
               OR (p.act, NEW.state) = ('pay_out_line', 'outgoing'))) THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND OLD.state IN ('unidentified', 'unallocated', 'assigned', 'booked') AND NEW.state = 'reversed'
          AND (OLD.employer_id, OLD.findings) IS NOT DISTINCT FROM (NEW.employer_id, NEW.findings)
          AND NEW.unit_account_id IS NOT DISTINCT FROM (CASE WHEN OLD.state <> 'assigned' THEN OLD.unit_account_id END)
          AND EXISTS (
        SELECT FROM money_desk_proposal p JOIN ledger_entry e ON e.id = p.entry_id
        WHERE (p.act, p.state, p.receipt_id, e.reverses_id) = ('reverse_line', 'approved', NEW.id, NEW.entry_id)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a line is given to a unit account by two persons' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER money_desk_line_assigned BEFORE INSERT ON treasury_line
    FOR EACH ROW WHEN (NEW.state IN ('assigned', 'reversed', 'offset')) EXECUTE FUNCTION money_desk_line_guard();
CREATE OR REPLACE TRIGGER money_desk_line_moved BEFORE UPDATE ON treasury_line
    FOR EACH ROW WHEN ((OLD.state, NEW.state) NOT IN (('short', 'counted'), ('short', 'unallocated'), ('matched', 'booked'),
                                                      ('matched', 'unallocated'), ('counted', 'booked'),
                                                      ('counted', 'unallocated'))
                       OR (OLD.unit_account_id, OLD.employer_id) IS DISTINCT FROM (NEW.unit_account_id, NEW.employer_id))
    EXECUTE FUNCTION money_desk_line_guard();

-- What is handed in keeps its words, and is taken as a second person approved it.
CREATE OR REPLACE FUNCTION money_desk_handed_in_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' OR NEW.proposed_by_id::text IS DISTINCT FROM current_setting('hpf.staff', true) THEN
            RAISE EXCEPTION 'a statement is handed in by who does it' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.state <> 'proposed'
       OR to_jsonb(OLD) - '{state,decided_on}'::text[] <> to_jsonb(NEW) - '{state,decided_on}'::text[] THEN
        RAISE EXCEPTION 'what is handed in keeps its words' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.state = 'approved' AND NOT money_desk_approved('bank_statement', NEW.id, NEW.proposed_by_id) THEN
        RAISE EXCEPTION 'a statement is approved by a second person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER money_desk_handed_in_guard BEFORE INSERT OR UPDATE OR DELETE ON money_desk_handedin
    FOR EACH ROW EXECUTE FUNCTION money_desk_handed_in_guard();

-- A statement that stands on somebody's word stands on that of two, whatever door it came through.
CREATE OR REPLACE FUNCTION money_desk_statement_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM money_desk_handedin h
        WHERE (h.id, h.state, h.statement_digest) = (NEW.handed_in_id, 'approved', NEW.digest)
          AND (NEW.confirmed_gap_fen, NEW.base_moved_fen) = (0, 0) AND NEW.head_typed = (h.typed IS NOT NULL)) THEN
        RAISE EXCEPTION 'a statement that does not prove itself is taken by two persons'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER money_desk_statement_guard BEFORE INSERT ON treasury_statement
    FOR EACH ROW WHEN (NEW.confirmed_gap_fen <> 0 OR NEW.base_moved_fen <> 0 OR NEW.head_typed OR NEW.handed_in_id IS NOT NULL)
    EXECUTE FUNCTION money_desk_statement_guard();

-- What is missing before a statement is known for the sum that two persons read there, when one of that account is taken
-- with their word by who acts now.
CREATE OR REPLACE FUNCTION money_desk_gap_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM treasury_statement s JOIN money_desk_handedin h ON h.id = s.handed_in_id
        WHERE s.bank_account_id = NEW.bank_account_id AND s.id >= NEW.id AND h.state = 'approved'
          AND h.gaps @> jsonb_build_array(jsonb_build_object(
              'starts_on', NEW.starts_on, 'opening_fen', NEW.opening_fen, 'gap_fen', NEW.confirmed_gap_fen))
          AND money_desk_approved('bank_statement', h.id, h.proposed_by_id)) THEN
        RAISE EXCEPTION 'a gap is confirmed by two persons' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER money_desk_gap_guard BEFORE UPDATE OF confirmed_gap_fen ON treasury_statement
    FOR EACH ROW EXECUTE FUNCTION money_desk_gap_guard();

-- What an account held before all of its lines moves by the sum that two persons read with the statement that moved it.
CREATE OR REPLACE FUNCTION money_desk_base_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF OLD.base_moved_fen <> 0 OR NOT EXISTS (
        SELECT FROM money_desk_handedin h
        WHERE (h.id, h.state) = (NEW.handed_in_id, 'approved')
          AND h.gaps @> jsonb_build_array(jsonb_build_object('before_all', true, 'gap_fen', NEW.base_moved_fen))
          AND money_desk_approved('bank_statement', h.id, h.proposed_by_id)) THEN
        RAISE EXCEPTION 'what an account held before its lines is seen by two persons' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER money_desk_base_guard BEFORE UPDATE OF base_moved_fen ON treasury_statement
    FOR EACH ROW EXECUTE FUNCTION money_desk_base_guard();

-- Money goes out of the center's account by a statement that two persons took: what it says of that is in no balance that
-- the hall knows. Asked when the transaction commits, so that a statement can be tried by one. What it repeats was there.
CREATE OR REPLACE FUNCTION money_desk_paid_out() RETURNS trigger LANGUAGE plpgsql
SET search_path = {center}, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM treasury_statement s WHERE s.id = NEW.statement_id AND s.handed_in_id IS NOT NULL
    ) AND NOT (NEW.state = 'repeated' AND EXISTS (
        SELECT FROM treasury_line line
        WHERE (line.bank_account_id, line.flow_no, line.booked_on) = (NEW.bank_account_id, NEW.flow_no, NEW.booked_on)
          AND (line.side, line.amount_fen) = (NEW.side, NEW.amount_fen) AND line.state <> 'repeated')) THEN
        RAISE EXCEPTION 'money goes out by two persons' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS money_desk_paid_out ON treasury_line;
CREATE CONSTRAINT TRIGGER money_desk_paid_out AFTER INSERT ON treasury_line DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.side <> '贷') EXECUTE FUNCTION money_desk_paid_out();
