"""Lines that only one of two files has of a day that both tell of whole. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from hpf.kernel import Fen
from hpf.treasury.statement import Side, Statement, StatementLine


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """An earlier statement that begins on a day: its opening balance, and its flow numbers of that day."""

    opening: Fen
    flow_nos: frozenset[str]


def apart(
    statement: Statement,
    known: Mapping[tuple[str, date], tuple[str, int]],
    periods: Sequence[tuple[date, date]],
    parts: Sequence[PartOfDay] = (),
) -> list[tuple[str, date]]:
    """Flow numbers and days that only one of two files has, though both tell of the whole day; in the order of days.

    So money looks that a bank has numbered anew: taken from both files it would be booked twice, and no balance would
    say so. ``known`` are the lines that earlier files brought of the statement's days, with side and amount,
    ``periods`` the first and last days of earlier files, ``parts`` those that begin on the statement's last day. A file
    tells of the whole of each day between its first and its last. The first may begin where another file ended: that
    is for the balances to say. The last may end early, but then it has nothing that the other lacks, or what it lacks
    lies after it.
    """
    own = {(line.flow_no, line.booked_on) for line in statement.lines}
    new, lost = own - known.keys(), known.keys() - own
    new_days = {day for _, day in new}
    told = {day for day in new_days if any(first < day < last for first, last in periods)}
    found = [(flow_no, day) for flow_no, day in new if day in told]
    later = _after_its_end(statement, known, parts) if statement.ends_on in new_days else frozenset()
    found += [
        (flow_no, day)
        for flow_no, day in lost
        if day > statement.starts_on and (day < statement.ends_on or (day in new_days and flow_no not in later))
    ]
    return sorted(found, key=lambda identity: identity[::-1])


def _after_its_end(
    statement: Statement, known: Mapping[tuple[str, date], tuple[str, int]], parts: Sequence[PartOfDay]
) -> frozenset[str]:
    """Flow numbers of a statement's last day in parts of that day that go on where it ends.

    Such a part opens with what the account held before those of the statement's last lines that it repeats, or goes on
    from one that does; and none of what it has more is one of the others under another number.
    """
    last = {line.flow_no: line for line in statement.lines if line.booked_on == statement.ends_on}
    found: set[str] = set()
    ends = {int(statement.closing)}
    waiting = list(parts)
    while goes_on := [part for part in waiting if _goes_on(part, statement, last, ends, known)]:
        for part in goes_on:
            waiting.remove(part)
            found |= part.flow_nos
            ends.add(int(part.opening) + sum(_signed(*known[no, statement.ends_on]) for no in part.flow_nos))
    return frozenset(found)


def _goes_on(
    part: PartOfDay,
    statement: Statement,
    last: Mapping[str, StatementLine],
    ends: Set[int],
    known: Mapping[tuple[str, date], tuple[str, int]],
) -> bool:
    """Whether a part begins where the statement ends, or where one ends that goes on from it (``ends``)."""
    repeated = part.flow_nos & last.keys()
    others = {(line.side.value, int(line.amount)) for flow_no, line in last.items() if flow_no not in repeated}
    more = {known[flow_no, statement.ends_on] for flow_no in part.flow_nos - repeated}
    begins = int(part.opening) + sum(_signed(last[no].side, int(last[no].amount)) for no in repeated)
    return others.isdisjoint(more) and begins in (ends if not repeated else {int(statement.closing)})


def _signed(side: str, amount: int) -> int:
    return amount if side == Side.CREDIT else -amount
