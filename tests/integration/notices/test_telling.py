"""What items tell employers of: in the transaction of the act, once per act, by the ways that the center left on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from hpf.channels import operations as channels
from hpf.channels.rules import Plan
from hpf.faces.batch.treasury import note_ends, settle_statement
from hpf.kernel import Actor, Channel, Key
from hpf.kernel.identity import with_check_characters
from hpf.messaging.queries import prompts
from hpf.notices.models import Delivery, Message, SwitchedOff
from hpf.notices.templates import Way, templates
from hpf.policy.calendar import CHINA
from hpf.registry.codes import Role
from hpf.registry.models import Account
from hpf.remittance import operations as remittance
from hpf.storage import durable, reading
from tests.integration.hall import NOW
from tests.integration.publishing import NOTICE, publish
from tests.integration.treasury.bank import (
    AUGUST,
    DAY,
    Bank,
    add_trio,
    assign,
    declare,
    lines,
    open_hall,
    settle,
    state_of,
    take,
)
from tests.office import SYSTEM, Unit, employ, open_unit
from tests.versions import publish as publish_agreement


@pytest.fixture
def unit(center: Any) -> Unit:
    unit = open_hall()
    add_trio(unit)
    return unit


@pytest.fixture
def bank() -> Bank:
    return Bank.opened_with("0.00")


def told(unit: Unit) -> list[str]:
    """The titles in the inbox of the employer, oldest first."""
    with reading(unit.handler):
        return list(Delivery.objects.filter(way=Way.INBOX).order_by("pk").values_list("title", flat=True))


def texts(template: str) -> list[str]:
    with reading(SYSTEM):
        return list(Message.objects.filter(template=template).order_by("pk").values_list("text", flat=True))


def test_a_booked_month_is_told_once_however_often_its_job_runs(unit: Unit, bank: Bank) -> None:
    case_no = declare(unit)
    settle(bank.file(bank.line("5551.28", with_check_characters(case_no))))
    remittance.book(case_nos=[case_no], by=SYSTEM, today=DAY)
    assert told(unit) == ["2026年7月汇缴已入账"]
    (text,) = texts("booking-arrived")
    assert text.startswith("贵单位2026年7月汇缴3人、5,551.28元已入账")
    with reading(SYSTEM):
        assert set(Delivery.objects.values_list("way", "state")) == {("inbox", "unread"), ("sms", "waiting")}
        assert Message.objects.get().audience == "测试单位"


def test_several_months_are_told_each_to_its_own_employer(unit: Unit, bank: Bank) -> None:
    other = open_unit("别家单位", "91511100MA62800040")
    add_trio(other)
    ours, theirs = declare(unit), declare(other)
    settle(
        bank.file(
            bank.line("5551.28", with_check_characters(ours)),
            bank.line("5551.28", with_check_characters(theirs), payer_name="别家单位"),
        )
    )
    assert told(unit) == told(other) == ["2026年7月汇缴已入账"]


def test_short_money_is_told_with_what_is_missing_and_until_when(unit: Unit, bank: Bank) -> None:
    case_no = declare(unit)
    settle(bank.file(bank.line("5000.00", with_check_characters(case_no))))
    (text,) = texts("short-money")
    assert text.startswith("贵单位2026年7月汇缴应到账5,551.28元，已到账5,000.00元，还差551.28元。\n\n请最迟于8月15日")
    assert "撤回核定" not in text  # refused once money has come
    with reading(SYSTEM):
        ways = set(Delivery.objects.values_list("way", flat=True))
    assert ways == {"inbox", "prompt", "sms"}


def asked_for(unit: Unit) -> list[str]:
    with reading(unit.handler):
        return [one.text.split("\n")[0] for one in prompts(datetime.combine(DAY, time(12), CHINA))]


def test_who_pays_a_month_in_two_lines_of_one_statement_is_not_asked_for_the_rest(unit: Unit, bank: Bank) -> None:
    reference = with_check_characters(case_no := declare(unit))
    settle(bank.file(bank.line("3000.00", reference), bank.line("2551.28", reference)))
    assert (state_of(case_no), texts("short-money")) == ("booked", [])


def test_what_is_missing_is_asked_for_once_and_no_longer_when_the_month_is_over(unit: Unit, bank: Bank) -> None:
    reference = with_check_characters(declare(unit))
    came = [bank.file(bank.line(yuan, reference)) for yuan in ("3000.00", "2000.00", "551.28")]
    settle(came[0])
    settle(came[1])
    assert asked_for(unit) == ["贵单位2026年7月汇缴应到账5,551.28元，已到账5,000.00元，还差551.28元。"]
    settle(came[2])
    assert asked_for(unit) == []
    settle(bank.file(bank.line("1.00", with_check_characters(declare(unit, AUGUST)))))
    assert len(asked_for(unit)) == 1
    remittance.lapse(by=SYSTEM, today=date(2026, 10, 15))
    with reading(unit.handler):
        assert prompts(datetime(2026, 10, 15, 12, tzinfo=CHINA)) == []


@pytest.mark.parametrize("claimed", [True, False])
def test_what_is_missing_is_asked_for_no_longer_when_it_has_come_otherwise(
    unit: Unit, bank: Bank, claimed: bool
) -> None:
    reference = with_check_characters(declare(unit))
    settle(bank.file(bank.line("5000.00", reference)))
    assert len(asked_for(unit)) == 1
    settle(bank.file(bank.line("551.28" if claimed else "600.00", "" if claimed else reference)))
    if claimed:
        assign(lines()[-1].id, unit)
    assert asked_for(unit) == []


def test_too_much_money_and_money_that_found_its_owner_are_told(unit: Unit, bank: Bank) -> None:
    case_no = declare(unit)
    settle(bank.file(bank.line("6000.00", with_check_characters(case_no)), bank.line("7.00", "没有缴款码")))
    waiting = lines()[1]
    assign(waiting.id, unit)
    assert told(unit) == [f"办件{case_no}到账金额多于应缴", "一笔7.00元的款项已记入贵单位暂存款"]
    assert "多448.72元" in texts("over-payment")[0]


def test_a_month_paid_twice_is_told_with_where_the_second_sum_lies(unit: Unit, bank: Bank) -> None:
    case_no = declare(unit)
    for _ in range(2):
        settle(bank.file(bank.line("5551.28", with_check_characters(case_no))))
    assert told(unit) == ["2026年7月汇缴已入账", "一笔5,551.28元的到账款项已转入暂存款"]
    (text,) = texts("money-unallocated")
    assert text.startswith("贵单位转来的一笔5,551.28元没有入账，已全部记入贵单位暂存款。\n\n")


def test_money_that_a_month_did_not_take_is_told_once_with_the_reason(unit: Unit, bank: Bank) -> None:
    case_no = declare(unit)
    settle(bank.file(bank.line("5000.00", with_check_characters(case_no))))
    remittance.lapse(by=SYSTEM, today=date(2026, 9, 15))
    for _ in range(2):
        note_ends()
    again = declare(unit, today=date(2026, 8, 11))
    with durable(SYSTEM):
        Account.objects.filter(member__name="乙").update(state="05")
    paid = bank.line("5551.28", with_check_characters(again), booked_on=date(2026, 8, 11))
    statement_id = settle(bank.file(paid)).result["statement_id"]
    settle_statement(statement_id=statement_id)
    lapsed, changed = texts("money-unallocated")
    assert lapsed.startswith("贵单位转来的一笔5,000.00元没有入账，已全部记入贵单位暂存款。\n\n款项已到账，但未能入账：")
    assert f"办件{case_no}已过期" in lapsed
    assert "乙" in changed


def test_a_statement_that_is_refused_tells_nobody(unit: Unit, bank: Bank) -> None:
    case_no = declare(unit)
    content = bank.file(bank.line("6000.00", with_check_characters(case_no)))
    take(content)
    with pytest.raises(Exception, match="REPEATED"):
        take(content)
    assert len(texts("over-payment")) == 1


def test_a_notice_is_reminded_of_once_before_its_end_and_told_when_it_has_ended(unit: Unit) -> None:
    declare(unit)
    last_day = date(2026, 8, 15)
    days = [last_day - timedelta(days=left) for left in (3, 2, 1)]
    assert [remittance.remind(by=SYSTEM, today=day) for day in days] == [0, 1, 0]
    assert remittance.lapse(by=SYSTEM, today=date(2026, 9, 15)) == 1
    assert told(unit) == ["2026年7月缴款通知单将于8月15日过期", "2026年7月缴款通知单已过期"]


def test_a_way_that_the_center_has_switched_off_is_left_out(unit: Unit, bank: Bank) -> None:
    with durable(SYSTEM):
        SwitchedOff.objects.create(
            code="booking-arrived", way=Way.SMS, reason="费用", switched_by="甲", switched_at=NOW
        )
    settle(bank.file(bank.line("5551.28", with_check_characters(declare(unit)))))
    with reading(SYSTEM):
        assert [one.way for one in Delivery.objects.all()] == ["inbox"]


def test_what_keeps_an_account_safe_and_what_restricts_it_cannot_be_switched_off() -> None:
    of_login = ("password-changed", "password-reissued", "authenticator-changed", "login-code")
    of_access = ("restriction", "restriction-lifted", "appeal-answered", "termination")
    fixed = ("email-changed", *of_login, *of_access)
    assert [templates()[code].switchable for code in fixed] == [()] * len(fixed)
    assert templates()["short-money"].switchable == (Way.SMS, Way.PROMPT)


def close_at_once(by: Actor) -> None:
    plan = Plan((Channel.PORTAL,), "", "系统故障。", NOW, NOW + timedelta(hours=2))
    channels.close_at_once(plan, by=by, today=DAY, now=NOW, key=Key.fresh())


def test_closures_important_publications_and_a_coming_agreement_are_told_to_all(unit: Unit) -> None:
    other = open_unit("别家单位", "91511100MA62800040")
    close_at_once(employ("杨系统", Role.SYSTEM_ADMIN))
    maker, checker = employ("何发布", Role.PUBLISHER), employ("高复核", Role.PUBLISHER)
    publish(NOTICE, maker, checker)
    publish(replace(NOTICE, title="缴存比例调整", important=True), maker, checker)
    publish_agreement("1", date(2026, 8, 17), today=DAY)  # the first changes nothing
    publish_agreement("2", date(2026, 9, 1), today=DAY)
    assert told(unit) == told(other)
    assert told(unit) == ["8月10日09:00起全部业务停办", "公告：缴存比例调整", "服务协议将于2026年9月1日变更"]
    assert "变更内容：改了一条。" in texts("agreement-announced")[0]
