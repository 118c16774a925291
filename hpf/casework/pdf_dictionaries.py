"""The dictionaries of a PDF, wherever one may begin, and the files that they attach.

A reader of PDFs opens an object where its tables point, and a table may point anywhere. So every ``<<`` is taken for
the beginning of a dictionary, even in a text, a comment or a picture, if a name or nothing follows or an object begins
before it: what any reader takes for one is among them. Each byte is read a few times at most.
"""

from __future__ import annotations

import re

MOST_TURNS = 12
"""How often every byte may be read, all dictionaries together."""

_MOST_ATTACHING = 50_000
_BEGIN = re.compile(rb"(?=<<([\x00-\x20]*+(?:/|%|>>))?)")
_NEAR = 64
_MARK = re.compile(rb"<<|>>|[(<%]")
_IN_TEXT = re.compile(rb"\\.|[()]", re.DOTALL)
_LINE_END = re.compile(rb"[\r\n]")
_GAP = re.compile(rb"(?:[\x00-\x20]++|%[^\r\n]{0,200}[\r\n]){0,64}+")
_ATTACHING = re.compile(rb"/(?:E|#45|A|#41)(?:F|#46)(?=[\x00-\x20<\[%])")
_NUMBER = re.compile(rb"\d{1,10}")


class CutOff(ValueError):
    """The content ends before its format says so, is no such format behind its first bytes, or cannot be judged."""


class Dictionaries:
    """Those of a content by their ends. ``work`` is how many bytes were read for it. Raises ``CutOff`` for too many."""

    def __init__(self, content: bytes) -> None:
        self._content, self.work = content, 0
        self._closed: dict[int, int | None] = {}
        self._ending: dict[int, list[int]] = {}
        for begin in _BEGIN.finditer(content):
            at = begin.start()
            if at not in self._closed and (begin[1] or b"obj" in content[max(0, at - _NEAR) : at]):
                self._read(at)

    def ending_at(self, end: int) -> list[bytes]:
        """Every dictionary that ends there, with its texts and comments."""
        starts = self._ending.get(end, [])
        self._spend(sum(end - start for start in starts))
        return [self._content[start:end] for start in starts]

    def _read(self, start: int) -> None:
        """Find where a dictionary ends, and those in it. One that was read before ends where it did."""
        begun: list[int] = []
        at: int | None = start
        while at is not None and (mark := _MARK.search(self._content, at)):
            self._spend(mark.end() - at)
            if mark[0] == b"<<" and mark.start() in self._closed:
                at = self._closed[mark.start()]
            elif mark[0] == b"<<":
                begun.append(mark.start())
                self._closed[mark.start()] = None
                at = mark.end()
            elif mark[0] == b">>":
                at = self._closed[begun[-1]] = mark.end()
                self._ending.setdefault(at, []).append(begun.pop())
                if not begun:
                    return
            else:
                at = self._past(mark)

    def _past(self, mark: re.Match[bytes]) -> int | None:
        """Where a text, a hexadecimal one, or a comment ends; ``None`` if it does not."""
        at = mark.end()
        if mark[0] == b"(":
            end = self._past_text(at)
        elif mark[0] == b"<":
            end = self._content.find(b">", at) + 1 or None
        else:
            line_end = _LINE_END.search(self._content, at)
            end = line_end.end() if line_end else None
        self._spend((end or len(self._content)) - at)
        return end

    def _past_text(self, at: int) -> int | None:
        depth = 1
        for found in _IN_TEXT.finditer(self._content, at):
            depth += {b"(": 1, b")": -1}.get(found[0], 0)
            if not depth:
                return found.end()
        return None

    def _spend(self, count: int) -> None:
        self.work += count
        if self.work > MOST_TURNS * len(self._content):
            raise CutOff


def attaches(text: bytes) -> bool:
    """Whether a dictionary attaches a file (``/EF``, ``/AF``): the name with a file or a list of files behind it.

    Two letters turn up in a picture by chance, those with a dictionary or a reference behind them do not.
    """
    for number, name in enumerate(_ATTACHING.finditer(text)):
        if number >= _MOST_ATTACHING:
            raise CutOff
        at = _past_gap(text, name.end())
        if text.startswith(b"[", at):
            at = _past_gap(text, at + 1)
        if text.startswith(b"<<", at) or _is_reference(text, at):
            return True
    return False


def _is_reference(text: bytes, at: int) -> bool:
    for _ in range(2):
        number = _NUMBER.match(text, at)
        if not number:
            return False
        at = _past_gap(text, number.end())
    return text.startswith(b"R", at)


def _past_gap(text: bytes, at: int) -> int:
    """Past blanks and comments. Behind more or longer ones than anybody writes nothing can be judged."""
    gap = _GAP.match(text, at)
    end = gap.end() if gap else at
    if text.startswith(b"%", end):
        raise CutOff
    return end
