-- name: standing
SELECT channels_standing(%(now)s);

-- name: hasten
-- Jobs that were held begin now: the worker was opened before its time.
UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND attempts > 0 AND scheduled_at > now();
