"""Findings of many rows under one line: its words hold for each of them."""

from __future__ import annotations

from hpf.faces.portal.opening import of_many
from hpf.kernel import Refusal, Severity


def test_a_group_says_what_holds_for_all_its_rows_and_gives_the_first_as_an_example() -> None:
    first = Refusal(
        "OPEN-SEX-CONTRADICTS",
        "性别填为男，身份证号码中为女",
        remedy="请核对",
        where="第5行 性别（H5）",
        severity=Severity.MEND,
        proposal="女",
    )
    shown = of_many(first)
    assert (shown.what, shown.proposal, shown.where) == ("性别与身份证号码不一致", None, "")
    assert shown.why == "例如第5行 性别（H5） 性别填为男，身份证号码中为女，建议改为 女"
    assert shown.remedy == "请核对"
