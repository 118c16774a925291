-- name: log_after
SELECT id, recorded_at, business_day, act, actor_kind, actor_name, channel, address, employer_id, subject, detail, result
FROM evidence_event
WHERE (%(after)s = 0 OR id < %(after)s) AND business_day BETWEEN %(starts_on)s AND %(ends_on)s
  AND (%(act)s = '' OR act = %(act)s) AND (%(actor_name)s = '' OR actor_name = %(actor_name)s)
  AND (%(subject)s = '' OR subject = %(subject)s)
ORDER BY id DESC LIMIT %(limit)s;

-- name: log_before
SELECT * FROM (
    SELECT id, recorded_at, business_day, act, actor_kind, actor_name, channel, address, employer_id, subject, detail,
           result
    FROM evidence_event
    WHERE id > %(before)s AND business_day BETWEEN %(starts_on)s AND %(ends_on)s
      AND (%(act)s = '' OR act = %(act)s) AND (%(actor_name)s = '' OR actor_name = %(actor_name)s)
      AND (%(subject)s = '' OR subject = %(subject)s)
    ORDER BY id LIMIT %(limit)s) nearest
ORDER BY id DESC;

-- name: log_line
SELECT id, recorded_at, business_day, act, actor_kind, actor_name, channel, address, employer_id, subject, detail, result
FROM evidence_event WHERE id = %(number)s;

-- name: refused_logins
SELECT address, count(*), count(DISTINCT NULLIF(subject, '')), max(recorded_at)
FROM evidence_event WHERE act = 'refuse_login' AND recorded_at > %(since)s
GROUP BY address ORDER BY count(*) DESC, max(recorded_at) DESC LIMIT 200;
