"""A contribution month (年月), the unit in which the fund counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

TYPED_YEARS = range(1900, 2200)
"""The years of days and months that somebody may type."""
_FORMS = re.compile(r"^\s*(\d{4})\s*(?:[-/.年]\s*)?(\d{1,2})\s*月?\s*\Z", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, ordered, with exact steps.

    >>> Month.parse("202612").next
    Month(2027, 1)
    >>> Month(2026, 8).months_since(Month(2025, 11))
    9
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.year <= 9999):
            raise ValueError(f"not a month: {self.year}-{self.month}")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read ``202607``, ``2026-07``, ``2026/7``, ``2026年7月``. Raises ``ValueError``, also of another age."""
        found = _FORMS.match(text)
        if not found or int(found[1]) not in TYPED_YEARS:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(found[1]), int(found[2]))

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def next(self) -> Month:
        return self + 1

    @property
    def previous(self) -> Month:
        return self - 1

    @property
    def fund_year(self) -> int:
        """The year in which the contribution year (缴存年度, July to June) begins."""
        return self.year if self.month >= 7 else self.year - 1

    @property
    def compact(self) -> str:
        """``202607``, as files and JGJ/T 320 write it."""
        return f"{self.year:04d}{self.month:02d}"

    @property
    def chinese(self) -> str:
        """``2026年7月``."""
        return f"{self.year}年{self.month}月"

    def until(self, end: Month) -> Iterator[Month]:
        """The months of ``[self, end)``."""
        here = self
        while here < end:
            yield here
            here = here.next

    def __add__(self, months: int) -> Month:
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)

    def __sub__(self, months: int) -> Month:
        return self + -months

    def months_since(self, other: Month) -> int:
        """How many steps lead from ``other`` to this month."""
        return (self.year - other.year) * 12 + self.month - other.month

    def __repr__(self) -> str:
        return f"Month({self.year}, {self.month})"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
