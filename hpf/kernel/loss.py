"""How much of a text a new one no longer says, measured in characters. Pure.

Measured by runs of characters and not by clauses, so that what was moved or numbered anew is not counted as gone; in
linear time, because a person waits for the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_RUN = 6
"""So many characters in a row have to be found again for them to be still said; fewer are found in any two texts."""
_NO_WORDS = re.compile(r"[\s#*]+")


@dataclass(frozen=True, slots=True)
class Loss:
    """Of ``former`` characters, blanks not counted, ``gone`` are not said any more."""

    former: int
    gone: int

    @property
    def is_heavy(self) -> bool:
        """Whether more than half is gone: then a person is asked whether that is meant."""
        return self.gone * 2 > self.former

    @property
    def sentence(self) -> str:
        """The figures, to stand after the name of the former text.

        >>> Loss(8412, 7209).sentence
        '共8,412字，其中7,209字（85%）在新文本中不再出现'
        """
        return f"共{self.former:,}字，其中{self.gone:,}字（{self.gone * 100 // self.former}%）在新文本中不再出现"


def loss(former: str, text: str) -> Loss:
    """What of the former text is gone.

    >>> loss("1.1 提前3日公告变更。", "## 一、公告\\n\\n2.1 提前3日公告变更。\\n\\n2.2 在首页公告。")
    Loss(former=12, gone=1)
    """
    before, after = _NO_WORDS.sub("", former), _NO_WORDS.sub("", text)
    run = min(_RUN, len(before))
    said = {after[at : at + run] for at in range(len(after) - run + 1)}
    kept = end = 0
    for at in range(len(before) - run + 1):
        if before[at : at + run] in said:
            kept += at + run - max(at, end)
            end = at + run
    return Loss(len(before), len(before) - kept)
