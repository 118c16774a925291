"""The event log's tables. Plain SQL: what is evidence should be readable as it is kept."""

from django.db import migrations

TABLES = """
CREATE TABLE evidence_event (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    business_day   date NOT NULL,
    act            text NOT NULL,
    actor_kind     text NOT NULL,
    actor_id       bigint,
    actor_name     text NOT NULL,
    channel        text NOT NULL,
    address        text NOT NULL,
    employer_id    bigint,
    subject        text NOT NULL,
    key            text CONSTRAINT evidence_event_key UNIQUE,
    content_digest bytea NOT NULL,
    detail         jsonb NOT NULL,
    result         jsonb NOT NULL
);
CREATE INDEX evidence_event_employer ON evidence_event (employer_id, id DESC);
CREATE INDEX evidence_event_subject ON evidence_event (subject);

-- What the sealer has still to link. A row is here from the commit of its event until its link is committed.
CREATE TABLE evidence_unsealed (event_id bigint PRIMARY KEY);

CREATE TABLE evidence_link (
    position      bigint PRIMARY KEY,
    event_id      bigint NOT NULL CONSTRAINT evidence_link_event UNIQUE REFERENCES evidence_event,
    digest        bytea NOT NULL,
    sealed_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE evidence_link; DROP TABLE evidence_unsealed; DROP TABLE evidence_event")
    ]
