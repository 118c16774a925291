-- name: ask
SELECT wait, until, mobile FROM employer_registration_ask(
    %(token)s, %(number)s, %(mobile_digest)s, %(address)s, %(code)s, %(now)s
);

-- name: try_code
SELECT verdict, tries_left FROM employer_registration_try(%(token)s, %(code)s, %(now)s);

-- name: prefill
SELECT number, application_id, is_new FROM employer_registration_prefill(%(token)s, %(row)s::jsonb, %(now)s);

-- name: forget
SELECT employer_registration_forget(%(now)s);
