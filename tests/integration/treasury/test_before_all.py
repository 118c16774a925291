"""What an account held before all that is known of it is no single person's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError

from hpf.casework.review import ReviewState
from hpf.kernel import Fen, Key, Refused
from hpf.kernel.identity import with_check_characters
from hpf.money_desk import handing_in
from hpf.storage import durable
from hpf.treasury import operations
from hpf.treasury.rules import LineState, Reason
from hpf.treasury.statement import Statement, StatementLine, write_statement
from tests.integration.treasury.bank import (
    BANK,
    DAY,
    Bank,
    balances,
    declare,
    faults,
    lines,
    settle,
    state_of,
    states,
    take,
)
from tests.office import ACCOUNTANT, TREASURER, Unit

EARLY = DAY - timedelta(days=60)


def alone(content: bytes) -> Any:
    """What one person makes of a file: its statement's number, or that of what waits for another one."""
    return handing_in.bring_statement(content, name="流水.csv", by=TREASURER, today=DAY, key=Key.fresh()).result


def earlier(known: Statement, paid: StatementLine) -> tuple[Statement, Statement, Statement]:
    """Three files that prove each other with what is known: of earlier days, of those and the known ones, of a part."""
    before = Fen(known.opening - paid.amount)
    old = replace(paid, booked_on=EARLY)
    return (
        Statement(BANK, EARLY, EARLY, before, known.opening, (old,)),
        Statement(BANK, EARLY, DAY, before, known.closing, (old, *known.lines)),
        Statement(BANK, DAY, DAY, before, known.opening, (paid,)),
    )


@pytest.mark.parametrize("shape", range(3))
def test_nobody_makes_a_receipt_before_all_that_is_known(unit: Unit, trio, bank: Bank, center: Any, shape: int) -> None:
    known = bank.statement(bank.line("1.00"))
    settle(write_statement(known))
    case_no = declare(unit)
    paid = bank.line("5551.28", with_check_characters(case_no))
    forged = earlier(known, paid)[shape]
    given: dict[str, Any] = {"by": TREASURER, "today": DAY, "key": Key.fresh()}
    with pytest.raises(Refused, match=r"之前账户已有-5,551\.28元") as refused:
        operations.import_statement(content=write_statement(forged), **given)
    assert refused.value.codes == ("STATEMENT-BEFORE-ALL",)
    digest = operations.statement_digest(forged)
    with pytest.raises(Refused), durable(TREASURER):
        operations.take_statement(forged, digest, content={}, **given)
    number = alone(write_statement(forged))["handed_in_id"]
    assert (len(states()), state_of(case_no)) == (1, "awaiting_payment")
    handing_in.decide(number, ReviewState.APPROVED, note="", by=ACCOUNTANT, today=DAY, key=Key.fresh())
    assert "statement_id" in alone(bank.file(bank.line("2.00")))  # it goes on as if nothing had been
    with center.connect("superuser") as admin:  # as it came before two were asked
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE treasury_statement SET base_moved_fen = 0")
    told = [one for check in faults() for one in check.faults]
    assert told == [f"账户{BANK}：最早一笔流水之前的余额为-555128分，两人核对过的为0分"]
    with center.connect("superuser") as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            f"UPDATE treasury_statement SET base_moved_fen = -555128 WHERE opening_fen = {int(forged.opening)}"
        )


def test_the_first_statement_of_all_says_that_there_was_nothing_or_is_seen_by_two(unit: Unit, center: Any) -> None:
    bank = Bank.opened_with("100.00")
    first, second = bank.file(bank.line("1.00")), bank.file(bank.line("2.00"))
    number = alone(first)["handed_in_id"]
    handing_in.decide(number, ReviewState.RETURNED, note="与银行不符", by=ACCOUNTANT, today=DAY, key=Key.fresh())
    assert states() == []
    take(first)
    assert "statement_id" in alone(second)
    for fen in (0, 1, 10_000):
        with center.connect("staff") as staff:
            staff.execute(f"SELECT set_config('hpf.staff', '{TREASURER.id}', false)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                staff.execute(f"UPDATE treasury_statement SET base_moved_fen = {fen}")


def test_the_database_takes_no_earlier_statement_past_the_page(unit: Unit, bank: Bank, monkeypatch: Any) -> None:
    known = bank.statement(bank.line("1.00"))
    take(write_statement(known))
    forged, *_ = earlier(known, bank.line("3.00"))
    monkeypatch.setattr(operations, "confirm_gaps", lambda *_: Fen(0))
    given: dict[str, Any] = {"content": {}, "by": TREASURER, "today": DAY, "key": Key.fresh()}
    with pytest.raises(ProgrammingError, match="statements join"), durable(TREASURER):
        operations.take_statement(forged, operations.statement_digest(forged), **given)


def test_money_that_came_before_its_reference_was_given_waits_for_two(unit: Unit, trio, bank: Bank) -> None:
    reference = with_check_characters(case_no := declare(unit))
    settle(bank.file(bank.line("5551.28", reference, booked_on=DAY - timedelta(days=1))))
    (line,) = lines()
    assert (line.state, line.findings[0].reason) == (LineState.UNIDENTIFIED, Reason.EARLY)
    assert (state_of(case_no), balances(unit.unallocated_account_id)) == ("awaiting_payment", ["0.00"])


def test_a_file_of_earlier_days_behind_which_one_is_missing_is_told_both(unit: Unit) -> None:
    bank = Bank.opened_with("4.00")
    take(bank.file(bank.line("1.00")))
    bank.balance = Fen(0)
    first, rest = (bank.file(bank.line("2.00", booked_on=EARLY + timedelta(days=day))) for day in range(2))
    with pytest.raises(Refused) as refused:
        alone(first)
    assert refused.value.codes == ("STATEMENT-BEFORE-ALL", "STATEMENT-GAP")
    take(first, gap=True)
    assert "statement_id" in alone(rest)
