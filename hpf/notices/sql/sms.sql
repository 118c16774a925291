-- name: put_in_outbox
-- Gives nothing back: who may put a message in may not read it.
INSERT INTO notices_smsmessage (
    mobile, mobile_digest, template, version, text, "values", segments, state, created_at, valid_until, due_at,
    attempts, gateway, gateway_id, reasons
) VALUES (
    %(mobile)s, %(mobile_digest)s, %(template)s, %(version)s, %(text)s, %(values)s, %(segments)s, 'waiting', %(now)s,
    %(valid_until)s, %(now)s, 0, '', '', '{}'
);

-- name: take
-- What is worthless soon goes first. SENDING is committed before the gateway is called: nobody takes it again.
UPDATE notices_smsmessage
SET state = 'sending', attempts = attempts + 1, taken_at = %(now)s, gateway = %(gateway)s
WHERE id = (
    SELECT id FROM notices_smsmessage
    WHERE state = 'waiting' AND due_at <= %(now)s AND (valid_until IS NULL OR valid_until > %(now)s)
    ORDER BY valid_until IS NULL, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, mobile, text, template, "values", attempts, valid_until;

-- name: settle
-- A taker whom everybody thought dead may still say what became of it: UNCLEAR gives way to what is known.
UPDATE notices_smsmessage
SET state = %(state)s, gateway_id = %(gateway_id)s, due_at = coalesce(%(due_at)s, due_at),
    settled_at = CASE WHEN %(state)s = 'waiting' THEN NULL ELSE %(now)s END,
    reasons = CASE WHEN %(reason)s = '' THEN reasons ELSE array_append(reasons, %(reason)s) END
WHERE id = %(id)s AND state IN ('sending', 'unclear');

-- name: expire
UPDATE notices_smsmessage SET state = 'expired', settled_at = %(now)s
WHERE state = 'waiting' AND valid_until <= %(now)s;

-- name: orphans
-- Taken and never heard of again: whoever took them died between gateway and commit.
UPDATE notices_smsmessage SET state = 'unclear', settled_at = %(now)s, reasons = array_append(reasons, 'orphan')
WHERE state = 'sending' AND taken_at < %(before)s;

-- name: pending_receipts
SELECT gateway_id, mobile, settled_at FROM notices_smsmessage
WHERE state = 'sent' AND gateway = %(gateway)s AND gateway_id <> '' AND settled_at > %(since)s
ORDER BY id LIMIT 200;

-- name: take_receipt
UPDATE notices_smsmessage
SET state = %(state)s, settled_at = %(now)s,
    reasons = CASE WHEN %(reason)s = '' THEN reasons ELSE array_append(reasons, %(reason)s) END
WHERE gateway_id = %(gateway_id)s AND gateway = %(gateway)s AND state IN ('sent', 'unclear');
