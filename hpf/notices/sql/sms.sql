-- name: put_in_outbox
-- Gives nothing back: who may put a message in may not read it.
INSERT INTO notices_smsmessage (mobile, mobile_digest, purpose, text, state, created_at, valid_until)
VALUES (%(mobile)s, %(mobile_digest)s, %(purpose)s, %(text)s, %(state)s, %(created_at)s, %(valid_until)s);
