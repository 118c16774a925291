"""A workbook of unknown origin, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hpf.papers.reading.limits import Limits
from hpf.papers.reading.process import reader
from hpf.papers.reading.sheet import Row, Sheet

_DEFAULT = Limits()


@contextmanager
def read_workbook(path: Path, *, limits: Limits = _DEFAULT, prefer: str = "", aside: str = "") -> Iterator[Sheet]:
    """Open a workbook of unknown origin and stream the rows of one sheet.

    Reads the visible sheet named ``prefer``, else the first visible one; of a small one named ``aside``, hidden or not,
    what stands beside each word of its first column. Only .xlsx without password, macros, embedded
    files and document types is read. Raises ``Refused`` with one of ``FILE_CODES``, on entry or, if the file turns bad
    later, while iterating. The child process ends with the ``with`` block, however that ends.
    """
    with reader("workbook", path, limits, prefer, aside) as messages:
        opening = next(messages)
        yield Sheet(opening["sheet"], tuple(opening["others"]), _rows(messages), opening["told"])


def _rows(messages: Iterator[dict[str, Any]]) -> Iterator[Row]:
    for message in messages:
        for number, cells in message["block"]:
            yield Row(number, tuple(cells))
