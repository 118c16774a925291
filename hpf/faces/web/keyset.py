"""Keyset paging: a page begins after a row or ends before one, so the last page of 100,000 costs what the first does.

The address carries the row's id and, for people, the number of the first row shown: ``?after=4711&first=51``. A made-up
number changes what is said, never what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest

from hpf.faces.web.shapes.frame import Pager

Row = TypeVar("Row")
_LAST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of a page, and whether the list goes on on either side."""

    rows: Sequence[Row]
    more_before: bool
    more_after: bool


@dataclass(frozen=True, slots=True)
class Keyset:
    """Which page of a list is asked for. ``query`` is the rest of the address: filters stay while paging."""

    path: str
    query: dict[str, str]
    after: int
    before: int
    first: int
    size: int

    @classmethod
    def of(cls, request: HttpRequest, size: int) -> Keyset:
        """The page that an address asks for; what is not a number asks for the first page."""
        query = {name: request.GET[name] for name in request.GET if name not in ("after", "before", "first")}
        after, before, first = (_number(request.GET.get(name, "")) for name in ("after", "before", "first"))
        return cls(request.path, query, after, before, max(first, 1), size)

    def page(
        self,
        following: Callable[[int, int], Sequence[Row]],
        preceding: Callable[[int, int], Sequence[Row]],
    ) -> Page[Row]:
        """The rows of this page, of ``following(after, limit)`` or ``preceding(before, limit)``, in the list's order.

        One row more than is shown is asked for: so it is known whether the list goes on, and nobody counts it.
        """
        if self.before:
            found = preceding(self.before, self.size + 1)
            return Page(found[-self.size :], more_before=len(found) > self.size, more_after=True)
        found = following(self.after, self.size + 1)
        return Page(found[: self.size], more_before=self.after > 0, more_after=len(found) > self.size)

    def pager(self, page: Page[Row], id_of: Callable[[Row], int], total: int | None = None) -> Pager:
        """What stands under the list. ``total`` counts all rows of the filter, where that is known."""
        if not page.rows:
            return Pager(0, 0, 0)
        last = self.first + len(page.rows) - 1
        before = self._address(before=id_of(page.rows[0]), first=max(self.first - self.size, 1))
        after = self._address(after=id_of(page.rows[-1]), first=last + 1)
        return Pager(self.first, last, total, before if page.more_before else "", after if page.more_after else "")

    def _address(self, **place: int) -> str:
        return f"{self.path}?{urlencode(self.query | place)}"


def _number(text: str) -> int:
    """A number as an address carries it; 0 for anything else, and for what no id can be."""
    return min(int(text), _LAST_ID) if text.isascii() and text.isdigit() and len(text) < 20 else 0
