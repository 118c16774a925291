-- name: hands_of
-- Who prepared and who approved what a case is about, where that was two persons; how it was paid or withdrawn later is
-- another matter.
SELECT p.preparer_name, p.decider_name
FROM evidence_event e JOIN casework_preparedact p ON p.key = e.key AND p.employer_id = e.employer_id
WHERE e.subject = %(subject)s AND p.act = e.act AND p.state = 'approved'
  AND p.act NOT IN ('withdraw_sheet', 'pay_from_unallocated')
ORDER BY e.id LIMIT 1;
