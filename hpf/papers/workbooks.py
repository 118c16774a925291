"""Workbooks out: the roster template, and any list as xlsx or csv.

No cell is ever a formula: text is written as text whatever it begins with, totals are written as numbers (ASVS 1.2.10).
Rows are streamed: memory does not grow with their number.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from hpf.kernel import Fen, Month
from hpf.papers import roster_columns as roster
from hpf.papers.marks import BEIJING, in_beijing
from hpf.papers.shapes import UnitShape

Value = str | Fen | int | Month | date | None

_INK, _LINE, _WASH, _CINNABAR = "#17202B", "#CFD6DE", "#EEF2F6", "#B1272D"
TRACE_PROPERTY = "追溯号"
_DAY_ZERO = date(1899, 12, 30)
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")
_FIRST_ROW = roster.ROSTER_HEADER_ROW + 1
_LAST_ROW = roster.ROSTER_HEADER_ROW + roster.ROSTER_MAX_ROWS


class Kind(StrEnum):
    """What a column of a list holds, and so how it is written."""

    TEXT = "text"
    MONEY = "money"
    COUNT = "count"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a list: its header, what it holds, its width in characters, whether the last row sums it."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 14
    total: bool = False


@dataclass(frozen=True, slots=True)
class Sums:
    """What the row of totals adds up: the rows that ``counts`` takes, under this title."""

    title: str
    counts: Callable[[Sequence[Value]], bool]


EVERY_ROW = Sums("合计", lambda _: True)


def table_workbook(
    title: str,
    table: Sequence[Field],
    rows: Iterable[Sequence[Value]],
    *,
    watermark: str,
    made_at: datetime,
    trace: str = "",
    apart: str = "",
    sums: Sums = EVERY_ROW,
) -> bytes:
    """A list as a workbook: title, watermark, header, rows and, if a column asks for it, a row of totals.

    ``apart`` titles the column whose values are summed each in a row of its own, such as active and sealed accounts;
    ``sums`` says which rows are summed at all, and how their sum is called.

    ``rows`` hold ``Fen`` for money, ``Month``, ``date``, ``int`` or text, in the order of ``table``; ``None`` is an
    empty cell. ``watermark`` says who exported it and when (domain 6.3) and stands above the list and at the foot of
    each printed page; ``trace``, the number of this export, is a property of the file. Raises ``ValueError`` for more
    rows than a sheet holds and for text longer than a cell holds.
    """
    out = BytesIO()
    with _workbook(out, title, made_at, watermark, trace) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        looks = _Looks(book)
        for at, field in enumerate(table):
            sheet.set_column(at, at, field.width)
        _put(sheet, 0, 0, title, looks.title)
        _put(sheet, 1, 0, watermark, looks.note)
        for at, field in enumerate(table):
            _put(sheet, 2, at, field.title, looks.header if field.kind is Kind.TEXT else looks.header_right)
        key = next((at for at, field in enumerate(table) if field.title == apart), None)
        found, end = _write_rows(sheet, table, rows, looks, key, sums.counts)
        for below, (name, totals) in enumerate(found.items()):
            title = f"{sums.title}（{name}）" if name else sums.title
            _write_totals(sheet, table, totals, end + below, looks, title)
        sheet.freeze_panes(3, 0)
        sheet.autofilter(2, 0, max(2, end - 1), len(table) - 1)
        _for_print(sheet, watermark)
    return out.getvalue()


def csv_export(table: Sequence[Field], rows: Iterable[Sequence[Value]]) -> bytes:
    """A list as CSV: UTF-8 with byte order mark, CRLF, amounts in yuan without separators, months ``202607``.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_harmless(field.title) for field in table])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def roster_template(
    unit: UnitShape,
    *,
    rows: Iterable[Mapping[str, str]] = (),
    findings: Sequence[str] | None = None,
    columns: Sequence[roster.Column] = roster.ROSTER_COLUMNS,
    watermark: str = "",
    trace: str = "",
) -> bytes:
    """The template for 批量开户: 花名册 to fill in, 填写说明, and the version in two hidden places.

    ``rows`` (by ``Column.key``) fill it in advance. With ``findings``, one text per row, it is the user's own roster
    given back with a last column 核对结果, to be mended and uploaded again; in other
    ``columns`` than the template's where the user's own differ. ``watermark`` and ``trace`` as for a list.
    """
    out = BytesIO()
    with _workbook(out, roster.ROSTER_SHEET, datetime(2026, 1, 1, tzinfo=BEIJING), watermark, trace) as book:
        book.set_custom_property(roster.ROSTER_PROPERTY, roster.ROSTER_VERSION)
        looks = _Looks(book)
        _write_roster(book.add_worksheet(roster.ROSTER_SHEET), unit, looks, rows, findings, columns, watermark)
        _write_guide(book.add_worksheet(roster.ROSTER_GUIDE_SHEET), looks, columns)
        hidden = book.add_worksheet(roster.ROSTER_META_SHEET)
        _put(hidden, 0, 0, "version")
        _put(hidden, 0, 1, roster.ROSTER_VERSION)
        _put(hidden, 1, 0, roster.ROSTER_META_UNIT)
        _put(hidden, 1, 1, unit.account_no)
        hidden.very_hidden()
    return out.getvalue()


# The parts of a list


def _write_rows(
    sheet: Any,
    table: Sequence[Field],
    rows: Iterable[Sequence[Value]],
    looks: _Looks,
    key: int | None,
    counts: Callable[[Sequence[Value]], bool],
) -> tuple[dict[str, dict[int, Fen | int]], int]:
    """Write the rows from row 3 on; give back the sums by column for each value of column ``key``, and the next row."""
    writers = [_cell_writer(sheet, field.kind, looks) for field in table]
    nothing: dict[int, Fen | int] = {
        at: Fen(0) if field.kind is Kind.MONEY else 0 for at, field in enumerate(table) if field.total
    }
    sums: dict[str, dict[int, Fen | int]] = {}
    end = 3
    for row in rows:
        for at, (write, value) in enumerate(zip(writers, row, strict=True)):
            if value is not None:
                write(end, at, value)
        end += 1
        if not counts(row):
            continue
        totals = sums.setdefault("" if key is None else str(row[key]), dict(nothing))
        for at in totals:
            value = row[at]
            if isinstance(value, int):
                totals[at] = totals[at] + value
    return (sums or {"": nothing}) if nothing else {}, end


def _write_totals(
    sheet: Any, table: Sequence[Field], totals: Mapping[int, Fen | int], row: int, looks: _Looks, title: str
) -> None:
    for at in range(len(table)):
        if at in totals:
            money = table[at].kind is Kind.MONEY
            _number(sheet, row, at, _amount(totals[at]), looks.total_money if money else looks.total_count)
        else:
            sheet.write_blank(row, at, None, looks.total_text)
    if 0 not in totals:
        _put(sheet, row, 0, title, looks.total_text)


def _cell_writer(sheet: Any, kind: Kind, looks: _Looks) -> Callable[[int, int, Any], None]:
    look = looks.by_kind[kind]
    if kind is Kind.TEXT:
        return lambda row, at, value: _put(sheet, row, at, value, look)
    number = _SERIAL[kind]
    return lambda row, at, value: _number(sheet, row, at, number(value), look)


def _amount(value: Fen | int) -> float:
    """Yuan as a spreadsheet keeps them; a double is exact to the fen far beyond any fund."""
    return int(value) / 100 if isinstance(value, Fen) else value


_SERIAL: dict[Kind, Callable[[Any], float]] = {
    Kind.MONEY: _amount,
    Kind.COUNT: int,
    Kind.MONTH: lambda month: (month.first_day - _DAY_ZERO).days,
    Kind.DAY: lambda day: (day - _DAY_ZERO).days,
}


# The parts of the template


def _write_roster(
    sheet: Any,
    unit: UnitShape,
    looks: _Looks,
    rows: Iterable[Mapping[str, str]],
    findings: Sequence[str] | None,
    columns: Sequence[roster.Column],
    watermark: str,
) -> None:
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width, looks.roster_cells[column.kind])
    _put(sheet, roster.ROSTER_TITLE_ROW, 0, f"{roster.ROSTER_TITLE}　{unit.name}　{unit.account_no}", looks.title)
    _put(sheet, roster.ROSTER_NOTE_ROW, 0, _note(), looks.note)
    for at, column in enumerate(columns):
        _put(sheet, roster.ROSTER_HEADER_ROW, at, column.header, looks.required if column.required else looks.header)
    if findings is not None:
        sheet.set_column(len(columns), len(columns), 60, looks.finding)
        _put(sheet, roster.ROSTER_HEADER_ROW, len(columns), roster.FINDINGS_TITLE, looks.header)
    for at, row in enumerate(rows):
        _write_person(sheet, _FIRST_ROW + at, row, looks, columns)
        if findings is not None:
            _put(sheet, _FIRST_ROW + at, len(columns), findings[at], looks.finding)
    keys = [column.key for column in columns]
    _choices(sheet, keys.index("document_type"), [name for _, name in roster.DOCUMENT_TYPES])
    _choices(sheet, keys.index("sex"), [name for _, name in roster.SEXES])
    sheet.freeze_panes(_FIRST_ROW, 2)
    _for_print(sheet, watermark or unit.name)


def _note() -> str:
    most = f"{roster.ROSTER_MAX_ROWS:,}"
    return f"带{roster.REQUIRED_MARK}的列必填。每行一人，最多{most}行。请勿改动表头，请勿使用公式和合并单元格。"


def _write_person(
    sheet: Any, row: int, person: Mapping[str, str], looks: _Looks, columns: Sequence[roster.Column]
) -> None:
    for at, column in enumerate(columns):
        text = person.get(column.key, "")
        number = _plain_number(text) if column.kind is not roster.CellKind.TEXT else None
        if number is not None:
            _number(sheet, row, at, float(number), looks.roster_cells[column.kind])
        elif text:
            _put(sheet, row, at, text, looks.roster_cells[roster.CellKind.TEXT])


def _plain_number(text: str) -> Decimal | None:
    """The number that a text is, if a spreadsheet would show the same again."""
    if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", text, re.ASCII):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _choices(sheet: Any, at: int, names: Sequence[str]) -> None:
    sheet.data_validation(
        _FIRST_ROW,
        at,
        _LAST_ROW,
        at,
        {
            "validate": "list",
            "source": list(names),
            "error_title": "请从列表中选择",
            "error_message": "请选择：" + "、".join(names) + "。",
        },
    )


def _write_guide(sheet: Any, looks: _Looks, columns: Sequence[roster.Column]) -> None:
    for at, width in enumerate((16, 10, 72, 26)):
        sheet.set_column(at, at, width)
    _put(sheet, 0, 0, "填写说明", looks.title)
    for at, title in enumerate(("列名", "是否必填", "说明", "示例")):
        _put(sheet, 2, at, title, looks.header)
    for row, column in enumerate(columns, start=3):
        must = "必填" if column.required else "选填"
        for at, text in enumerate((column.title, must, column.note, column.example)):
            _put(sheet, row, at, text, looks.wrapped)


# Common parts


def _workbook(out: BytesIO, title: str, made_at: datetime, watermark: str, trace: str) -> Any:
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    moment = in_beijing(made_at).replace(tzinfo=None)
    book.set_properties({"title": title, "created": moment, "comments": watermark})
    if trace:
        book.set_custom_property(TRACE_PROPERTY, trace)
    return book


def _put(sheet: Any, row: int, at: int, text: str, look: Any = None) -> None:
    """Write text as text, whatever it begins with."""
    _check(sheet.write_string(row, at, text, look), row, at)


def _number(sheet: Any, row: int, at: int, number: float, look: Any) -> None:
    _check(sheet.write_number(row, at, number, look), row, at)


def _check(code: int, row: int, at: int) -> None:
    if code:
        raise ValueError(f"row {row + 1}, column {at + 1} does not fit into a worksheet")


def _for_print(sheet: Any, foot: str) -> None:
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(roster.ROSTER_HEADER_ROW)
    sheet.set_footer(f"&L{foot.replace('&', '&&')[:180]}&R第 &P 页　共 &N 页")


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", "", title)[:31] or "Sheet1"


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Fen):
        return value.plain_yuan
    if isinstance(value, Month):
        return value.compact
    return _harmless(value) if isinstance(value, str) else str(value)


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) or text.startswith(("\t", "\r", "\n")) else text


class _Looks:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        def look(**more: Any) -> Any:
            return book.add_format(
                {"font_name": "微软雅黑", "font_size": 10, "font_color": _INK, "valign": "vcenter"} | more
            )

        head = {"bg_color": _WASH, "border": 1, "border_color": _LINE, "num_format": "@"}
        line = {"bottom": 1, "bottom_color": _LINE}
        total = {"bold": True, "top": 1, "top_color": _INK}
        self.title = look(bold=True, font_size=14)
        self.note = look(font_size=9, font_color="#556170")
        self.header = look(**head)
        self.header_right = look(**head, align="right")
        self.required = look(**head | {"font_color": _CINNABAR, "bold": True})
        self.wrapped = look(**line, text_wrap=True, num_format="@")
        self.finding = look(font_color=_CINNABAR, text_wrap=True, num_format="@")
        self.total_text = look(**total)
        self.total_money = look(**total, num_format="#,##0.00")
        self.total_count = look(**total, num_format="#,##0")
        self.by_kind = {
            Kind.TEXT: look(**line, num_format="@"),
            Kind.MONEY: look(**line, num_format="#,##0.00"),
            Kind.COUNT: look(**line, num_format="#,##0"),
            Kind.MONTH: look(**line, num_format="yyyy-mm", align="right"),
            Kind.DAY: look(**line, num_format="yyyy-mm-dd", align="right"),
        }
        self.roster_cells = {
            roster.CellKind.TEXT: look(num_format="@"),
            roster.CellKind.MONEY: look(num_format="0.00"),
            roster.CellKind.COUNT: look(num_format="0"),
        }
