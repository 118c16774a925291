-- name: check_holds
-- A case holds its subject as long as it is under way, and not a moment longer. (Rows compared, up to 20 faults.)
WITH held AS (
    SELECT c.number, c.state, c.state = ANY(%(final)s) AS is_over,
           bool_or(h.subject IS NOT NULL AND (h.employer_id, h.kind) = (c.employer_id, c.kind)) AS holds,
           c.kind = ANY(%(holding)s) AS must_hold, count(h.subject) AS holds_so_many
    FROM casework_case c LEFT JOIN casework_hold h ON h.case_id = c.number
    GROUP BY c.number
)
SELECT count(*), (array_agg(format('办件%%s为%%s，在途占用%%s项', number, state, holds_so_many))
                  FILTER (WHERE is_over AND holds_so_many > 0 OR NOT is_over AND must_hold AND NOT holds))[1:20]
FROM held;
