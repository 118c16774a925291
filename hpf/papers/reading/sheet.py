"""What comes out of a workbook: rows of plain values, each at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula; ``value`` is what the workbook says it came to when it was last calculated."""

    value: str | float | date | None


Cell = str | float | date | Formula | None
"""Text, number, day, formula or nothing. A time of day and TRUE/FALSE come as text."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with content. ``number`` counts from 1 as on the screen; ``cells[0]`` is column A."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The one sheet that is read: iterate once over its rows; rows without content are left out.

    The rows come while they are read, so iterating can still raise ``Refused``. ``other_sheets`` names the visible
    sheets that are not read, ``told`` what a sheet aside tells of the file, by word.
    """

    name: str
    other_sheets: tuple[str, ...]
    rows: Iterator[Row]
    told: Mapping[str, str]

    def __iter__(self) -> Iterator[Row]:
        return self.rows


def column_letters(index: int) -> str:
    """The letters of a column counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
