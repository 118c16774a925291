"""Only what the agreement demands of its user can be breached by him: named with the version, proposed by wording."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hpf.agreement.queries import demonstration_text
from hpf.agreement.rules import Version, refusals
from hpf.registry.clauses import clauses, proposed
from hpf.registry.codes import AgreementDocument
from tests.unit.work import calls


def test_of_the_shipped_text_the_center_s_duties_headings_and_ways_in_bind_nobody() -> None:
    assert set(proposed(demonstration_text())) == {
        *("2.2", "2.3", "3.1", "3.2", "3.3", "4.3"),
        *("6.1(1)", "6.1(2)", "6.1(3)", "6.1(4)"),
    }


@pytest.mark.parametrize(
    "clause",
    [
        "用户应当如实填写，并对资料的真实性承担责任。中心进行形式审查。",
        "用户在中心网厅服务平台初始登录后，务请修改初始密码。",
        "中心特别提醒用户应妥善保管密码。中心会更新技术措施。",
        "遵照中心的操作手册办理业务。",
        "不得用任何方式攻击网厅。",
        "承诺提供完整、真实的资料。",
        "用户应当接受中心的检查。",
    ],
)
def test_what_is_demanded_of_the_user_binds_him(clause: str) -> None:
    assert "2.1" in proposed(f"1.1 用户不得转借账号。\n\n2.1 {clause}")


@pytest.mark.parametrize(
    "clause",
    [
        "中心负责维护网厅，确保系统安全运行。",
        "中心对用户填报的资料负有保密义务，因中心原因泄露的，中心应当承担相应责任。",
        "如用户违反本协议，中心有权终止用户对帐号的使用，由此带来的损失由用户自行承担。",
        "用户须自行承担网络不稳定带来的风险。",
        "对本服务有疑问的，可以到中心网点申请咨询。",
        "用户理解并同意：",
        "程序接入另有专项规则，用户首次使用时须单独接受。",
        "用户不接受新版本的，不得继续使用网厅。",
    ],
)
def test_what_the_center_owes_or_only_explains_binds_him_not(clause: str) -> None:
    assert list(proposed(f"1.1 用户不得转借账号。\n\n2.1 {clause}")) == ["1.1"]


def test_a_text_without_a_demand_leaves_all_its_clauses() -> None:
    assert list(proposed("1.1 甲\n\n1.2 乙")) == ["1.1", "1.2"]


def test_what_was_named_with_the_version_binds_whatever_its_wording() -> None:
    text = "1.1 使用者不可出借令牌。\n\n1.2 机构保守秘密。\n\n1.3 用户应当保密。"
    assert list(clauses(text, ["1.1"]).binding) == ["1.1"]
    assert list(clauses(text, None).binding) == ["1.3"]
    assert list(clauses(text, []).binding) == []


TWO_LEVELS = (
    "2.2 用户有下列义务：\n\n（一）账号方面：\n\n(1) 用户不得出借账号；\n\n"
    "（二）资料方面：\n\n(1) 用户应当在每年1月送交纸质资料。\n\n2.3 中心应当答复：\n\n(1) 咨询；"
)
ARTICLES = (
    "## 第一章 用户\n\n第一条　用户不得有下列行为：\n\n（一）出借账号；\n\n（二）冒用他人身份。\n\n"
    "## 第二章 中心\n\n第二条：中心应当：\n\n（一）及时答复；\n\n第三条所称用户，是指缴存单位。"
)


def test_an_item_is_named_by_all_that_stands_above_it() -> None:
    assert clauses(TWO_LEVELS, None).binding == {
        "2.2(一)(1)": "(1) 用户不得出借账号；",
        "2.2(二)(1)": "(1) 用户应当在每年1月送交纸质资料。",
    }
    assert list(clauses(ARTICLES, None).words) == ["第一条", "第一条(一)", "第一条(二)", "第二条", "第二条(一)"]
    assert list(clauses(ARTICLES, None).binding) == ["第一条(一)", "第一条(二)"]
    assert list(clauses("## 一、用户\n\n（一）用户应当保密。\n\n## 二、中心\n\n（一）中心答复。", None).words) == [
        "一(一)",
        "二(一)",
    ]


def test_a_number_that_stands_for_two_clauses_names_neither() -> None:
    text = "1.1 用户应当保密。\n\n1.2 用户不得出借账号。\n\n1.1 用户应当缴费。"
    assert clauses(text, ["1.1", "1.2"]).binding == {"1.2": "1.2 用户不得出借账号。"}


def test_a_version_is_refused_for_every_binding_number_that_stands_for_two_clauses() -> None:
    text = (
        "# 协议\n\n1.1 用户应当保密。\n\n1.2 甲\n\n1.2 乙\n\n1.1 用户应当缴费。\n\n1.3 用户应当：\n\n(1) 丙\n\n(1) 丁"
    )
    version = Version(AgreementDocument.AGREEMENT, "2026-9", date(2026, 12, 1), "改", text)

    def said(binding: tuple[str, ...] | None) -> list[tuple[str, str]]:
        version_now = replace(version, binding=binding)
        found = refusals(version_now, earliest=date(2026, 1, 1), notice_days=0, numbers=(), days=())
        return [(one.code, one.what) for one in found]

    twice = "AGREEMENT-CLAUSE-TWICE"
    assert said(None) == [(twice, "正文中第1.1条不止一处"), (twice, "正文中第1.3(1)条不止一处")]
    assert said(("1.2", "9.9")) == [("AGREEMENT-CLAUSE", "正文中没有第9.9条"), (twice, "正文中第1.2条不止一处")]
    assert said(("1.3",)) == []


def test_demands_are_found_in_one_pass_however_many_there_are() -> None:
    def effort(demands: int, items: int) -> int:
        text = f"1.1 用户{'应当' * demands}：\n\n" + "\n\n".join(f"({n}) 应当：" for n in range(1, items))
        found = calls(lambda: proposed(text))
        assert found["finditer"] <= 2 * items
        return found.total()

    assert effort(200, 400) < 2.2 * effort(100, 200)
