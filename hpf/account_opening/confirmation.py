"""What keeps a checked roster from being opened as its handler wishes. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from hpf.kernel import Refusal


def choice_refusals(*, people: int, good: int, to_mend: int, all_or_nothing: bool) -> Iterator[Refusal]:
    """Whether a roster can be opened at all, and whole if that was chosen.

    ``good`` rows go in now, those whose proposals were accepted among them; ``to_mend`` wait for a word.
    """
    refused = people - good - to_mend
    if not good:
        yield Refusal(
            code="ROSTER-NOBODY-TO-OPEN",
            what="名册中没有可以开户的职工",
            why=f"共{people}人，需要更正{to_mend}人，不能办理{refused}人",
            remedy="请下载核对结果，更正后重新上传",
        )
    elif all_or_nothing and good < people:
        yield Refusal(
            code="ROSTER-NOT-ALL-GOOD",
            what=f"名册中有{people - good}人还不能开户",
            why=f"您选择了全部合格后一并开户；需要更正{to_mend}人，不能办理{refused}人",
            remedy="请下载核对结果，更正后重新上传；也可以选择合格的先开户",
        )


def outdated(case_no: int) -> Refusal:
    """The check no longer holds: a month was declared or booked, the law or a rate has changed since."""
    return Refusal(
        code="ROSTER-OUTDATED",
        what="核对结果已经过时",
        why="核对之后，单位账户状态、已核定或已汇缴的年月、缴存比例或缴存标准有变化",
        remedy="请重新核对，不必重新上传文件",
        case_no=case_no,
    )


def not_checked() -> Refusal:
    """The hall's own fault: the check failed again and again."""
    return Refusal(
        code="ROSTER-NOT-CHECKED",
        what="核对时系统出错，名册没有核对完",
        why="已重试仍未成功，没有为任何人开户",
        remedy="请重新上传；仍不成功的，请联系住房公积金管理中心",
    )


def not_opened() -> Refusal:
    """The hall's own fault: the opening failed again and again."""
    return Refusal(
        code="ROSTER-NOT-OPENED",
        what="开户时系统出错，名册没有办完",
        why="已重试仍未成功，没有为任何人开户",
        remedy="请稍后再确认开户；仍不成功的，请联系住房公积金管理中心",
    )


def late(people: int) -> Refusal:
    """All or nothing was chosen, and somebody was opened elsewhere between the check and the opening."""
    return Refusal(
        code="ROSTER-LATE",
        what=f"名册中有{people}人在核对之后已另有账户",
        why="您选择了全部合格后一并开户，因此没有为任何人开户",
        remedy="请查看这些职工的核对结果；可以选择合格的先开户，或更正后重新上传",
    )
