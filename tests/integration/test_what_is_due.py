"""Whatever is due, or overdue, is something to do: on the first page, and in the list that a new handler finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from hpf.kernel import Month
from hpf.registry.codes import UnitState
from hpf.registry.models import UnitAccount
from hpf.storage import durable
from tests.integration.hall import quick_passwords
from tests.integration.portal import Desk, desk_with_trio, latest_sheet, said
from tests.integration.test_portal_pages import pay, remit_july
from tests.integration.treasury.bank import Bank, declare, faults, open_hall
from tests.login import browser, stand_on
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
    ("day", "told"),
    [
        (date(2026, 7, 3), "2026年7月汇缴还没有核定，期限7月15日核对并核定"),
        (date(2026, 7, 15), "2026年7月汇缴还没有核定，期限7月15日核对并核定"),
        (date(2026, 7, 16), "2026年7月汇缴还没有核定，已逾期1天核对并核定"),
        (date(2026, 9, 1), "2026年7月汇缴还没有核定，已逾期48天核对并核定"),
    ],
)
def test_a_month_that_is_not_declared(desk: Desk, day: date, told: str) -> None:
    stand_on(day)
    assert to_do(desk).startswith(told)


def test_a_month_that_has_not_come_is_not_due(desk: Desk) -> None:
    of_unit(desk, first_month=Month(2026, 9))
    assert NOTHING in to_do(desk)


def test_a_month_without_people_is_due_too(desk: Desk) -> None:
    of_unit(desk, active_count=0, sealed_count=3)
    page = desk.open("/")
    assert "先为职工开户" not in page
    assert "2026年7月汇缴还没有核定，已逾期26天" in to_do(desk)


def test_before_the_first_account_it_is_the_opening(center: Any) -> None:
    with quick_passwords():
        unit = open_hall()
        desk = Desk(unit, browser(unit))
    assert "还没有为职工开户，已逾期" in to_do(desk)
    stand_on(date(2026, 7, 5))
    assert "还没有为职工开户，期限7月21日上传花名册" in to_do(desk)
    assert "职工账户设立期限（缴存登记后20日内，还没有开户）2026-07-21" in said(desk.open("/handover/"))
    stand_on(date(2026, 7, 23))
    assert "还没有开户）2026-07-21，已逾期2天" in said(desk.open("/handover/"))


def test_a_declared_month_that_is_paid_late_or_in_part(desk: Desk, bank: Bank) -> None:
    case_no = declare(desk.unit)
    assert "2026年7月汇缴等付款5,551.28元，通知单有效期至" in to_do(desk)
    assert "汇缴已逾期26天" in to_do(desk)
    pay(bank, case_no, "5000.00")
    assert "等付款551.28元" in to_do(desk)
    assert "汇缴已逾期26天" in to_do(desk)
    handed_over = said(desk.open("/handover/"))
    assert "2026年7月汇缴期限（发薪日每月10日，其后5日内）2026-07-15，已逾期26天" in handed_over
    stand_on(latest_sheet().last_day.replace(month=9))
    assert "通知单最后缴款日" in said(desk.open("/handover/"))
    assert said(desk.open("/handover/")).count("已逾期") == 2


def test_what_is_paid_is_done_and_the_next_month_is_due(desk: Desk, bank: Bank) -> None:
    remit_july(desk, bank)
    assert to_do(desk).startswith("2026年8月汇缴还没有核定，期限8月15日")
    assert "已逾期" not in said(desk.open("/handover/"))


def test_a_unit_that_does_not_remit_owes_nothing(desk: Desk) -> None:
    of_unit(desk, state=UnitState.SEALED)
    assert NOTHING in to_do(desk)
