-- name: listed
-- What stands at a moment, newest first: a page of it, after one version or before one.
SELECT v.draft_id, v.publication_id, p.kind, v.number, v.title, v.important, v.effective_on, v.publish_at
FROM publications_standing(%(now)s) v JOIN publications_publication p ON p.id = v.publication_id
WHERE (%(kind)s = '' OR p.kind = %(kind)s)
  AND (%(tokens)s::text[] = '{}' OR v.draft_id IN (
      SELECT version_id FROM publications_token WHERE token = ANY(%(tokens)s::text[])
      GROUP BY version_id HAVING count(*) = cardinality(%(tokens)s::text[])))
  AND (%(after)s = 0 OR (v.publish_at, v.draft_id)
       < (SELECT publish_at, draft_id FROM publications_version WHERE draft_id = %(after)s))
  AND (%(before)s = 0 OR (v.publish_at, v.draft_id)
       > (SELECT publish_at, draft_id FROM publications_version WHERE draft_id = %(before)s))
ORDER BY CASE WHEN %(before)s = 0 THEN v.publish_at END DESC, CASE WHEN %(before)s = 0 THEN v.draft_id END DESC,
         v.publish_at, v.draft_id
LIMIT %(limit)s;

-- name: standing
SELECT draft_id FROM publications_standing(%(now)s) WHERE publication_id = %(publication_id)s;

-- name: standing_by_slug
SELECT p.slug, p.id FROM publications_standing(%(now)s) v JOIN publications_publication p ON p.id = v.publication_id
WHERE p.slug = ANY(%(slugs)s::text[]);

-- name: to_acknowledge
SELECT draft_id, publication_id FROM publications_to_acknowledge(%(handler_id)s, %(now)s) ORDER BY publish_at, draft_id;

-- name: announced
-- How the announcement of what is reviewed elsewhere stands: (publication, draft, state, since, digest).
SELECT d.publication_id, d.id,
    CASE
        WHEN d.state = 'submitted' THEN 'waiting'
        WHEN v.draft_id IS NULL THEN 'dropped'
        WHEN v.taken_down_at IS NOT NULL THEN 'taken_down'
        WHEN s.draft_id IS NULL THEN 'replaced'
        ELSE 'shown'
    END,
    COALESCE(v.taken_down_at, v.publish_at, d.written_at), encode(d.digest, 'hex')
FROM publications_draft d
LEFT JOIN publications_version v ON v.draft_id = d.id
LEFT JOIN publications_standing(%(now)s) s ON s.draft_id = d.id
WHERE (d.review_kind, d.review_subject) = (%(kind)s, %(subject_id)s);

-- name: desk
-- Every publication with its latest draft and its latest version, the last touched first.
SELECT p.id, p.kind, d.id, d.title, d.state, d.writer_name, d.written_at, v.number, v.publish_at, v.take_down_at,
       v.taken_down_at, COALESCE(v.important, false)
FROM publications_publication p
JOIN LATERAL (SELECT * FROM publications_draft WHERE publication_id = p.id ORDER BY id DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT * FROM publications_version WHERE publication_id = p.id ORDER BY number DESC LIMIT 1) v ON true
WHERE (%(kind)s = '' OR p.kind = %(kind)s) AND (%(after)s = 0 OR d.id < %(after)s) AND (%(before)s = 0 OR d.id > %(before)s)
ORDER BY CASE WHEN %(before)s = 0 THEN d.id END DESC, d.id LIMIT %(limit)s;

-- name: publish
-- The approved draft becomes the next version of its publication.
INSERT INTO publications_version (draft_id, publication_id, number, title, text, change_summary, important, effective_on,
                                  publish_at, take_down_at, files, digest)
SELECT d.id, d.publication_id,
       1 + COALESCE((SELECT max(number) FROM publications_version WHERE publication_id = d.publication_id), 0),
       d.title, d.text, d.change_summary, d.important, %(effective_on)s, %(publish_at)s, d.take_down_at, d.files, d.digest
FROM publications_draft d WHERE d.id = %(draft_id)s
RETURNING number;

-- name: index_words
INSERT INTO publications_token (token, version_id) SELECT unnest(%(tokens)s::text[]), %(version_id)s;

-- name: untold
-- The important ones that are out and of which employers have not been told.
SELECT draft_id FROM publications_standing(%(now)s) WHERE important AND told_at IS NULL ORDER BY publish_at, draft_id;

-- name: mark_told
-- Nothing where it was told, superseded or taken down before.
UPDATE publications_version v SET told_at = %(now)s
FROM publications_standing(%(now)s) standing
WHERE v.draft_id = %(version_id)s AND standing.draft_id = v.draft_id AND v.told_at IS NULL AND v.taken_down_at IS NULL
RETURNING v.draft_id;

-- name: told_by
UPDATE publications_version SET message_no = %(message)s WHERE draft_id = %(version_id)s;

-- name: take_down
UPDATE publications_version SET taken_down_at = %(now)s, taken_down_by = %(by)s, taken_down_reason = %(reason)s
WHERE publication_id = %(publication_id)s AND taken_down_at IS NULL AND (take_down_at IS NULL OR take_down_at > %(now)s);
