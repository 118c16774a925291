"""The cases that money can pay: what their items say of them, and what the register knows of their payers.

Items stand above the treasury. Each says, when the program starts, how its cases are asked (settled 28).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hpf.kernel import Actor, Fen
from hpf.registry.models import UnitAccount
from hpf.storage import Statements
from hpf.treasury.rules import CaseShape, Standing

statements = Statements(__package__)


@dataclass(frozen=True, slots=True)
class Payable:
    """A case that asks for money, as its item knows it. ``due`` is the notice's sum, whatever has come of it.

    ``first_day`` is the day on which its reference was given, ``last_day`` the notice's last.
    """

    case_no: int
    unit_account_id: int
    due: Fen
    standing: Standing
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Item:
    """How an item's cases are asked, inside a transaction of the staff.

    ``named`` gives those of some numbers, whatever became of them; ``awaiting`` all that wait for money; ``set_aside``
    what of a unit account's 暂存款 is kept for them. ``say_missing`` says anew what is missing, where that was
    said, of the cases of unit accounts whose 暂存款 has changed.
    """

    named: Callable[[Sequence[int]], list[Payable]]
    awaiting: Callable[[], list[Payable]]
    set_aside: Callable[[int], Fen]
    say_missing: Callable[[Collection[int], Actor, date], None]


@dataclass(frozen=True, slots=True)
class Payer:
    """A unit account as a payer, and the ledger account of its 暂存款."""

    unit_account_id: int
    employer_id: int
    unallocated_account_id: int
    number: str
    name: str
    bank_account: str


_items: dict[str, Item] = {}


def register(kind: str, item: Item) -> None:
    """Let the cases of an item be paid by bank lines. Called once, when the program starts."""
    _items[kind] = item


def named(case_nos: Sequence[int]) -> tuple[dict[int, CaseShape], dict[int, Payer]]:
    """The cases of these numbers, and the payers of their unit accounts by id."""
    return _shapes(payable for item in _items.values() for payable in item.named(case_nos))


def awaiting() -> list[CaseShape]:
    """All cases that wait for money, for the candidates of the desk."""
    cases, _ = _shapes(payable for item in _items.values() for payable in item.awaiting())
    return list(cases.values())


def say_missing(unit_account_ids: Collection[int], *, by: Actor, today: date) -> None:
    """Say anew what the cases of unit accounts lack, where that was said: their 暂存款 is not what it was then."""
    for item in _items.values() if unit_account_ids else ():
        item.say_missing(unit_account_ids, by, today)


def set_aside(unit_account_id: int) -> Fen:
    """What of a unit account's 暂存款 is kept for cases that are not booked yet."""
    return Fen(sum(item.set_aside(unit_account_id) for item in _items.values()))


def _shapes(payables: Iterable[Payable]) -> tuple[dict[int, CaseShape], dict[int, Payer]]:
    found = list(payables)
    payers = _payers({payable.unit_account_id for payable in found})
    cases = {payable.case_no: _shape(payable, payers[payable.unit_account_id]) for payable in found}
    return cases | dict(_after_earlier_lines(cases)), payers


def _payers(unit_account_ids: Iterable[int]) -> dict[int, Payer]:
    rows = UnitAccount.objects.filter(pk__in=unit_account_ids).values_list(
        "pk", "employer_id", "unallocated_account_id", "number", "employer__name", "bank_account"
    )
    return {row[0]: Payer(*row) for row in rows}


def _shape(payable: Payable, payer: Payer) -> CaseShape:
    return CaseShape(
        case_no=payable.case_no,
        unit_account_id=payable.unit_account_id,
        due=payable.due,
        standing=payable.standing,
        first_day=payable.first_day,
        last_day=payable.last_day,
        employer_names=frozenset({payer.name}),
        payer_accounts=frozenset({payer.bank_account}),
        unit_account_no=payer.number,
    )


def _after_earlier_lines(cases: Mapping[int, CaseShape]) -> Iterator[tuple[int, CaseShape]]:
    """Cases as the next line finds them: what fell short has come; a matched line on its way has paid."""
    for case_no, matched, short_fen in statements("earlier_lines", case_numbers=list(cases)).rows():
        case = cases[case_no].after(Fen(short_fen))
        yield case_no, replace(case, standing=Standing.BOOKED) if matched else case
