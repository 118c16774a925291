-- name: submit_review
INSERT INTO casework_review (kind, subject_id, title, branch_id, maker_id, maker_name, business_day, channel)
VALUES (%(kind)s, %(subject_id)s, %(title)s, %(branch_id)s, %(maker_id)s, %(maker_name)s, %(business_day)s, %(channel)s)
RETURNING id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
          checker_name, decided_at, note, channel;

-- name: lock_review
SELECT id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
       checker_name, decided_at, note, channel
FROM casework_review WHERE kind = %(kind)s AND subject_id = %(subject_id)s AND state = 'pending' FOR UPDATE;

-- name: decide_review
UPDATE casework_review
SET state = %(state)s, checker_id = %(checker_id)s, checker_name = %(checker_name)s, note = %(note)s,
    decided_at = clock_timestamp()
WHERE id = %(id)s
RETURNING id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
          checker_name, decided_at, note, channel;

-- name: withdraw_review
UPDATE casework_review SET state = 'withdrawn', decided_at = clock_timestamp() WHERE id = %(id)s
RETURNING id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
          checker_name, decided_at, note, channel;

-- name: reviews_of
SELECT id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
       checker_name, decided_at, note, channel
FROM casework_review WHERE kind = %(kind)s AND subject_id = %(subject_id)s ORDER BY id DESC LIMIT %(limit)s;

-- name: pending_reviews
SELECT id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
       checker_name, decided_at, note, channel
FROM casework_review WHERE state = 'pending' AND kind = ANY(%(kinds)s) ORDER BY id LIMIT %(limit)s;

-- name: came_back
SELECT id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
       checker_name, decided_at, note, channel
FROM casework_review back
WHERE maker_id = %(maker_id)s AND state IN ('returned', 'refused') AND decided_at >= %(since)s
  AND NOT EXISTS (SELECT FROM casework_review later
                  WHERE later.kind = back.kind AND later.subject_id = back.subject_id AND later.id > back.id)
ORDER BY decided_at DESC LIMIT %(limit)s;

-- name: by_command
SELECT id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
       checker_name, decided_at, note, channel
FROM casework_review
WHERE maker_id = %(maker_id)s AND channel = 'cli' AND (state = 'pending' OR made_at >= %(since)s)
ORDER BY id DESC LIMIT %(limit)s;

-- name: count_pending
SELECT count(*) FROM casework_review
WHERE state = 'pending' AND kind = ANY(%(kinds)s) AND maker_id <> %(besides)s;

-- name: approved
SELECT casework_approved(%(kind)s, %(subject_id)s);

-- name: has_written
-- Whether somebody wrote what stands under a number: asked as the items' guards ask it, with their own words.
SELECT EXISTS (
    SELECT FROM pg_trigger guard
    CROSS JOIN LATERAL string_to_array(encode(guard.tgargs, 'escape'), '\000') AS told
    JOIN evidence_event event ON event.subject = told[2] || ':' || %(subject_id)s AND event.act = ANY (told[3:])
    WHERE guard.tgrelid = 'casework_review'::regclass AND guard.tgfoid = 'casework_writers_apart'::regproc
      AND told[1] = %(kind)s AND event.actor_kind = 'staff' AND event.actor_id = %(staff_id)s);
