"""A receipt that the bank takes back (冲正、退汇) does not stay silently in the books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import psycopg
import pytest

from hpf.casework.review import ReviewState
from hpf.faces.batch.treasury import settle_statement
from hpf.faces.cli.verify import look
from hpf.kernel import Key, Refused
from hpf.kernel.identity import with_check_characters
from hpf.money_desk.operations import Wanted
from hpf.money_desk.rules import Act
from hpf.remittance import operations as remittance
from hpf.storage import reading
from hpf.treasury import queries
from hpf.treasury.rules import LineState, told_to_treasurer
from hpf.treasury.statement import Side
from tests.integration.treasury.bank import (
    DAY,
    Bank,
    assign,
    at_once,
    balances,
    decide,
    declare,
    lines,
    propose,
    settle,
    state_of,
    states,
    take,
)
from tests.office import SYSTEM, Unit

PAID_ALONE = import_module("hpf.treasury.migrations.0010_paid_alone")
PAID = Wanted(Act.PAY_OUT, "与银行核对，是本中心付款")


def reversal(receipt_id: int) -> Wanted:
    return Wanted(Act.REVERSE, "银行来电，当日冲正", receipt_id=receipt_id)


def codes(act: Callable[[], Any]) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.codes


def undecided() -> list[str]:
    return [one for finding in look() for one in finding.open]


def taken_back(bank: Bank, *amounts: str, **change: Any) -> list[queries.BankLine]:
    """The lines of a further file by which the bank takes these sums back; waiting, all of them."""
    known = len(lines())
    settle(bank.file(*(bank.line(yuan, side=Side.DEBIT, **change) for yuan in amounts)))
    found = lines()[known:]
    assert {one.state for one in found} == {LineState.TAKEN_BACK}
    return found


def test_money_that_still_lies_there_goes_back_with_the_bank_by_two_persons(unit: Unit, trio, bank: Bank) -> None:
    reference = with_check_characters(declare(unit))
    settle(bank.file(bank.line("2.00"), bank.line("3.00"), bank.line("6000.00", reference)))
    receipts = lines()
    assign(receipts[1].id, unit)
    assert balances(unit.unallocated_account_id) == ["6,003.00"]
    back = taken_back(bank, "2.00", "3.00", "6000.00")
    assert undecided() == [
        f"流水号{one.line.flow_no}（2026-08-10）付款{int(one.line.amount)}分，疑为冲正，待两人核对" for one in back
    ]
    for line, receipt in zip(back, receipts, strict=True):
        assert codes(lambda one=line: propose(one.id, reversal(one.id))) == ("TREASURY-RECEIPT-UNLIKE",)
        proposal = propose(line.id, reversal(receipt.id))
        done = at_once(lambda _, one=proposal: decide(one).act)
        assert sorted(map(str, done)) == ["('REVIEW-OVER',)", "reverse_line"]
    assert states() == [LineState.REVERSED] * 3 + [LineState.OFFSET] * 3
    assert (balances(unit.unallocated_account_id), undecided()) == (["0.00"], [])
    with reading(unit.handler):
        assert [one.state for one in queries.own_lines()] == [LineState.REVERSED] * 2
    assert codes(lambda: propose(back[0].id, PAID)) == ("TREASURY-LINE-NOT-TAKEN-BACK",)


def test_a_payment_that_one_person_took_before_that_rule_waits_for_two(center: Any, unit: Unit, bank: Bank) -> None:
    settle(bank.file(bank.line("2.00"), bank.line("1234.50", payer_name="某公司", side=Side.DEBIT)))
    receipt, paid = lines()
    with center.connect("superuser") as admin:
        admin.execute("SET session_replication_role = replica; UPDATE treasury_statement SET handed_in_id = NULL")
    open_point = f"流水号{paid.line.flow_no}（2026-08-10）付款123450分，未经两人核对"
    assert undecided() == [open_point]
    with center.connect("owner") as owner:
        owner.execute(PAID_ALONE.TO_TWO_PERSONS)
        owner.execute(PAID_ALONE.TO_TWO_PERSONS)
    assert (states(), undecided()) == ([receipt.state, LineState.TAKEN_BACK], [open_point])
    told = told_to_treasurer(lines()[1].state, lines()[1].findings)
    assert told.startswith(f"流水号{paid.line.flow_no}为付款1234.50元，导入时未经两人核对。请与银行")
    decide(propose(paid.id, PAID))
    assert (states(), undecided()) == ([receipt.state, LineState.OUTGOING], [])
    assert told_to_treasurer(lines()[1].state, lines()[1].findings) == "已由两人核对，确认为付款。"


def test_what_members_have_is_beyond_reach_and_stays_open(unit: Unit, trio, bank: Bank) -> None:
    settle(bank.file(bank.line("5551.28", with_check_characters(declare(unit)))))
    (receipt,) = lines()
    (line,) = taken_back(bank, "5551.28")
    with pytest.raises(Refused) as refused:
        propose(line.id, reversal(receipt.id))
    assert "须由退款或错缴更正功能办理，本系统尚未开放" in str(refused.value.refusals[0].sentence)
    assert len(undecided()) == 1
    decide(propose(line.id, PAID), ReviewState.REFUSED)
    assert len(undecided()) == 1
    decide(propose(line.id, PAID))
    assert (states(), undecided()) == ([LineState.BOOKED, LineState.OUTGOING], [])


def test_a_month_is_paid_by_one_money_and_what_lies_there_for_it_goes_back_whatever_came_first(
    unit: Unit, trio, bank: Bank
) -> None:
    case_no = declare(unit)
    settle(bank.file(bank.line("5551.28", payer_name="别家")))
    assign(lines()[0].id, unit)
    content = bank.file(bank.line("5551.28", with_check_characters(case_no)))
    given: dict[str, Any] = {"case_no": case_no, "by": unit.handler, "today": DAY, "key": Key.fresh()}
    answers = at_once(lambda at: take(content).result if at else remittance.pay_from_unallocated(**given).act)
    assert answers[0] in (("REMIT-MONEY-ON-ITS-WAY",), "pay_from_unallocated")
    remittance.book(case_nos=[case_no], by=SYSTEM, today=DAY)
    settle_statement(statement_id=answers[1]["statement_id"])
    assert (state_of(case_no), balances(unit.unallocated_account_id)) == ("booked", ["5,551.28"])
    (line,) = taken_back(bank, "5551.28")
    decide(propose(line.id, reversal(lines()[1].id)))
    assert (balances(unit.unallocated_account_id), undecided()) == (["0.00"], [])


def test_one_receipt_is_taken_back_once_and_money_in_use_is_not(unit: Unit, trio, bank: Bank) -> None:
    settle(bank.file(bank.line("9.00"), bank.line("352.00")))
    receipt, used = lines()
    first, second, third = taken_back(bank, "9.00", "9.00", "352.00")
    both = [propose(one.id, reversal(receipt.id)) for one in (first, second)]
    decide(both[0])
    assert codes(lambda: decide(both[1])) == ("TREASURY-RECEIPT-UNLIKE",)
    assign(used.id, unit)
    declare(unit, use_unallocated=True)  # 352.00 are reserved
    assert codes(lambda: propose(third.id, reversal(used.id))) == ("TREASURY-MONEY-GONE",)


def test_a_claim_that_waits_finds_that_the_bank_was_quicker(unit: Unit, bank: Bank) -> None:
    settle(bank.file(bank.line("9.00")))
    (receipt,) = lines()
    claim = propose(receipt.id, Wanted(Act.ASSIGN, "已核实", unit.unit_account_id))
    (line,) = taken_back(bank, "9.00")
    decide(propose(line.id, reversal(receipt.id)))
    assert codes(lambda: decide(claim)) == ("TREASURY-LINE-NOT-WAITING",)
    decide(claim, ReviewState.REFUSED)
    assert balances(unit.unallocated_account_id) == ["0.00"]


def test_within_one_file_and_by_the_account_alone_but_never_before_the_money_came(unit: Unit, bank: Bank) -> None:
    came = bank.line("7.00", payer_name="甲", payer_account="6222-0001")
    earlier = bank.line("8.00", side=Side.DEBIT, booked_on=DAY - timedelta(days=1))
    later = bank.line("8.00")
    back = bank.line("7.00", payer_name="乙", payer_account="62220001", side=Side.DEBIT)
    other = bank.line("7.00", payer_name="乙", payer_account="", side=Side.DEBIT)
    settle(bank.file(earlier, came, later, back, other))
    waiting = LineState.UNIDENTIFIED
    assert states() == [LineState.OUTGOING, waiting, waiting, LineState.TAKEN_BACK, LineState.OUTGOING]


def test_a_reversal_finds_the_money_where_it_lay_when_it_was_proposed(unit: Unit, bank: Bank) -> None:
    settle(bank.file(bank.line("9.00")))
    (receipt,) = lines()
    (line,) = taken_back(bank, "9.00")
    proposal = propose(line.id, reversal(receipt.id))
    assign(receipt.id, unit)
    assert codes(lambda: decide(proposal)) == ("TREASURY-MONEY-MOVED",)
    decide(proposal, ReviewState.RETURNED)
    decide(propose(line.id, reversal(receipt.id)))
    assert balances(unit.unallocated_account_id) == ["0.00"]


def test_a_receipt_whose_file_comes_later_is_asked_of_what_had_gone_out(unit: Unit, bank: Bank) -> None:
    before, came, after = (DAY - timedelta(days=day) for day in (2, 1, 0))
    first = bank.file(bank.line("1.00", booked_on=before))
    missing = bank.file(bank.line("9.00", booked_on=came), bank.line("8.00", booked_on=came))
    back, paid = (bank.line(yuan, side=Side.DEBIT, booked_on=after) for yuan in ("9.00", "8.00"))
    other = bank.line("9.00", side=Side.DEBIT, booked_on=after, payer_name="别家")
    settle(first)
    take(bank.file(back, paid, other), gap=True)
    assert states()[1:] == [LineState.OUTGOING] * 3
    settle(missing)
    assert states()[1:4] == [LineState.TAKEN_BACK, LineState.TAKEN_BACK, LineState.OUTGOING]
    (*_, one, two, _, receipt, _) = lines()
    decide(propose(one.id, reversal(receipt.id)))
    decide(propose(two.id, PAID))
    settle(bank.file(bank.line("8.00", booked_on=after)))  # what two persons confirmed is not asked again
    assert undecided() == []


def test_money_taken_back_twice_waits_the_second_time_too(unit: Unit, bank: Bank) -> None:
    settle(bank.file(bank.line("9.00")))
    (receipt,) = lines()
    (line,) = taken_back(bank, "9.00")
    decide(propose(line.id, reversal(receipt.id)))
    (again,) = taken_back(bank, "9.00")
    assert codes(lambda: propose(again.id, reversal(receipt.id))) == ("TREASURY-RECEIPT-UNLIKE",)
    assert len(undecided()) == 1


@pytest.mark.parametrize("change", [{"payer_name": ""}, {"payer_name": "待清算款项", "summary": "冲正"}])
def test_the_sum_alone_makes_it_wait_where_no_payer_is_named_or_the_bank_says_so(
    unit: Unit, bank: Bank, change: dict[str, str]
) -> None:
    settle(bank.file(bank.line("9.00")))
    (receipt,) = lines()
    (line,) = taken_back(bank, "9.00", **change)
    decide(propose(line.id, reversal(receipt.id)))
    assert states() == [LineState.REVERSED, LineState.OFFSET]


def test_the_database_lets_nobody_reverse_a_receipt_alone(unit: Unit, bank: Bank, center: Any) -> None:
    settle(bank.file(bank.line("9.00")))
    (receipt,) = lines()
    (line,) = taken_back(bank, "9.00")
    alone = (
        f"UPDATE treasury_line SET state = 'offset', offsets_id = {receipt.id} WHERE id = {line.id}",
        f"UPDATE treasury_line SET state = 'outgoing' WHERE id = {line.id}",
        f"UPDATE treasury_line SET state = 'reversed' WHERE id = {receipt.id}",
    )
    for statement in alone:
        with center.connect("staff") as staff, pytest.raises(psycopg.errors.InsufficientPrivilege):
            staff.execute(statement)
