-- name: center, prepared
SELECT name, hotline, icp_record, police_record, site_code, channels_standing(%(now)s), channels_timetables(%(now)s),
       EXISTS (SELECT FROM publications_publication WHERE slug = 'policy-privacy')
FROM registry_center;

-- name: center_and_employer, prepared
SELECT c.name, c.hotline, c.icp_record, c.police_record, c.site_code, channels_standing(%(now)s), channels_timetables(%(now)s),
       EXISTS (SELECT FROM publications_publication WHERE slug = 'policy-privacy'), e.name, u.number,
       (SELECT user_name FROM registry_handler WHERE id = %(handler_id)s),
       EXISTS (SELECT FROM publications_to_acknowledge(%(handler_id)s, %(now)s)),
       (SELECT count(*) FROM notices_delivery d
        WHERE d.employer_id = %(employer_id)s AND d.way = 'inbox' AND d.state = 'unread'),
       (SELECT COALESCE(max(d.id), 0) FROM notices_delivery d
        WHERE d.employer_id = %(employer_id)s AND d.way = 'prompt' AND d.state = 'unconfirmed'
          AND (d.shown_until IS NULL OR d.shown_until > %(now)s))
FROM registry_center c, registry_unitaccount u JOIN registry_employer e ON e.id = u.employer_id
WHERE u.employer_id = %(employer_id)s ORDER BY u.id LIMIT 1;
