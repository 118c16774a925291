"""The process that touches the file: ``python -m hpf.papers.reading.child KIND PATH LIMITS PREFER ASIDE``.

It bounds itself first, then says one JSON document per line: ``{"ready": true}``, then of a workbook ``{"sheet": …}``
and ``{"block": …}`` any number of times, of a document ``{"paragraphs": …}``, of a package only judged nothing, and
``{"end": true}`` - or, anywhere after the first, ``{"refused": …}`` as the last. What a hostile file does to it ends
with it.
"""

from __future__ import annotations

import json
import math
import resource
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from hpf.kernel import Refused
from hpf.papers.reading.document import paragraphs
from hpf.papers.reading.limits import Limits
from hpf.papers.reading.package import DOCUMENT, WORKBOOK, Inspected, inspect, judge
from hpf.papers.reading.refusals import unreadable

_BLOCK_ROWS, _BLOCK_CHARS = 1_000, 1_000_000
_TOLD_ROWS = 20
_KINDS = {"judge-workbook": WORKBOOK, "judge-document": DOCUMENT}


def main(kind: str, path: str, limits_text: str, prefer: str, aside: str) -> None:
    """Read one workbook or document under its limits and say what is in it on standard output."""
    limits = Limits(**json.loads(limits_text))
    _confine(limits)
    _say({"ready": True})
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    try:
        if kind == "document":
            _read_document(Path(path), limits)
        elif kind in _KINDS:
            judge(Path(path), limits, _KINDS[kind])
            _say({"end": True})
        else:
            _read(Path(path), limits, prefer, aside)
    except MemoryError:
        _say_refused(unreadable("FILE-TOO-HEAVY"))
    except Refused as refused:
        _say_refused(refused)


def _confine(limits: Limits) -> None:
    """Bound memory and processor time; no files written, no core left behind; the alarm ends the process."""
    seconds = math.ceil(limits.seconds)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _read(path: Path, limits: Limits, prefer: str, aside: str) -> None:
    inspected = inspect(path, limits, prefer, aside)
    sheet, told = _load(path, inspected)
    signal.setitimer(
        signal.ITIMER_REAL, 0
    )  # from here on the other side sets the pace; the limit on processor time stays
    if sheet.end is not None and sheet.end[1] >= limits.columns:
        raise unreadable("FILE-TOO-WIDE", f"列数不能超过{limits.columns}列")
    _say({"sheet": inspected.sheet, "others": inspected.other_sheets, "told": told})
    count = 0
    for block in _blocks(_rows(sheet, limits, inspected.scan.formulas)):
        count += len(block)
        if count > limits.rows:
            raise unreadable("FILE-TOO-MANY-ROWS", f"有内容的行不能超过{limits.rows}行")
        _say({"block": block})
    if not count:
        raise unreadable("FILE-NO-ROWS", f"工作表“{inspected.sheet[:40]}”是空的")
    _say({"end": True})


def _read_document(path: Path, limits: Limits) -> None:
    found, tables = paragraphs(path, limits)
    _say({"paragraphs": found, "tables": tables})
    _say({"end": True})


def _load(path: Path, inspected: Inspected) -> tuple[CalamineSheet, dict[str, str]]:
    """The sheet to read, and what the one aside tells of the file."""
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            aside = workbook.get_sheet_by_name(inspected.aside) if inspected.aside else None
            return workbook.get_sheet_by_name(inspected.sheet), _told(aside)
    except (CalamineError, OSError) as error:
        raise unreadable("FILE-DAMAGED", "表格内容不符合格式") from error
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # a Rust panic derives from BaseException and cannot be imported
            raise
        raise unreadable("FILE-DAMAGED", "表格内容不符合格式") from panic


def _told(aside: CalamineSheet | None) -> dict[str, str]:
    rows = islice(aside.iter_rows(), _TOLD_ROWS) if aside is not None else ()
    return {str(row[0]): row[1] for row in rows if len(row) > 1 and isinstance(row[1], str)}


def _rows(sheet: CalamineSheet, limits: Limits, formulas: set[tuple[int, int]]) -> Iterator[list[Any]]:
    """``[number, cells]`` of the rows with content; cells from column A on."""
    first_column = sheet.start[1] if sheet.start else 0
    margin = [None] * first_column
    with_formulas = {row for row, _ in formulas}
    for index, values in enumerate(sheet.iter_rows()):
        cells = margin + [_plain(value, limits.text_chars) for value in values]
        if index in with_formulas:
            cells = [{"f": v} if (index, column) in formulas else v for column, v in enumerate(cells)]
        if any(cell is not None for cell in cells):
            yield [index + 1, cells]


def _plain(value: Any, text_chars: int) -> Any:
    """A value as JSON takes it; a day as ``{"d": "2026-08-01"}``, blank text as nothing.

    A workbook can write the character NUL (``_x0000_``), which PostgreSQL's text cannot hold and nobody sees: it goes.
    """
    if isinstance(value, str):
        text = value.replace("\0", "")
        return text[:text_chars] if text and not text.isspace() else None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | int):
        return value
    if isinstance(value, datetime):
        return {"d": value.date().isoformat()}
    return {"d": value.isoformat()} if isinstance(value, date) else str(value)


def _blocks(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    """Rows in handfuls, bounded in number and in text, so that neither side holds much."""
    block: list[list[Any]] = []
    chars = 0
    for row in rows:
        block.append(row)
        chars += sum(len(cell) for cell in row[1] if isinstance(cell, str))
        if len(block) == _BLOCK_ROWS or chars > _BLOCK_CHARS:
            yield block
            block, chars = [], 0
    if block:
        yield block


def _say_refused(refused: Refused) -> None:
    _say({"refused": [asdict(refusal) for refusal in refused.refusals]})


def _say(message: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
