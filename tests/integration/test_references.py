"""A row of a large table that points to nothing is refused, whoever writes it and however many it comes with."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from hpf.kernel import Month
from tests.office import add_member, open_center, open_unit

JULY = Month(2026, 7)
NOBODY = 987_654_321

INSERTED = (
    ("registry_member", "employer_id", {"id": NOBODY, "identity_digest": "\\x01"}),
    ("registry_account", "member_id", {"id": NOBODY, "number": "77"}),
    ("registry_account", "employer_id", {"id": NOBODY, "number": "77", "member_id": "spare"}),
    ("registry_account", "unit_account_id", {"id": NOBODY, "number": "77", "member_id": "spare"}),
    ("registry_timelineevent", "employer_id", {"id": NOBODY}),
    ("registry_timelineevent", "unit_account_id", {"id": NOBODY}),
    ("registry_timelineevent", "account_id", {"id": NOBODY}),
    ("registry_nametoken", "employer_id", {"token": "乙"}),
    ("registry_nametoken", "account_id", {"token": "乙"}),
    ("ledger_account", "subject", {"id": NOBODY}),
)
CHANGED = (
    ("registry_member", "employer_id"),
    ("registry_account", "member_id"),
    ("registry_account", "employer_id"),
    ("registry_account", "unit_account_id"),
)


def test_a_row_that_points_to_nothing_neither_goes_in_nor_comes_about(center: Any) -> None:
    open_center()
    add_member(open_unit("甲单位"), "甲", "6000.00", JULY)
    refused = []
    with center.connect("superuser") as raw:
        raw.execute(
            "INSERT INTO registry_nametoken (employer_id, token, account_id)"
            " SELECT employer_id, '甲', id FROM registry_account"
        )
        spare = put(raw, "registry_member", {"id": NOBODY + 1, "identity_digest": "\\x02"})
        for table, column, changes in INSERTED:
            row = {name: spare["id"] if value == "spare" else value for name, value in changes.items()}
            nothing = "999" if column == "subject" else NOBODY
            if column != "member_id":
                with raw.transaction(force_rollback=True):
                    put(raw, table, row)  # so it would go in
            with pytest.raises(psycopg.errors.ForeignKeyViolation) as caught, raw.transaction():
                put(raw, table, {**row, column: nothing})
            refused.append((caught.value.diag.message_primary or "").partition(" in ")[0])
        for table, column in CHANGED:
            with pytest.raises(psycopg.errors.ForeignKeyViolation, match=f"{table}.{column} points to nothing"):
                raw.execute(f"UPDATE {table} SET {column} = {NOBODY} WHERE id <= {NOBODY}")
    assert refused == [f"{table}.{column} points to nothing" for table, column, _ in INSERTED]


def put(raw: psycopg.Connection[Any], table: str, changes: dict[str, object]) -> dict[str, Any]:
    """The last row of a table once more, with changes; what went in."""
    (row,) = raw.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY t DESC LIMIT 1").fetchone() or ({},)
    (columns,) = raw.execute(
        "SELECT string_agg(attname, ', ') FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [table],
    ).fetchone() or ("",)
    written = {**row, **changes}
    raw.execute(
        f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE"
        f" SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s)",
        [Jsonb(written)],
    )
    return written
