"""What speaks against a version, an acceptance, a refusal. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from hpf.kernel import Refusal
from hpf.kernel.loss import loss
from hpf.kernel.wording import cited, numbered, wording
from hpf.registry.clauses import twice
from hpf.registry.codes import AgreementDocument

LONGEST_TEXT = 200_000
"""Characters; some twenty times a usual agreement."""

TEXT_MISSING = Refusal(
    "AGREEMENT-TEXT", "协议没有正文", "正文中没有读到标题以外的条款", "请上传文件或粘贴正文", where="text"
)
TEXT_LONG = Refusal("AGREEMENT-LONG", f"协议正文超过{LONGEST_TEXT:,}字", remedy="请核对所选的文件", where="text")
TITLE_MISSING = Refusal(
    "AGREEMENT-TITLE", "协议没有标题", "正文第一行没有读到标题", "请在正文前另起一行写明标题", where="text"
)
NUMBER_MISSING = Refusal("AGREEMENT-NUMBER", "没有填写版本号", remedy="请填写版本号，如“2026-1”", where="number")
SUMMARY_MISSING = Refusal(
    "AGREEMENT-SUMMARY", "没有填写变更说明", "用户据此了解改了什么、为什么改", "请用一两句话说明", where="summary"
)
NUMBER_TAKEN = Refusal("AGREEMENT-NUMBER-TAKEN", "该版本号已经公布过", remedy="请使用新的版本号", where="number")
DAY_TAKEN = Refusal("AGREEMENT-DAY-TAKEN", "已有同日生效的版本", remedy="请另选生效日期", where="effective_on")
NOT_CURRENT = Refusal(
    "AGREEMENT-NOT-CURRENT",
    "您看到的协议不是现行版本",
    "协议已经更新，或页面打开时间过长",
    "请重新打开本页，阅读现行版本后再接受",
)
ACCEPTED_BEFORE = Refusal("AGREEMENT-ACCEPTED", "您已接受过本版协议", remedy="请直接返回首页办理业务")
FOUNDED_BEFORE = Refusal(
    "AGREEMENT-FOUNDED", "中心已有协议版本", "未经复核的版本只在设立中心时使用", "请起草新版本，提交复核"
)
NO_DRAFT = Refusal("AGREEMENT-NO-DRAFT", "没有这份草稿", remedy="请从协议版本页面重新打开")


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it is drafted: text (Markdown), number, day of effect, and what has changed and why.

    ``binding`` are the numbers of the clauses that bind the user, ``None`` for those that its wording proposes.
    """

    document: AgreementDocument
    number: str
    effective_on: date
    summary: str
    text: str
    binding: tuple[str, ...] | None = None


def refusals(
    version: Version, *, earliest: date, notice_days: int, numbers: Collection[str], days: Collection[date]
) -> list[Refusal]:
    """Everything against publishing a version; ``numbers`` and ``days`` are those of the versions published before.

    ``earliest`` is the first day on which it may take effect, ``notice_days`` after today.
    """
    found = against_text(version.text)
    found += _against_binding(version)
    if not version.number.strip():
        found.append(NUMBER_MISSING)
    if not version.summary.strip():
        found.append(SUMMARY_MISSING)
    if version.effective_on < earliest:
        found.append(_too_soon(earliest, notice_days))
    if version.number in numbers:
        found.append(NUMBER_TAKEN)
    if version.effective_on in days:
        found.append(DAY_TAKEN)
    return found


def against_text(text: str) -> list[Refusal]:
    """Everything against a text alone."""
    if len(text) > LONGEST_TEXT:
        return [TEXT_LONG]
    read = wording(text)
    found = [] if read.clause_count else [TEXT_MISSING]
    return found if read.title else [*found, TITLE_MISSING]


def against_loss(number: str, former: str, text: str) -> list[Refusal]:
    """That most of the former version's text is gone, which is asked about: a file may have been read in half."""
    found = loss(former, text)
    if not found.is_heavy:
        return []
    return [
        Refusal(
            "AGREEMENT-LOSS",
            f"版本{number}的原文{found.sentence}",
            "少了一半以上，可能是选错了文件，或文件没有读全",
            "请核对新文本；确实要改成这样的，请勾选确认后重新提交",
            where="loss_confirmed",
        )
    ]


def _against_binding(version: Version) -> list[Refusal]:
    known = {number for number, _ in numbered(version.text)}
    found = [
        Refusal(
            "AGREEMENT-CLAUSE",
            f"正文中没有{cited(number)}",
            "约束单位的条款用正文中的条号指明",
            "请核对条号，列有各项的写到项，如2.2(1)、第三条(一)",
            where="binding",
        )
        for number in version.binding or ()
        if number not in known
    ]
    return found + [
        Refusal(
            "AGREEMENT-CLAUSE-TWICE",
            f"正文中{cited(number)}不止一处",
            "限制使用须指明违反了哪一条，一个条号只能指一条",
            "请给正文中的这几条编上不同的条号",
            where="text",
        )
        for number in twice(version.text, version.binding)
    ]


def earliest_effect(today: date, notice_days: int) -> date:
    """The first day on which a version published today may take effect."""
    return today + timedelta(days=notice_days)


def _too_soon(earliest: date, notice_days: int) -> Refusal:
    return Refusal(
        "AGREEMENT-TOO-SOON",
        f"生效日期早于{earliest.year}年{earliest.month}月{earliest.day}日",
        f"协议变更须在生效前至少{notice_days}日公布",
        "请选择该日或以后的日期",
        where="effective_on",
    )
