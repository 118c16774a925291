-- name: next_message
SELECT nextval('notices_message_id_seq');

-- name: put_message
-- Gives nothing back: the portal may say something and not read what others were told.
INSERT INTO notices_message (
    id, template, version, title, text, important, ways, audience, sender, sent_at, business_day, digest
) VALUES (
    %(message)s, %(template)s, %(version)s, %(title)s, %(text)s, %(important)s, %(ways)s, %(audience)s, %(sender)s, %(now)s,
    %(today)s, %(digest)s
);

-- name: deliver
-- What stays in the house: read in the hall, or printed.
INSERT INTO notices_delivery (
    message_id, employer_id, handler_id, way, state, important, title, text, sent_at, settled_by
)
SELECT
    %(message)s, e.id, h.id, way,
    CASE way WHEN 'inbox' THEN 'unread' WHEN 'prompt' THEN 'unconfirmed' WHEN 'page' THEN 'shown' ELSE 'unprinted' END,
    %(important)s,
    CASE WHEN way = ANY(%(in_the_hall)s) THEN %(title)s ELSE '' END,
    CASE WHEN way = ANY(%(in_the_hall)s) THEN %(text)s ELSE '' END,
    %(now)s, ''
FROM registry_employer e
LEFT JOIN registry_handler h ON h.employer_id = e.id AND h.active AND h.duty = 'handler'
CROSS JOIN unnest(%(ways)s::text[]) way
WHERE e.id = coalesce(%(employer_id)s, e.id) AND e.branch_id = coalesce(%(branch_id)s, e.branch_id)
ORDER BY e.id;

-- name: post_sms
-- The mobile goes as the register has encrypted it, and is decrypted by who hands it to the gateway.
WITH made AS (
    INSERT INTO notices_delivery (
        message_id, employer_id, handler_id, way, state, important, title, text, sent_at, settled_by
    )
    SELECT
        %(message)s, e.id, h.id, 'sms', CASE WHEN h.id IS NULL THEN 'unreachable' ELSE 'waiting' END, %(important)s,
        '', '', %(now)s, ''
    FROM registry_employer e LEFT JOIN registry_handler h ON h.employer_id = e.id AND h.active AND h.duty = 'handler'
    WHERE e.id = coalesce(%(employer_id)s, e.id) AND e.branch_id = coalesce(%(branch_id)s, e.branch_id)
    RETURNING id, handler_id, state
)
INSERT INTO notices_outboxmessage (
    way, address, address_digest, template, version, subject, text, "values", segments, delivery_id, state, created_at,
    due_at, attempts, gateway, gateway_id, reasons
)
SELECT
    'sms', h.mobile, h.mobile_digest, %(template)s, %(version)s, %(subject)s, %(text)s, %(values)s, %(segments)s,
    made.id, 'waiting', %(now)s, %(now)s, 0, '', '', '{}'
FROM made JOIN registry_handler h ON h.id = made.handler_id
WHERE made.state = 'waiting';

-- name: post_mail
WITH made AS (
    INSERT INTO notices_delivery (
        message_id, employer_id, handler_id, way, state, important, title, text, sent_at, settled_by
    )
    SELECT
        %(message)s, e.id, h.id, 'mail', CASE WHEN h.email IS NULL THEN 'unreachable' ELSE 'waiting' END, %(important)s,
        '', '', %(now)s, ''
    FROM registry_employer e LEFT JOIN registry_handler h ON h.employer_id = e.id AND h.active AND h.duty = 'handler'
    WHERE e.id = coalesce(%(employer_id)s, e.id) AND e.branch_id = coalesce(%(branch_id)s, e.branch_id)
    RETURNING id, handler_id, state
)
INSERT INTO notices_outboxmessage (
    way, address, template, version, subject, text, "values", segments, delivery_id, state, created_at, due_at, attempts,
    gateway, gateway_id, reasons
)
SELECT
    'mail', h.email, %(template)s, %(version)s, %(subject)s, %(text)s, %(values)s, %(segments)s, made.id, 'waiting',
    %(now)s, %(now)s, 0, '', '', '{}'
FROM made JOIN registry_handler h ON h.id = made.handler_id
WHERE made.state = 'waiting';
