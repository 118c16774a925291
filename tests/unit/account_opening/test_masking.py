"""Numbers that identify a person do not stand in findings; everything else does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpf.account_opening.masking import from_json, masked, to_json
from hpf.kernel import Refusal, Severity


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("证件类型“511102199003071235”不能识别", "证件类型“511102********1235”不能识别"),
        ("手机号码13812341234", "手机号码138****1234"),
        ("“5111 0219 9003 0712 35”", "“5111 0************2 35”"),
        ("“E98765432”", "“E9*****32”"),
        ("“９９０１０１１９９００３０７００１５”", "“９９０１０１********００１５”"),
    ],
)
def test_a_number_of_a_person_is_masked_wherever_it_was_typed(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "月平均工资40,000.00元高于上限，缴存基数按26,495.50元确定",
        "首次缴存年月202613不能识别",
        "出生日期“19900230”不能识别",
        "出生日期1990-03-07，未满16周岁",
        "在名册中出现多次：第99998行、第99999行等100000行",
        "姓名“李 四”须规范",
        "12345678.90",
    ],
)
def test_amounts_days_and_rows_stay(text: str) -> None:
    assert masked(text) == text


def test_what_no_column_and_no_page_can_hold_is_replaced() -> None:
    assert masked("a\0b\u202ec\u3000d") == "a\ufffdb\ufffdc d"


@given(st.from_regex(r"[1-9]\d{16}[\dX]", fullmatch=True), st.text(max_size=5), st.text(max_size=5))
def test_no_text_around_a_number_lets_it_through(number: str, before: str, after: str) -> None:
    assert number not in masked(before + number + after)


def test_a_finding_comes_back_as_it_was_kept() -> None:
    finding = Refusal(
        "OPEN-X", "什么", "为何", "怎么办", "依据", "第12行", Severity.MEND, proposal="李四", case_no=1_000_000_001
    )
    assert from_json(json.loads(json.dumps(to_json(finding)))) == finding
    plain = Refusal("OPEN-Y", "什么")
    assert to_json(plain) == {"code": "OPEN-Y", "severity": "不能办理", "what": "什么"}
    assert from_json(to_json(plain)) == plain
