-- name: submit_review
INSERT INTO casework_review (kind, subject_id, title, branch_id, maker_id, maker_name, business_day)
VALUES (%(kind)s, %(subject_id)s, %(title)s, %(branch_id)s, %(maker_id)s, %(maker_name)s, %(business_day)s)
RETURNING id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
          checker_name, decided_at, note;

-- name: lock_review
SELECT id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
       checker_name, decided_at, note
FROM casework_review WHERE kind = %(kind)s AND subject_id = %(subject_id)s AND state = 'pending' FOR UPDATE;

-- name: decide_review
UPDATE casework_review
SET state = %(state)s, checker_id = %(checker_id)s, checker_name = %(checker_name)s, note = %(note)s,
    decided_at = clock_timestamp()
WHERE id = %(id)s
RETURNING id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
          checker_name, decided_at, note;

-- name: withdraw_review
UPDATE casework_review SET state = 'withdrawn', decided_at = clock_timestamp() WHERE id = %(id)s
RETURNING id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
          checker_name, decided_at, note;

-- name: reviews_of
SELECT id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
       checker_name, decided_at, note
FROM casework_review WHERE kind = %(kind)s AND subject_id = %(subject_id)s ORDER BY id DESC LIMIT %(limit)s;

-- name: pending_reviews
SELECT id, kind, subject_id, title, branch_id, state, maker_id, maker_name, made_at, business_day, checker_id,
       checker_name, decided_at, note
FROM casework_review WHERE state = 'pending' AND kind = ANY(%(kinds)s) ORDER BY id LIMIT %(limit)s;

-- name: count_pending
SELECT count(*) FROM casework_review
WHERE state = 'pending' AND kind = ANY(%(kinds)s) AND maker_id <> %(besides)s;

-- name: approved
SELECT casework_approved(%(kind)s, %(subject_id)s);
