-- name: put_in_outbox
-- Gives nothing back: who may put a message in may not read it.
INSERT INTO notices_outboxmessage (
    way, address, address_digest, template, version, subject, text, "values", digest, segments, state, created_at,
    valid_until, due_at, attempts, gateway, gateway_id, reasons
) VALUES (
    %(way)s, %(address)s, %(address_digest)s, %(template)s, %(version)s, %(subject)s, %(text)s, %(values)s, %(digest)s,
    %(segments)s, 'waiting', %(now)s, %(valid_until)s, %(now)s, 0, '', '', '{}'
);

-- name: take
-- What is worthless soon goes first. SENDING is committed before the gateway is called: nobody takes it again.
UPDATE notices_outboxmessage
SET state = 'sending', attempts = attempts + 1, taken_at = %(now)s, gateway = %(gateway)s
WHERE id = (
    SELECT id FROM notices_outboxmessage
    WHERE way = %(way)s AND state = 'waiting' AND due_at <= %(now)s
        AND (valid_until IS NULL OR valid_until > %(now)s)
    ORDER BY valid_until IS NULL, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, address, subject, text, template, "values", attempts, valid_until;

-- name: settle
-- A taker whom everybody thought dead may still say what became of it: UNCLEAR gives way to what is known.
WITH settled AS (
    UPDATE notices_outboxmessage
    SET state = %(state)s, gateway_id = %(gateway_id)s, due_at = coalesce(%(due_at)s, due_at),
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
SELECT gateway_id, address, settled_at FROM notices_outboxmessage
WHERE state = 'sent' AND way = %(way)s AND gateway = %(gateway)s AND gateway_id <> '' AND settled_at > %(since)s
ORDER BY id LIMIT 200;

-- name: take_receipt
WITH settled AS (
    UPDATE notices_outboxmessage
    SET state = %(state)s, settled_at = %(now)s,
        reasons = CASE WHEN %(reason)s = '' THEN reasons ELSE array_append(reasons, %(reason)s) END
    WHERE gateway_id = %(gateway_id)s AND gateway = %(gateway)s AND state IN ('sent', 'unclear')
    RETURNING delivery_id, state
), told AS (
    UPDATE notices_delivery d SET state = settled.state, settled_at = %(now)s
    FROM settled WHERE d.id = settled.delivery_id
)
SELECT count(*) FROM settled;

-- name: try_again
-- A person has decided that it goes out again: it waits anew, with its history.
WITH waiting AS (
    UPDATE notices_outboxmessage
    SET state = 'waiting', due_at = %(now)s, attempts = 0, settled_at = NULL, reasons = array_append(reasons, 'again: ' || %(reason)s)
    WHERE delivery_id = %(delivery_id)s AND state IN ('failed', 'unclear')
    RETURNING delivery_id
)
UPDATE notices_delivery d SET state = 'waiting', settled_at = NULL FROM waiting WHERE d.id = waiting.delivery_id;

-- name: usage
-- Texts by day or month of China's clock, latest first: how many went to a gateway, and how many are charged.
SELECT (date_trunc(%(unit)s, created_at AT TIME ZONE 'Asia/Shanghai'))::date AS since, count(*), sum(segments)::bigint
FROM notices_outboxmessage
WHERE way = 'sms' AND attempts > 0
  AND created_at > date_trunc(%(unit)s, (%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai') - %(span)s::interval)
      AT TIME ZONE 'Asia/Shanghai'
GROUP BY since ORDER BY since DESC;

-- name: forget
-- What was said, of what is settled; that it was sent, when, to whom, by which template and what became of it remains.
UPDATE notices_outboxmessage SET text = %(text)s, "values" = %(values)s, forgotten_at = %(now)s
WHERE template = ANY(%(templates)s) AND created_at < %(before)s AND forgotten_at IS NULL
  AND state NOT IN ('waiting', 'sending');
