"""What is wrong with a bank's file: one refusal for each kind, with the places where it shows."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from hpf.kernel import Refusal

_PLACES = 20  # that are written out; a wrong column is wrong in every line


class Faults:
    """Refusals in the order in which they were found. Those of one kind become one, however many there are."""

    def __init__(self) -> None:
        self._kinds: dict[Hashable, tuple[Refusal, list[int]]] = {}
        self._counts: dict[Hashable, int] = {}

    def add(self, refusal: Refusal) -> None:
        """A refusal that stands for itself."""
        self._kinds[len(self._kinds)] = (refusal, [])

    def at(self, line_no: int, refusal: Refusal, kind: str = "") -> None:
        """A refusal of a line; it is one with those of its code and ``kind``."""
        _, places = self._kinds.setdefault((refusal.code, kind), (refusal, []))
        self._counts[refusal.code, kind] = self._counts.get((refusal.code, kind), 0) + 1
        if len(places) < _PLACES:
            places.append(line_no)

    def __bool__(self) -> bool:
        return bool(self._kinds)

    def refusals(self) -> list[Refusal]:
        """All of them; of a kind the first one, its places, and how many there are."""
        return [_placed(refusal, places, self._counts.get(key, 0)) for key, (refusal, places) in self._kinds.items()]


def _placed(refusal: Refusal, places: list[int], count: int) -> Refusal:
    if not places:
        return refusal
    where = f"第{'、'.join(map(str, places))}行"
    if count == 1:
        return replace(refusal, where=where)
    what = f"{refusal.what}（同样的共{count:,}处）"
    return replace(refusal, what=what, where=f"{where}等" if count > len(places) else where)
