"""Sealing: who may be sealed, and from which month on."""

from __future__ import annotations

from hpf.kernel import Month
from hpf.sealing.rules import SealingShape, refusals

JULY, AUGUST, SEPTEMBER = Month(2026, 7), Month(2026, 8), Month(2026, 9)


def member(name: str = "丙", *, active: bool = True, since: Month = JULY) -> SealingShape:
    return SealingShape("51110000000003", name, active, "正常" if active else "封存", since)


def codes(*members: SealingShape, month: Month = AUGUST, declared: Month | None = None, reason: bool = True) -> list:
    return [refusal.code for refusal in refusals(members, month, AUGUST, declared, reason, AUGUST)]


def test_an_active_member_is_sealed_from_the_month_that_is_due() -> None:
    assert codes(member()) == []


def test_a_future_month_is_allowed() -> None:
    assert codes(member(), month=SEPTEMBER) == []


def test_a_paid_month_is_not_touched() -> None:
    assert codes(member(), month=JULY) == ["SEAL-MONTH-PAID"]


def test_a_declared_month_is_in_the_way_but_the_month_after_it_is_not() -> None:
    assert codes(member(), month=AUGUST, declared=AUGUST) == ["SEAL-MONTH-DECLARED"]
    assert codes(member(), month=SEPTEMBER, declared=AUGUST) == []


def test_a_sealed_member_is_not_sealed_again() -> None:
    assert codes(member(active=False)) == ["SEAL-STATE"]


def test_nobody_is_sealed_before_having_been_opened() -> None:
    assert codes(member(since=SEPTEMBER)) == ["SEAL-BEFORE-OPENING"]


def test_everything_wrong_is_said_at_once() -> None:
    assert codes(member(active=False), member("丁", since=SEPTEMBER), month=JULY, reason=False) == [
        "SEAL-REASON",
        "SEAL-MONTH-PAID",
        "SEAL-STATE",
        "SEAL-BEFORE-OPENING",
    ]


def test_an_empty_list_says_so() -> None:
    assert codes() == ["SEAL-NOBODY"]
