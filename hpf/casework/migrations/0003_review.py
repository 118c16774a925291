"""Reviews: what one member of the staff made and another decides. Plain SQL: that they are two is the point of it."""

from django.db import migrations

TABLE = """
CREATE TABLE casework_review (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL,
    subject_id   bigint NOT NULL,
    title        text NOT NULL,
    branch_id    bigint REFERENCES registry_branch,
    state        text NOT NULL DEFAULT 'pending'
                 CHECK (state IN ('pending', 'approved', 'returned', 'refused', 'withdrawn')),
    maker_id     bigint NOT NULL REFERENCES registry_staff,
    maker_name   text NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    business_day date NOT NULL,
    checker_id   bigint REFERENCES registry_staff,
    checker_name text NOT NULL DEFAULT '',
    decided_at   timestamptz,
    note         text NOT NULL DEFAULT '',
    CONSTRAINT casework_review_two_persons CHECK (checker_id <> maker_id),
    CONSTRAINT casework_review_decided CHECK (
        (checker_id IS NOT NULL) = (state IN ('approved', 'returned', 'refused'))
        AND (decided_at IS NOT NULL) = (state <> 'pending'))
);
CREATE UNIQUE INDEX casework_review_one_pending ON casework_review (kind, subject_id) WHERE state = 'pending';
CREATE INDEX casework_review_subject ON casework_review (kind, subject_id, id DESC);
CREATE INDEX casework_review_pending ON casework_review (kind, id) WHERE state = 'pending';
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_numbers"), ("registry", "0003_timeline_index")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE casework_review")]
