-- name: standing
SELECT channels_standing(%(now)s);

-- name: hasten
-- Jobs that were held begin now: the worker was opened before its time.
UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND attempts > 0 AND scheduled_at > now();

-- name: holding
-- The timetables in force on a day: of each function of a channel the one approved last of those that began last.
SELECT DISTINCT ON (channel, function) id FROM channels_timetable
WHERE state = 'approved' AND starts_on <= %(today)s ORDER BY channel, function, starts_on DESC, id DESC;
