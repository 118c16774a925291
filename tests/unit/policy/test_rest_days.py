"""Working days count by the week and by what the State Council moves in it."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.policy import after_working_days, is_working_day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 8, 10), True),  # a Monday
        (date(2026, 8, 15), False),  # a Saturday
        (date(2026, 10, 1), False),  # the National Day, a Thursday
        (date(2026, 10, 10), True),  # a Saturday on which people work for it
        (date(2031, 10, 1), True),  # nobody has decided that year: the week decides
    ],
)
def test_the_week_decides_where_nobody_moved_a_day(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("event", "days", "last"),
    [
        (date(2026, 8, 10), 5, date(2026, 8, 17)),  # over a weekend
        (date(2026, 9, 30), 5, date(2026, 10, 13)),  # over the National Day, with one Saturday of work
        (date(2026, 8, 15), 1, date(2026, 8, 17)),  # from a day of rest
        (date(2026, 8, 10), 0, date(2026, 8, 10)),
    ],
)
def test_a_term_begins_the_day_after_and_skips_days_of_rest(event: date, days: int, last: date) -> None:
    assert after_working_days(event, days) == last
