-- name: ensure_year
SELECT ledger_ensure_year(%(year)s);

-- name: given_lines
SELECT * FROM unnest(%(given_keys)s::text[], %(given_accounts)s::bigint[], %(given_sides)s::text[],
                     %(given_amounts)s::bigint[], %(given_months)s::date[])
    AS given (entry_key, account_id, side, amount_fen, month);

-- name: lock_accounts
SELECT count(*) FROM (
    SELECT id FROM ledger_account
    WHERE keeps_balance AND id IN (SELECT account_id FROM ({lines}) lines)
    ORDER BY id FOR UPDATE
) locked;

-- name: post
WITH lines AS MATERIALIZED ({lines}),
drafts AS (
    SELECT * FROM unnest(%(keys)s::text[], %(kinds)s::text[], %(narratives)s::text[], %(abouts)s::bigint[],
                         %(employers)s::bigint[], %(units)s::bigint[], %(value_dates)s::date[], %(reverses)s::bigint[],
                         %(digests)s::bytea[])
        AS d (key, kind, narrative, about, employer_id, unit_account_id, value_date, reverses_id, content_digest)
),
summed AS (
    SELECT entry_key, sum(amount_fen) FILTER (WHERE side = 'D') AS total_fen,
           sha256(convert_to(string_agg(concat_ws(',', account_id, side, amount_fen, month), ';'
                                        ORDER BY account_id, side, month, amount_fen), 'UTF8')) AS lines_digest
    FROM lines GROUP BY entry_key
),
entries AS (
    INSERT INTO ledger_entry (key, content_digest, lines_digest, kind, book_date, value_date, about, employer_id,
                              unit_account_id, reverses_id, narrative, actor, total_fen)
    SELECT d.key, d.content_digest, s.lines_digest, d.kind, %(book_date)s, d.value_date, d.about, d.employer_id,
           d.unit_account_id, d.reverses_id, d.narrative, %(actor)s, COALESCE(s.total_fen, 0)
    FROM drafts d JOIN summed s ON s.entry_key = d.key
    ORDER BY d.key
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key, kind, value_date, reverses_id, total_fen, lines_digest
),
booked AS (
    SELECT l.*, e.id AS entry_id, e.kind, e.value_date, e.reverses_id IS NOT NULL AS reversal,
           CASE l.side WHEN 'C' THEN l.amount_fen ELSE -l.amount_fen END AS credit_fen
    FROM lines l JOIN entries e ON e.key = l.entry_key
),
changes AS (
    SELECT account_id, sum(credit_fen)::bigint AS credit_fen, min(value_date) AS earliest, max(value_date) AS latest,
           sum(credit_fen * (value_date - DATE '1970-01-01')) AS day_weighted
    FROM booked GROUP BY account_id
),
moved AS (
    UPDATE ledger_account a
    SET current_fen = CASE WHEN c.credit_fen >= 0 THEN a.current_fen + c.credit_fen
                           ELSE GREATEST(a.current_fen + c.credit_fen, 0) END,
        carried_fen = CASE WHEN c.credit_fen >= 0 THEN a.carried_fen
                           ELSE a.carried_fen + LEAST(a.current_fen + c.credit_fen, 0) END,
        moment = a.moment + CASE
            WHEN c.earliest >= a.segment_starts_on THEN c.day_weighted
            ELSE (SELECT sum(b.credit_fen * (GREATEST(b.value_date, a.segment_starts_on) - DATE '1970-01-01'))
                  FROM booked b WHERE b.account_id = a.id) END
    FROM changes c
    WHERE a.id = c.account_id AND a.keeps_balance
    RETURNING a.id, a.employer_id, a.unit_account_id
),
corrected AS (
    INSERT INTO ledger_corrected_month (account_id, month, entry_id, employer_id)
    SELECT b.account_id, b.month, b.entry_id, m.employer_id FROM booked b JOIN moved m ON m.id = b.account_id
    WHERE b.kind = 'correction' AND b.side = 'D' AND b.month IS NOT NULL
),
postings AS (
    INSERT INTO ledger_posting (entry_id, account_id, book_date, value_date, side, amount_fen, reversal, month,
                                employer_id, unit_account_id)
    SELECT b.entry_id, b.account_id, %(book_date)s, b.value_date, b.side, b.amount_fen, b.reversal, b.month,
           m.employer_id, m.unit_account_id
    FROM booked b LEFT JOIN moved m ON m.id = b.account_id
)
SELECT key, id, total_fen, lines_digest FROM entries;

-- name: lines_digests
SELECT entry_key, sha256(convert_to(string_agg(concat_ws(',', account_id, side, amount_fen, month), ';'
                                    ORDER BY account_id, side, month, amount_fen), 'UTF8'))
FROM ({lines}) lines GROUP BY entry_key;

-- name: entries_by_key
SELECT key, id, total_fen, content_digest, lines_digest, book_date FROM ledger_entry WHERE key = ANY(%(keys)s);

-- name: entry_for_reversal
SELECT kind, value_date, about, employer_id, unit_account_id FROM ledger_entry WHERE id = %(entry_id)s;

-- name: mirror_lines
SELECT %(mirror_key)s::text AS entry_key, account_id, side, -amount_fen AS amount_fen, month
FROM ledger_posting WHERE entry_id = %(mirror_of)s;
