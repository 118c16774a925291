-- name: next_unit_account_id
SELECT nextval(pg_get_serial_sequence('registry_unitaccount', 'id'));
