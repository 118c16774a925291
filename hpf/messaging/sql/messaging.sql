-- name: settle_own
-- The actor's transaction shows it its own employer's rows alone.
UPDATE notices_delivery SET state = %(after)s, settled_at = %(now)s, settled_by = %(by)s
WHERE id = ANY(%(ids)s) AND state = %(before)s
RETURNING id;

-- name: unread
SELECT id FROM notices_delivery WHERE employer_id = %(employer_id)s AND way = 'inbox' AND state = 'unread' ORDER BY id;

-- name: unread_beside
-- The same message in the inbox of the same employer.
SELECT i.id FROM notices_delivery p JOIN notices_delivery i USING (message_id, employer_id)
WHERE p.id = %(delivery_id)s AND i.way = 'inbox' AND i.state = 'unread';

-- name: take_letters
-- What of these waits to be printed: printed now, or with a reason never.
UPDATE notices_delivery SET state = %(state)s, reason = %(reason)s, settled_at = %(now)s, settled_by = %(by)s
WHERE id = ANY(%(letters)s) AND way = 'letter' AND state = 'unprinted';

-- name: write_letters
-- To whom a message has come by no way that proves it: unread, unconfirmed, failed, without an address; not once it is over.
INSERT INTO notices_delivery (
    message_id, employer_id, handler_id, way, state, important, title, text, sent_at, settled_by, shown_until
)
SELECT d.message_id, d.employer_id, max(d.handler_id), 'letter', 'unprinted', bool_or(d.important), '', '', %(now)s, '',
       max(d.shown_until)
FROM notices_delivery d WHERE d.message_id = %(message_id)s
GROUP BY d.message_id, d.employer_id
HAVING NOT bool_or(d.state IN ('read', 'confirmed', 'delivered') OR d.way = 'letter')
   AND coalesce(max(d.shown_until) > %(moment)s, true);

-- name: reached
-- Of these letters those whose message has come to the same employer by another way that proves it.
SELECT l.id FROM notices_delivery l
WHERE l.id = ANY(%(letters)s) AND EXISTS (
    SELECT FROM notices_delivery d WHERE (d.message_id, d.employer_id) = (l.message_id, l.employer_id)
      AND d.state IN ('read', 'confirmed', 'delivered'));

-- name: post_letters
UPDATE notices_delivery SET state = 'posted', proof = %(proof)s, settled_at = %(now)s, settled_by = %(by)s
WHERE id = ANY(%(letters)s::bigint[]) AND way = 'letter' AND state = 'printed';

-- name: unposted_batches
-- The acts of printing whose letters the post has not taken yet.
SELECT e.id FROM evidence_event e JOIN notices_delivery d ON d.id = (e.result -> 'letters' ->> 0)::bigint
WHERE e.subject = 'letters' AND e.act = 'print_letters' AND d.state = 'printed' ORDER BY e.id;

-- name: batch_numbers
-- The batches of letters are numbered from 1 each year: (act of printing, number as people say it).
SELECT id, to_char(business_day, 'YYYY-')
       || row_number() OVER (PARTITION BY date_trunc('year', business_day::timestamp) ORDER BY id)
FROM evidence_event WHERE subject = 'letters' AND act = 'print_letters';

-- name: texts_today
-- The text messages that somebody has written to single employers on a day.
SELECT count(*) FROM evidence_event
WHERE act = 'send_message' AND business_day = %(today)s AND actor_kind = 'staff' AND actor_id = %(staff_id)s
  AND detail -> 'ways' ? 'sms';

-- name: without_address
-- How many employers of an audience have nobody who logs in or whose mobile is bound, how many no mail address, and how
-- many no address for the post.
SELECT count(*), count(*) FILTER (WHERE h.id IS NULL), count(*) FILTER (WHERE h.email IS NULL),
       count(*) FILTER (WHERE btrim(e.address) = '')
FROM registry_employer e
LEFT JOIN registry_handler h ON h.employer_id = e.id AND h.active AND h.duty = 'handler'
WHERE e.branch_id = coalesce(%(branch_id)s, e.branch_id)
  AND (%(employers)s::bigint[] IS NULL OR e.id = ANY(%(employers)s::bigint[]));

-- name: those_without
-- The same employers, by their number: a page of them, after one or before one.
SELECT e.id, e.name FROM registry_employer e
LEFT JOIN registry_handler h ON h.employer_id = e.id AND h.active AND h.duty = 'handler'
WHERE e.branch_id = coalesce(%(branch_id)s, e.branch_id)
  AND (%(employers)s::bigint[] IS NULL OR e.id = ANY(%(employers)s::bigint[]))
  AND CASE %(way)s WHEN 'letter' THEN btrim(e.address) = '' WHEN 'mail' THEN h.email IS NULL ELSE h.id IS NULL END
  AND e.id > %(after)s AND (%(before)s = 0 OR e.id < %(before)s)
ORDER BY CASE WHEN %(before)s = 0 THEN e.id END, e.id DESC LIMIT %(limit)s;

-- name: tally
-- How a message stands: (way, state, deliveries).
SELECT way, state, count(*) FROM notices_delivery WHERE message_id = %(message_id)s GROUP BY way, state ORDER BY way, state;

-- name: unreached
SELECT count(*) FROM (
    SELECT FROM notices_delivery d WHERE d.message_id = %(message_id)s GROUP BY d.employer_id
    HAVING NOT bool_or(d.state IN ('read', 'confirmed', 'delivered') OR d.way = 'letter')
       AND coalesce(max(d.shown_until) > %(moment)s, true)
) lost;
