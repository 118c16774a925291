-- name: named
SELECT DISTINCT d FROM casework_named(%(digests)s) AS d;
