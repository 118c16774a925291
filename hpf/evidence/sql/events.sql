-- name: record
SELECT id, recorded_at FROM evidence_record(
    %(business_day)s, %(act)s, %(actor_kind)s, %(actor_id)s::bigint, %(actor_name)s, %(channel)s, %(address)s,
    %(employer_id)s::bigint, %(subject)s, %(key)s, %(content_digest)s, %(detail)s::jsonb, %(result)s::jsonb
);

-- name: record_all
-- The same for each of a set, in its order.
SELECT evidence_record_each(
    %(business_day)s, %(act)s, %(actor_kind)s, %(actor_id)s::bigint, %(actor_name)s, %(channel)s, %(address)s,
    %(employers)s::bigint[], %(subjects)s::text[], %(content_digest)s, %(results)s::text[]
);

-- name: receipt_by_key
SELECT id, act, recorded_at, actor_kind, actor_id, content_digest, result FROM evidence_event WHERE key = %(key)s;

-- name: event
SELECT id, recorded_at, business_day, act, actor_name, subject, content_digest, detail, result
FROM evidence_event WHERE id = %(number)s;

-- name: events_about
SELECT id, recorded_at, business_day, act, actor_name, subject, content_digest, detail, result
FROM evidence_event WHERE subject = %(subject)s ORDER BY id DESC LIMIT %(limit)s;

-- name: chain_head
SELECT COALESCE(max(position), 0), COALESCE((array_agg(digest ORDER BY position DESC))[1], decode(repeat('00', 32), 'hex'))
FROM (SELECT position, digest FROM evidence_link ORDER BY position DESC LIMIT 1) head;

-- name: link
SELECT digest FROM evidence_link WHERE position = %(position)s;

-- name: unsealed_events
SELECT e.id, evidence_text(e)
FROM evidence_unsealed u JOIN evidence_event e ON e.id = u.event_id
ORDER BY e.id LIMIT %(limit)s;

-- name: insert_links
WITH linked AS (
    INSERT INTO evidence_link (position, event_id, digest)
    SELECT * FROM unnest(%(positions)s::bigint[], %(ids)s::bigint[], %(digests)s::bytea[])
    RETURNING event_id
)
DELETE FROM evidence_unsealed WHERE event_id IN (SELECT event_id FROM linked);

-- name: chain
SELECT l.position, l.event_id, l.digest,
       CASE WHEN e.id IS NOT NULL THEN evidence_text(e) END
FROM evidence_link l LEFT JOIN evidence_event e ON e.id = l.event_id
ORDER BY l.position;

-- name: unsealed_count
SELECT (SELECT count(*) FROM evidence_unsealed),
       (SELECT count(*) FROM evidence_event e
        WHERE NOT EXISTS (SELECT 1 FROM evidence_link l WHERE l.event_id = e.id)
          AND NOT EXISTS (SELECT 1 FROM evidence_unsealed u WHERE u.event_id = e.id));
