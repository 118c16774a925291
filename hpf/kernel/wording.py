"""The text of a version as title, chapters and clauses. Pure.

A text is Markdown with two kinds of headings: ``# `` the title, ``## `` a chapter. Everything else is a clause of its
own, one paragraph each; clauses keep the number with which they begin (``2.1``, ``第三条``, ``(1)``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

NUMBER = re.compile(
    r"\d+(?:\.\d+)+|第\s*(?:\d{1,3}|[一二三四五六七八九十百零〇]{1,7})\s*条(?=[\s：:、.．【（(])"
    r"|[（(](?:\d{1,3}|[一二三四五六七八九十]{1,3})[）)]"
)
"""How a clause begins that has a number: ``2.1``, ``第三条``, ``(1)``, ``（一）``."""
_CHAPTER_NUMBER = re.compile(r"第[一二三四五六七八九十百零〇\d]+章|[一二三四五六七八九十]+(?=[、.．])")


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
    """The clauses that have a number, with the whole path to it; an item is named under all that stands above it.

    Which of ``(1)`` and ``（一）`` is the upper one is told by which comes first under a clause.

    >>> numbered("2.1 用户：\\n\\n（1）填写；\\n\\n没有编号。\\n\\n2.2 中心")
    [('2.1', '2.1 用户：'), ('2.1(1)', '（1）填写；'), ('2.2', '2.2 中心')]
    >>> [number for number, _ in numbered("第 三 条 用户：\\n\\n（一）甲：\\n\\n(1) 乙\\n\\n（二）丙\\n\\n(1) 丁")]
    ['第三条', '第三条(一)', '第三条(一)(1)', '第三条(二)', '第三条(二)(1)']
    """
    found = []
    for chapter in wording(text).chapters:
        named = _CHAPTER_NUMBER.match(chapter.heading)
        above, items = named[0] if named else "", list[str]()
        for clause in chapter.clauses:
            number = "".join(unicodedata.normalize("NFKC", number_of(clause)).split())
            if number.startswith("("):
                while any(one[1].isdigit() == number[1].isdigit() for one in items):
                    items.pop()
                items.append(number)
            elif number:
                above, items = number, []
            if number:
                found.append((above + "".join(items), clause))
    return found


def parent_of(number: str) -> str:
    """What an item stands under, ``""`` for a clause.

    >>> parent_of("2.2(一)(1)"), parent_of("2.2")
    ('2.2(一)', '')
    """
    return number.rpartition("(")[0]


def cited(number: str) -> str:
    """A clause as sentences name it.

    >>> cited("2.2(1)"), cited("第三条(一)")
    ('第2.2(1)条', '第三条(一)')
    """
    return f"第{number}条" if number[:1].isdigit() else number


def bare_clause(clause: str) -> str:
    """A clause without its number.

    >>> bare_clause("2.1  用户应当保密。"), bare_clause("（1）出借账号；"), bare_clause("第三条：用户")
    ('用户应当保密。', '出借账号；', '用户')
    """
    return clause.removeprefix(number_of(clause)).lstrip("：:、．. \u3000").strip()


def number_of(clause: str) -> str:
    """The number with which a clause begins, ``""`` if it has none.

    >>> number_of("2.1  用户"), number_of("（1）提交"), number_of("第三条 用户"), number_of("第三条所称用户")
    ('2.1', '（1）', '第三条', '')
    """
    found = NUMBER.match(clause)
    return found[0] if found else ""
