"""One word and one colour for every state, everywhere.

The rule of the colours: what waits for somebody (待…) is amber, what is done (已…) is green, what came back or cannot
be done is cinnabar, the rest is grey. A state that is not in the table is a bug and says so.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from hpf.kernel import Severity


class Tone(StrEnum):
    """The class of a tag in ``hall.css``; the plain one is grey."""

    DONE = "ok"
    WAITING = "wait"
    STOPPED = "no"
    PLAIN = ""


class Tag(NamedTuple):
    label: str
    tone: Tone


STATES: dict[str, Tag] = {
    # cases and sheets
    "draft": Tag("草稿", Tone.PLAIN),
    "submitted": Tag("待审核", Tone.WAITING),
    "returned": Tag("已退回", Tone.STOPPED),
    "refused": Tag("不予办理", Tone.STOPPED),
    "done": Tag("已办结", Tone.DONE),
    "withdrawn": Tag("已撤回", Tone.PLAIN),
    "void": Tag("已作废", Tone.PLAIN),
    "declarable": Tag("待核定", Tone.WAITING),
    "awaiting_payment": Tag("待缴款", Tone.WAITING),
    "short": Tag("待补足", Tone.WAITING),
    "booked": Tag("已入账", Tone.DONE),
    "lapsed": Tag("通知单已过期", Tone.PLAIN),
    # unit accounts (JGJ/T 320 A.4) and members' accounts (A.6)
    "unit_open": Tag("开户", Tone.PLAIN),
    "unit_normal": Tag("正常", Tone.DONE),
    "unit_deferred": Tag("缓缴", Tone.WAITING),
    "unit_sealed": Tag("封存", Tone.PLAIN),
    "unit_closed": Tag("销户", Tone.PLAIN),
    "normal": Tag("正常", Tone.DONE),
    "sealed": Tag("封存", Tone.PLAIN),
    "closed": Tag("销户", Tone.PLAIN),
    "frozen": Tag("冻结", Tone.STOPPED),
    # money that arrived
    "matched": Tag("已入账", Tone.DONE),
    "unallocated": Tag("已转暂存款", Tone.DONE),
    "unidentified": Tag("待认领", Tone.WAITING),
    "duplicate": Tag("重复，未记账", Tone.PLAIN),
    # rows of an uploaded workbook, jobs
    "good": Tag("可办理", Tone.DONE),
    "running": Tag("办理中", Tone.WAITING),
    "failed": Tag("未完成", Tone.STOPPED),
    "chosen": Tag("待确认", Tone.WAITING),
    # findings
    Severity.REFUSED.name.lower() + "_row": Tag(Severity.REFUSED.value, Tone.STOPPED),
    Severity.MEND.name.lower() + "_row": Tag(Severity.MEND.value, Tone.WAITING),
    Severity.CHECK.name.lower() + "_row": Tag(Severity.CHECK.value, Tone.WAITING),
    # a handler's hall access
    "access_initial": Tag("待首次登录", Tone.WAITING),
    "access_open": Tag("已开通", Tone.DONE),
    "access_locked": Tag("已锁定", Tone.STOPPED),
    "access_ended": Tag("已终止", Tone.PLAIN),
}


def tag_of(state: str | Severity) -> Tag:
    """The word and colour of a state or of a finding's severity. Raises ``KeyError`` for a state without an entry."""
    return STATES[f"{state.name.lower()}_row" if isinstance(state, Severity) else state]
