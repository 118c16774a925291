"""The numbered clauses of an agreement, and which of them bind its user: those alone can be breached. Pure.

Which ones bind is said with the version, by the two persons who publish it. What the wording says is only proposed to
them: a clause binds where it demands something (应当, 不得, 请勿, 保证 …) and not of the center. The party that is
named last before the demand, in its sentence, is the one who owes it; where none is named, the reader. An item that
demands nothing itself binds as what stands above it does (不得有下列行为：). What only leads to items is not cited, and
what only says when a text is accepted (须单独接受) binds nobody: who does not accept it has not come in.
A number that stands for two clauses names neither of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hpf.kernel.wording import numbered, parent_of

_WORD = re.compile(
    r"(?<![到向在经与和])(?P<center>中心|甲方)(?!网|各|服务|热线|书面|业务)|用户(?!名)|单位(?!网|公积金|住房)|乙方|经办人"
    r"|(?P<demand>不得|不要|应当|(?<![不相响对反供适])应(?![当用答急])|(?<!无)须|(?<!申)请(?!求)|承诺|遵守|遵照|负责(?!人)"
    r"|(?:^|(?<=[户位方心人，]))保证)(?!.{0,4}承担)"
)
"""A party, or what is demanded of the one that was named last."""
_ACCEPTING = re.compile(r"(?:单独|重新|另行|首先)接受|接受(?:后|本协议|本规则|专项规则|新版本)")
_SENTENCE = re.compile(r"[。；;]")
_BETWEEN = re.compile(r"[\s,;、。]+")


@dataclass(frozen=True, slots=True)
class Clauses:
    """The numbered clauses of a version by their numbers, and those of them that bind its user, in order."""

    words: Mapping[str, str]
    binding: Mapping[str, str]


def clauses(text: str, named: Sequence[str] | None) -> Clauses:
    """The clauses of a text; ``named`` are those that bind, ``None`` where nobody said: then what is proposed."""
    found = numbered(text)
    times = Counter(number for number, _ in found)
    words = {number: one for number, one in found if times[number] == 1}
    chosen = set(proposed(text) if named is None else named)
    return Clauses(words, {number: one for number, one in words.items() if number in chosen})


def twice(text: str, named: Sequence[str] | None) -> tuple[str, ...]:
    """The binding numbers of a text that stand for more than one of its clauses; ``named`` as in `clauses`."""
    times = Counter(number for number, _ in numbered(text))
    return tuple(number for number in (proposed(text) if named is None else named) if times[number] > 1)


def typed_numbers(text: str) -> tuple[str, ...]:
    """Numbers of clauses as somebody types them.

    >>> typed_numbers("2.1、2.2（1）， 第三条（一）")
    ('2.1', '2.2(1)', '第三条(一)')
    """
    return tuple(dict.fromkeys(one for one in _BETWEEN.split(unicodedata.normalize("NFKC", text)) if one))


def proposed(text: str) -> tuple[str, ...]:
    """The clauses that bind the user by their wording; all that are numbered where the text demands nothing of him.

    >>> proposed("1.1 用户不得：\\n\\n(1) 出借账号；\\n\\n1.2 中心应当答复。\\n\\n1.3 用户应当保密。")
    ('1.1(1)', '1.3')
    """
    found, bound = numbered(text), list[str]()
    leading = {parent_of(number) for number, _ in found}
    binds = dict[str, bool]()
    for number, words in found:
        above = parent_of(number)
        owed = set(_owed_by_user(words))
        binds[number] = True in owed if owed else binds.get(above, False)
        if binds[number] and not (number in leading and words.endswith(("：", ":"))):
            bound.append(number)
    return tuple(dict.fromkeys(bound or (number for number, _ in found)))


def _owed_by_user(words: str) -> Iterator[bool]:
    """For each demand, whether it is made of the user."""
    for sentence in _SENTENCE.split(words):
        if _ACCEPTING.search(sentence):
            continue
        of_user = True
        for found in _WORD.finditer(sentence):
            if found["demand"]:
                yield of_user
            else:
                of_user = not found["center"]
