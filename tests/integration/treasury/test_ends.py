"""How cases end for which money came: the lines say so, and no notice ends before the bank has told all."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hpf.casework.models import CaseState
from hpf.channels import operations as closures
from hpf.channels.rules import Plan
from hpf.faces.batch.remittance import book_sheet, lapse_notices
from hpf.faces.counter.lines import reason
from hpf.faces.portal import months
from hpf.kernel import Channel, Key
from hpf.kernel.identity import with_check_characters
from hpf.policy import choose_business_day
from hpf.registry.codes import Role
from hpf.registry.models import BankAccount
from hpf.remittance import operations as remittance
from hpf.remittance.models import Sheet
from hpf.storage import durable, reading
from hpf.treasury.rules import LineState
from tests.integration.treasury.bank import (
    DAY,
    Bank,
    assign,
    declare,
    lines,
    run_worker,
    settle,
    state_of,
    states,
    take,
)
from tests.office import SYSTEM, Unit, employ

LAST_DAY = date(2026, 8, 15)


def told(unit: Unit, case_no: int) -> list[str]:
    with reading(unit.handler):
        return [row.sentence for row in months.arrivals(Sheet.objects.select_related("case").get(pk=case_no))]


def take_on(day: date, content: bytes, gap: bool = False) -> None:
    take(content, gap=gap, today=day)


def lapse_on(day: date) -> int:
    return remittance.lapse(by=SYSTEM, today=day)


def test_a_line_counted_for_a_month_that_unallocated_money_paid_is_booked_with_it(unit: Unit, trio, bank: Bank) -> None:
    case_no = declare(unit)
    settle(bank.file(bank.line("5000.00", with_check_characters(case_no)), bank.line("551.28")))
    assert told(unit, case_no) == ["金额不足，已记入贵单位暂存款，待补足后入账"]
    waiting = lines()[1]
    assign(waiting.id, unit)
    remittance.pay_from_unallocated(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
    book_sheet(case_no=case_no)
    assert (state_of(case_no), states()) == (CaseState.BOOKED, [LineState.BOOKED, LineState.ASSIGNED])
    assert told(unit, case_no) == ["已入账", "已认领，记入贵单位暂存款", "已用于本月汇缴"]
    assert reason(lines()[0]).endswith("还差551.28元。后已补足入账。")


def test_a_line_counted_for_a_month_that_lapsed_stays_with_the_employer_and_says_so(
    unit: Unit, trio, bank: Bank
) -> None:
    case_no = declare(unit)
    settle(bank.file(bank.line("5000.00", with_check_characters(case_no))))
    with durable(SYSTEM):
        choose_business_day(DAY + timedelta(days=36))
    lapse_notices(timestamp=0)
    assert (state_of(case_no), states()) == (CaseState.LAPSED, [LineState.UNALLOCATED])
    (said,) = told(unit, case_no)
    assert said.startswith(f"款项已到账，但未能入账：办件{case_no}已过期，不再入账")
    assert "请重新核定该月汇缴，并选择用暂存款付" in said
    assert "还差" not in said


def test_nothing_ends_by_itself_while_the_worker_is_closed(unit: Unit, trio) -> None:
    case_no, ahead = declare(unit), DAY + timedelta(days=36)
    closed = datetime.combine(ahead, time(), ZoneInfo("Asia/Shanghai"))
    plan = Plan((Channel.PORTAL, Channel.BATCH), "", "系统升级", closed, closed + timedelta(days=1))
    administrator = employ("齐备", Role.SYSTEM_ADMIN)
    closures.close_at_once(plan, by=administrator, today=ahead, now=closed, key=Key.fresh())
    with durable(SYSTEM):
        choose_business_day(ahead)
    lapse_notices(timestamp=0)
    assert state_of(case_no) == CaseState.AWAITING_PAYMENT
    with durable(SYSTEM):
        choose_business_day(ahead + timedelta(days=1))
    lapse_notices(timestamp=0)
    assert state_of(case_no) == CaseState.LAPSED


def test_a_worker_killed_after_a_month_lapsed_leaves_nothing_untold(unit: Unit, trio, bank: Bank) -> None:
    case_no = declare(unit)
    settle(bank.file(bank.line("5000.00", with_check_characters(case_no))))
    assert lapse_on(DAY + timedelta(days=36)) == 1  # and here the worker dies
    lapse_notices(timestamp=0)
    lapse_notices(timestamp=0)
    assert states() == [LineState.UNALLOCATED]
    assert len(lines()[0].findings) == 2


def test_a_notice_waits_for_the_statement_of_its_last_day(unit: Unit, trio, bank: Bank) -> None:
    case_no = declare(unit)
    take_on(DAY, bank.file(bank.line("1.00")))
    assert lapse_on(LAST_DAY + timedelta(days=9)) == 0  # a long holiday
    take_on(LAST_DAY + timedelta(days=9), bank.file(bank.line("1.00", booked_on=LAST_DAY + timedelta(days=8))))
    assert lapse_on(LAST_DAY) == 0
    assert lapse_on(LAST_DAY + timedelta(days=9)) == 1
    assert state_of(case_no) == CaseState.LAPSED


def test_a_statement_taken_on_the_last_day_itself_does_not_end_the_notice(unit: Unit, trio, bank: Bank) -> None:
    declare(unit)
    take_on(LAST_DAY, bank.file(bank.line("1.00", booked_on=LAST_DAY)))
    assert lapse_on(LAST_DAY + timedelta(days=1)) == 0
    take_on(LAST_DAY + timedelta(days=1), bank.file(bank.line("1.00", booked_on=LAST_DAY)))
    assert lapse_on(LAST_DAY + timedelta(days=1)) == 1


def test_a_notice_does_not_end_while_its_money_is_on_its_way(unit: Unit, trio, bank: Bank) -> None:
    case_no = declare(unit)
    line = bank.line("5551.28", with_check_characters(case_no), booked_on=LAST_DAY)
    take_on(LAST_DAY + timedelta(days=1), bank.file(line))
    assert (states(), lapse_on(LAST_DAY + timedelta(days=1))) == ([LineState.MATCHED], 0)
    run_worker()
    assert (state_of(case_no), states()) == (CaseState.BOOKED, [LineState.BOOKED])


def test_behind_a_missing_statement_nothing_is_proved(unit: Unit, trio, bank: Bank) -> None:
    declare(unit)
    day_before, last, after = (
        bank.file(bank.line("1.00", booked_on=LAST_DAY + timedelta(days=days))) for days in (-1, 0, 1)
    )
    today = LAST_DAY + timedelta(days=2)
    take_on(today, day_before)
    take_on(today, after, gap=True)
    assert lapse_on(today) == 0
    take_on(today, last)
    assert lapse_on(today) == 1


@pytest.mark.parametrize(("collects", "lapsed"), [(True, 0), (False, 1)])
def test_every_account_that_collects_must_have_told(unit: Unit, trio, bank: Bank, collects: bool, lapsed: int) -> None:
    with durable(SYSTEM):
        BankAccount.objects.create(
            number="5100100000000002", name="示范中心", bank="另一银行", ledger_account_id=10**6, collects=collects
        )
    declare(unit)
    today = LAST_DAY + timedelta(days=2)
    take_on(today, bank.file(bank.line("1.00", booked_on=LAST_DAY + timedelta(days=1))))
    assert lapse_on(today) == lapsed
