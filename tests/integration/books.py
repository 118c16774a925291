"""A small set of books for tests of the ledger: one employer, three members, a bank account, unidentified money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hpf import ledger
from hpf.kernel import Actor, Fen, Key, Month
from hpf.ledger import EntryDraft, EntryKind, EntryReceipt, Kind, Line
from hpf.ledger.accounts import balance
from hpf.ledger.invariants import checks
from hpf.storage import durable, reading

DAY = date(2026, 8, 10)
JULY = Month(2026, 7)
SYSTEM = Actor.SYSTEM


class Books:
    """Employer 7 with unit account 70."""

    def __init__(self, members: int = 3) -> None:
        with durable(SYSTEM):
            self.bank = ledger.open_account(Kind.BANK, on=DAY, label="专户")
            self.unidentified = ledger.open_account(Kind.UNIDENTIFIED, on=DAY)
            self.unallocated = ledger.open_account(Kind.UNALLOCATED, on=DAY, employer_id=7, unit_account_id=70)
            self.members = [
                ledger.open_account(Kind.MEMBER, on=DAY, employer_id=7, unit_account_id=70) for _ in range(members)
            ]

    def post(
        self, key: str, kind: EntryKind, *lines: Line, on: date = DAY, expected: bytes | None = None
    ) -> EntryReceipt:
        draft = EntryDraft(Key(key), kind, "试记", employer_id=7, unit_account_id=70, expected=expected)
        with durable(SYSTEM):
            return ledger.post([draft], ledger.lines_query([lines]), on=on, by=SYSTEM)[draft.key]

    def money_in(self, fen: int, key: str = "money-in-1", on: date = DAY) -> EntryReceipt:
        lines = (Line(self.bank, "D", fen), Line(self.unallocated, "C", fen))
        return self.post(key, EntryKind.MONEY_IN, *lines, on=on)

    def book_month(
        self,
        amounts: Sequence[int],
        key: str = "month-0001",
        month: Month = JULY,
        on: date = DAY,
        expected: bytes | None = None,
    ) -> EntryReceipt:
        shares = [Line(member, "C", fen, month) for member, fen in zip(self.members, amounts, strict=True)]
        whole = Line(self.unallocated, "D", sum(amounts))
        return self.post(key, EntryKind.REMITTANCE, whole, *shares, on=on, expected=expected)

    def correct(self, member: int, fen: int, key: str, month: Month = JULY, on: date = DAY) -> EntryReceipt:
        lines = (Line(self.members[member], "D", fen, month), Line(self.unallocated, "C", fen))
        return self.post(key, EntryKind.CORRECTION, *lines, on=on)

    def reverse(self, entry_id: int, key: str, on: date = DAY) -> EntryReceipt:
        with durable(SYSTEM):
            return ledger.reverse(entry_id, key=Key(key), narrative="红冲", on=on, by=SYSTEM)

    def balances(self) -> list[Fen]:
        """The members' balances and, last, the unallocated money."""
        with reading(SYSTEM):
            return [balance(account) for account in (*self.members, self.unallocated)]


def assert_sound() -> None:
    """Every invariant of the ledger holds over the whole database."""
    with reading(SYSTEM):
        assert [check for check in checks() if not check.sound] == []
