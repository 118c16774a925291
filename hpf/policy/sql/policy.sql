-- name: terms
SELECT name, place, starts_on, value, unit, source, ends_on, checked
FROM policy_parameter
WHERE place = ANY(%(places)s)
ORDER BY name, place, starts_on

-- name: add_terms
INSERT INTO policy_parameter (name, place, starts_on, value, unit, source, ends_on, checked)
SELECT name, place, starts_on, value, unit, source, ends_on, checked
FROM jsonb_to_recordset(%(terms)s::jsonb) AS term (
    name text, place text, starts_on date, value text, unit text, source text, ends_on date, checked text
)

-- name: chosen_day, prepared
SELECT chosen_day FROM policy_calendar

-- name: choose_day
INSERT INTO policy_calendar (chosen_day) VALUES (%(day)s)
ON CONFLICT (only_row) DO UPDATE SET chosen_day = EXCLUDED.chosen_day
