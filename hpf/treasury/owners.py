"""Whose a line's money is: giving it to a unit account, taking it back. Inside the operation's transaction.

Who may do that, and that two persons do, is said by the item of the money desk and kept by its guard.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf import ledger
from hpf.kernel import Actor, Fen, Key
from hpf.ledger import EntryDraft, EntryKind, Line
from hpf.registry.models import Center, UnitAccount
from hpf.registry.timeline import lock_unit_account
from hpf.treasury.cases import set_aside, statements
from hpf.treasury.rules import LineState


@dataclass(frozen=True, slots=True)
class LockedLine:
    """A line as it stands until the transaction ends. ``entry_id`` booked it; ``assigned_entry_id`` gave it away."""

    id: int
    state: LineState
    amount: Fen
    flow_no: str
    employer_id: int | None
    unit_account_id: int | None
    entry_id: int | None
    assigned_entry_id: int | None


def lock_line(line_id: int) -> LockedLine:
    """Lock a line. It comes before its unit account's lock. Raises ``LookupError``."""
    rows = statements("lock_line", line_id=line_id).records()
    if not rows:
        raise LookupError(f"no bank line {line_id}")
    (row,) = rows
    amount = Fen(row.pop("amount_fen"))
    return LockedLine(**{**row, "state": LineState(row["state"]), "amount": amount})


def free_money(unit_account_id: int) -> Fen:
    """What of a unit account's 暂存款 no case waits for; until the transaction ends nobody reserves or uses any."""
    lock_unit_account(unit_account_id)
    (held,) = statements("held_unallocated", unit_account_id=unit_account_id).row()
    return Fen(held - set_aside(unit_account_id))


def post_assignment(line: LockedLine, unit: UnitAccount, *, key: Key, by: Actor, today: date) -> int:
    """Book a waiting line's money from 未识别款 to a unit account's 暂存款; the entry's number."""
    draft = EntryDraft(
        key,
        EntryKind.IDENTIFIED,
        f"未识别款认领，流水号{line.flow_no}",
        employer_id=unit.employer_id,
        unit_account_id=unit.pk,
    )
    debit = Line(Center.objects.get().unidentified_account_id, "D", line.amount)
    lines = ledger.lines_query([(debit, Line(unit.unallocated_account_id, "C", line.amount))])
    return ledger.post([draft], lines, on=today, by=by)[key].entry_id


def assign(line: LockedLine, unit: UnitAccount, entry_id: int) -> None:
    """Say that the line is the unit account's, by this entry; its employer is told of it from now on."""
    owner = {"employer_id": unit.employer_id, "unit_account_id": unit.pk, "entry_id": entry_id}
    statements("assign_line", line_id=line.id, **owner).execute()


def post_unassignment(line: LockedLine, *, key: Key, by: Actor, today: date) -> int:
    """Book the money back to 未识别款 by the mirror of the entry that gave it away (红冲); the entry's number."""
    if line.assigned_entry_id is None:
        raise ValueError(f"bank line {line.id} was given to nobody")
    narrative = f"更正认领，流水号{line.flow_no}"
    return ledger.reverse(line.assigned_entry_id, key=key, narrative=narrative, on=today, by=by).entry_id


def post_reversal(line: LockedLine, *, key: Key, by: Actor, today: date) -> int:
    """Book out again what the bank took back (红冲), wherever it lies: the number of the entry's mirror.

    What was assigned comes back to 未识别款 first.
    """
    if line.entry_id is None:
        raise ValueError(f"bank line {line.id} brought no money")
    if line.assigned_entry_id is not None:
        post_unassignment(line, key=Key.of(key, "unassigned"), by=by, today=today)
    narrative = f"银行冲正，流水号{line.flow_no}"
    return ledger.reverse(line.entry_id, key=key, narrative=narrative, on=today, by=by).entry_id


def offset(line: LockedLine, receipt: LockedLine) -> None:
    """Say that a line takes back a receipt: both are done with."""
    statements("offset_line", line_id=line.id, receipt_id=receipt.id).execute()
    statements("reverse_line", line_id=receipt.id).execute()


def pay_out(line: LockedLine) -> None:
    """Say that a line takes nothing back: the center paid."""
    statements("pay_out_line", line_id=line.id).execute()


def unassign(line: LockedLine, told_id: int | None) -> None:
    """Let the line wait again; the employer that was told of it before is told of it again."""
    statements("unassign_line", line_id=line.id, employer_id=told_id).execute()
