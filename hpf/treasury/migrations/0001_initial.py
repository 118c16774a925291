"""The bank's statements and their lines. Plain SQL: what is unique, and what is booked, is the point of them."""

from django.db import migrations

TABLES = """
-- ``new_count`` lines were in no earlier file; ``new_fen`` is their sum, money in less money out.
CREATE TABLE treasury_statement (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bank_account_id bigint NOT NULL REFERENCES registry_bankaccount,
    starts_on       date NOT NULL,
    ends_on         date NOT NULL CHECK (ends_on >= starts_on),
    opening_fen     bigint NOT NULL,
    closing_fen     bigint NOT NULL,
    line_count      integer NOT NULL,
    new_count       integer NOT NULL CHECK (new_count BETWEEN 0 AND line_count),
    new_fen         bigint NOT NULL,
    digest          bytea NOT NULL,
    imported_on     date NOT NULL,
    imported_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    imported_by     text NOT NULL,
    CONSTRAINT treasury_statement_once UNIQUE (bank_account_id, digest)
);

-- A line's identity is (account, day, flow number): taken once, however many files deliver it (H-13). Money in that is
-- no repetition has one entry. ``unit_account_id`` says in whose 暂存款 it lies or lay; without one it is 未识别款.
-- ``employer_id`` is the employer that is told of the line.
CREATE TABLE treasury_line (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    statement_id         bigint NOT NULL REFERENCES treasury_statement,
    bank_account_id      bigint NOT NULL,
    line_no              integer NOT NULL,
    flow_no              text NOT NULL,
    booked_on            date NOT NULL,
    side                 text NOT NULL CHECK (side IN ('贷', '借')),
    amount_fen           bigint NOT NULL CHECK (amount_fen > 0),
    payer_name           text NOT NULL,
    payer_account        bytea,
    payer_account_digest bytea,
    payer_bank           text NOT NULL,
    summary              text NOT NULL,
    remark               text NOT NULL,
    state                text NOT NULL CHECK (state IN ('matched', 'booked', 'short', 'counted', 'unallocated',
                                                        'unidentified', 'assigned', 'repeated', 'outgoing')),
    findings             jsonb NOT NULL,
    case_no              bigint,
    employer_id          bigint,
    unit_account_id      bigint,
    entry_id             bigint CONSTRAINT treasury_line_entry UNIQUE REFERENCES ledger_entry,
    assigned_entry_id    bigint REFERENCES ledger_entry,
    CONSTRAINT treasury_line_booked CHECK ((entry_id IS NULL) = (state IN ('repeated', 'outgoing'))),
    CONSTRAINT treasury_line_lies CHECK (
        (unit_account_id IS NULL) = (state IN ('unidentified', 'repeated', 'outgoing'))),
    CONSTRAINT treasury_line_assigned CHECK ((assigned_entry_id IS NOT NULL) = (state = 'assigned'))
);
CREATE UNIQUE INDEX treasury_line_once ON treasury_line (bank_account_id, booked_on, flow_no) WHERE state <> 'repeated';
CREATE UNIQUE INDEX treasury_line_one_payment ON treasury_line (case_no) WHERE state = 'matched';
CREATE INDEX treasury_line_statement ON treasury_line (statement_id, id);
CREATE INDEX treasury_line_employer ON treasury_line (employer_id, id DESC) WHERE employer_id IS NOT NULL;
CREATE INDEX treasury_line_case ON treasury_line (case_no) WHERE case_no IS NOT NULL;
CREATE INDEX treasury_line_open ON treasury_line (state, id) WHERE state IN ('matched', 'short', 'unidentified');
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("registry", "0001_initial"), ("ledger", "0001_initial")]
    operations = [migrations.RunSQL(TABLES, "DROP TABLE treasury_line; DROP TABLE treasury_statement")]
