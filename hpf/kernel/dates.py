"""Days and deadlines. 日 in the Regulation means calendar days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hpf.kernel.month import TYPED_YEARS


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days of ``[start, end)``; ``end`` is ``None`` for "until further notice"."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"empty range: [{self.start}, {self.end})")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def typed_day(text: str) -> date:
    """A day as people type it, ``2026-08-10``. Raises ``ValueError`` for no day, and for one outside 1900 to 2199.

    Every day that a person types comes in here: the calendar's own ends would break what is computed from them.

    >>> typed_day(" 2026-08-10 ")
    datetime.date(2026, 8, 10)
    """
    day = date.fromisoformat(text.strip())
    if day.year not in TYPED_YEARS:
        raise ValueError(f"not a day of our time: {day}")
    return day


def deadline(event: date, days: int) -> date:
    """The last day of a term of calendar days after an event (条例 §14, §15, §19).

    >>> deadline(date(2026, 3, 1), 30)
    datetime.date(2026, 3, 31)
    """
    return event + timedelta(days=days)
