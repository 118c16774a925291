"""Whatever is due, or overdue, is something to do: on the first page, and in the list that a new handler finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from hpf.kernel import Month
from hpf.registry.codes import UnitState
from hpf.registry.models import Employer, UnitAccount
from hpf.storage import durable
from tests.integration.browser import confirms
from tests.integration.hall import quick_passwords
from tests.integration.portal import AUGUST, JULY, Desk, desk_with_trio, said
from tests.integration.test_portal_pages import pay, remit_july
from tests.integration.treasury.bank import Bank, declare, faults, open_hall
from tests.login import browser
from tests.office import SYSTEM

NOTHING = "没有需要您处理的事"


@pytest.fixture
def bank(center: Any) -> Bank:
    return Bank.opened_with("1000000.00")


@pytest.fixture
def desk(center: Any) -> Iterator[Desk]:
    with quick_passwords():
        yield desk_with_trio(open_hall())
    assert faults() == []


def to_do(desk: Desk) -> str:
    """What stands under 等您处理."""
    return said(desk.open("/")).partition("等您处理")[2].partition("正常缴存")[0]


def of_unit(desk: Desk, **changes: object) -> None:
    with durable(SYSTEM):
        UnitAccount.objects.filter(pk=desk.unit.unit_account_id).update(**changes)


@pytest.mark.parametrize(
    ("month", "payday", "told"),
    [
        (AUGUST, 31, "2026年8月汇缴还没有核定，期限9月5日"),
        (AUGUST, 5, "2026年8月汇缴还没有核定，期限8月10日"),
        (AUGUST, 4, "2026年8月汇缴还没有核定，已逾期1天"),
        (JULY, 10, "2026年7月汇缴还没有核定，已逾期26天"),
    ],
)
def test_a_month_that_is_not_declared(desk: Desk, month: Month, payday: int, told: str) -> None:
    """Today is 10 August; a month is due five days after its payday."""
    of_unit(desk, first_month=month, payday=payday)
    assert to_do(desk).startswith(f"{told}去核定")


def test_a_month_that_has_not_come_is_not_due(desk: Desk) -> None:
    of_unit(desk, first_month=Month(2026, 9))
    assert NOTHING in to_do(desk)


def test_a_month_without_people_is_due_too(desk: Desk) -> None:
    of_unit(desk, active_count=0, sealed_count=3)
    page = desk.open("/")
    assert "先为职工开户" not in page
    assert "2026年7月汇缴还没有核定，已逾期26天" in to_do(desk)


@pytest.mark.parametrize(
    ("registered", "on_home", "in_pack"),
    [
        (date(2026, 7, 1), "已逾期20天", "2026-07-21，已逾期20天"),
        (date(2026, 7, 21), "期限8月10日", "2026-08-10单位账户"),
    ],
)
def test_before_the_first_account_it_is_the_opening(center: Any, registered: date, on_home: str, in_pack: str) -> None:
    with quick_passwords():
        unit = open_hall()
        desk = Desk(unit, browser(unit))
    with durable(SYSTEM):
        Employer.objects.update(registered_on=registered)
    assert to_do(desk).startswith(f"还没有为职工开户，{on_home}上传花名册")
    assert f"职工账户设立期限（缴存登记后20日内，还没有开户）{in_pack}" in said(desk.open("/handover/"))


def test_a_declared_month_that_is_paid_late_or_in_part(desk: Desk, bank: Bank) -> None:
    case_no = declare(desk.unit)
    assert "2026年7月汇缴等付款5,551.28元，通知单有效期至" in to_do(desk)
    assert "汇缴已逾期26天" in to_do(desk)
    pay(bank, case_no, "5000.00")
    confirms(desk.browser)
    assert "等付款551.28元" in to_do(desk)
    assert "汇缴已逾期26天" in to_do(desk)
    due_on = "2026年7月汇缴期限（发薪日每月10日，其后5日内）2026-07-15，已逾期26天"
    assert due_on in said(desk.open("/handover/"))


def test_what_is_paid_is_done_and_the_next_month_is_due(desk: Desk, bank: Bank) -> None:
    remit_july(desk, bank)
    assert to_do(desk).startswith("2026年8月汇缴还没有核定，期限8月15日")
    assert "已逾期" not in said(desk.open("/handover/"))


def test_a_unit_that_does_not_remit_owes_nothing(desk: Desk) -> None:
    of_unit(desk, state=UnitState.SEALED)
    assert NOTHING in to_do(desk)
