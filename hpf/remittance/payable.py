"""What the treasury asks of this item's cases (settled 28)."""

from __future__ import annotations

from collections.abc import Sequence

from hpf.kernel import Fen
from hpf.remittance import telling
from hpf.remittance.queries import statements
from hpf.storage import Query
from hpf.treasury.cases import Item, Payable
from hpf.treasury.rules import Standing


def named(case_nos: Sequence[int]) -> list[Payable]:
    """The months declared under these numbers, whatever became of them."""
    return _payables(statements("payable", case_numbers=list(case_nos)))


def awaiting() -> list[Payable]:
    """All declared months that wait for money."""
    return _payables(statements("awaiting"))


def set_aside(unit_account_id: int) -> Fen:
    """What of the 暂存款 is kept for the declared months of a unit account: all of one that is just being booked."""
    return Fen(statements("set_aside", unit_account_id=unit_account_id).row()[0])


ITEM = Item(named, awaiting, set_aside, telling.short_money_anew)


def _payables(query: Query) -> list[Payable]:
    return [
        Payable(case_no, unit, Fen(due), Standing(state), first, last)
        for case_no, unit, due, state, first, last in query.rows()
    ]
