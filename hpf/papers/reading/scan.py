"""A sheet's XML read as plain bytes, for the two things the workbook reader does not tell: formulas and far cells."""

from __future__ import annotations

import re

_CELL = rb"<(?:\w+:)?c\s[^<>]*?\br=[\"']"
_FORMULA = re.compile(_CELL + rb"([A-Z]{1,3})(\d{1,7})[\"'][^<>]*>\s*<(?:\w+:)?f[\s/>]")
_FAR = re.compile(
    _CELL + rb"((?:[A-Z]{3,}\d+|[A-Z]{1,2}(?:[2-9]\d{5}|\d{7,})))[\"'][^<>]*(?<!/)>(?!\s*</)",
)
_LONGEST_TAG = 4_096


class SheetScan:
    """Fed with a sheet's bytes in pieces of any size.

    ``far_cell`` is the first cell with content beyond column ZZ or row 199,999, which a reader that lays cells out as
    a rectangle would pay for in gigabytes. ``formulas`` are the cells with a formula, as ``(row, column)`` from 0.
    """

    def __init__(self) -> None:
        self.far_cell = ""
        self.formulas: set[tuple[int, int]] = set()
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        window = self._rest + piece
        if not self.far_cell and (far := _FAR.search(window)):
            self.far_cell = far[1].decode()[:12]
        if b"<f" in window or b":f" in window:
            self.formulas.update((int(row) - 1, _column(letters)) for letters, row in _FORMULA.findall(window))
        self._rest = window[-_LONGEST_TAG:]


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
