"""What the portal writes points to its own employer's rows alone, whatever SQL it is made to run."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from hpf.casework.cases import open_case
from hpf.casework.models import CaseKind, CaseState
from hpf.kernel import Month
from hpf.storage import durable
from tests.integration.test_remittance import declare
from tests.office import Unit, add_member, open_center, open_unit

JULY = Month(2026, 7)
DAY = date(2026, 8, 10)
STRANGE, HELD = "points to what is not the employer's", "a case holds its own unit account"
Row = dict[str, object]

# A row of one's own, copied with one thing of another employer laid over it: the table, the column, what is laid over.
ATTACKS = (
    ("registry_timelineevent", "unit_account_id", "unit"),
    ("registry_timelineevent", "account_id", "account"),
    ("registry_timelineevent", "case_no", "case"),
    ("ledger_account", "unit_account_id", "unit"),
    ("casework_case", "unit_account_id", "unit"),
    ("casework_hold", "case_id", "case"),
    ("casework_hold", "subject", "subject"),
    ("remittance_sheet", "unit_account_id", "unit"),
    ("remittance_sheet", "case_id", "case"),
    ("remittance_sheetline", "account_id", "account"),
    ("remittance_sheetline", "case_no", "case"),
)


def spare_case(unit: Unit) -> int:
    with durable(unit.handler):
        case = open_case(
            CaseKind.SEALING,
            CaseState.WORKING,
            employer_id=unit.employer_id,
            unit_account_id=unit.unit_account_id,
            title="封存",
            by=unit.handler,
            today=DAY,
        )
    return case.number


def copy(raw: psycopg.Connection[Any], table: str, changes: Row) -> None:
    """Insert the latest row of a table once more, with changes, as whoever is connected."""
    columns = raw.execute(
        "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND attname NOT IN ('id', 'number') AND has_column_privilege(attrelid, attnum, 'INSERT')",
        [table],
    ).fetchone()[0]
    (row,) = raw.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY t DESC LIMIT 1").fetchone()
    raw.execute(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s)",
        [Jsonb({**row, **changes})],
    )


def test_no_row_of_an_employer_points_to_another_one(center: Any) -> None:
    open_center()
    mine, other = open_unit("甲单位"), open_unit("乙单位", "12511100451268006X")
    add_member(mine, "甲", "6000.00", JULY)
    theirs = {"account": add_member(other, "乙", "6000.00", JULY), "unit": other.unit_account_id}
    theirs |= {"case": spare_case(other), "subject": f"unit:{other.unit_account_id}"}
    declare(mine, JULY)
    beside = {
        "ledger_account": {"kind": "member", "subject": "201"},
        "remittance_sheet": {"case_id": spare_case(mine), "live": False},
        "casework_case": {"kind": "sealing"},
    }
    refused = []
    with center.connect("app") as raw:
        raw.execute("SET ROLE hpf_demo_portal")
        raw.execute("SELECT set_config('hpf.employer', %s, false)", [str(mine.employer_id)])
        with raw.transaction(force_rollback=True):  # what is one's own goes in
            copy(raw, "registry_timelineevent", {})
            copy(raw, "remittance_sheet", beside["remittance_sheet"])
        for table, column, foreign in ATTACKS:
            try:
                with raw.transaction():
                    copy(raw, table, {**beside.get(table, {}), column: theirs[foreign]})
            except psycopg.Error as error:
                refused.append((table, column, str(error).partition("\n")[0]))
            else:
                refused.append((table, column, "taken"))
    held = {("casework_hold", "case_id"), ("casework_hold", "subject")}
    assert refused == [
        (table, column, HELD if (table, column) in held else f"{table}.{column} {STRANGE}")
        for table, column, _ in ATTACKS
    ]
