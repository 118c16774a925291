"""What files the treasury takes, and what it says of the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from hpf import ledger
from hpf.kernel import Fen, Key, Refused
from hpf.kernel.identity import with_check_characters
from hpf.registry.models import BankAccount
from hpf.storage import durable, reading
from hpf.treasury import operations, queries
from hpf.treasury.rules import LineState
from hpf.treasury.statement import Side, StatementHead, StatementLine, write_statement
from tests.integration.treasury.bank import (
    BANK,
    DAY,
    Bank,
    declare,
    faults,
    lines,
    refused,
    states,
    take,
)
from tests.office import SYSTEM, TREASURER, Unit


def test_a_file_of_another_account_is_refused(unit: Unit, bank: Bank) -> None:
    statement = replace(bank.statement(bank.line("1.00")), account_no="5100100000000002")
    assert refused(write_statement(statement)) == [("STATEMENT-ACCOUNT", "账号5100100000000002不是本中心的归集账户")]


def test_a_file_of_an_account_that_does_not_collect_is_refused(unit: Unit, bank: Bank) -> None:
    with durable(SYSTEM):
        BankAccount.objects.update(collects=False)
    assert refused(bank.file(bank.line("1.00")))[0][0] == "STATEMENT-ACCOUNT"


def test_the_same_statement_in_another_encoding_is_the_same(unit: Unit, bank: Bank) -> None:
    statement = bank.statement(bank.line("1.00"))
    take(write_statement(statement))
    assert refused(write_statement(statement, encoding="gb18030", delimiter="\t"))[0][0] == "STATEMENT-REPEATED"


def test_a_line_that_contradicts_an_earlier_file_refuses_the_file(unit: Unit, bank: Bank) -> None:
    line = bank.line("10.00")
    take(bank.file(line))
    bank.balance -= line.amount
    second = bank.file(replace(line, amount=Fen(1200)), bank.line("5.00"))
    assert refused(second) == [
        ("STATEMENT-LINE-DIFFERS", "流水号F000001（2026-08-10）为贷12.00元，此前导入的是贷10.00元")
    ]
    assert len(lines()) == 1


def test_the_same_flow_number_of_another_day_is_another_line(unit: Unit, bank: Bank) -> None:
    line = bank.line("10.00")
    take(bank.file(line, replace(line, booked_on=DAY + timedelta(days=1))))
    assert states() == [LineState.UNIDENTIFIED] * 2


def of_three_days(bank: Bank) -> list[StatementLine]:
    days = enumerate(("10.00", "20.00", "30.00"))
    return [bank.line(yuan, booked_on=DAY + timedelta(days=day)) for day, yuan in days]


@pytest.mark.parametrize("daily", [True, False])
@pytest.mark.parametrize("day", [1, 2])
def test_money_that_comes_again_under_another_flow_number_is_refused(
    unit: Unit, bank: Bank, day: int, daily: bool
) -> None:
    opening, came = bank.balance, of_three_days(bank)
    for some in [[line] for line in came] if daily else [came]:
        take(bank.file(*some))
    bank.balance, again = opening, list(came)
    again[day] = replace(again[day], flow_no="OTHER")
    on = again[day].booked_on
    named = [f"流水号{came[day].flow_no}（{on}）见于此前导入的对账单，而本文件同一天没有这一笔"]
    if not daily and day == 1:
        named.append(f"流水号OTHER（{on}）见于本文件，而此前导入的对账单同一天没有这一笔")
    assert refused(bank.file(*again), gap=True) == [("STATEMENT-LINE-APART", what) for what in named]
    assert len(lines()) == 3


def test_a_single_day_cannot_bring_what_a_longer_statement_of_it_did_not_have(unit: Unit, bank: Bank) -> None:
    opening, came = bank.balance, of_three_days(bank)
    take(bank.file(*came))
    bank.balance = opening + came[0].amount + came[1].amount
    more = replace(bank.line("5.00"), booked_on=came[1].booked_on)
    assert refused(bank.file(more), gap=True)[0][0] == "STATEMENT-LINE-APART"


def test_a_day_of_which_two_statements_tell_differently_is_found(unit: Unit, bank: Bank, center: Any) -> None:
    for line in of_three_days(bank):
        take(bank.file(line))
    with center.connect("superuser") as admin:
        admin.execute("SET session_replication_role = replica")  # past the guards
        admin.execute("UPDATE treasury_statement SET starts_on = starts_on - 2 WHERE id = 3")
        found = [fault for check in faults() for fault in check.faults]
        admin.execute("UPDATE treasury_statement SET starts_on = starts_on + 2 WHERE id = 3")
    assert "流水号F000002（2026-08-11）见于对账单2，而对账单3同一天没有这一笔" in found


def test_a_statement_of_days_that_have_not_come_is_refused_with_all_its_reasons(unit: Unit, bank: Bank) -> None:
    tomorrow = DAY + timedelta(days=1)
    statement = bank.statement(bank.line("10.00"), bank.line("20.00", booked_on=tomorrow))
    wrong = write_statement(replace(statement, closing=statement.opening))
    assert [code for code, _ in refused(wrong, today=DAY)] == ["STATEMENT-SUM", "STATEMENT-AHEAD", "STATEMENT-AHEAD"]
    assert refused(write_statement(statement), today=DAY) == [
        ("STATEMENT-AHEAD", "截止日期2026-08-11晚于今天2026-08-10"),
        ("STATEMENT-AHEAD", "交易日期2026-08-11晚于今天2026-08-10"),
    ]
    take(write_statement(statement), today=tomorrow)


def test_a_statement_once_taken_with_an_end_far_ahead_does_not_shut_out_later_days(
    unit: Unit, bank: Bank, center: Any
) -> None:
    first, *later = of_three_days(bank)
    take(bank.file(first), today=DAY)
    with center.connect("superuser") as admin:
        admin.execute("UPDATE treasury_statement SET ends_on = '2062-08-10'")
    for line in later:
        take(bank.file(line))
    assert (len(lines()), gaps(), faults()) == (3, 0, [])


def test_a_statement_tells_nothing_whole_of_the_day_on_which_it_was_taken(unit: Unit, bank: Bank) -> None:
    came = of_three_days(bank)
    take(bank.file(*came))
    take(bank.file(bank.line("5.00", booked_on=came[-1].booked_on)))
    bank.balance -= Fen.from_yuan("5.00")
    earlier = bank.line("5.00", booked_on=came[1].booked_on)
    assert refused(bank.file(earlier), gap=True)[0][0] == "STATEMENT-LINE-APART"


def three_days(bank: Bank) -> list[bytes]:
    return [bank.file(line) for line in of_three_days(bank)]


def test_a_statement_that_does_not_join_is_refused_until_the_missing_one_came(unit: Unit, bank: Bank) -> None:
    monday, tuesday, wednesday = three_days(bank)
    take(monday)
    assert refused(wednesday) == [
        (
            "STATEMENT-GAP",
            "2026-08-12起的对账单期初余额30.00元，与此前对账单的余额10.00元不衔接，相差20.00元",
        )
    ]
    take(tuesday)
    take(wednesday)
    assert faults() == []


def test_a_confirmed_gap_stays_named_until_the_missing_statement_comes(unit: Unit, bank: Bank) -> None:
    monday, tuesday, wednesday = three_days(bank)
    take(monday)
    assert take(wednesday, gap=True).result["gap_fen"] == 2000
    assert ["缺口已确认" in fault for check in faults() for fault in check.faults] == [True]
    with reading(TREASURER):
        assert [row.gap.yuan for row in queries.bank_statements()] == ["20.00", "0.00"]
    take(tuesday)
    assert faults() == []
    with reading(TREASURER):
        assert [row.gap.yuan for row in queries.bank_statements()] == ["0.00", "0.00", "0.00"]


def test_the_word_for_one_gap_is_no_word_for_the_next(unit: Unit, bank: Bank) -> None:
    first, *missing, before, lost, after = (
        bank.file(bank.line("10.00", booked_on=DAY + timedelta(days=day))) for day in range(6)
    )
    take(first)
    take(before, gap=True)
    assert [code for code, _ in refused(after)] == ["STATEMENT-GAP"]
    for statement in (*missing, lost, after):
        take(statement, gap=statement == missing[0])  # one of two came: what is missing is another sum


def test_opposite_gaps_do_not_make_up_for_each_other(unit: Unit, bank: Bank) -> None:
    opening = bank.balance
    monday, _, wednesday = three_days(bank)
    bank.balance -= Fen(2000)
    thursday = bank.file(bank.line("40.00", booked_on=DAY + timedelta(days=3)))
    take(monday)
    take(wednesday, gap=True)
    take(thursday, gap=True)
    assert [len(check.faults) for check in faults()] == [2]
    bank.balance = opening + Fen(1000)
    tuesday = bank.line("20.00", booked_on=DAY + timedelta(days=1))
    back = bank.line("20.00", booked_on=DAY + timedelta(days=2), side=Side.DEBIT)
    take(bank.file(tuesday))
    bank.balance += Fen(3000)
    take(bank.file(back))


def test_parts_of_a_day_join_in_whatever_order_they_come(unit: Unit, bank: Bank) -> None:
    for day, order in enumerate(permutations(range(3))):
        parts = [
            bank.file(bank.line(yuan, booked_on=DAY + timedelta(days=day))) for yuan in ("50.00", "20.00", "30.00")
        ]
        for part in order:
            take(parts[part], gap=True)
        assert faults() == []
        with reading(TREASURER):
            assert {row.gap for row in queries.bank_statements()} == {0}


def test_a_part_that_waited_for_another_is_taken_after_it_without_a_word(unit: Unit, bank: Bank) -> None:
    before, morning, noon, evening = (bank.file(bank.line(yuan)) for yuan in ("5.00", "50.00", "20.00", "30.00"))
    take(before)
    assert [code for code, _ in refused(evening)] == ["STATEMENT-GAP"]
    take(noon, gap=True)
    take(morning)
    take(evening)
    assert faults() == []


def of_days(bank: Bank, *days: int) -> list[bytes]:
    """Files of a line each, on these days after the first, in the order in which the money moved."""
    return [bank.file(bank.line(f"{at + 1}0.00", booked_on=DAY + timedelta(days=day))) for at, day in enumerate(days)]


def test_the_parts_of_a_day_are_put_in_order_again_when_the_day_before_comes(unit: Unit, bank: Bank) -> None:
    before, monday, morning, noon, evening = of_days(bank, 0, 1, 2, 2, 2)
    for part in (before, evening, morning):
        take(part, gap=True)
    assert gaps() == 2
    take(monday, gap=True)
    assert gaps() == 1
    take(noon)
    assert (gaps(), faults()) == (0, [])


def test_a_part_of_a_day_and_the_whole_of_it_leave_no_gap_in_whatever_order_they_come(unit: Unit, bank: Bank) -> None:
    for week, order in enumerate(permutations(range(3))):
        day = DAY + timedelta(days=week)
        opening, came = bank.balance, [bank.line(yuan, booked_on=day) for yuan in ("50.00", "20.00", "30.00")]
        before, noon, _ = (bank.file(line) for line in came)
        bank.balance = opening
        whole = bank.file(*came) if week % 2 else bank.file(*reversed(came))  # some banks tell of the latest first
        files = [before, noon, whole]
        for at in order[: 2 if week < 3 else 3]:
            take(files[at], gap=True)
        if whole not in [files[at] for at in order[:2]]:
            take(whole)
        assert (gaps(), faults()) == (0, [])


def test_a_part_of_a_day_with_other_balances_than_the_whole_is_refused(unit: Unit, bank: Bank) -> None:
    came = [bank.line(yuan) for yuan in ("50.00", "20.00", "30.00")]
    take(bank.file(*came))
    for opening in ("50.01", "70.00"):
        bank.balance = Fen.from_yuan(opening)
        assert [code for code, _ in refused(bank.file(came[1]))] == ["STATEMENT-GAP"]
    bank.balance = Fen.from_yuan("50.00")
    assert take(bank.file(came[1])).result["gap_fen"] == 0
    bank.balance = Fen.from_yuan("50.00")
    assert [code for code, _ in refused(bank.file(came[0], came[2]))] == ["STATEMENT-GAP"]


def test_a_file_that_ends_at_noon_is_taken_after_the_afternoon_and_not_under_other_numbers(
    unit: Unit, bank: Bank
) -> None:
    opening, monday = bank.balance, DAY + timedelta(days=1)
    bank.balance += Fen.from_yuan("40.00")
    take(bank.file(bank.line("30.00", booked_on=monday)))

    def until_noon(of_sunday: str, of_monday: str) -> bytes:
        bank.balance = opening
        return bank.file(bank.line(of_sunday), bank.line(of_monday, booked_on=monday))

    for other in (("10.00", "20.00"), ("10.00", "30.00")):  # balances that do not join; the afternoon's own sum
        assert [code for code, _ in refused(until_noon(*other), gap=True)] == ["STATEMENT-LINE-APART"]
    take(until_noon("20.00", "20.00"))
    assert (gaps(), faults()) == (0, [])


def cut_within_monday(bank: Bank) -> tuple[bytes, bytes, bytes]:
    monday = DAY + timedelta(days=1)
    first = bank.file(bank.line("1.00"), bank.line("2.00", booked_on=monday))
    second, third = (bank.file(bank.line(yuan, booked_on=monday)) for yuan in ("4.00", "8.00"))
    return first, second, third


@pytest.mark.parametrize("order", [one for one in permutations(range(3)) if one != (2, 0, 1)])
def test_three_files_that_were_cut_within_a_day_come_in_any_order(unit: Unit, bank: Bank, order: Any) -> None:
    files = cut_within_monday(bank)
    for at in order:
        take(files[at], gap=True)
    assert (len(lines()), gaps(), faults()) == (4, 0, [])


def test_a_part_of_a_day_that_nothing_joins_to_another_is_refused_with_the_way_out(unit: Unit, bank: Bank) -> None:
    first, second, third = cut_within_monday(bank)
    take(third, gap=True)
    with pytest.raises(Refused, match="请改用包含整天的对账单") as refusal:
        take(first, gap=True)
    assert refusal.value.codes == ("STATEMENT-LINE-APART",)
    for content in (second, first):
        take(content)
    assert (len(lines()), gaps(), faults()) == (4, 0, [])


def test_the_whole_of_a_day_under_other_numbers_is_refused_after_a_file_that_ends_at_its_noon(
    unit: Unit, bank: Bank
) -> None:
    monday = DAY + timedelta(days=1)
    sunday, noon, afternoon = (
        bank.line(yuan, booked_on=day) for yuan, day in (("10.00", DAY), ("20.00", monday), ("30.00", monday))
    )
    take(bank.file(sunday, noon))
    bank.balance -= noon.amount
    again = bank.statement(replace(noon, flow_no="OTHER"), afternoon)
    assert [code for code, _ in refused(write_statement(again))] == ["STATEMENT-GAP"]
    bank.balance = again.opening + noon.amount
    take(bank.file(afternoon))
    assert (gaps(), faults()) == (0, [])


def gaps() -> int:
    with reading(TREASURER):
        return sum(1 for row in queries.bank_statements() if row.gap)


def test_more_money_than_the_books_hold_is_refused_in_words(unit: Unit, trio, bank: Bank) -> None:
    most, back = "999999999999.99", {"side": Side.DEBIT}
    twice = [bank.line(most, **way) for way in ({}, back, {}, back)]
    assert [code for code, _ in refused(bank.file(*twice))] == ["STATEMENT-TOO-MUCH"] * 2
    paid = with_check_characters(declare(unit))
    churn = [bank.file(bank.line(most, paid), bank.line(most, **back)) for _ in range(2)]
    take(churn[0])
    assert [code for code, _ in refused(churn[1])] == ["LEDGER-TOO-LARGE"]
    assert faults() == []


def test_a_wholly_repeated_statement_with_other_balances_is_refused(unit: Unit, bank: Bank) -> None:
    line = bank.line("10.00")
    take(bank.file(line))
    bank.balance = Fen.from_yuan("500.00")
    assert [code for code, _ in refused(bank.file(line))] == ["STATEMENT-GAP"]


def test_a_longer_statement_may_come_after_one_of_its_days(unit: Unit, bank: Bank) -> None:
    opening = bank.balance
    days = [bank.line(yuan, booked_on=DAY + timedelta(days=day)) for day, yuan in enumerate(("10.00", "20.00"))]
    bank.balance += days[0].amount
    take(bank.file(days[1]))
    bank.balance = opening
    assert take(bank.file(*days)).result["gap_fen"] == 0
    assert faults() == []


def test_files_whose_days_overlap_continue_each_other(unit: Unit, bank: Bank) -> None:
    monday, tuesday = (
        bank.line(yuan, booked_on=DAY + timedelta(days=day)) for day, yuan in enumerate(("10.00", "20.00"))
    )
    take(bank.file(monday))
    bank.balance -= monday.amount
    assert take(bank.file(monday, tuesday)).result["gap_fen"] == 0
    assert states() == [LineState.UNIDENTIFIED, LineState.REPEATED, LineState.UNIDENTIFIED]


def test_a_day_without_movement_is_a_statement_too(unit: Unit, bank: Bank) -> None:
    take(bank.file(bank.line("10.00")))
    empty = replace(bank.statement(), starts_on=DAY + timedelta(days=1), ends_on=DAY + timedelta(days=1))
    assert take(write_statement(empty)).result["lines"] == 0


def test_a_file_without_a_head_is_taken_with_the_totals_typed_in(unit: Unit, bank: Bank) -> None:
    statement = bank.statement(bank.line("10.00"))
    table = b"".join(write_statement(statement, encoding="utf-8").splitlines(keepends=True)[6:])
    typed = StatementHead(BANK, DAY, DAY, statement.opening, statement.closing, 1)
    assert refused(table)[0][0] == "STATEMENT-NO-HEAD"
    assert take(table, typed=typed).result["unidentified"] == 1


def test_the_same_click_twice_takes_the_file_once(unit: Unit, bank: Bank) -> None:
    content, key = bank.file(bank.line("10.00")), Key.fresh()
    first, second = take(content, key), take(content, key)
    assert (second.number, second.repeated) == (first.number, True)
    assert len(lines()) == 1


def test_a_closed_day_refuses_the_file_and_keeps_nothing_of_it(unit: Unit, bank: Bank) -> None:
    with durable(SYSTEM):
        ledger.close_through(DAY, by=SYSTEM, today=DAY)
    assert refused(bank.file(bank.line("10.00")))[0][0] == "LEDGER-DAY-CLOSED"
    with reading(TREASURER):
        assert (queries.bank_statements(), queries.lines()) == ([], [])


def test_a_file_on_disk_is_taken_and_one_that_is_not_there_is_refused(unit: Unit, bank: Bank, tmp_path: Path) -> None:
    path = tmp_path / "流水.csv"
    with pytest.raises(Refused) as refusal:
        operations.read_file(path)
    assert refusal.value.codes == ("STATEMENT-UNREADABLE",)
    path.write_bytes(bank.file(bank.line("10.00")))
    assert take(operations.read_file(path)).result["lines"] == 1
