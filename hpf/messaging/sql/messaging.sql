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
UPDATE notices_delivery SET state = 'printed', settled_at = %(now)s, settled_by = %(by)s
WHERE id IN (
    SELECT id FROM notices_delivery WHERE way = 'letter' AND state = 'unprinted' ORDER BY id LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
RETURNING id;
