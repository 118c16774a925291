-- name: put_in_outbox
-- Gives nothing back: who may put a message in may not read it.
INSERT INTO notices_outboxmessage (
    way, address, address_digest, template, version, subject, text, "values", digest, segments, state, created_at,
    valid_until, due_at, attempts, submissions, gateway, gateway_id, reasons
) VALUES (
    %(way)s, %(address)s, %(address_digest)s, %(template)s, %(version)s, %(subject)s, %(text)s, %(values)s, %(digest)s,
    %(segments)s, 'waiting', %(now)s, %(valid_until)s, %(now)s, 0, '{}', '', '', '{}'
);

-- name: take
-- What is worthless soon goes first. SENDING is committed before the gateway is called: nobody takes it again.
-- Who is still there is sent it where he is to be reached now, and not where he was when it was written.
UPDATE notices_outboxmessage taken
SET state = 'sending', attempts = attempts + 1, taken_at = %(now)s, gateway = %(gateway)s,
    submissions = array_append(submissions, %(now)s),
    address = coalesce(next.address, taken.address), address_digest = coalesce(next.address_digest, taken.address_digest)
FROM (
    SELECT o.id, CASE o.way WHEN 'sms' THEN h.mobile ELSE h.email END AS address,
        CASE o.way WHEN 'sms' THEN h.mobile_digest END AS address_digest
    FROM notices_outboxmessage o
    LEFT JOIN notices_delivery d ON d.id = o.delivery_id
    LEFT JOIN registry_handler h ON h.id = d.handler_id AND h.active
    WHERE o.way = %(way)s AND o.state = 'waiting' AND o.due_at <= %(now)s
        AND (o.valid_until IS NULL OR o.valid_until > %(now)s)
    ORDER BY o.valid_until IS NULL, o.id
    LIMIT 1
    FOR UPDATE OF o SKIP LOCKED
) next
WHERE taken.id = next.id
RETURNING taken.id, taken.address, subject, text, template, "values", attempts, valid_until;

-- name: strand
-- What waits for somebody who has taken his mail address back.
WITH stranded AS (
    UPDATE notices_outboxmessage o
    SET state = 'failed', settled_at = %(now)s, reasons = array_append(reasons, 'address-gone')
    FROM notices_delivery d JOIN registry_handler h ON h.id = d.handler_id
    WHERE o.way = 'mail' AND o.state = 'waiting' AND d.id = o.delivery_id AND h.active AND h.email IS NULL
    RETURNING o.delivery_id
)
UPDATE notices_delivery d SET state = 'unreachable', settled_at = %(now)s FROM stranded WHERE d.id = stranded.delivery_id;

-- name: give_up_for
-- What waits for somebody who does not act for the employer any more; what he is told of it now goes out.
WITH given_up AS (
    UPDATE notices_outboxmessage o
    SET state = 'failed', settled_at = %(now)s, reasons = array_append(reasons, 'handler-gone')
    FROM notices_delivery d
    WHERE o.state = 'waiting' AND o.created_at < %(now)s AND d.id = o.delivery_id AND d.handler_id = %(handler_id)s
    RETURNING o.delivery_id
)
UPDATE notices_delivery d SET state = 'failed', settled_at = %(now)s FROM given_up WHERE d.id = given_up.delivery_id;

-- name: give_up_at
-- What waits for a mobile itself, with a code perhaps, once the mobile is another.
UPDATE notices_outboxmessage
SET state = 'failed', settled_at = %(now)s, reasons = array_append(reasons, 'address-changed')
WHERE way = 'sms' AND state = 'waiting' AND delivery_id IS NULL AND address_digest = %(digest)s AND created_at < %(now)s;

-- name: settle
-- A taker whom everybody thought dead may still say what became of it: UNCLEAR gives way to what is known.
WITH settled AS (
    UPDATE notices_outboxmessage
    SET state = %(state)s, gateway_id = %(gateway_id)s, due_at = coalesce(%(due_at)s, due_at),
        submissions = CASE WHEN %(handed_over)s THEN submissions ELSE trim_array(submissions, 1) END,
        settled_at = CASE WHEN %(state)s = 'waiting' THEN NULL ELSE %(now)s END,
        reasons = CASE WHEN %(reason)s = '' THEN reasons ELSE array_append(reasons, %(reason)s) END
    WHERE id = %(id)s AND state IN ('sending', 'unclear')
    RETURNING delivery_id, state, settled_at
)
UPDATE notices_delivery d SET state = settled.state, settled_at = settled.settled_at
FROM settled WHERE d.id = settled.delivery_id;

-- name: expire
WITH expired AS (
    UPDATE notices_outboxmessage SET state = 'expired', settled_at = %(now)s
    WHERE state = 'waiting' AND valid_until <= %(now)s
    RETURNING delivery_id
)
UPDATE notices_delivery d SET state = 'expired', settled_at = %(now)s FROM expired WHERE d.id = expired.delivery_id;

-- name: orphans
-- Taken and never heard of again: whoever took them died between gateway and commit.
WITH orphaned AS (
    UPDATE notices_outboxmessage SET state = 'unclear', settled_at = %(now)s, reasons = array_append(reasons, 'orphan')
    WHERE state = 'sending' AND taken_at < %(before)s
    RETURNING delivery_id
)
UPDATE notices_delivery d SET state = 'unclear', settled_at = %(now)s FROM orphaned WHERE d.id = orphaned.delivery_id;

-- name: pending_receipts
-- Whom nobody has asked after for longest; that they are asked after now is kept before the gateway is called.
UPDATE notices_outboxmessage SET asked_at = %(now)s
WHERE id IN (
    SELECT id FROM notices_outboxmessage
    WHERE state = 'sent' AND way = %(way)s AND gateway = %(gateway)s AND gateway_id <> '' AND settled_at > %(since)s
    ORDER BY asked_at NULLS FIRST, id LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
RETURNING gateway_id, address, settled_at;

-- name: keep_receipts
INSERT INTO notices_gatewayreceipt (gateway, gateway_id, delivered, reason, came_at)
SELECT %(gateway)s, gateway_id, delivered, reason, %(now)s
FROM unnest(%(gateway_ids)s::text[], %(delivered)s::boolean[], %(reasons)s::text[])
    WITH ORDINALITY AS r (gateway_id, delivered, reason, place)
ORDER BY place;

-- name: note_receipts
-- Of two receipts of one message the first counts. Once its message is known a receipt is of no more use.
WITH known AS MATERIALIZED (
    SELECT o.id, o.gateway_id, o.taken_at FROM notices_outboxmessage o
    WHERE o.gateway = %(gateway)s AND o.gateway_id <> '' AND o.gateway_id IN (
        SELECT gateway_id FROM notices_gatewayreceipt
        WHERE gateway = %(gateway)s AND gateway_id = coalesce(%(gateway_id)s, gateway_id))
    ORDER BY o.id FOR UPDATE
), receipt AS (
    SELECT DISTINCT ON (known.id) known.id, CASE WHEN r.delivered THEN 'delivered' ELSE 'failed' END AS state, r.reason
    FROM known JOIN notices_gatewayreceipt r ON r.gateway = %(gateway)s AND r.gateway_id = known.gateway_id
    WHERE r.came_at > known.taken_at - %(apart)s::interval
    ORDER BY known.id, r.id
), settled AS (
    UPDATE notices_outboxmessage o
    SET state = r.state, settled_at = %(now)s,
        reasons = CASE WHEN r.reason = '' THEN reasons ELSE array_append(reasons, r.reason) END
    FROM receipt r WHERE o.id = r.id AND o.state IN ('sent', 'unclear')
    RETURNING o.delivery_id, o.state
), told AS (
    UPDATE notices_delivery d SET state = settled.state, settled_at = %(now)s
    FROM settled WHERE d.id = settled.delivery_id
), spent AS (
    DELETE FROM notices_gatewayreceipt r USING known WHERE r.gateway = %(gateway)s AND r.gateway_id = known.gateway_id
)
SELECT count(*) FROM settled;

-- name: forget_receipts
DELETE FROM notices_gatewayreceipt WHERE came_at < %(before)s;

-- name: try_again
-- A person has decided that it goes out again: it waits anew, with its history, for who is in office now.
WITH reached AS (
    SELECT o.id, d.id AS delivery_id, h.id AS handler_id, CASE o.way WHEN 'sms' THEN h.mobile ELSE h.email END AS address,
        CASE o.way WHEN 'sms' THEN h.mobile_digest END AS address_digest
    FROM notices_outboxmessage o
    JOIN notices_delivery d ON d.id = o.delivery_id
    LEFT JOIN registry_handler h ON h.employer_id = d.employer_id AND h.active AND h.duty = 'handler'
    WHERE o.delivery_id = %(delivery_id)s AND o.state IN ('failed', 'unclear')
    FOR UPDATE OF o
), again AS (
    UPDATE notices_outboxmessage o
    SET state = CASE WHEN r.address IS NULL THEN o.state ELSE 'waiting' END,
        address = coalesce(r.address, o.address), address_digest = coalesce(r.address_digest, o.address_digest),
        due_at = %(now)s, attempts = 0, settled_at = CASE WHEN r.address IS NULL THEN o.settled_at END,
        reasons = array_append(reasons, 'again: ' || %(reason)s)
    FROM reached r WHERE o.id = r.id
    RETURNING r.delivery_id, r.handler_id, r.address IS NULL AS unreachable
)
UPDATE notices_delivery d
SET state = CASE WHEN again.unreachable THEN 'unreachable' ELSE 'waiting' END, handler_id = again.handler_id,
    settled_at = CASE WHEN again.unreachable THEN %(now)s END
FROM again WHERE d.id = again.delivery_id
RETURNING d.state;

-- name: usage
-- Texts by day or month of China's clock, latest first: how often one was handed to a gateway, and how many are charged.
WITH span AS (
    SELECT date_trunc(%(unit)s, (%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai') - %(span)s::interval)
        AT TIME ZONE 'Asia/Shanghai' AS begin
)
SELECT (date_trunc(%(unit)s, at AT TIME ZONE 'Asia/Shanghai'))::date AS since, count(*), sum(segments)::bigint
FROM span, notices_outboxmessage, unnest(submissions) at
WHERE way = 'sms' AND taken_at >= span.begin AND at >= span.begin
GROUP BY since ORDER BY since DESC;

-- name: forget
-- What was said, of what is settled; that it was sent, when, to whom, by which template and what became of it remains.
UPDATE notices_outboxmessage SET text = %(text)s, "values" = %(values)s, forgotten_at = %(now)s
WHERE template = ANY(%(templates)s) AND created_at < %(before)s AND forgotten_at IS NULL
  AND state NOT IN ('waiting', 'sending');
