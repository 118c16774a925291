"""Giving money to its owner, and taking it back, takes two: kept by the operations and by the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError

from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.evidence import events_about
from hpf.kernel import Key, Refused
from hpf.kernel.identity import with_check_characters
from hpf.money_desk import operations as money_desk
from hpf.money_desk.operations import Wanted
from hpf.money_desk.rules import REVIEW_KIND, Act
from hpf.storage import durable, reading
from hpf.treasury import queries
from hpf.treasury.rules import LineState
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
    states,
    take,
)
from tests.office import ACCOUNTANT, TREASURER, Unit, open_unit

WRONG = Wanted(Act.UNASSIGN, "付款人是别家单位")


def owner(unit: Unit) -> Wanted:
    return Wanted(Act.ASSIGN, "已与单位核实", unit.unit_account_id)


def codes(act: Callable[[], Any]) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.codes


def test_money_gets_its_owner_by_two_persons_and_leaves_him_by_two(unit: Unit, bank: Bank) -> None:
    settle(bank.file(bank.line("10.00", "还款", payer_name="某人")))
    (line,) = lines()
    nobody = Wanted(Act.ASSIGN, " ", 2**40)
    assert codes(lambda: propose(line.id, nobody)) == ("TREASURY-REASON", "TREASURY-UNIT-UNKNOWN")
    proposal = propose(line.id, owner(unit), key=(key := Key.fresh()))
    assert propose(line.id, owner(unit), key=key) == proposal
    assert (states(), balances(unit.unallocated_account_id)) == ([LineState.UNIDENTIFIED], ["0.00"])
    assert codes(lambda: propose(line.id, owner(unit))) == ("TREASURY-LINE-UNDER-REVIEW",)
    own = {"note": "", "by": TREASURER, "today": DAY, "key": Key.fresh()}
    assert codes(lambda: money_desk.decide(proposal, ReviewState.APPROVED, **own)) == ("REVIEW-OWN-WORK",)
    first = decide(proposal, key=(key := Key.fresh()))
    assert decide(proposal, key=key).number == first.number
    assert (states(), balances(unit.unallocated_account_id)) == ([LineState.ASSIGNED], ["10.00"])

    decide(propose(line.id, WRONG))
    assert (states(), balances(unit.unallocated_account_id)) == ([LineState.UNIDENTIFIED], ["0.00"])
    with reading(unit.handler):
        assert queries.own_lines() == []
    assign(line.id, other := open_unit("另一单位", "12511100451268006X"))
    assert balances(unit.unallocated_account_id, other.unallocated_account_id) == ["0.00", "10.00"]
    with reading(TREASURER):
        told = [one.act for one in reversed(events_about(f"bank-line:{line.id}"))]
    assert told == ["propose_line_act", "assign_line", "propose_line_act", "unassign_line", *told[:2]]


def test_what_is_not_approved_leaves_the_line_waiting_and_can_be_proposed_anew(unit: Unit, bank: Bank) -> None:
    settle(bank.file(bank.line("10.00")))
    (line,) = lines()
    assert codes(lambda: propose(line.id, WRONG)) == ("TREASURY-LINE-NOT-ASSIGNED",)
    decide(propose(line.id, owner(unit)), ReviewState.RETURNED)
    money_desk.withdraw(propose(line.id, owner(unit)), by=TREASURER, today=DAY, key=Key.fresh())
    assert states() == [LineState.UNIDENTIFIED]
    assign(line.id, unit)
    assert codes(lambda: propose(line.id, owner(unit))) == ("TREASURY-LINE-NOT-WAITING",)


def test_two_who_approve_at_once_move_the_money_once(unit: Unit, bank: Bank) -> None:
    settle(bank.file(bank.line("10.00")))
    (line,) = lines()
    for wanted, act, left in ((owner(unit), "assign_line", "10.00"), (WRONG, "unassign_line", "0.00")):
        proposal = propose(line.id, wanted)
        assert sorted(map(str, at_once(lambda _, one=proposal: decide(one).act))) == ["('REVIEW-OVER',)", act]
        assert balances(unit.unallocated_account_id) == [left]


def test_money_that_a_month_waits_for_is_not_taken_back(unit: Unit, trio, bank: Bank) -> None:
    settle(bank.file(bank.line("352.00")))
    (line,) = lines()
    assign(line.id, unit)
    correction = propose(line.id, WRONG)
    declare(unit, use_unallocated=True)  # between the two persons: 352.00 are reserved
    assert codes(lambda: decide(correction)) == ("TREASURY-MONEY-GONE",)
    assert (states(), balances(unit.unallocated_account_id)) == ([LineState.ASSIGNED], ["352.00"])
    decide(correction, ReviewState.REFUSED)
    assert codes(lambda: propose(line.id, WRONG)) == ("TREASURY-MONEY-GONE",)


def test_the_database_lets_nobody_give_a_line_away_alone(unit: Unit, bank: Bank, center: Any) -> None:
    settle(bank.file(bank.line("10.00"), bank.line("20.00")))
    line, other = lines()
    assign(line.id, unit)
    proposal = propose(other.id, owner(unit))
    alone = (
        "UPDATE treasury_line SET state = 'assigned', unit_account_id = 1, employer_id = 1,"
        f" assigned_entry_id = entry_id WHERE id = {other.id}",
        f"UPDATE treasury_line SET unit_account_id = unit_account_id + 1 WHERE id = {line.id}",
        f"UPDATE treasury_line SET state = 'unidentified', unit_account_id = NULL, assigned_entry_id = NULL"
        f" WHERE id = {line.id}",
        f"UPDATE money_desk_proposal SET state = 'approved', entry_id = 1 WHERE id = {proposal}",
        f"UPDATE money_desk_proposal SET state = 'proposed', entry_id = NULL WHERE line_id = {line.id}",
    )
    for statement in alone:
        with center.connect("staff") as staff, pytest.raises(psycopg.errors.InsufficientPrivilege):
            staff.execute(statement)
    with pytest.raises(Refused), durable(TREASURER):
        review.decide(REVIEW_KIND, proposal, ReviewState.APPROVED, note="", by=TREASURER)
    assert states() == [LineState.ASSIGNED, LineState.UNIDENTIFIED]


def test_one_word_of_two_persons_moves_the_money_once_and_to_nobody_else(unit: Unit, bank: Bank, center: Any) -> None:
    settle(bank.file(bank.line("10.00"), bank.line("20.00")))
    line, other = lines()
    assign(line.id, unit)
    decide(propose(line.id, WRONG))
    assign(other.id, unit)
    again = (
        "UPDATE treasury_line l SET state = 'assigned', unit_account_id = p.unit_account_id,"
        " employer_id = e.employer_id, assigned_entry_id = e.id"
        " FROM money_desk_proposal p JOIN ledger_entry e ON e.id = p.entry_id"
        f" WHERE p.act = 'assign_line' AND p.line_id = l.id AND l.id = {line.id}",
        f"UPDATE treasury_line SET employer_id = {unit.employer_id} + 1 WHERE id = {other.id}",
    )
    for statement in again:
        with center.connect("staff") as staff, pytest.raises(psycopg.errors.InsufficientPrivilege):
            staff.execute(statement)
    assert states() == [LineState.UNIDENTIFIED, LineState.ASSIGNED]


def test_a_line_goes_on_to_its_case_and_nowhere_else(unit: Unit, trio, bank: Bank, center: Any) -> None:
    reference = with_check_characters(declare(unit))
    take(bank.file(bank.line("5551.28", reference), bank.line("9.00", reference)))
    matched, over = lines()
    assert (matched.state, over.state) == (LineState.MATCHED, LineState.UNALLOCATED)
    elsewhere = [(matched.id, "state = 'short'"), (matched.id, "findings = '[]'"), (over.id, "state = 'booked'")]
    for line_id, change in [*elsewhere, (over.id, "state = 'matched'"), (over.id, "findings = '[]'")]:
        with center.connect("staff") as staff, pytest.raises(psycopg.errors.InsufficientPrivilege):
            staff.execute(f"UPDATE treasury_line SET {change} WHERE id = {line_id}")


def test_nobody_approves_what_he_proposed_though_another_handed_it_over(unit: Unit, bank: Bank, center: Any) -> None:
    settle(bank.file(bank.line("10.00")))
    (line,) = lines()
    proposal = propose(line.id, owner(unit))
    with durable(TREASURER):
        review.withdraw(REVIEW_KIND, proposal, by=TREASURER)
    with durable(ACCOUNTANT):
        review.submit(REVIEW_KIND, proposal, title="认领", by=ACCOUNTANT, today=DAY)
    alone = {"note": "", "by": TREASURER, "today": DAY, "key": Key.fresh()}
    with pytest.raises(ProgrammingError, match="by a second person"):
        money_desk.decide(proposal, ReviewState.APPROVED, **alone)
    assert states() == [LineState.UNIDENTIFIED]


@pytest.mark.parametrize("change", ["active = false", "roles = '{reviewer}'"])
def test_a_proposal_of_somebody_who_has_left_his_post_is_not_approved(
    unit: Unit, bank: Bank, center: Any, change: str
) -> None:
    settle(bank.file(bank.line("10.00")))
    (line,) = lines()
    proposal = propose(line.id, owner(unit))
    with center.connect("superuser") as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(f"UPDATE registry_staff SET {change} WHERE id = {TREASURER.id}")
    assert codes(lambda: decide(proposal)) == ("TREASURY-PROPOSER-GONE",)
    decide(proposal, ReviewState.RETURNED)
    assert states() == [LineState.UNIDENTIFIED]
