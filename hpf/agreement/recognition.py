"""A center's own text, as it comes out of Word, a PDF or an editor, made into the Markdown in which versions are kept.

Chapters (``一、…``, ``第一章 …``, ``【导言】``) and clauses (``2.1 …``, ``第三条 …``, ``(1) …``) are recognised by
their numbers, which must follow each other: a line that happens to begin with ``1.5`` is no clause. Lines that a page
has broken are joined again, page numbers and running heads are dropped, and the forms behind the text (``附件1：``) are
left out, because the hall has its own. Pure; what it did is told, so that a person can look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hpf.kernel.wording import wording

_CHAPTER = re.compile(r"(?:([一二三四五六七八九十]{1,3})\s*[、.．]|第([一二三四五六七八九十]{1,3})章)\s*\S")
_BRACKETED = re.compile(r"【[^】]{1,20}】\Z")
_CLAUSE = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})(?![\d.%])\s*(?=\S)")
_ARTICLE = re.compile(r"第\s*(?:([一二三四五六七八九十]{1,3})|(\d{1,2}))\s*条(?:\s+|(?=[：:、．.【（(])|\Z)")
_ITEM = re.compile(r"[（(]\s*(\d{1,2})\s*[）)]\s*(?=\S)")
_CHINESE_ITEM = re.compile(r"[（(]\s*([一二三四五六七八九十]{1,3})\s*[）)]\s*(?=\S)")
_PAGE = re.compile(r"(?:[-—–]\s*)?\d{1,3}(?:\s*[-—–])?\Z|第\s*\d+\s*页(?:[，,/\s]*共\s*\d+\s*页)?\Z|\d+\s*/\s*\d+\Z")
_ANNEX = re.compile(r"附[件表]\s*[一二三四五六七八九十\d]*\s*[：:]?")
_END = tuple("。！？；：!?;:")
_DIGITS = "零一二三四五六七八九"
_LONGEST_HEADING, _LONGEST_TITLE_LINE = 40, 60
_WHOLE = 0.8
"""From this share of lines that end a sentence on, every line is a paragraph: the text was not broken into a page."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The Markdown, and what was done to get it: ``notes`` in plain Chinese, one fact each."""

    text: str
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Reading:
    """Where the reader stands: the numbers that came last decide which can come next."""

    chapter: int = 0
    clause: tuple[int, ...] = ()
    article: int = 0
    item: int = 0
    chinese_item: int = 0
    blocks: list[str] = field(default_factory=list)


def decoded(content: bytes) -> str:
    """A text file's characters: UTF-8, with or without mark, else GB18030. Raises ``UnicodeDecodeError``."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def recognised(text: str, *, wrapped: bool = True) -> Recognised:
    """Recognise a text's structure; one that begins with ``# `` is Markdown already and taken as it is.

    ``wrapped``: lines may have been broken by a page; else every line is a paragraph.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    if plain.lstrip().startswith("# "):
        return Recognised(plain.strip() + "\n", ("文件已是 Markdown，按原样收入。",))
    raw = plain.split("\n")
    lines = [line for line in (_clean(line) for line in raw) if line]
    lines, dropped = _without_pages(lines)
    lines, left_out = _without_forms(lines)
    title, rest = _title(lines)
    heads = [line for line in rest if _compact(line) in {_compact(part) for part in title}]
    rest = [line for line in rest if line not in heads]
    reading = _read(rest, ended=_paragraph_ends(raw, rest) if wrapped else frozenset(rest))
    notes = _notes(len(raw), dropped + len(heads), left_out, len(lines) - len(title) - len(reading.blocks))
    head = f"# {_joined_all(title)}" if title else ""
    return Recognised("\n\n".join(block for block in (head, *reading.blocks) if block) + "\n", notes)


def _notes(read: int, dropped: int, left_out: int, joined: int) -> tuple[str, ...]:
    said = [f"读到 {read:,} 行。"]
    if joined > 0:
        said.append(f"接回被换行拆开的 {joined:,} 处。")
    if dropped:
        said.append(f"略去页码和页眉 {dropped:,} 行。")
    if left_out:
        said.append(f"略去文后附件表格 {left_out:,} 行，网厅另有自己的申请表。")
    return tuple(said)


def _clean(line: str) -> str:
    return re.sub(r"[ \t\u3000\u00a0]+", " ", line).strip()


def _compact(line: str) -> str:
    return line.replace(" ", "")


def _without_pages(lines: Sequence[str]) -> tuple[list[str], int]:
    kept = [line for line in lines if not _PAGE.match(line)]
    return kept, len(lines) - len(kept)


def _without_forms(lines: list[str]) -> tuple[list[str], int]:
    """The text up to the first page that is headed by ``附件1：`` and nothing else."""
    for place, line in enumerate(lines):
        if (found := _ANNEX.match(line)) and found.end() == len(line) and place:
            return lines[:place], len(lines) - place
    return lines, 0


def _title(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines before the first heading, clause or sentence."""
    for place, line in enumerate(lines):
        begins = _CHAPTER.match(line) or _BRACKETED.match(line) or _CLAUSE.match(line) or _ARTICLE.match(line)
        if begins or line.endswith(_END) or len(line) > _LONGEST_TITLE_LINE or place == 4:
            return lines[:place], lines[place:]
    return lines[:1], lines[1:]


def _paragraph_ends(raw: Sequence[str], lines: Sequence[str]) -> frozenset[str]:
    """The lines after which a paragraph ends.

    A line broken by a page runs to the margin; the last one of a paragraph ends a sentence and mostly stops short.
    Some programs leave a blank at the end of a paragraph and none where they broke it: where that tells lines apart, it
    counts.
    """
    ending = [line for line in lines if line.endswith(_END) or _is_heading(line)]
    if len(ending) >= _WHOLE * len(lines):
        return frozenset(lines)
    margin = sorted(map(_width, lines))[int(len(lines) * 0.8)] if lines else 0
    blank = {_clean(line) for line in raw if line.strip() and line != line.rstrip()}
    tells = len(blank & set(lines)) < _WHOLE * len(lines)
    return frozenset(line for line in ending if _width(line) < margin - 3 or (tells and line in blank))


def _read(lines: Sequence[str], ended: frozenset[str]) -> _Reading:
    reading, over = _Reading(), True
    for line in lines:
        if heading := _heading(line, reading):
            reading.blocks.append(f"## {heading}")
            over = True
            continue
        start = _numbered(line, reading)
        if start or over or _ANNEX.match(line):
            reading.blocks.append(start or line)
        else:
            reading.blocks[-1] = _joined(reading.blocks[-1], line)
        over = line in ended
    return reading


def _heading(line: str, reading: _Reading) -> str:
    """A chapter's heading if the line is one and comes in its turn, else nothing."""
    if _BRACKETED.match(line):
        return line
    found = _CHAPTER.match(line)
    if not found or not _is_heading(line):
        return ""
    number = _number(found[1] or found[2])
    if number != reading.chapter + 1:
        return ""
    reading.chapter, reading.clause, reading.item, reading.chinese_item = number, (), 0, 0
    return re.sub(r"([、.．])\s+", r"\1", line)


def _is_heading(line: str) -> bool:
    named = _CHAPTER.match(line) or _BRACKETED.match(line)
    return bool(named) and len(line) <= _LONGEST_HEADING and not line.endswith(_END)


def _numbered(line: str, reading: _Reading) -> str:
    """The line with its number set apart, if it begins a clause whose turn it is, else nothing."""
    if found := _CLAUSE.match(line):
        number = tuple(map(int, found[1].split(".")))
        if _follows(number, reading):
            reading.clause, reading.item = number, 0
            return f"{found[1]} {line[found.end() :]}"
    if found := _ARTICLE.match(line):
        article = _number(found[1]) if found[1] else int(found[2])
        if article == 1 or 0 < article - reading.article <= 3:
            reading.article, reading.clause, reading.item, reading.chinese_item = article, (), 0, 0
            return f"第{found[1] or found[2]}条 {line[found.end() :].lstrip('：:、．. ')}"
    if (found := _ITEM.match(line)) and int(found[1]) in (1, reading.item + 1):
        reading.item = int(found[1])
        return f"({found[1]}) {line[found.end() :]}"
    if (found := _CHINESE_ITEM.match(line)) and _number(found[1]) in (1, reading.chinese_item + 1):
        reading.chinese_item, reading.item = _number(found[1]), 0
        return f"（{found[1]}）{line[found.end() :]}"
    return ""


def _follows(number: tuple[int, ...], reading: _Reading) -> bool:
    """Whether a clause of this number can come next: in its chapter, after the last one, at most two left out."""
    if reading.chapter and number[0] != reading.chapter:
        return False
    if not reading.clause or number[0] != reading.clause[0]:
        return number[-1] <= 3
    step = zip(number, reading.clause, strict=False)
    grown = next((new - old for new, old in step if new != old), 0)
    return 0 < grown <= 3 or (grown == 0 and len(number) > len(reading.clause))


def _number(chinese: str) -> int:
    """``十二`` as 12; up to 99.

    >>> _number("三"), _number("十"), _number("十二"), _number("二十一")
    (3, 10, 12, 21)
    """
    tens, ten, units = chinese.rpartition("十")
    high = (_DIGITS.index(tens) if tens else 1) if ten else 0
    return high * 10 + (_DIGITS.index(units) if units else 0)


def _width(line: str) -> float:
    return sum(0.5 if char.isascii() else 1 for char in line)


def _joined(one: str, other: str) -> str:
    """Two lines as one: with a blank only between two words in Latin letters or figures."""
    latin = one[-1:].isascii() and one[-1:].isalnum() and other[:1].isascii() and other[:1].isalnum()
    return f"{one} {other}" if latin else one + other


def _joined_all(lines: Sequence[str]) -> str:
    whole = ""
    for line in lines:
        whole = _joined(whole, line) if whole else line
    return whole


def structure(text: str) -> Iterator[str]:
    """What was understood of a Markdown text, one line each: title, chapters with the number of their clauses."""
    read = wording(text)
    yield f"标题　{read.title or '（没有读到）'}"
    for chapter in read.chapters:
        yield f"{chapter.heading or '（第一章之前）'}　{len(chapter.clauses)} 条"
