"""The ledger on a real database: what it books, what it refuses, what raw SQL cannot do to it."""

from __future__ import annotations

from datetime import date

import pytest

from hpf import ledger
from hpf.kernel import Actor, Key, Month, Refused
from hpf.ledger import EntryDraft, EntryKind, Kind, Line
from hpf.ledger.accounts import balance, unallocated
from hpf.ledger.invariants import checks
from hpf.storage import durable, reading

DAY = date(2026, 8, 10)
SYSTEM = Actor.SYSTEM


class Books:
    """One employer with three members, a bank account and unidentified money."""

    def __init__(self) -> None:
        with durable(SYSTEM):
            self.bank = ledger.open_account(Kind.BANK, on=DAY, label="专户")
            self.unidentified = ledger.open_account(Kind.UNIDENTIFIED, on=DAY)
            self.unallocated = ledger.open_account(Kind.UNALLOCATED, on=DAY, employer_id=7, unit_account_id=70)
            self.members = [
                ledger.open_account(Kind.MEMBER, on=DAY, employer_id=7, unit_account_id=70) for _ in range(3)
            ]

    def post(self, key: str, kind: EntryKind, *lines: Line, on: date = DAY, expected: bytes | None = None):
        draft = EntryDraft(Key(key), kind, "试记", employer_id=7, unit_account_id=70, expected=expected)
        with durable(SYSTEM):
            return ledger.post([draft], ledger.lines_query([lines]), on=on, by=SYSTEM)[draft.key]

    def money_in(self, fen: int, key: str = "money-in-1", on: date = DAY):
        return self.post(key, EntryKind.MONEY_IN, Line(self.bank, "D", fen), Line(self.unallocated, "C", fen), on=on)

    def book_month(self, *fen: int, key: str = "month-0001", on: date = DAY, expected: bytes | None = None):
        shares = [Line(member, "C", amount, Month(2026, 7)) for member, amount in zip(self.members, fen, strict=True)]
        return self.post(
            key, EntryKind.REMITTANCE, Line(self.unallocated, "D", sum(fen)), *shares, on=on, expected=expected
        )


@pytest.fixture
def books(center) -> Books:
    return Books()


def assert_sound() -> None:
    with reading(SYSTEM):
        assert [check for check in checks() if not check.sound] == []


def balances(books: Books) -> list[int]:
    with reading(SYSTEM):
        return [int(balance(account)) for account in (*books.members, books.unallocated)]


def test_a_month_moves_from_unallocated_money_to_the_members(books: Books) -> None:
    books.money_in(555128)
    receipt = books.book_month(96000, 423928, 35200)
    assert balances(books) == [96000, 423928, 35200, 0]
    assert (receipt.total, receipt.repeated) == (555128, False)
    assert_sound()


def test_the_same_key_books_once_and_gives_the_first_receipt(books: Books) -> None:
    first, second = books.money_in(5000), books.money_in(5000)
    assert (second.entry_id, second.repeated) == (first.entry_id, True)
    assert balances(books)[-1] == 5000
    assert_sound()


def test_the_same_key_with_other_content_is_refused(books: Books) -> None:
    books.money_in(5000)
    with pytest.raises(Refused) as refused:
        books.money_in(6000)
    assert refused.value.codes == ("LEDGER-KEY-REUSED",)
    assert balances(books)[-1] == 5000


def test_more_than_the_unallocated_money_is_refused(books: Books) -> None:
    books.money_in(555127)
    with pytest.raises(Refused) as refused:
        books.book_month(96000, 423928, 35200)
    assert refused.value.codes == ("LEDGER-NEGATIVE",)
    assert balances(books) == [0, 0, 0, 555127]


def test_an_unbalanced_entry_is_refused_at_commit(books: Books) -> None:
    with pytest.raises(Exception, match="L1"):
        books.post("unbalanced", EntryKind.MONEY_IN, Line(books.bank, "D", 100), Line(books.unallocated, "C", 99))
    assert balances(books)[-1] == 0


def test_other_lines_than_agreed_book_nothing(books: Books) -> None:
    books.money_in(300)
    with pytest.raises(ledger.LinesChanged):
        books.book_month(100, 100, 100, expected=bytes(32))
    assert balances(books) == [0, 0, 0, 300]


def test_a_reversal_restores_the_books_exactly_and_only_once(books: Books) -> None:
    books.money_in(300)
    entry = books.book_month(100, 100, 100)
    with durable(SYSTEM):
        ledger.reverse(entry.entry_id, key=Key("reverse-1"), narrative="红冲", on=DAY, by=SYSTEM)
    assert balances(books) == [0, 0, 0, 300]
    with pytest.raises(Refused) as refused, durable(SYSTEM):
        ledger.reverse(entry.entry_id, key=Key("reverse-2"), narrative="红冲", on=DAY, by=SYSTEM)
    assert refused.value.codes == ("LEDGER-REVERSED",)
    assert_sound()


def test_a_person_month_is_corrected_once(books: Books) -> None:
    books.money_in(300)
    books.book_month(100, 100, 100)

    def correct(key: str) -> None:
        lines = (Line(books.members[2], "D", 50, Month(2026, 7)), Line(books.unallocated, "C", 50))
        books.post(key, EntryKind.CORRECTION, *lines)

    correct("correct-1")
    with pytest.raises(Refused) as refused:
        correct("correct-2")
    assert refused.value.codes == ("LEDGER-CORRECTED",)
    assert balances(books) == [100, 100, 50, 50]
    assert_sound()


def test_a_closed_day_takes_no_posting_and_has_vouchers_without_gaps(books: Books) -> None:
    books.money_in(300)
    books.book_month(100, 100, 100)
    with durable(SYSTEM):
        assert ledger.close_through(DAY, by=SYSTEM) == 2
    with pytest.raises(Refused) as refused:
        books.money_in(1, key="money-in-2")
    assert refused.value.codes == ("LEDGER-DAY-CLOSED",)
    books.money_in(1, key="money-in-3", on=date(2026, 8, 11))
    assert_sound()


def test_the_day_sum_is_balance_days_of_the_value_dates(books: Books) -> None:
    books.money_in(1000, on=date(2026, 8, 10))
    books.money_in(2000, key="money-in-2", on=date(2026, 8, 20))
    with reading(SYSTEM):
        account_id, fen = unallocated(70)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT moment FROM ledger_account WHERE id = %s", [account_id])
            (moment,) = cursor.fetchone()
    until = (date(2026, 9, 1) - date(1970, 1, 1)).days
    assert fen * until - moment == 1000 * 22 + 2000 * 12
