"""What is different between two texts: clause by clause, word by word. Pure.

Clauses that read the same are matched first. Between them, what is most alike is taken for the same clause reworded, in
order; what has nothing alike is new or gone. Marked are whole words where a word can be told, else characters; a match
of a single character between two changes is no match to a reader, and is not shown as one. Only so much effort goes
into one difference; what is left then is told coarsely, in whole clauses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from hpf.kernel.wording import Wording, wording

_WORDS = re.compile(r"[A-Za-z0-9.%]+|\s+|.", re.DOTALL)
_ALIKE = 0.4
"""From this share of common pairs of characters on, two clauses are one clause reworded."""
_SHORTEST_MATCH = 2
_MOST_EFFORT = 10_000_000
"""Steps of comparing, a few seconds at the worst; an agreement reworded from end to end takes a fifth of them."""


class Change(StrEnum):
    """What became of a clause, or of a piece of one."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {"kept": "未变", "added": "新增", "removed": "删去", "reworded": "有改动"}[self.value]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a clause that was kept, added or removed."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause (or a heading) that is not as it was. ``chapter`` is where it stands now, or stood."""

    chapter: str
    change: Change
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed, in the order of the new text, and how many clauses did not."""

    changes: tuple[ClauseChange, ...]
    kept: int


@dataclass(frozen=True, slots=True)
class _Line:
    chapter: str
    text: str


@dataclass(slots=True)
class _Effort:
    """What may still be spent on a difference."""

    left: int = _MOST_EFFORT

    def is_worth(self, steps: int) -> bool:
        """Whether so many steps can still be taken; they are."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


@lru_cache(maxsize=16)
def difference(old: str, new: str) -> Difference:
    """What makes the new text another than the old one. The same for every reader, so it is worked out once."""
    before, after = list(_lines(wording(old))), list(_lines(wording(new)))
    changes, kept, effort = list[ClauseChange](), 0, _Effort()
    codes = _opcodes([line.text for line in before], [line.text for line in after], effort)
    for tag, start, end, new_start, new_end in codes:
        if tag == "equal":
            kept += end - start
        else:
            changes += _changes(before[start:end], after[new_start:new_end], effort)
    return Difference(tuple(changes), kept)


def pieces(old: str, new: str, effort: _Effort | None = None) -> tuple[Piece, ...]:
    """A clause as it was and as it is, in one: kept, removed and added runs.

    >>> [(piece.change.value, piece.text) for piece in pieces("提前3日公告", "提前10日公告")]
    [('kept', '提前'), ('removed', '3'), ('added', '10'), ('kept', '日公告')]
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    found: list[Piece] = []
    for tag, start, end, new_start, new_end in _joined(_opcodes(before, after, effort or _Effort())):
        if tag == "equal":
            found.append(Piece(Change.KEPT, "".join(after[new_start:new_end])))
            continue
        if start < end:
            found.append(Piece(Change.REMOVED, "".join(before[start:end])))
        if new_start < new_end:
            found.append(Piece(Change.ADDED, "".join(after[new_start:new_end])))
    return tuple(found)


def _lines(text: Wording) -> Iterator[_Line]:
    yield _Line("", text.title)
    for chapter in text.chapters:
        if chapter.heading:
            yield _Line(chapter.heading, chapter.heading)
        for clause in chapter.clauses:
            yield _Line(chapter.heading, clause)


def _changes(before: Sequence[_Line], after: Sequence[_Line], effort: _Effort) -> Iterator[ClauseChange]:
    old = new = 0
    for one, other in [*_pairs(before, after, effort), (len(before), len(after))]:
        for gone in before[old:one]:
            yield ClauseChange(gone.chapter, Change.REMOVED, (Piece(Change.REMOVED, gone.text),))
        for added in after[new:other]:
            yield ClauseChange(added.chapter, Change.ADDED, (Piece(Change.ADDED, added.text),))
        if one < len(before):
            here = after[other]
            yield ClauseChange(here.chapter, Change.REWORDED, pieces(before[one].text, here.text, effort))
        old, new = one + 1, other + 1


def _pairs(before: Sequence[_Line], after: Sequence[_Line], effort: _Effort) -> list[tuple[int, int]]:
    """Which clause became which: the pairs in order that are most alike together."""
    if not effort.is_worth(len(before) * sum(len(line.text) + 1 for line in after)):
        return []
    grams, new_grams = [_grams(line.text) for line in before], [_grams(line.text) for line in after]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    alike = [[_alike(one, other) for other in new_grams] for one in grams]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            together = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= _ALIKE else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    found, i, j = list[tuple[int, int]](), 0, 0
    while i < len(before) and j < len(after):
        if alike[i][j] >= _ALIKE and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _grams(text: str) -> frozenset[str]:
    return frozenset(one + other for one, other in pairwise(f" {text} "))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


_Opcode = tuple[str, int, int, int, int]


def _opcodes(before: Sequence[str], after: Sequence[str], effort: _Effort) -> list[_Opcode]:
    """What becomes of the runs between a common beginning and a common end; one whole change where telling is too dear.

    A matcher scans the words and the pairs of equal ones at most once for each word.
    """
    short = min(len(before), len(after))
    head = next((n for n in range(short) if before[n] != after[n]), short)
    tail = next((n for n in range(short - head) if before[-1 - n] != after[-1 - n]), short - head)
    ends, new_ends = len(before) - tail, len(after) - tail
    old, new = before[head:ends], after[head:new_ends]
    counts = Counter(new)
    if effort.is_worth(min(len(old), len(new)) * (len(old) + sum(counts[one] for one in old))):
        matched = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        between = [(tag, i + head, j + head, k + head, m + head) for tag, i, j, k, m in matched]
    else:
        between = [("replace", head, ends, head, new_ends)]
    codes = [("equal", 0, head, 0, head), *between, ("equal", ends, len(before), new_ends, len(after))]
    return [code for code in codes if code[1] < code[2] or code[3] < code[4]]


def _joined(codes: Sequence[_Opcode]) -> Iterator[_Opcode]:
    """The opcodes, with matches too short to be read between two changes made part of the change."""
    pending: _Opcode | None = None
    for place, (tag, start, end, new_start, new_end) in enumerate(codes):
        between = 0 < place < len(codes) - 1
        if tag == "equal" and not (between and end - start < _SHORTEST_MATCH):
            if pending:
                yield pending
            pending = None
            yield tag, start, end, new_start, new_end
        elif pending:
            pending = ("replace", pending[1], end, pending[3], new_end)
        else:
            pending = ("replace", start, end, new_start, new_end)
    if pending:
        yield pending
