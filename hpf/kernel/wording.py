"""The text of a version as title, chapters and clauses. Pure.

A text is Markdown with two kinds of headings: ``# `` the title, ``## `` a chapter. Everything else is a clause of its
own, one paragraph each; clauses keep the number with which they begin (``2.1``, ``(1)``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBER = re.compile(r"(?:\d+(?:\.\d+)+|[（(]\d{1,3}[）)]|[（(][一二三四五六七八九十]{1,3}[）)])")
"""How a clause begins that has a number: ``2.1``, ``(1)``, ``（一）``."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter and its clauses, each one paragraph. ``heading`` is empty for what stands before the first one."""

    heading: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A whole text, taken apart."""

    title: str
    chapters: tuple[Chapter, ...]

    @property
    def clause_count(self) -> int:
        """How many clauses there are in all chapters."""
        return sum(len(chapter.clauses) for chapter in self.chapters)


def wording(text: str) -> Wording:
    """Take a text apart. Line breaks inside a paragraph are joined as Chinese is written, without a blank.

    >>> for chapter in wording("# 协议\\n\\n前言\\n\\n## 一、范围\\n\\n1.1 甲\\n乙\\n\\n(1) 丙").chapters:
    ...     chapter
    Chapter(heading='', clauses=('前言',))
    Chapter(heading='一、范围', clauses=('1.1 甲乙', '(1) 丙'))
    """
    title, found = "", [("", list[str]())]
    for block in text.replace("\r\n", "\n").split("\n\n"):
        paragraph = "".join(line.strip() for line in block.splitlines())
        if paragraph.startswith("# "):
            title = paragraph.removeprefix("# ").strip()
        elif paragraph.startswith("## "):
            found.append((paragraph.removeprefix("## ").strip(), []))
        elif paragraph:
            found[-1][1].append(paragraph)
    return Wording(title, tuple(Chapter(heading, tuple(body)) for heading, body in found if heading or body))


def numbered(text: str) -> list[tuple[str, str]]:
    """The clauses that have a number, with it; an item is named under its clause.

    >>> numbered("2.1 用户：\\n\\n（1）填写；\\n\\n没有编号。\\n\\n2.2 中心")
    [('2.1', '2.1 用户：'), ('2.1(1)', '（1）填写；'), ('2.2', '2.2 中心')]
    """
    found, above = [], ""
    for chapter in wording(text).chapters:
        for clause in chapter.clauses:
            number = number_of(clause)
            if number[:1].isdigit():
                above = number
                found.append((number, clause))
            elif number:
                found.append((f"{above}({number[1:-1]})", clause))
    return found


def bare_clause(clause: str) -> str:
    """A clause without its number.

    >>> bare_clause("2.1  用户应当保密。"), bare_clause("（1）出借账号；")
    ('用户应当保密。', '出借账号；')
    """
    return clause.removeprefix(number_of(clause)).strip()


def number_of(clause: str) -> str:
    """The number with which a clause begins, ``""`` if it has none.

    >>> number_of("2.1  用户"), number_of("（1）提交"), number_of("用户")
    ('2.1', '（1）', '')
    """
    found = NUMBER.match(clause)
    return found[0] if found else ""
