-- name: apply
SELECT center_details_apply(%(change_id)s);
