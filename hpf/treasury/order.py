"""The order of statements that end on the same day: part of a day each, in whatever order they came.

A day may come in several files. When each of them begins is said by no date but by its balance: what the account held
before all of its lines must come out the same for all of them. So the order is the one in which that changes least
often; where it changes, a statement is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

_TRIES = 20_000  # of one day's files; beyond that they stay as they came


@dataclass(frozen=True, slots=True)
class Part:
    """A statement beside others that end on its day.

    ``base_fen`` is its opening balance less all lines of the days before its first one, and less those of that day that
    statements ending earlier brought. ``beside`` are sums of further lines of that day that it does not have, each with
    the statements that do: what of them comes before it lies before its opening.
    """

    id: int
    base_fen: int
    beside: tuple[tuple[frozenset[int], int], ...] = ()

    def base_after(self, placed: frozenset[int]) -> int:
        """What the account held before all of its lines, if these statements lie before this one."""
        return self.base_fen - sum(fen for holders, fen in self.beside if holders & placed)


def in_order(parts: Sequence[Part], base_fen: int | None) -> list[int]:
    """The numbers of statements that end on one day, in the order in which their balances continue each other.

    ``base_fen`` is what the statement before them says, ``None`` if there is none. Of several orders with the fewest
    gaps, the one nearest to that in which they came.
    """
    came = sorted(parts, key=lambda part: part.id)
    waiting: list[tuple[int, int, tuple[int, ...], int | None]] = [(0, 0, (), base_fen)]
    seen: set[tuple[frozenset[int], int | None]] = set()
    while waiting and len(seen) < _TRIES:
        gaps, left, placed, base = heappop(waiting)
        if left == -len(came):
            return list(placed)
        at = (frozenset(placed), base)
        if at in seen:
            continue
        seen.add(at)
        for part in came:
            if part.id not in at[0]:
                next_base = part.base_after(at[0])
                is_gap = base is not None and next_base != base
                heappush(waiting, (gaps + is_gap, left - 1, (*placed, part.id), next_base))
    return [part.id for part in came]
