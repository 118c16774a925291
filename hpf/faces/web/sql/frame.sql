-- name: center
SELECT name, hotline, channels_standing(%(now)s) FROM registry_center;

-- name: center_and_employer
SELECT c.name, c.hotline, e.name, u.number,
       (SELECT user_name FROM registry_handler WHERE id = %(handler_id)s),
       EXISTS (SELECT FROM publications_to_acknowledge(%(handler_id)s, %(now)s)), channels_standing(%(now)s)
FROM registry_center c, registry_unitaccount u JOIN registry_employer e ON e.id = u.employer_id
WHERE u.employer_id = %(employer_id)s ORDER BY u.id LIMIT 1;
