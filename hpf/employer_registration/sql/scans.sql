-- name: taken_off
-- The contents that clerks have taken off since; what names them still is asked where they are thrown away.
SELECT DISTINCT decode(detail ->> 'digest', 'hex') FROM evidence_event
WHERE act = 'take_scan_off' AND business_day >= %(since)s;

-- name: forget_scans
-- Of applications that became no employer's, and that nobody has touched since.
DELETE FROM casework_attachment s USING employer_registration_application a
WHERE s.subject_kind = %(kind)s AND s.subject_id = a.id AND s.added_at < %(before)s
  AND a.state IN ('accepted', 'returned', 'refused', 'withdrawn') AND a.changed_at < %(before)s
RETURNING a.id, s.digest;
