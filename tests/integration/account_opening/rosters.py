"""What tests do with rosters and what they ask of the books afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hpf.account_opening import operations, queries
from hpf.account_opening.models import Choice
from hpf.account_opening.queries import RosterShape
from hpf.kernel import Key, Month, Refused
from hpf.ledger.invariants import checks
from hpf.papers.reading import Formula, read_workbook
from hpf.storage import reading
from tests.office import SYSTEM, Unit
from tests.unit.account_opening.people import citizen_number, person, roster

JULY, AUGUST = Month(2026, 7), Month(2026, 8)


DAY = date(2026, 8, 10)


BAD = citizen_number(500)[:17] + ("0" if citizen_number(500)[17] != "0" else "1")


Row = list[object]


def upload(unit: Unit, file: Path, key: str = "") -> int:
    receipt = operations.upload_roster(
        unit_account_id=unit.unit_account_id,
        chunks=[file.read_bytes()],
        name=file.name,
        by=unit.handler,
        today=DAY,
        key=Key(key) if key else Key.fresh(),
    )
    return int(receipt.result["case_no"])


def check(case_no: int, today: date = DAY) -> None:
    operations.check_roster(case_no=case_no, by=SYSTEM, today=today)


def checked(unit: Unit, folder: Path, *rows: Row, header: list[str] | None = None) -> int:
    """A roster with these rows, uploaded and checked."""
    case_no = upload(unit, roster(folder / "花名册.xlsx", *rows, header=header))
    check(case_no)
    return case_no


def choose(unit: Unit, case_no: int, choice: Choice = Choice.GOOD_ROWS, **more: Any) -> None:
    operations.open_roster(case_no=case_no, choice=choice, by=unit.handler, today=DAY, **{"key": Key.fresh()} | more)


def open_now(case_no: int) -> operations.Opening:
    return operations.open_accounts(case_no=case_no, by=SYSTEM, today=DAY)


def shape(unit: Unit, case_no: int) -> RosterShape:
    with reading(unit.handler):
        return queries.roster(case_no)


def codes(unit: Unit, case_no: int) -> dict[int, list[str]]:
    """The codes of the findings of each row that has any."""
    with reading(unit.handler):
        rows = queries.rows(case_no)
    return {row.row_no: [finding.code for finding in row.findings] for row in rows if row.findings}


def refused(act: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.codes


def form(unit: Unit, key: str = "", accept_mended: bool = False, **changes: str) -> dict[str, Any]:
    """One person opened by form; what the receipt says."""
    typed = {
        "name": "张三",
        "document_type": "身份证",
        "document_number": citizen_number(1),
        "mobile": "13800000001",
        "monthly_wage": "6000.00",
        "first_month": "202607",
    }
    receipt = operations.open_account(
        unit_account_id=unit.unit_account_id,
        person=typed | changes,
        accept_mended=accept_mended,
        by=unit.handler,
        today=DAY,
        key=Key(key) if key else Key.fresh(),
    )
    return dict(receipt.result)


def many(count: int, begin: int = 0) -> list[Row]:
    """So many different people with valid numbers."""
    return [
        person(
            at + 1,
            document_number=citizen_number(at % 900 + 1, f"1990{at // 900 % 12 + 1:02d}{at // 10_800 + 1:02d}"),
            monthly_wage=3000 + at % 100,
        )
        for at in range(begin, begin + count)
    ]


def standing(unit: Unit) -> tuple[int, ...]:
    """What opening leaves behind, counted: members, accounts, events, ledger accounts, the unit's count."""
    with reading(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM registry_member), (SELECT count(*) FROM registry_account),"
            " (SELECT count(*) FROM registry_timelineevent WHERE kind = 'opening'),"
            " (SELECT count(*) FROM ledger_account WHERE kind = 'member'),"
            " (SELECT active_count FROM registry_unitaccount WHERE id = %s)",
            [unit.unit_account_id],
        )
        return tuple(cursor.fetchone())


def assert_sound() -> None:
    with reading(SYSTEM):
        assert [one for one in checks() if not one.sound] == []


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What several acts give or raise that begin in the same moment, each on a connection of its own."""

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def work() -> None:
    """Let a worker do all that is due. Its days are today's: the roster's months are not in its future."""
    from procrastinate.contrib.django import app

    from hpf.faces.batch.worker import worker_connector

    async def run(worker: Any) -> None:
        async with worker.open_async():
            await worker.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)

    with app.replace_connector(worker_connector()) as worker:
        asyncio.run(run(worker))


class Killed(BaseException):
    """What a process that dies in the middle looks like from inside."""


class Dying:
    """Ends the process at whatever is asked of it."""

    def __call__(self, *_: object, **__: object) -> None:
        raise Killed

    def __getitem__(self, _: object) -> None:
        raise Killed


def people_of(folder: Path, workbook: bytes) -> list[tuple[Any, ...]]:
    """The rows of a marked workbook below its header; nothing in it is a formula."""
    file = folder / "marked.xlsx"
    file.write_bytes(workbook)
    with read_workbook(file) as sheet:
        rows = [row.cells for row in sheet]
    assert not any(isinstance(cell, Formula) for row in rows for cell in row)
    return rows[3:]
