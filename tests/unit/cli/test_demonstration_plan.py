"""The demonstration's history lies before the day on which it begins, as far as the law reaches."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hpf.employer_registration.rules import EmployerApplication
from hpf.faces.cli.demo.plan import plan
from hpf.kernel import Month, Refused


@pytest.mark.parametrize(
    ("today", "first", "remitted"),
    [
        (date(2026, 7, 1), Month(2026, 7), 0),
        (date(2026, 8, 10), Month(2026, 7), 1),
        (date(2026, 11, 10), Month(2026, 7), 4),
        (date(2027, 1, 5), Month(2026, 9), 4),
        (date(2027, 6, 30), Month(2027, 2), 4),
    ],
)
def test_its_months_end_before_the_day(today: date, first: Month, remitted: int) -> None:
    whole = plan(today)
    assert (whole.registered_on, len(whole.remitted)) == (first.first_day, remitted)
    assert all(month < Month.of(today) for month in whole.remitted)
    assert {one.application.first_month for one in whole.employers} == {f"{first.year}-{first.month:02d}"}
    assert list(whole.employers[1].openings) == list(whole.months)


@pytest.mark.parametrize("today", [date(2026, 7, 1), date(2027, 1, 5)])
def test_who_comes_on_the_day_was_founded_lately(today: date) -> None:
    def age(application: EmployerApplication) -> timedelta:
        return today - date.fromisoformat(application.founded_on)

    whole = plan(today)
    coming = (whole.newcomer.application, *whole.applicants)
    assert {one.first_month for one in coming} == {f"{today.year}-{today.month:02d}"}
    assert [timedelta(0) < age(one) <= timedelta(30) for one in coming] == [True, True, True]


@pytest.mark.parametrize("today", [date(2026, 6, 30), date(2027, 7, 1)])
def test_a_day_without_law_is_one_clear_line(today: date) -> None:
    with pytest.raises(Refused) as refused:
        plan(today)
    assert refused.value.codes == ("DEMO-NO-LAW",)
    assert "自2026-07-01至2027-06-30有效" in refused.value.refusals[0].sentence
