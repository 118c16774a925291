"""Accounts: opening them and reading what moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hpf.kernel import Fen, Month
from hpf.ledger.posting import EntryKind, statements
from hpf.storage import Query, assert_in_transaction


class Kind(StrEnum):
    """What an account holds, and with it its subject in the chart."""

    MEMBER = "member"
    UNALLOCATED = "unallocated"
    BANK = "bank"
    UNIDENTIFIED = "unidentified"

    @property
    def subject(self) -> str:
        return {Kind.MEMBER: "201", Kind.UNALLOCATED: "219", Kind.BANK: "101", Kind.UNIDENTIFIED: "219"}[self]


@dataclass(frozen=True, slots=True)
class Movement:
    """One posting of a member or of an employer's unallocated money, with the balance after it."""

    entry_id: int
    book_date: date
    kind: EntryKind
    narrative: str
    month: Month | None
    amount: Fen
    balance: Fen
    about: int | None


def open_account(
    kind: Kind, *, on: date, employer_id: int | None = None, unit_account_id: int | None = None, label: str = ""
) -> int:
    """Open one ledger account and return its id. Members and unallocated money name their unit account."""
    assert_in_transaction()
    (account_id,) = statements(
        "open_account",
        kind=kind.value,
        subject=kind.subject,
        employer_id=employer_id,
        unit_account_id=unit_account_id,
        label=label,
        on=on,
    ).row()
    return int(account_id)


def open_member_accounts(members: Query, *, on: date) -> int:
    """Open member accounts for a query of ``(id, employer_id, unit_account_id)``; returns how many.

    The ids come from the ledger's own sequence: ``nextval(pg_get_serial_sequence('ledger_account', 'id'))``.
    """
    assert_in_transaction()
    return statements("open_member_accounts", opened_on=on).over(members=members).execute()


def balance(account_id: int) -> Fen:
    """The balance of a member's account or of unallocated money."""
    (fen,) = statements("balance", account_id=account_id).row()
    return Fen(fen)


def parts(account_id: int) -> tuple[Fen, Fen]:
    """The two parts of a member's balance: 上年结转 and 当年归集 (settled 10)."""
    carried, current = statements("parts", account_id=account_id).row()
    return Fen(carried), Fen(current)


def unallocated(unit_account_id: int) -> tuple[int, Fen]:
    """The ledger account and the balance of a unit account's unallocated money (暂存款)."""
    account_id, fen = statements("unallocated", unit_account_id=unit_account_id).row()
    return int(account_id), Fen(fen)


def member_movements(account_id: int, limit: int = 200) -> list[Movement]:
    """The latest movements of an account, newest first, each with the balance after it."""
    rows = statements("movements", account_id=account_id, limit=limit).rows()
    return [
        Movement(
            entry_id, day, EntryKind(kind), text, Month.of(month) if month else None, Fen(amount), Fen(after), about
        )
        for entry_id, day, kind, text, month, amount, after, about in rows
    ]
