"""Working days: the week, and what the State Council moves in it. Only what is promised in 工作日 counts by them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from importlib import resources

import yaml

_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether the center works on a day."""
    rest, work = _moved()
    return day in work or (day.weekday() < _SATURDAY and day not in rest)


def after_working_days(event: date, days: int) -> date:
    """The last day of a term of working days that begins the day after an event.

    >>> after_working_days(date(2026, 9, 24), 2)  # 25 September rests
    datetime.date(2026, 9, 29)
    """
    day = event
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


@cache
def _moved() -> tuple[frozenset[date], frozenset[date]]:
    """Days of rest within the week, and days of work at its end. Raises ``ValueError`` for one that moves nothing."""
    text = resources.files(__package__).joinpath("rest_days.yaml").read_text(encoding="utf-8")
    years = yaml.safe_load(text).values()
    rest, work = (frozenset(day for year in years for day in year[kind]) for kind in ("rest", "work"))
    if idle := sorted(
        [*(day for day in rest if day.weekday() >= _SATURDAY), *(day for day in work if day.weekday() < _SATURDAY)]
    ):
        raise ValueError(f"these days are as the week has them: {idle}")
    return rest, work
