"""Rules of asking and answering: what must be said, and what may follow what. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from hpf.kernel import Refusal, Severity

BASIS = "《单位公积金缴存网上业务大厅服务协议》1.4"
LONGEST_TITLE, LONGEST_TEXT, LONGEST_WORD = 40, 2000, 200
RATINGS = {1: "很不满意", 2: "不满意", 3: "一般", 4: "满意", 5: "很满意"}
MOST_OPEN = 20
"""So many of an employer's inquiries may wait at once."""


class InquiryKind(StrEnum):
    """What is said to the center."""

    QUESTION = "question"
    SUGGESTION = "suggestion"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {"question": "咨询", "suggestion": "建议"}[self.value]


class InquiryState(StrEnum):
    """Whose turn it is."""

    OPEN = "open"
    ANSWERED = "answered"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {"open": "待答复", "answered": "已答复"}[self.value]


class TurnKind(StrEnum):
    """What was said or done."""

    ASKED = "asked"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    ASKED_AGAIN = "asked_again"
    RATED = "rated"

    @property
    def label(self) -> str:
        """The word on pages."""
        return _TURN_LABELS[self]


_TURN_LABELS = {
    TurnKind.ASKED: "提出",
    TurnKind.FORWARDED: "转办",
    TurnKind.ANSWERED: "答复",
    TurnKind.ASKED_AGAIN: "再问",
    TurnKind.RATED: "评价",
}

NOT_OPEN = Refusal("INQUIRY-NOT-OPEN", "这一件现在不在等待答复", "已由他人答复", "请刷新页面，按现在的状态办理")
NOT_ANSWERED = Refusal("INQUIRY-NOT-ANSWERED", "这一件还没有答复", "答复以后才能评价或再问", "请等待答复")
ASKED_AGAIN_BEFORE = Refusal(
    "INQUIRY-ASKED-AGAIN",
    "这一件已经再问过一次",
    "同一件可以再问一次",
    "请另提一件，或拨打热线",
)
RATED_BEFORE = Refusal("INQUIRY-RATED", "这次答复已经评价过", "每次答复评价一次", "再问得到新的答复后，可以再评价")
SAME_BRANCH = Refusal(
    "INQUIRY-SAME-BRANCH", "这一件已经在这个网点", remedy="请选择另一个网点，或直接答复", where="branch"
)
NO_BRANCH = Refusal("INQUIRY-BRANCH", "没有这个网点", remedy="请从所列网点中选择", where="branch")
TOO_MANY = Refusal(
    "INQUIRY-TOO-MANY",
    f"贵单位有{MOST_OPEN}件以上在等待答复",
    "请等中心答复以后再提",
    "急事请拨打热线，或到网点办理",
)


def left_open(count: int, titles: Sequence[str], first_due: date) -> Refusal:
    """A hint where an employer leaves the hall: what it asked is answered to nobody there any more."""
    more = "等" if count > len(titles) else ""
    return Refusal(
        "INQUIRY-LEFT-OPEN",
        f"这个单位还有{count}件咨询建议没有答复：{'、'.join(f'“{title}”' for title in titles)}{more}",
        "终止后经办人在网厅看不到答复",
        f"请当面答复，或在咨询建议里先答复；最早的一件应在{first_due}前答复",
        severity=Severity.CHECK,
    )


def against_asking(title: str, text: str) -> list[Refusal]:
    """Everything that keeps an inquiry from being taken in. ``where`` is the form's field."""
    return [*_against("title", "标题", title, LONGEST_TITLE), *against_text(text)]


def against_text(text: str, what: str = "内容") -> list[Refusal]:
    """What keeps a question, a note or an answer from being taken in."""
    return _against("text", what, text, LONGEST_TEXT)


def against_rating(rating: int, word: str) -> list[Refusal]:
    """What keeps a rating from being taken in."""
    found = _against("word", "说明", word, LONGEST_WORD, may_be_empty=True)
    if rating not in RATINGS:
        found.append(Refusal("INQUIRY-RATING", "评分须为1至5分", remedy="请选择一项", where="rating"))
    return found


def days_left(due_on: date, today: date) -> int:
    """Calendar days until an answer is due; below zero when it is late."""
    return (due_on - today).days


def _against(where: str, what: str, text: str, longest: int, *, may_be_empty: bool = False) -> list[Refusal]:
    if not text.strip() and not may_be_empty:
        return [Refusal("INQUIRY-EMPTY", f"未填写{what}", remedy=f"请填写{what}", where=where)]
    if len(text) > longest:
        return [Refusal("INQUIRY-LONG", f"{what}超过{longest:,}字", remedy="请写得简短些", where=where)]
    return []
