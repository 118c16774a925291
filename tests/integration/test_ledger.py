"""The ledger on a real database: what it books, what it refuses, what raw SQL cannot do to it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from hpf import ledger
from hpf.kernel import Refused
from hpf.ledger import EntryKind, Line
from hpf.ledger.accounts import unallocated
from hpf.storage import durable, reading
from tests.integration.books import DAY, SYSTEM, Books, assert_sound


@pytest.fixture
def books(center) -> Books:
    return Books()


def test_a_month_moves_from_unallocated_money_to_the_members(books: Books) -> None:
    books.money_in(555128)
    receipt = books.book_month([96000, 423928, 35200])
    assert books.balances() == [96000, 423928, 35200, 0]
    assert (receipt.total, receipt.repeated) == (555128, False)
    assert_sound()


def test_the_same_key_books_once_and_gives_the_first_receipt(books: Books) -> None:
    first, second = books.money_in(5000), books.money_in(5000)
    assert (second.entry_id, second.repeated) == (first.entry_id, True)
    assert books.balances()[-1] == 5000
    assert_sound()


def test_the_same_key_with_other_content_is_refused(books: Books) -> None:
    books.money_in(5000)
    with pytest.raises(Refused) as refused:
        books.money_in(6000)
    assert refused.value.codes == ("LEDGER-KEY-REUSED",)
    assert books.balances()[-1] == 5000


def test_more_than_the_unallocated_money_is_refused(books: Books) -> None:
    books.money_in(555127)
    with pytest.raises(Refused) as refused:
        books.book_month([96000, 423928, 35200])
    assert refused.value.codes == ("LEDGER-NEGATIVE",)
    assert books.balances() == [0, 0, 0, 555127]


def test_an_unbalanced_entry_is_refused_at_commit(books: Books) -> None:
    with pytest.raises(Exception, match="L1"):
        books.post("unbalanced", EntryKind.MONEY_IN, Line(books.bank, "D", 100), Line(books.unallocated, "C", 99))
    assert books.balances()[-1] == 0


def test_other_lines_than_agreed_book_nothing(books: Books) -> None:
    books.money_in(300)
    with pytest.raises(ledger.LinesChanged):
        books.book_month([100, 100, 100], expected=bytes(32))
    assert books.balances() == [0, 0, 0, 300]


def test_a_reversal_restores_the_books_exactly_and_only_once(books: Books) -> None:
    books.money_in(300)
    entry = books.book_month([100, 100, 100])
    books.reverse(entry.entry_id, "reverse-1")
    assert books.balances() == [0, 0, 0, 300]
    with pytest.raises(Refused) as refused:
        books.reverse(entry.entry_id, "reverse-2")
    assert refused.value.codes == ("LEDGER-REVERSED",)
    assert_sound()


def test_a_person_month_is_corrected_once(books: Books) -> None:
    books.money_in(300)
    books.book_month([100, 100, 100])

    books.correct(2, 50, "correct-1")
    with pytest.raises(Refused) as refused:
        books.correct(2, 50, "correct-2")
    assert refused.value.codes == ("LEDGER-CORRECTED",)
    assert books.balances() == [100, 100, 50, 50]
    assert_sound()


def test_a_closed_day_takes_no_posting_and_has_vouchers_without_gaps(books: Books) -> None:
    books.money_in(300)
    books.book_month([100, 100, 100])
    with durable(SYSTEM):
        assert ledger.close_through(DAY, by=SYSTEM, today=DAY) == 2
    with pytest.raises(Refused) as refused:
        books.money_in(1, key="money-in-2")
    assert refused.value.codes == ("LEDGER-DAY-CLOSED",)
    books.money_in(1, key="money-in-3", on=date(2026, 8, 11))
    assert_sound()


def test_closing_a_day_again_changes_nothing_and_a_day_to_come_is_not_closed(books: Books) -> None:
    books.money_in(300)
    with durable(SYSTEM):
        assert [ledger.close_through(DAY, by=SYSTEM, today=DAY) for _ in range(2)] == [1, 0]
    with pytest.raises(Refused) as refused, durable(SYSTEM):
        ledger.close_through(date(2026, 8, 11), by=SYSTEM, today=DAY)
    assert refused.value.codes == ("LEDGER-DAY-NOT-COME",)
    books.money_in(1, key="money-in-2", on=date(2026, 8, 11))
    assert_sound()


def test_the_day_sum_is_balance_days_of_the_value_dates(books: Books) -> None:
    books.money_in(1000, on=date(2026, 8, 10))
    books.money_in(2000, key="money-in-2", on=date(2026, 8, 20))
    with reading(SYSTEM), connection.cursor() as cursor:
        account_id, fen = unallocated(70)
        cursor.execute("SELECT moment FROM ledger_account WHERE id = %s", [account_id])
        (moment,) = cursor.fetchone()
    until = (date(2026, 9, 1) - date(1970, 1, 1)).days
    assert fen * until - moment == 1000 * 22 + 2000 * 12
