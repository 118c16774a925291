"""Only what the agreement demands of its user can be breached by him: named with the version, proposed by wording."""

from __future__ import annotations

import pytest

from hpf.agreement.queries import demonstration_text
from hpf.registry.clauses import clauses, proposed


def test_of_the_shipped_text_the_center_s_duties_headings_and_notes_bind_nobody() -> None:
    assert set(proposed(demonstration_text())) == {
        *("1.2", "2.2", "2.3", "3.1", "3.2", "3.3", "4.3"),
        *("6.1(1)", "6.1(2)", "6.1(3)", "6.1(4)", "8.2"),
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
