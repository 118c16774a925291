"""What an employer is told of a restriction, for each kind: as a clerk would write it."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.access_restriction.rules import RestrictionKind, until_of, used
from hpf.notices.rendering import render
from hpf.notices.templates import template

TODAY = date(2026, 8, 10)


def told(code: str, kind: RestrictionKind, functions: tuple[str, ...] = (), ends_on: date | None = None) -> str:
    """The text message of a template."""
    values = {
        "deed": kind.deed,
        "used": used(kind, functions),
        "until": until_of(TODAY, ends_on, kind),
        "reason": "提交虚假资料",
        "outcome": "维持原决定",
        "hotline": "12329",
    }
    return render(template(code).on(TODAY).sms, values)


@pytest.mark.parametrize(
    ("kind", "functions", "ends_on", "said"),
    [
        (
            RestrictionKind.LIMITED,
            ("remittance", "sealing"),
            date(2026, 9, 1),
            "中心限制贵单位在单位网上业务大厅办理汇缴、封存，自2026年8月10日起，2026年9月1日恢复。原因：提交虚假资料。",
        ),
        (
            RestrictionKind.SUSPENDED,
            (),
            None,
            "中心中止贵单位使用单位网上业务大厅，自2026年8月10日起，至中心解除为止。原因：提交虚假资料。",
        ),
        (
            RestrictionKind.ENDED,
            (),
            None,
            "中心终止贵单位使用单位网上业务大厅，自2026年8月10日起。原因：提交虚假资料。",
        ),
    ],
)
def test_the_text_message_says_who_does_what_to_whom_from_when_and_why(
    kind: RestrictionKind, functions: tuple[str, ...], ends_on: date | None, said: str
) -> None:
    assert told("restriction", kind, functions, ends_on).startswith(said)


def test_what_is_lifted_or_answered_is_called_by_its_own_name() -> None:
    limited, ended = (RestrictionKind.LIMITED, ("remittance",)), (RestrictionKind.ENDED, ())
    lifted = [told("restriction-lifted", *one) for one in (limited, ended)]
    assert lifted[0].startswith("中心已解除限制，贵单位即日起恢复在单位网上业务大厅办理汇缴。")
    assert lifted[1].startswith("中心已解除限制，贵单位即日起恢复使用单位网上业务大厅。")
    assert told("appeal-answered", *ended).startswith("贵单位就终止使用单位网上业务大厅提出的申诉已答复：维持原决定。")
