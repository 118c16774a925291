-- name: same_statement
SELECT id, imported_on, imported_by FROM treasury_statement
WHERE bank_account_id = %(bank_account_id)s AND digest = %(digest)s;

-- name: known_lines
-- What earlier files brought of the same days.
SELECT flow_no, booked_on, side, amount_fen FROM treasury_line
WHERE bank_account_id = %(bank_account_id)s AND booked_on BETWEEN %(starts_on)s AND %(ends_on)s AND state <> 'repeated';

-- name: known_periods
-- Earlier files that tell of whole days among these: a day between the first and the last is whole. From the day on which
-- a file was taken it tells of none, whatever it says of its end.
SELECT starts_on, last_day
FROM treasury_statement CROSS JOIN LATERAL (SELECT LEAST(ends_on, imported_on)) AS told (last_day)
WHERE bank_account_id = %(bank_account_id)s AND starts_on < %(ends_on)s AND last_day > %(starts_on)s
  AND last_day > starts_on + 1;

-- name: parts_of_day
-- Earlier files that begin on a day: what each opens with, and its flow numbers of that day.
SELECT s.opening_fen, array_agg(line.flow_no) FROM treasury_statement s
JOIN treasury_line line ON line.statement_id = s.id AND line.booked_on = s.starts_on
WHERE s.bank_account_id = %(bank_account_id)s AND s.starts_on = %(day)s GROUP BY s.id;

-- name: earlier_lines
-- What earlier lines mean to a case: whether one is on its way to pay it, and what fell short. A line that paid it, or
-- was not taken, does not count: there the case itself knows.
SELECT case_no, bool_or(state = 'matched'), COALESCE(sum(amount_fen) FILTER (WHERE state IN ('short', 'counted')), 0)::bigint
FROM treasury_line WHERE case_no = ANY(%(case_numbers)s) AND state IN ('matched', 'short', 'counted')
GROUP BY case_no;

-- name: insert_statement
INSERT INTO treasury_statement (bank_account_id, starts_on, ends_on, opening_fen, closing_fen, line_count,
                                new_count, new_fen, digest, imported_on, imported_by, head_typed, handed_in_id)
VALUES (%(bank_account_id)s, %(starts_on)s, %(ends_on)s, %(opening_fen)s, %(closing_fen)s, %(line_count)s,
        %(new_count)s, %(new_fen)s, %(digest)s, %(today)s, %(imported_by)s, %(head_typed)s, %(handed_in_id)s)
RETURNING id;

-- name: take_incoming
INSERT INTO treasury_line (statement_id, bank_account_id, line_no, flow_no, booked_on, side, amount_fen, payer_name,
                           payer_account, payer_account_digest, payer_bank, summary, remark, state, findings, case_no,
                           employer_id, unit_account_id, entry_id, own_payer_name, own_payer_account)
SELECT %(statement_id)s, %(bank_account_id)s, line_no, flow_no, booked_on, side, amount_fen, payer_name, payer_account,
       payer_account_digest, payer_bank, summary, remark, state, findings::jsonb, case_no, employer_id, unit_account_id,
       entry_id, own_payer_name, own_payer_account
FROM incoming_line ORDER BY line_no;

-- name: move_lines
-- What became of cases, on their lines: from ``origin`` (and, where all went well, from ``beside``) to ``to``; where the
-- item refused, to 暂存款 with the reason. Run again it finds nothing left to move.
UPDATE treasury_line line
SET state = CASE WHEN told.finding IS NULL THEN %(to)s ELSE 'unallocated' END,
    findings = CASE WHEN told.finding IS NULL THEN line.findings ELSE line.findings || told.finding END
FROM json_to_recordset(%(outcomes)s::json) AS told (case_no bigint, finding jsonb)
WHERE line.case_no = told.case_no AND line.statement_id <= %(through)s
  AND (line.state = %(origin)s OR (told.finding IS NULL AND line.state = %(beside)s))
RETURNING line.case_no, line.employer_id, line.amount_fen;

-- name: put_in_order
UPDATE treasury_statement s SET place = told.place
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS told (id, place) WHERE s.id = told.id AND s.place <> told.place;

-- name: mark_contained
-- A part of a day whose lines stand together in a larger statement, with the balance that this one has before them (it
-- may tell of the latest first): beside that one it says nothing. Of a new statement, and of those that lie in it.
WITH shared AS (
    SELECT part.id AS part_id, whole.id AS whole_id, whole.opening_fen,
           min(theirs.line_no) AS first_no, max(theirs.line_no) AS last_no, count(*) AS lines
    FROM treasury_statement part
    JOIN treasury_statement whole ON whole.bank_account_id = part.bank_account_id AND whole.line_count > part.line_count
         AND part.starts_on BETWEEN whole.starts_on AND whole.ends_on
    JOIN treasury_line own ON own.statement_id = part.id
    JOIN treasury_line theirs ON theirs.statement_id = whole.id AND theirs.flow_no = own.flow_no
         AND theirs.booked_on = own.booked_on
    WHERE part.bank_account_id = %(bank_account_id)s AND part.starts_on = part.ends_on AND NOT part.contained
      AND %(statement_id)s IN (part.id, whole.id)
    GROUP BY part.id, whole.id
),
beside AS (
    SELECT part_id, whole_id, shared.opening_fen, lines, count(*) FILTER (WHERE line_no BETWEEN first_no AND last_no) AS together,
           COALESCE(sum(fen) FILTER (WHERE line_no < first_no), 0) AS above,
           COALESCE(sum(fen) FILTER (WHERE line_no > last_no), 0) AS below
    FROM shared
    JOIN (SELECT statement_id, line_no, CASE side WHEN '贷' THEN amount_fen ELSE -amount_fen END AS fen
          FROM treasury_line) line ON line.statement_id = whole_id
    GROUP BY part_id, whole_id, shared.opening_fen, lines
)
UPDATE treasury_statement part SET contained = true FROM beside
WHERE part.id = part_id AND part.line_count = lines AND lines = together
  AND part.opening_fen - beside.opening_fen IN (above, below);
