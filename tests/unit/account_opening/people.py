"""People, laws and sheets for the tests of opening. Every number is made up; area 990101 belongs to no place."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from hpf.account_opening.cells import read_row
from hpf.account_opening.rules import row_findings
from hpf.account_opening.shapes import DocumentType, OpeningContext, OpeningLaw, Places, RosterRow
from hpf.kernel import Fen, Month, Rate, Refusal, Rounding
from hpf.kernel.identity import citizen_check_digit
from hpf.papers.roster_columns import ROSTER_COLUMNS
from tests.unit.reading import zoo

HEADER = [column.header for column in ROSTER_COLUMNS]
LETTERS = {column.key: chr(65 + index) for index, column in enumerate(ROSTER_COLUMNS)}
LAW = OpeningLaw(
    base_floor=Fen.from_yuan("2200.00"),
    base_cap=Fen.from_yuan("26495.50"),
    unit_rate=Rate.from_percent("8"),
    personal_rate=Rate.from_percent("8"),
    rounding=Rounding.HALF_UP_FEN,
    minimum_age=16,
    basis="缴存基数通知",
)
CONTEXT = OpeningContext(unit_state="02", unit_first_month=Month(2026, 7), paid_through=None, today=date(2026, 8, 10))
GOOD = RosterRow(
    number=12,
    places=Places(LETTERS),
    name="张三",
    document_type=DocumentType.CITIZEN,
    document_number="511102199003071235",
    mobile="13800000001",
    monthly_wage=Fen.from_yuan("6000.00"),
    first_month=Month(2026, 7),
)


def law_of_every_month(_: Month) -> OpeningLaw:
    return LAW


def citizen_number(serial: int, born: str = "19900307") -> str:
    """A sound number; another one for each serial up to 999 and birthday."""
    return with_check_digit(f"990101{born}{serial:03d}")


def with_check_digit(first_17: str) -> str:
    return first_17 + citizen_check_digit(first_17)


def findings(row: RosterRow, context: OpeningContext = CONTEXT, law: OpeningLaw | None = LAW) -> list[Refusal]:
    return row_findings(row, law, context)


def codes(row: RosterRow, context: OpeningContext = CONTEXT, law: OpeningLaw | None = LAW) -> list[str]:
    return [finding.code for finding in findings(row, context, law)]


def read(**cells: Any) -> tuple[RosterRow, list[Refusal]]:
    """A row read from the cells named, in row 12 of the template."""
    return read_row(12, cells, Places(LETTERS))


def person(serial: int = 1, **changes: Any) -> list[object]:
    """The cells of a good row of the template, with some changed by column key."""
    cells: dict[str, object] = {
        "serial": serial,
        "name": "张三",
        "document_type": "身份证",
        "document_number": citizen_number(serial),
        "mobile": f"138{serial:08d}",
        "monthly_wage": 6000,
        "first_month": "202607",
    }
    return [(cells | changes).get(column.key, "") for column in ROSTER_COLUMNS]


def roster(path: Path, *rows: list[object], header: list[str] | None = None) -> Path:
    """A roster in the form of the template: title, note, header, people."""
    return zoo.workbook(path, [["开户花名册"], ["说明"], HEADER if header is None else header, *rows])
