-- name: next_messages
-- Numbers for messages, with the moment of the transaction.
SELECT nextval('notices_message_id_seq'), now() FROM generate_series(1, %(count)s);

-- name: told_to_many
-- (message, employer, title, text): one message to one employer, to those of a branch, or to all; or only to those of
-- them whom the portal serves.
SELECT m.message_id, e.id AS employer_id, m.title, m.text
FROM unnest(%(messages)s::bigint[], %(titles)s::text[], %(texts)s::text[]) AS m (message_id, title, text),
     registry_employer e
WHERE e.id = coalesce(%(employer_id)s, e.id) AND e.branch_id = coalesce(%(branch_id)s, e.branch_id)
  AND (NOT %(served)s OR EXISTS (
      SELECT FROM registry_handler h WHERE h.employer_id = e.id AND h.active AND h.duty = 'handler'))

-- name: told_to_chosen
-- The same: one message to these.
SELECT m.message_id, e.id AS employer_id, m.title, m.text
FROM unnest(%(messages)s::bigint[], %(titles)s::text[], %(texts)s::text[]) AS m (message_id, title, text),
     registry_employer e
WHERE e.id = ANY(%(employers)s)

-- name: told_to_each
-- The same: to each employer a message of its own.
SELECT message_id, employer_id, title, text
FROM unnest(%(messages)s::bigint[], %(employers)s::bigint[], %(titles)s::text[], %(texts)s::text[])
    AS m (message_id, employer_id, title, text)

-- name: put_messages
-- Gives nothing back: the portal may say something and not read what others were told.
INSERT INTO notices_message (
    id, template, about, version, title, text, important, ways, audience, sender, sent_at, business_day, digest
)
SELECT
    m.number, %(template)s, m.about, %(version)s, m.title, m.text, %(important)s, %(ways)s, m.audience, %(sender)s, %(now)s,
    %(today)s, m.digest
FROM unnest(%(messages)s::bigint[], %(titles)s::text[], %(texts)s::text[], %(audiences)s::text[], %(digests)s::bytea[],
            %(about)s::text[]) AS m (number, title, text, audience, digest, about);

-- name: deliver
-- What stays in the house: read in the hall, or printed.
INSERT INTO notices_delivery (
    message_id, employer_id, handler_id, way, state, important, title, text, template, sent_at, settled_by, shown_until
)
SELECT
    t.message_id, t.employer_id, h.id, way,
    CASE way WHEN 'inbox' THEN 'unread' WHEN 'prompt' THEN 'unconfirmed' WHEN 'page' THEN 'shown' ELSE 'unprinted' END,
    %(important)s,
    CASE WHEN way = ANY(%(in_the_hall)s) THEN t.title ELSE '' END,
    CASE WHEN way = ANY(%(in_the_hall)s) THEN t.text ELSE '' END,
    CASE WHEN way = ANY(%(in_the_hall)s) THEN %(template)s ELSE '' END,
    %(now)s, '', CASE WHEN way IN ('page', 'prompt', 'letter') THEN %(shown_until)s::timestamptz END
FROM ({told}) t
LEFT JOIN registry_handler h ON h.employer_id = t.employer_id AND h.active AND h.duty = 'handler'
CROSS JOIN unnest(%(ways)s::text[]) way
ORDER BY t.message_id, t.employer_id;

-- name: count_as_read
-- What is still unread of these messages, for these employers.
UPDATE notices_delivery SET state = 'read', settled_at = coalesce(%(now)s, now()), settled_by = %(by)s
WHERE message_id = ANY(%(messages)s) AND employer_id = ANY(%(employers)s)
  AND (way, state) IN (('inbox', 'unread'), ('prompt', 'unconfirmed'));

-- name: unread
SELECT EXISTS (
    SELECT FROM notices_delivery WHERE message_id = ANY(%(messages)s) AND employer_id = %(employer_id)s
      AND (way, state) IN (('inbox', 'unread'), ('prompt', 'unconfirmed')));

-- name: withdraw
UPDATE notices_delivery SET shown_until = %(now)s
WHERE message_id = %(message_id)s AND way IN ('page', 'prompt', 'letter');

-- name: withdraw_about
UPDATE notices_delivery d SET shown_until = %(now)s FROM notices_message m
WHERE m.id = d.message_id AND m.about <> '' AND m.about = ANY(%(about)s::text[]) AND d.way IN ('page', 'prompt')
  AND (d.shown_until IS NULL OR d.shown_until > %(now)s);

-- name: outgoing
-- What leaves the house: (message, subject, text, values, segments), text and values encrypted.
SELECT * FROM unnest(
    %(numbers)s::bigint[], %(subjects)s::text[], %(sealed)s::bytea[], %(sealed_values)s::bytea[], %(segments)s::smallint[]
) AS o (message_id, subject, text, "values", segments)

-- name: post_sms
-- The mobile goes as the register has encrypted it, and is decrypted by who hands it to the gateway.
WITH made AS (
    INSERT INTO notices_delivery (
        message_id, employer_id, handler_id, way, state, important, title, text, sent_at, settled_by
    )
    SELECT
        t.message_id, t.employer_id, h.id, 'sms', CASE WHEN h.id IS NULL THEN 'unreachable' ELSE 'waiting' END,
        %(important)s, '', '', %(now)s, ''
    FROM ({told}) t LEFT JOIN registry_handler h ON h.employer_id = t.employer_id AND h.active AND h.duty = 'handler'
    RETURNING id, message_id, handler_id, state
)
INSERT INTO notices_outboxmessage (
    way, address, address_digest, template, version, subject, text, "values", segments, delivery_id, state, created_at,
    due_at, attempts, submissions, gateway, gateway_id, reasons
)
SELECT
    'sms', h.mobile, h.mobile_digest, %(template)s, %(version)s, o.subject, o.text, o."values", o.segments, made.id,
    'waiting', %(now)s, %(now)s, 0, '{}', '', '', '{}'
FROM made JOIN ({outgoing}) o USING (message_id) JOIN registry_handler h ON h.id = made.handler_id
WHERE made.state = 'waiting';

-- name: post_mail
WITH made AS (
    INSERT INTO notices_delivery (
        message_id, employer_id, handler_id, way, state, important, title, text, sent_at, settled_by
    )
    SELECT
        t.message_id, t.employer_id, h.id, 'mail', CASE WHEN h.email IS NULL THEN 'unreachable' ELSE 'waiting' END,
        %(important)s, '', '', %(now)s, ''
    FROM ({told}) t LEFT JOIN registry_handler h ON h.employer_id = t.employer_id AND h.active AND h.duty = 'handler'
    RETURNING id, message_id, handler_id, state
)
INSERT INTO notices_outboxmessage (
    way, address, template, version, subject, text, "values", segments, delivery_id, state, created_at, due_at, attempts,
    submissions, gateway, gateway_id, reasons
)
SELECT
    'mail', h.email, %(template)s, %(version)s, o.subject, o.text, o."values", o.segments, made.id, 'waiting', %(now)s,
    %(now)s, 0, '{}', '', '', '{}'
FROM made JOIN ({outgoing}) o USING (message_id) JOIN registry_handler h ON h.id = made.handler_id
WHERE made.state = 'waiting';
