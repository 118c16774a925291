"""Money from the bank is booked where it belongs, and waits visibly where it belongs to nobody yet."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from time import monotonic
from typing import Any

import psycopg
import pytest

from hpf.casework.models import CaseState
from hpf.faces.batch.remittance import book_sheet
from hpf.faces.batch.treasury import settle_statement
from hpf.faces.portal import months
from hpf.kernel import Fen, Key, Refused
from hpf.kernel.identity import with_check_characters
from hpf.registry.models import Account
from hpf.remittance import operations as remittance
from hpf.remittance.models import Sheet
from hpf.storage import durable, reading
from hpf.treasury import queries
from hpf.treasury.rules import LineState, Reason
from hpf.treasury.statement import Side
from tests.integration.treasury.bank import (
    AUGUST,
    DAY,
    JULY,
    Bank,
    assign,
    at_once,
    balances,
    declare,
    lines,
    refused,
    settle,
    state_of,
    states,
    take,
    totals,
)
from tests.office import SYSTEM, TREASURER, Unit

# --- The worked scenario (domain §7, steps 3, 4, 6, 7) ---


def test_step_3_the_exact_sum_reaches_every_member(unit: Unit, trio, bank: Bank) -> None:
    case_no = declare(unit)
    settle(bank.file(bank.line("5551.28", f"公积金汇缴 {with_check_characters(case_no)}")))
    assert balances(*trio, unit.unallocated_account_id) == ["960.00", "4,239.28", "352.00", "0.00"]
    assert totals() == {"101": ("5,551.28", "0.00"), "201": ("0.00", "5,551.28"), "219": ("5,551.28", "5,551.28")}
    assert (state_of(case_no), states()) == (CaseState.BOOKED, [LineState.BOOKED])
    with reading(SYSTEM):
        assert (unit.row.state, unit.row.paid_through) == ("01", JULY)


def test_step_4_the_same_notice_again_changes_nothing(unit: Unit, trio, bank: Bank) -> None:
    line = bank.line("5551.28", with_check_characters(declare(unit)))
    first = bank.file(line)
    statement_id = settle(first).result["statement_id"]
    before = totals()

    assert refused(first) == [
        ("STATEMENT-REPEATED", f"2026-08-10至2026-08-10的这份对账单已于2026-08-10由钱进导入（导入编号{statement_id}）")
    ]
    bank.balance -= line.amount
    receipt = settle(bank.file(line, bank.line("1.00")))
    assert (receipt.result["repeated"], receipt.result["gap_fen"]) == (1, 0)
    assert states() == [LineState.BOOKED, LineState.REPEATED, LineState.UNIDENTIFIED]
    assert lines()[1].findings[0].reason is Reason.REPEATED
    assert totals() == before | {"101": ("5,552.28", "0.00"), "219": ("5,551.28", "5,552.28")}


def test_steps_6_and_7_what_falls_short_waits_and_the_rest_completes_it(
    unit: Unit, trio, august: int, bank: Bank
) -> None:
    reference = with_check_characters(august)
    settle(bank.file(bank.line("6000.00", reference)))
    assert balances(unit.unallocated_account_id) == ["6,000.00"]
    assert state_of(august) == CaseState.AWAITING_REST
    with reading(unit.handler):
        told = queries.own_lines(august)[0]
    assert (told.state, told.findings[0].for_handler.sentence) == (
        LineState.COUNTED,
        "到账6,000.00元，不足应缴6,052.62元，还差52.62元：到账金额与应缴金额一致才能入账。"
        "款项已记入贵单位暂存款，请用同一缴款码再汇入52.62元，到账后自动入账。（依据：中心缴存业务规则，到账入账）",
    )

    settle(bank.file(bank.line("52.62", reference)))
    assert state_of(august) == CaseState.BOOKED
    assert balances(unit.unallocated_account_id, *trio) == ["0.00", "1,920.00", "8,478.56", "352.00"]
    assert states()[1:] == [LineState.BOOKED, LineState.BOOKED]
    with reading(SYSTEM):
        assert unit.row.paid_through == AUGUST


def test_two_parts_in_one_file_complete_the_month(unit: Unit, august: int, bank: Bank) -> None:
    reference = with_check_characters(august)
    settle(bank.file(bank.line("6000.00", reference), bank.line("52.62", reference)))
    assert (state_of(august), balances(unit.unallocated_account_id)) == (CaseState.BOOKED, ["0.00"])


def test_two_parts_in_two_files_complete_the_month_though_the_batch_came_late(
    unit: Unit, august: int, bank: Bank
) -> None:
    reference = with_check_characters(august)
    first, second = (take(bank.file(bank.line(yuan, reference))) for yuan in ("6000.00", "52.62"))
    settle_statement(statement_id=second.result["statement_id"])
    settle_statement(statement_id=first.result["statement_id"])
    assert (state_of(august), balances(unit.unallocated_account_id)) == (CaseState.BOOKED, ["0.00"])
    assert states() == [LineState.BOOKED] * 3


def test_a_month_paid_twice_books_once_and_the_second_sum_stays_with_the_employer(unit: Unit, trio, bank: Bank) -> None:
    reference = with_check_characters(declare(unit))
    take(bank.file(bank.line("5551.28", reference)))
    settle(bank.file(bank.line("5551.28", reference)))
    assert balances(unit.unallocated_account_id, *trio) == ["5,551.28", "960.00", "4,239.28", "352.00"]
    assert states() == [LineState.BOOKED, LineState.UNALLOCATED]
    assert lines()[1].findings[0].reason is Reason.CASE_NOT_PAYABLE


# --- Every reason, and where the money lies ---


@pytest.mark.parametrize(
    ("change", "reason", "unallocated", "unidentified"),
    [
        ({"amount": Fen(555_129)}, Reason.OVER, "5,551.29", "0.00"),
        ({"booked_on": date(2026, 8, 16)}, Reason.LATE, "5,551.28", "0.00"),
        ({"payer_name": "张三"}, Reason.WRONG_PAYER, "0.00", "5,551.28"),
        ({"remark": with_check_characters(1_999_999_999)}, Reason.UNKNOWN_REFERENCE, "0.00", "5,551.28"),
        ({"remark": "公积金"}, Reason.NO_REFERENCE, "0.00", "5,551.28"),
    ],
)
def test_money_that_books_nothing_lies_where_the_reason_says(
    unit: Unit, trio, bank: Bank, change: dict[str, Any], reason: Reason, unallocated: str, unidentified: str
) -> None:
    case_no = declare(unit)
    settle(bank.file(replace(bank.line("5551.28", with_check_characters(case_no)), **change)))
    (line,) = lines()
    assert [finding.reason for finding in line.findings] == [reason]
    assert state_of(case_no) == CaseState.AWAITING_PAYMENT
    assert balances(unit.unallocated_account_id) == [unallocated]
    with reading(TREASURER):
        waiting = queries.outcomes().get(LineState.UNIDENTIFIED, (0, Fen(0)))
    assert waiting[1].yuan == unidentified
    assert totals()["219"][1] == Fen(line.line.amount).yuan


def test_money_out_is_kept_and_not_booked(unit: Unit, bank: Bank) -> None:
    settle(bank.file(bank.line("100.00", side=Side.DEBIT)))
    assert (states(), set(totals().values())) == ([LineState.OUTGOING], {("0.00", "0.00")})


def test_two_references_of_one_employer_leave_the_money_with_it(unit: Unit, trio, bank: Bank) -> None:
    withdrawn = declare(unit)
    remittance.withdraw_sheet(case_no=withdrawn, by=unit.handler, today=DAY, key=Key.fresh())
    case_no = declare(unit)
    settle(bank.file(bank.line("5551.28", f"{with_check_characters(withdrawn)} / {with_check_characters(case_no)}")))
    (line,) = lines()
    assert (line.state, line.findings[0].reason) == (LineState.UNALLOCATED, Reason.SEVERAL_REFERENCES)
    assert balances(unit.unallocated_account_id) == ["5,551.28"]


def test_the_registered_account_pays_under_any_name(unit: Unit, trio, bank: Bank) -> None:
    case_no = declare(unit)
    with reading(SYSTEM):
        account = unit.row.bank_account
    line = bank.line("5551.28", with_check_characters(case_no), payer_name="单位工会", payer_account=account)
    settle(bank.file(line))
    assert state_of(case_no) == CaseState.BOOKED
    assert lines()[0].line.payer_account == account


def test_too_much_money_waits_for_the_handler_to_use_it(unit: Unit, trio, bank: Bank) -> None:
    case_no = declare(unit)
    settle(bank.file(bank.line("6000.00", with_check_characters(case_no))))
    remittance.pay_from_unallocated(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
    book_sheet(case_no=case_no)
    assert (state_of(case_no), balances(unit.unallocated_account_id)) == (CaseState.BOOKED, ["448.72"])


def test_a_reserved_part_leaves_the_notice_s_rest_to_pay(unit: Unit, trio, bank: Bank) -> None:
    settle(bank.file(bank.line("352.00")))
    assign(lines()[0].id, unit)
    case_no = declare(unit, use_unallocated=True)
    settle(bank.file(bank.line("5199.28", with_check_characters(case_no))))
    assert (state_of(case_no), balances(unit.unallocated_account_id)) == (CaseState.BOOKED, ["0.00"])


def test_when_the_sheet_has_changed_the_money_stays_with_the_employer_and_the_person_is_named(
    unit: Unit, trio, bank: Bank
) -> None:
    case_no = declare(unit)
    with durable(SYSTEM):
        Account.objects.filter(pk=trio[1]).update(state="05")
    settle(bank.file(bank.line("5551.28", with_check_characters(case_no))))
    (line,) = lines()
    assert (line.state, line.findings[0].reason) == (LineState.UNALLOCATED, Reason.NOT_BOOKED)
    assert "乙" in line.findings[0].what
    assert balances(unit.unallocated_account_id) == ["5,551.28"]


@pytest.mark.parametrize("yuan", ["5551.28", "5000.00"])
def test_a_month_whose_money_is_on_its_way_is_not_withdrawn_or_paid_otherwise(
    unit: Unit, trio, bank: Bank, yuan: str
) -> None:
    case_no = declare(unit)
    take(bank.file(bank.line(yuan, with_check_characters(case_no))))
    with pytest.raises(Refused) as refusal:
        remittance.withdraw_sheet(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
    assert refusal.value.codes == ("REMIT-MONEY-ON-ITS-WAY",)
    with pytest.raises(Refused) as refusal:
        remittance.pay_from_unallocated(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
    assert refusal.value.codes == ("REMIT-MONEY-ON-ITS-WAY",)
    with reading(unit.handler):
        assert not months.can_withdraw(Sheet.objects.select_related("case").get(pk=case_no))


def until_it_waits(other: psycopg.Connection[Any], work: Future[Any]) -> None:
    """Look again and again until somebody waits for a lock on a table of this database."""
    end = monotonic() + 10
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    while other.execute(waiting).fetchone() == (0,):
        assert monotonic() < end
        with suppress(TimeoutError):
            work.result(0.02)


@pytest.mark.parametrize("yuan", ["5551.28", "5000.00"])
def test_a_month_withdrawn_in_the_moment_of_the_import_leaves_the_money_with_the_employer(
    unit: Unit, trio, bank: Bank, center: Any, yuan: str
) -> None:
    case_no = declare(unit)
    with center.connect("superuser") as other:
        other.autocommit = False
        other.execute("LOCK treasury_line IN EXCLUSIVE MODE")  # the import has judged and cannot yet write
        with ThreadPoolExecutor(1) as pool:
            content = bank.file(bank.line(yuan, with_check_characters(case_no)))
            taking = pool.submit(at_once, lambda _: take(content), 1)
            until_it_waits(other, taking)
            remittance.withdraw_sheet(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
            other.commit()
            statement_id = taking.result()[0].result["statement_id"]
    settle_statement(statement_id=statement_id)
    (line,) = lines()
    assert (line.state, line.findings[-1].what) == (
        LineState.UNALLOCATED,
        f"款项已到账，但未能入账：办件{case_no}已撤回，不再入账",
    )
    assert (state_of(case_no), balances(unit.unallocated_account_id)) == (
        CaseState.WITHDRAWN,
        [Fen.from_yuan(yuan).yuan],
    )


def test_money_that_came_in_time_but_is_told_after_the_notice_lapsed_stays_with_the_employer(
    unit: Unit, trio, bank: Bank
) -> None:
    case_no = declare(unit)
    assert remittance.lapse(by=SYSTEM, today=DAY + timedelta(days=36)) == 1
    settle(bank.file(bank.line("5551.28", with_check_characters(case_no))))
    assert lines()[0].findings[0].reason is Reason.CASE_NOT_PAYABLE
    assert balances(unit.unallocated_account_id) == ["5,551.28"]
