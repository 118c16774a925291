"""Which clauses of an agreement bind its user: those alone can be breached. Pure: the text itself says it.

A clause binds where it demands something (应当, 不得, 请勿, 保证 …) and not of the center: the party that is named last
before the demand, in its sentence, is the one who owes it; where none is named, the reader. An item that demands
nothing itself binds as the clause above it does (不得有下列行为：). What only leads to items is not cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hpf.kernel.wording import numbered

_DEMAND = re.compile(
    r"(?:不得|不要|应当|(?<![不相响对反供适])应(?![当用答急])|(?<!无)须|(?<!申)请(?!求)|承诺|遵守|遵照|负责(?!人)"
    r"|(?:^|(?<=[户位方心人，]))保证)(?!.{0,4}承担)"
)
_PARTY = re.compile(
    r"(?<![到向在经与和])(?P<center>中心|甲方)(?!网|各|服务|热线|书面|业务)|用户(?!名)|单位(?!网|公积金|住房)|乙方|经办人"
)
_SENTENCE = re.compile(r"[。；;]")


def binding(text: str) -> dict[str, str]:
    """Number → words of the clauses that bind the user; all that are numbered where the text demands nothing of him.

    >>> list(binding("1.1 用户不得：\\n\\n(1) 出借账号；\\n\\n1.2 中心应当答复。\\n\\n1.3 用户应当保密。"))
    ['1.1(1)', '1.3']
    """
    clauses = dict(numbered(text))
    return {number: words for number, words in clauses.items() if _binds(number, clauses)} or clauses


def _binds(number: str, clauses: dict[str, str]) -> bool:
    words, (clause, of_item, _) = clauses[number], number.partition("(")
    if not of_item and words.endswith(("：", ":")) and any(one.startswith(f"{number}(") for one in clauses):
        return False
    owed = set(_owed_by_user(words))
    if not owed and of_item:
        owed = set(_owed_by_user(clauses.get(clause, "")))
    return True in owed


def _owed_by_user(words: str) -> Iterator[bool]:
    """For each demand, whether it is made of the user."""
    for sentence in _SENTENCE.split(words):
        for demand in _DEMAND.finditer(sentence):
            parties = list(_PARTY.finditer(sentence, 0, demand.start()))
            yield not (parties and parties[-1]["center"])
