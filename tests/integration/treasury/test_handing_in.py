"""A statement that does not prove itself books nothing before a second person has seen it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError

from hpf.casework.review import ReviewState
from hpf.faces.batch.treasury import settle_statement
from hpf.faces.cli import statement_import
from hpf.faces.cli.verify import look
from hpf.faces.counter.reviews import by_command, view_of
from hpf.kernel import Fen, Key, Refused
from hpf.kernel.identity import with_check_characters
from hpf.money_desk import handing_in
from hpf.money_desk.handing_in import follows
from hpf.money_desk.models import HandedIn
from hpf.money_desk.rules import STATEMENT_REVIEW_KIND
from hpf.policy import choose_business_day
from hpf.registry.models import Staff
from hpf.storage import durable, reading
from hpf.treasury import operations, queries
from hpf.treasury.statement import Side, StatementHead, read_statement, write_statement
from tests.integration.treasury.bank import DAY, Bank, at_once, balances, declare, faults, lines, states, take
from tests.office import ACCOUNTANT, CLERK, SYSTEM, TREASURER, Unit, let_in

LATER = DAY + timedelta(days=3)


def bring(content: bytes, gap: bool = False, typed: StatementHead | None = None, key: Key | None = None) -> Any:
    given = {"by": TREASURER, "today": LATER, "key": key or Key.fresh()}
    return handing_in.bring_statement(content, name="流水.csv", typed=typed, gap=gap, **given).result


def decide(number: int, verdict: ReviewState = ReviewState.APPROVED, by: Any = ACCOUNTANT) -> Any:
    note = "" if verdict is ReviewState.APPROVED else "与银行不符"
    return handing_in.decide(number, verdict, note=note, by=by, today=LATER, key=Key.fresh())


def by_two(content: bytes) -> Any:
    """What comes of a file that pays out and says nothing else that two are asked about."""
    brought = bring(content)
    return decide(brought["handed_in_id"]).result if "handed_in_id" in brought else brought


def codes(act: Callable[[], Any]) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.codes


def monday_and_wednesday(bank: Bank, *wednesday: Any) -> tuple[bytes, bytes, bytes]:
    days = [DAY, DAY + timedelta(days=1), DAY + timedelta(days=2)]
    first, missing = (bank.file(bank.line("1.00", booked_on=day)) for day in days[:2])
    return first, missing, bank.file(*(replace(one, booked_on=days[2]) for one in wednesday))


def test_a_gap_is_confirmed_by_two_persons_and_books_nothing_before(unit: Unit, trio, bank: Bank) -> None:
    paid = bank.line("5551.28", with_check_characters(declare(unit)))
    first, missing, after = monday_and_wednesday(bank, paid)
    assert "statement_id" in bring(first)
    assert codes(lambda: bring(after)) == ("STATEMENT-GAP",)
    number = bring(after, gap=True, key=(key := Key.fresh()))["handed_in_id"]
    assert bring(after, gap=True, key=key)["handed_in_id"] == number
    assert codes(lambda: bring(after, gap=True)) == ("STATEMENT-HANDED-IN",)
    assert (len(states()), balances(unit.unallocated_account_id)) == (1, ["0.00"])
    assert codes(lambda: decide(number, by=TREASURER)) == ("REVIEW-OWN-WORK",)
    answers = sorted(map(str, at_once(lambda _: decide(number).act)))
    assert answers == ["('REVIEW-OVER',)", "import_statement"]
    assert balances(unit.unallocated_account_id) == ["5,551.28"]
    with reading(TREASURER):
        taken = queries.of_handed_in(number)
    assert taken == lines()[-1].statement_id
    assert "statement_id" in bring(missing, gap=True)  # it closes the gap: nothing is to be confirmed


def test_a_head_that_was_typed_is_seen_by_two_and_what_they_do_not_take_is_not_kept(unit: Unit, bank: Bank) -> None:
    statement = bank.statement(bank.line("7.00"))
    bare = b"\n".join(write_statement(statement).splitlines()[-2:])
    head = StatementHead(statement.account_no, DAY, DAY, statement.opening, statement.closing, 1)
    number = bring(bare, typed=head)["handed_in_id"]
    decide(number, ReviewState.REFUSED)
    given = {"by": TREASURER, "today": LATER, "key": Key.fresh()}
    handing_in.withdraw(bring(bare, typed=head)["handed_in_id"], **given)
    assert states() == []
    number = bring(bare, typed=head)["handed_in_id"]
    take(write_statement(statement))  # meanwhile the bank's own file came
    assert codes(lambda: decide(number)) == ("STATEMENT-REPEATED",)
    decide(number, ReviewState.RETURNED)
    assert len(states()) == 1
    assert "statement_id" in bring(write_statement(bank.statement(bank.line("8.00"))), typed=None)


def test_nobody_of_the_staff_takes_it_alone_past_the_page(unit: Unit, bank: Bank, center: Any) -> None:
    first, _, after = monday_and_wednesday(bank, bank.line("2.00"))
    bring(first)
    number = bring(after, gap=True)["handed_in_id"]
    one = {"by": TREASURER, "today": LATER, "key": Key.fresh(), "content": {}, "handed_in_id": number}
    statement = read_statement(after)
    with pytest.raises(ProgrammingError), durable(TREASURER):
        operations.take_statement(statement, operations.statement_digest(statement), **one)
    statements = (
        "INSERT INTO treasury_statement (bank_account_id, starts_on, ends_on, opening_fen, closing_fen, line_count,"
        " new_count, new_fen, digest, imported_on, imported_by, handed_in_id) SELECT bank_account_id,"
        f" starts_on, ends_on, 0, 0, 0, 0, 0, '\\x00', imported_on, 'x', {number} FROM treasury_statement",
        "INSERT INTO treasury_statement (bank_account_id, starts_on, ends_on, opening_fen, closing_fen, line_count,"
        " new_count, new_fen, digest, imported_on, imported_by) SELECT bank_account_id,"  # in silence
        " starts_on, ends_on, 0, 0, 0, 0, 0, '\\x00', imported_on, 'x' FROM treasury_statement",
        "UPDATE treasury_statement SET contained = true",
        "UPDATE treasury_statement SET confirmed_gap_fen = 100",
        f"UPDATE money_desk_handedin SET state = 'approved' WHERE id = {number}",
    )
    for statement, person in product(statements, (TREASURER.id, "")):
        with center.connect("staff") as staff:
            staff.execute(f"SELECT set_config('hpf.staff', '{person}', false)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                staff.execute(statement)


def test_two_persons_confirm_the_gap_that_they_saw_and_no_other(unit: Unit, bank: Bank) -> None:
    first, missing, after = monday_and_wednesday(bank, bank.line("2.00"))
    bring(first)
    number = bring(after, gap=True)["handed_in_id"]
    bring(missing)  # it lay between them: nothing is missing any more
    with pytest.raises(Refused, match="现在前后衔接，没有缺口") as refused:
        decide(number)
    assert refused.value.codes == ("STATEMENT-GAP-CHANGED",)
    decide(number, ReviewState.RETURNED)
    assert "statement_id" in bring(after)

    part, rest, late = (bank.file(bank.line(yuan, booked_on=LATER)) for yuan in ("0.25", "0.75", "3.00"))
    number = bring(late, gap=True)["handed_in_id"]
    bring(part)  # less is missing than both saw
    assert codes(lambda: decide(number)) == ("STATEMENT-GAP-CHANGED",)
    decide(number, ReviewState.RETURNED)
    bring(rest)
    bring(late)


def test_money_that_goes_out_is_seen_by_two_so_that_no_receipt_is_made_of_nothing(
    unit: Unit, trio, bank: Bank, center: Any
) -> None:
    reference = with_check_characters(declare(unit))
    paid = bank.line("5551.28", "手续费划转", side=Side.DEBIT, payer_name="示范银行")
    forged = bank.file(bank.line("5551.28", reference), paid)  # the balances of the two prove each other
    alone: dict[str, Any] = {"by": TREASURER, "today": LATER, "key": Key.fresh()}
    assert codes(lambda: operations.import_statement(content=forged, **alone)) == ("STATEMENT-PAYS-OUT",)
    statement = read_statement(forged)
    with pytest.raises(ProgrammingError, match="goes out by two"), durable(TREASURER):
        operations.take_statement(statement, operations.statement_digest(statement), content={}, **alone)
    number = bring(forged)["handed_in_id"]
    assert states() == []
    decide(number)
    bank.balance = Fen(bank.balance + paid.amount)
    assert "statement_id" in bring(bank.file(paid, bank.line("1.00")))  # both have seen what it repeats
    assert undecided() == []
    with center.connect("superuser") as admin:  # as it came before two were asked
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE treasury_statement SET handed_in_id = NULL")
    assert undecided() == [f"流水号{paid.flow_no}（2026-08-10）付款555128分，未经两人核对"]


def undecided() -> list[str]:
    return [one for finding in look() for one in finding.open]


def moved(bank: Bank, yuan: str) -> Any:
    side = Side.DEBIT if yuan.startswith("-") else Side.CREDIT
    return bank.line(yuan.strip("-"), side=side, booked_on=DAY + timedelta(days=1))


@pytest.mark.parametrize(("came", "left"), [("0.50", "0.50"), ("-1.00", "2.00"), ("2.00", "-1.00")])
def test_a_gap_that_becomes_another_is_confirmed_anew(unit: Unit, bank: Bank, came: str, left: str) -> None:
    first, _, after = monday_and_wednesday(bank, bank.line("2.00"))
    bring(first)
    decide(bring(after, gap=True)["handed_in_id"])
    last, bank.balance = bank.balance, read_statement(first).closing
    same = bank.file(moved(bank, "9.00"), moved(bank, "-9.00"))
    assert "statement_id" in by_two(same)  # it leaves the very sum that both know of
    between, rest = (bank.file(moved(bank, yuan)) for yuan in (came, left))
    with pytest.raises(Refused, match=f"相差{left}元") as refused:
        bring(between)
    assert refused.value.codes == ("STATEMENT-GAP",)
    decide(bring(between, gap=True)["handed_in_id"])
    bank.balance = last
    assert "statement_id" in bring(bank.file(bank.line("3.00", booked_on=LATER)))
    assert ["缺口已确认" in one for check in faults() for one in check.faults] == [True]
    by_two(rest)


def test_a_statement_that_ends_later_does_not_change_a_gap_unseen(unit: Unit, bank: Bank) -> None:
    first, _, after = monday_and_wednesday(bank, bank.line("2.00"))
    bring(first)
    decide(bring(after, gap=True)["handed_in_id"])
    known, new = read_statement(after), moved(bank, "0.50")
    bank.balance = Fen(known.opening - new.amount)
    long = bank.file(new, *known.lines, bank.line("3.00", booked_on=LATER))
    with pytest.raises(Refused, match=r"相差0\.50元"):
        bring(long)
    decide(bring(long, gap=True)["handed_in_id"])
    bank.balance = read_statement(first).closing
    assert "statement_id" in bring(bank.file(moved(bank, "0.50")))


def test_while_one_waits_the_next_days_are_handed_in_behind_it_and_taken_in_turn(unit: Unit, trio, bank: Bank) -> None:
    reference = with_check_characters(declare(unit))
    days = [DAY + timedelta(days=at) for at in range(4)]
    bring(bank.file(bank.line("1.00", booked_on=days[0])))
    pays = bank.file(bank.line("0.40", side=Side.DEBIT, booked_on=days[1], payer_name="示范银行"))
    receipts = bank.file(bank.line("5551.28", reference, booked_on=days[2]))
    pays_too = bank.file(bank.line("0.30", side=Side.DEBIT, booked_on=days[3], payer_name="示范银行"))
    first = bring(pays)["handed_in_id"]
    assert codes(lambda: bring(pays_too)) == ("STATEMENT-GAP",)  # what lies between them has not come
    second, third = bring(receipts)["handed_in_id"], bring(pays_too)["handed_in_id"]
    assert codes(lambda: bring(receipts)) == ("STATEMENT-HANDED-IN",)
    assert len(states()) == 1
    assert [codes(lambda one=one: decide(one)) for one in (third, second)] == [("STATEMENT-FOLLOWS",)] * 2
    with reading(ACCOUNTANT):
        before = [follows(HandedIn.objects.get(pk=one)) for one in (first, second, third)]
    assert [one.pk if one else None for one in before] == [None, first, second]
    for one in (first, second, third):
        decide(one)
    assert balances(unit.unallocated_account_id) == ["5,551.28"]
    assert ([one for check in faults() for one in check.faults], undecided()) == ([], [])


def test_what_continues_one_that_was_refused_is_refused_for_the_gap(unit: Unit, bank: Bank) -> None:
    bring(bank.file(bank.line("1.00")))
    pays, after = (
        bank.file(bank.line("0.40", side=side, booked_on=DAY + timedelta(days=at)))
        for at, side in ((1, Side.DEBIT), (2, Side.CREDIT))
    )
    first = bring(pays)["handed_in_id"]
    second = bring(after)["handed_in_id"]
    decide(first, ReviewState.REFUSED)
    assert codes(lambda: decide(second)) == ("STATEMENT-GAP",)
    decide(bring(pays)["handed_in_id"])  # it was right after all
    decide(second)
    assert len(states()) == 3


def test_what_is_missing_behind_one_that_waits_is_confirmed_for_its_own_sum(unit: Unit, bank: Bank) -> None:
    bring(bank.file(bank.line("1.00")))
    pays = bank.file(bank.line("0.40", side=Side.DEBIT, booked_on=DAY + timedelta(days=1)))
    missing = bank.file(bank.line("7.00", booked_on=DAY + timedelta(days=2)))
    first = bring(pays)["handed_in_id"]
    late = bank.file(bank.line("2.00", booked_on=LATER))
    second = bring(late, gap=True)["handed_in_id"]
    with reading(ACCOUNTANT):
        assert "相差7.00元" in HandedIn.objects.get(pk=second).gap_told
    decide(first)
    decide(second)
    assert len(states()) == 3
    bring(missing)


def test_the_command_line_hands_in_like_the_page_and_approves_nothing(
    unit: Unit, bank: Bank, tmp_path: Path, center: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    first, missing, after = files = [tmp_path / f"{at}.csv" for at in range(3)]
    for path, content in zip(files, monday_and_wednesday(bank, bank.line("2.00")), strict=True):
        path.write_bytes(content)
    with durable(SYSTEM):
        choose_business_day(LATER)
    with reading(SYSTEM):
        names = {one.pk: one.user_name for one in Staff.objects.all()}
    command(first)
    assert codes(lambda: command(after, "--gap")) == ("STATEMENT-BY-NOBODY",)
    assert codes(lambda: command(after, "--gap", "--by", names[CLERK.id])) == ("STAFF-ROLE",)
    named = ("--gap", "--by", names[TREASURER.id])
    assert codes(lambda: command(after, *named)) == ("STAFF-NOT-AT-WORK",)
    let_in(center, TREASURER)
    for half in ("must_change_password = true", "must_change_password = false, active = false"):
        with center.connect("superuser") as admin:
            admin.execute(f"UPDATE registry_staff SET {half} WHERE id = {TREASURER.id}")
        assert codes(lambda: command(after, *named))[0] in ("STAFF-NOT-AT-WORK", "STAFF-UNKNOWN")
    with center.connect("superuser") as admin:
        admin.execute(f"UPDATE registry_staff SET active = true WHERE id = {TREASURER.id}")
    command(after, *named)
    assert "已提交复核，编号1" in capsys.readouterr().out
    assert (len(states()), codes(lambda: decide(1, by=TREASURER))) == (1, ("REVIEW-OWN-WORK",))
    with reading(ACCOUNTANT):
        assert view_of(STATEMENT_REVIEW_KIND, 1, ACCOUNTANT).turns[0].by_command
    decide(1)
    with reading(TREASURER):  # of what is done in his name he reads after it is done too
        (said,) = by_command(TREASURER, datetime.now(UTC))
        assert by_command(TREASURER, datetime.now(UTC) + timedelta(days=8)) == []
    assert said.label.startswith("有人在服务器上以您的名义提交（对账单，复核通过）")
    command(missing)
    assert len(states()) == 3


def test_the_command_says_what_was_taken_before_and_what_became_of_it(
    unit: Unit, trio, bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "again.csv"
    path.write_bytes(bank.file(bank.line("5551.28", with_check_characters(declare(unit))), bank.line("2.00")))
    with durable(SYSTEM):
        choose_business_day(LATER)
    command(path)
    assert capsys.readouterr().out.splitlines() == [
        "已导入2笔 / 2 lines taken, statement 1",
        "  正在入账  1笔",
        "  待认领  1笔",
    ]
    settle_statement(statement_id=1)
    command(path)
    said, *now = capsys.readouterr().out.splitlines()
    assert f"已于{LATER}由" in said
    assert said.endswith("，没有再次导入 / it was taken before, as statement 1")
    assert now == ["  已入账  1笔", "  待认领  1笔"]


def command(path: Path, *words: str) -> None:
    parser = argparse.ArgumentParser()
    statement_import.arguments(parser)
    statement_import.run(parser.parse_args([str(path), *words]))
