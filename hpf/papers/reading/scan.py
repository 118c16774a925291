"""Parts of a workbook read as plain bytes, for what its reader does not tell, or not before it has paid for it:
formulas, far cells, and how much text the cells would hold."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from itertools import chain

_NAME = rb"(?:[^\s<>/:=\"']+:)?"
_ATTRIBUTE = rb"\s+(?!r\s*=)[^\s<>/=\"']+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')"
_CELL = b"<" + _NAME + rb"c(?:" + _ATTRIBUTE + rb")*\s+r\s*=\s*[\"']"
_FORMULA = re.compile(b"<" + _NAME + rb"f[\s/>]")
_ITS_CELL = re.compile(_CELL + rb"([A-Z]{1,3})(\d{1,7})[\"'][^<>]*(?<!/)>\s*")
_CELLS_END = re.compile(b"</" + _NAME + rb"sheetData[\s>]")
_FAR = re.compile(
    _CELL + rb"((?:[A-Z]{3,}\d+|[A-Z]{1,2}(?:[2-9]\d{5}|\d{7,})))[\"'][^<>]*(?<!/)>(?!\s*</)",
)
_MAYBE_FAR = re.compile(rb"r=[\"'](?:[A-Z]{3}|[A-Z]{1,2}(?:[2-9]\d{5}|\d{7}))")
"""Quick to look for: where it is nowhere, no cell is far."""
_CELL_TEXT = re.compile(
    rb"\bt=[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v\s*>\s*(?P<shared>\d{1,9})\s*<|<(?P<ends>/?)(?:\w+:)?is[\s/>]"
)
_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")
_LONGEST_TAG = 4_096


class SheetScan:
    """Fed with a sheet's bytes in pieces of any size.

    ``far_cell`` is the first cell with content beyond column ZZ or row 199,999, which a reader that lays cells out as
    a rectangle would pay for in gigabytes. ``formulas`` are the cells with a formula, as ``(row, column)`` from 0;
    ``lost_formula`` says that there is one whose cell does not say, right before it, where it stands. ``values`` is how
    many cells have a value, at most.
    """

    def __init__(self) -> None:
        self.far_cell = ""
        self.formulas: set[tuple[int, int]] = set()
        self.values = 0
        self._rest, self._end = b"", 0
        self._formulas_end = self._cells_end = 0
        self._lost: int | None = None

    @property
    def lost_formula(self) -> bool:
        """Only among the cells: what stands behind them may have formulas that belong to none (``xm:f``)."""
        return self._lost is not None and (not self._cells_end or self._lost < self._cells_end)

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        window = self._rest + piece
        offset = self._end - len(self._rest)
        self.values += piece.count(b"/v") + piece.count(b":v")
        if not self.far_cell and _MAYBE_FAR.search(window) and (far := _FAR.search(window)):
            self.far_cell = far[1].decode()[:12]
        if b"<f" in window or b":f" in window:
            self._take_formulas(window, offset)
        if b"sheetData" in window:
            self._cells_end = max([self._cells_end, *(offset + end.end() for end in _CELLS_END.finditer(window))])
        self._rest, self._end = window[-_LONGEST_TAG:], self._end + len(piece)

    def _take_formulas(self, window: bytes, offset: int) -> None:
        for found in _FORMULA.finditer(window):
            if (end := offset + found.end()) <= self._formulas_end:
                continue  # seen whole in the piece before, of which the end is looked at again
            self._formulas_end = end
            before = max(0, window.rfind(b"<", 0, found.start()))
            if cell := _ITS_CELL.fullmatch(window, before, found.start()):
                self.formulas.add((int(cell[2]) - 1, _column(cell[1])))
            elif self._lost is None:
                self._lost = end


class TextScan:
    """Fed with the bytes of the texts that cells share: how many bytes each takes, its markup included."""

    def __init__(self) -> None:
        self._starts = array("q")
        self._rest, self._end = b"", 0

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        window = self._rest + piece
        offset = self._end - len(self._rest)
        self._starts.extend(offset + found.start() for found in _TEXT.finditer(window))
        self._end += len(piece)
        tag = window[window.rfind(b"<") :] if b"<" in window else b""
        self._rest = tag if len(tag) < _LONGEST_TAG and not _TEXT.match(tag) else b""

    @property
    def lengths(self) -> array[int]:
        """The bytes of each text, in order."""
        ends = chain(self._starts[1:], (self._end,))
        return array("q", (end - start for start, end in zip(self._starts, ends, strict=False)))

    @property
    def longest(self) -> int:
        """The bytes of the longest one, 0 if there is none."""
        return max(self.lengths, default=0)


def cell_text(pieces: Iterable[bytes], lengths: array[int]) -> int:
    """How many bytes of text the cells of a sheet would hold: texts of their own, and each a copy of what it shares."""
    total, place, rest = 0, 0, b""
    for piece in pieces:
        window, end = rest + piece, 0
        place -= len(rest)
        for found in _CELL_TEXT.finditer(window):
            end = found.end()
            if found["shared"]:
                total += lengths[number] if (number := int(found["shared"])) < len(lengths) else 0
            else:
                total += (place + end) * (1 if found["ends"] else -1)
        rest = window[max(end, len(window) - _LONGEST_TAG) :]
        place += len(window)
    return total


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
