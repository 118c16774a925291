"""A Word document's paragraphs as a person reads them, numbers that Word counts included. Runs in the child process.

What was deleted under tracked changes is not read, what was inserted is; text boxes, notes and tables are left aside.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from hpf.papers.reading.limits import Limits
from hpf.papers.reading.package import DOCUMENT, judge, opened, tree

_BODY, _NUMBERING, _STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"
_LEVELS = 9
_DEEPEST = 100
_CHINESE = "零一二三四五六七八九"
_LEFT_ASIDE = {"del", "moveFrom", "Fallback", "txbxContent", "instrText", "rPr", "pPr"}

Element = ElementTree.Element


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: how its number is written, into which text, and from where it counts."""

    written: str
    text: str
    start: int


@dataclass(slots=True)
class _Lists:
    """The document's lists: each number of a list, its levels, and how far each has counted."""

    of: dict[str, str] = field(default_factory=dict)
    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, list[int]] = field(default_factory=dict)


def paragraphs(path: Path, limits: Limits) -> tuple[list[str], int]:
    """The paragraphs that hold text, and the number of tables left aside. Raises ``Refused`` with a FILE- code."""
    judge(path, limits, DOCUMENT)
    with opened(path) as package:
        lists, body = _lists(package), tree(package, _BODY)
    found = [_numbered(one, lists) for one in _parts(body, "p", past={"tbl"})]
    return [text for text in found if text], sum(1 for _ in _parts(body, "tbl"))


def _parts(
    element: Element, name: str, past: frozenset[str] | set[str] = frozenset(), depth: int = 0
) -> Iterator[Element]:
    """The outermost elements of a name, in order, not looking into others."""
    if depth > _DEEPEST:
        return
    for child in element:
        if (local := _local(child)) == name:
            yield child
        elif local not in past and local not in _LEFT_ASIDE:
            yield from _parts(child, name, past, depth + 1)


def _numbered(paragraph: Element, lists: _Lists) -> str:
    text = " ".join("".join(_texts(paragraph)).split())
    if not text:
        return ""
    number = _next_number(paragraph, lists)
    return f"{number} {text}" if number else text


def _texts(element: Element, depth: int = 0) -> Iterator[str]:
    for child in element:
        local = _local(child)
        if local == "t":
            yield child.text or ""
        elif local in ("tab", "br", "cr"):
            yield " "
        elif local == "noBreakHyphen":
            yield "-"
        elif local not in _LEFT_ASIDE and depth < _DEEPEST:
            yield from _texts(child, depth + 1)


def _next_number(paragraph: Element, lists: _Lists) -> str:
    """What Word writes before a paragraph of a list, and counts on."""
    number, level = _list_of(paragraph, lists)
    levels = lists.levels.get(lists.of.get(number, ""), {})
    if level not in levels:
        return ""
    counts = lists.counts.setdefault(lists.of[number], [0] * _LEVELS)
    for place in range(level + 1):
        if place in levels and (counts[place] == 0 or place == level):
            counts[place] = counts[place] + 1 if counts[place] else levels[place].start
    counts[level + 1 :] = [0] * (_LEVELS - level - 1)
    text = levels[level].text
    for place, count in enumerate(counts):
        if f"%{place + 1}" in text and place in levels:
            written = levels[place].written if place == level or levels[level].written != "decimal" else "decimal"
            text = text.replace(f"%{place + 1}", _written(count, written))
    return "" if levels[level].written in ("bullet", "none") else text.strip()


def _list_of(paragraph: Element, lists: _Lists) -> tuple[str, int]:
    """The list a paragraph belongs to, by itself or by its style, and its level; ``("", 0)`` for none."""
    properties = _child(paragraph, "pPr")
    if properties is None:
        return "", 0
    style = _child(properties, "pStyle")
    number, level = lists.styles.get(_value(style), ("", 0))
    own = _child(properties, "numPr")
    if own is not None:
        number = _value(_child(own, "numId")) or number
        level = _figure(_child(own, "ilvl"), level)
    return number, min(level, _LEVELS - 1)


def _lists(package: zipfile.ZipFile) -> _Lists:
    lists, names = _Lists(), set(package.namelist())
    if _NUMBERING in names:
        for element in tree(package, _NUMBERING):
            if _local(element) == "abstractNum":
                lists.levels[_value(element, "abstractNumId")] = dict(map(_level, _parts(element, "lvl")))
            elif _local(element) == "num":
                lists.of[_value(element, "numId")] = _value(_child(element, "abstractNumId"))
    if _STYLES in names:
        for style in _parts(tree(package, _STYLES), "style"):
            properties = _child(style, "pPr")
            own = _child(properties, "numPr") if properties is not None else None
            if own is not None:
                listed = (_value(_child(own, "numId")), _figure(_child(own, "ilvl"), 0))
                lists.styles[_value(style, "styleId")] = listed
    return lists


def _level(element: Element) -> tuple[int, _Level]:
    written = _value(_child(element, "numFmt")) or "decimal"
    level = _Level(written, _value(_child(element, "lvlText")), _figure(_child(element, "start"), 1))
    return _whole(_value(element, "ilvl"), 0), level


def _written(count: int, written: str) -> str:
    """A number as a list writes it; Chinese up to 99.

    >>> _written(12, "chineseCounting"), _written(20, "japaneseCounting"), _written(3, "decimal")
    ('十二', '二十', '3')
    """
    if written.startswith(("chinese", "japanese", "taiwanese", "ideograph")) and 0 < count < 100:
        tens, units = divmod(count, 10)
        high = "" if not tens else "十" if tens == 1 else f"{_CHINESE[tens]}十"
        return high + (_CHINESE[units] if units else "")
    if written in ("lowerLetter", "upperLetter") and 0 < count <= 26:
        return chr((ord("a") if written == "lowerLetter" else ord("A")) + count - 1)
    return str(count)


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _local(child) == name), None)


def _value(element: Element | None, name: str = "val") -> str:
    if element is None:
        return ""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _figure(element: Element | None, otherwise: int) -> int:
    return _whole(_value(element), otherwise)


def _whole(value: str, otherwise: int) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else otherwise


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
