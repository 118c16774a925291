-- name: ensure_year
SELECT ledger_ensure_year(%(year)s);

-- name: given_lines
SELECT * FROM unnest(%(given_numbers)s::integer[], %(given_accounts)s::bigint[], %(given_sides)s::text[],
                     %(given_amounts)s::bigint[], %(given_months)s::date[])
    AS given (n, account_id, side, amount_fen, month);

-- name: lock_units
-- Whoever posts to the accounts of a unit holds the row of its unallocated money: one lock for 100,000 members, taken
-- in id order by all.
SELECT id FROM ledger_account WHERE kind = 'unallocated' AND unit_account_id = ANY(%(locked_units)s)
ORDER BY id FOR NO KEY UPDATE;

-- name: next_ids
SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id')) FROM generate_series(1, %(count)s);

-- name: post
-- Drafts are numbered; a line names its draft by number, and what it needs of it is an array's element. So nothing here
-- joins two large sets whose size the planner must guess: a wrong guess once made a second into five minutes.
WITH lines AS MATERIALIZED (
    SELECT l.n, l.account_id, l.side, l.amount_fen, l.month, (%(given_value_dates)s::date[])[l.n] AS value_date,
           CASE l.side WHEN 'C' THEN l.amount_fen ELSE -l.amount_fen END AS credit_fen,
           a.keeps_balance, a.employer_id, a.unit_account_id
    FROM ({lines}) l LEFT JOIN ledger_account a ON a.id = l.account_id
    WHERE (%(given_ids)s::bigint[])[l.n] IS NOT NULL
),
summed AS (
    SELECT n, sum(amount_fen) FILTER (WHERE side = 'D') AS total_fen,
           sha256(convert_to(string_agg(concat_ws(',', account_id, side, amount_fen, month), ';'
                                        ORDER BY account_id, side, month, amount_fen), 'UTF8')) AS lines_digest
    FROM lines GROUP BY n
),
drafts AS (
    SELECT * FROM unnest(%(given_ids)s::bigint[], %(keys)s::text[], %(kinds)s::text[], %(narratives)s::text[],
                         %(abouts)s::bigint[], %(employers)s::bigint[], %(units)s::bigint[],
                         %(given_value_dates)s::date[], %(reverses)s::bigint[], %(digests)s::bytea[]) WITH ORDINALITY
        AS d (id, key, kind, narrative, about, employer_id, unit_account_id, value_date, reverses_id, content_digest, n)
),
entries AS (
    INSERT INTO ledger_entry (id, key, content_digest, lines_digest, kind, book_date, value_date, about, employer_id,
                              unit_account_id, reverses_id, narrative, actor, total_fen)
    SELECT d.id, d.key, d.content_digest, s.lines_digest, d.kind, %(book_date)s, d.value_date, d.about, d.employer_id,
           d.unit_account_id, d.reverses_id, d.narrative, %(actor)s, COALESCE(s.total_fen, 0)
    FROM drafts d JOIN summed s ON s.n = d.n
    RETURNING id, key, total_fen, lines_digest
),
changes AS (
    SELECT account_id, sum(credit_fen)::bigint AS credit_fen, min(value_date) AS earliest,
           sum(credit_fen * (value_date - DATE '1970-01-01'))::bigint AS day_weighted
    FROM lines WHERE keeps_balance GROUP BY account_id
    ORDER BY account_id  -- neighbours on disk one after the other, and locks in the order of ids
),
moved AS (
    UPDATE ledger_account a
    SET current_fen = CASE WHEN c.credit_fen >= 0 THEN a.current_fen + c.credit_fen
                           ELSE GREATEST(a.current_fen + c.credit_fen, 0) END,
        carried_fen = CASE WHEN c.credit_fen >= 0 THEN a.carried_fen
                           ELSE a.carried_fen + LEAST(a.current_fen + c.credit_fen, 0) END,
        moment = a.moment + CASE
            WHEN c.earliest >= a.segment_starts_on THEN c.day_weighted
            ELSE (SELECT sum(l.credit_fen * (GREATEST(l.value_date, a.segment_starts_on) - DATE '1970-01-01'))::bigint
                  FROM lines l WHERE l.account_id = a.id) END
    FROM changes c
    WHERE a.id = c.account_id
),
corrected AS (
    INSERT INTO ledger_corrected_month (account_id, month, entry_id, employer_id)
    SELECT account_id, month, (%(given_ids)s::bigint[])[n], employer_id FROM lines
    WHERE (%(corrections)s::boolean[])[n] AND side = 'D' AND keeps_balance AND month IS NOT NULL
),
postings AS (
    INSERT INTO ledger_posting (entry_id, account_id, book_date, value_date, side, amount_fen, reversal, month,
                                employer_id, unit_account_id)
    SELECT (%(given_ids)s::bigint[])[n], account_id, %(book_date)s, value_date, side, amount_fen,
           (%(reversals)s::boolean[])[n], month, employer_id, unit_account_id
    FROM lines
)
SELECT key, id, total_fen, lines_digest,
       (SELECT count(*) FROM lines WHERE keeps_balance IS NULL
           OR keeps_balance AND unit_account_id <> ALL(%(locked_units)s::bigint[]))
FROM entries;

-- name: lines_digests
SELECT n, sha256(convert_to(string_agg(concat_ws(',', account_id, side, amount_fen, month), ';'
                            ORDER BY account_id, side, month, amount_fen), 'UTF8')) AS digest
FROM ({lines}) lines GROUP BY n;

-- name: entries_by_key
SELECT key, id, total_fen, content_digest, lines_digest, book_date FROM ledger_entry WHERE key = ANY(%(keys)s);

-- name: entry_for_reversal
SELECT kind, value_date, about, employer_id, unit_account_id FROM ledger_entry WHERE id = %(entry_id)s;

-- name: mirror_lines
SELECT 1 AS n, account_id, side, -amount_fen AS amount_fen, month
FROM ledger_posting WHERE entry_id = %(mirror_of)s;
