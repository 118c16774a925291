"""Two texts side by side: what a reader is shown of the change."""

from __future__ import annotations

import re

from hpf.agreement.differences import Change, Piece, difference, pieces
from tests.unit.work import calls

OLD = """# 服务协议

## 一、范围

1.1 本协议是用户与中心之间的协议。

1.2 服务热线为12329。

## 二、变更

2.1 协议变更提前3日公告。

2.2 变更后继续使用的，视为接受。
"""
NEW = """# 服务协议

## 一、范围

1.1 本协议是用户与中心之间的协议。

1.2 服务热线为12329，工作日开通。

## 二、变更

2.1 协议变更提前10日公告。

2.2 用户须在变更生效后首次登录时重新签署。

2.3 中心按附件保存历次文本。
"""


def test_only_what_changed_is_told_in_the_order_of_the_new_text() -> None:
    found = difference(OLD, NEW)
    assert [(one.chapter, one.change) for one in found.changes] == [
        ("一、范围", Change.REWORDED),
        ("二、变更", Change.REWORDED),
        ("二、变更", Change.REMOVED),
        ("二、变更", Change.ADDED),
        ("二、变更", Change.ADDED),
    ]
    assert found.kept == 4  # title, two headings, 1.1


def test_words_are_marked_whole_and_the_rest_is_kept() -> None:
    assert pieces("提前3日公告。", "提前10日公告。") == (
        Piece(Change.KEPT, "提前"),
        Piece(Change.REMOVED, "3"),
        Piece(Change.ADDED, "10"),
        Piece(Change.KEPT, "日公告。"),
    )


def test_the_new_text_can_be_read_from_the_pieces_and_so_can_the_old() -> None:
    old, new = "中心可以限制用户的使用，并说明理由。", "中心有权限制、中止用户使用，须说明依据和理由。"
    found = pieces(old, new)
    assert "".join(piece.text for piece in found if piece.change is not Change.ADDED) == old
    assert "".join(piece.text for piece in found if piece.change is not Change.REMOVED) == new


def test_a_single_character_between_two_changes_is_no_match() -> None:
    assert [piece.change for piece in pieces("甲的乙", "丙的丁")] == [Change.REMOVED, Change.ADDED]


def test_a_clause_that_moved_down_by_a_new_one_is_the_same_clause_with_another_number() -> None:
    old = "## 一、范围\n\n1.1 用户应当如实填写资料。\n\n1.2 中心对资料进行形式审查。"
    new = "## 一、范围\n\n1.1 用户是指缴存单位。\n\n1.2 用户应当如实填写资料。\n\n1.3 中心对资料进行形式审查。"
    found = difference(old, new)
    assert [one.change for one in found.changes] == [Change.ADDED, Change.REWORDED, Change.REWORDED]
    assert found.changes[1].pieces == (
        Piece(Change.REMOVED, "1.1"),
        Piece(Change.ADDED, "1.2"),
        Piece(Change.KEPT, " 用户应当如实填写资料。"),
    )


def test_the_same_text_has_no_difference() -> None:
    assert difference(OLD, OLD).changes == ()


def test_what_would_take_too_long_to_compare_is_told_in_whole_clauses() -> None:
    words = ["甲乙丙丁"[n % 4] * (n % 7 + 1) for n in range(3_000)]
    one, other = "".join(words), "".join(reversed(words))
    assert [piece.change for piece in pieces(one, other)] == [Change.REMOVED, Change.ADDED]
    assert calls(lambda: pieces(one, other)).total() < 2 * len(one)
    many, swapped = ("\n\n".join(f"{n ^ turned}号" for n in range(4_000)) for turned in (0, 1))
    done = calls(lambda: difference(many, swapped))
    assert done.total() < 40 * 4_000
    assert {one.change for one in difference(many, swapped).changes} == {Change.REMOVED, Change.ADDED}


def test_an_agreement_reworded_from_end_to_end_is_still_told_word_by_word() -> None:
    signs = [chr(0x4E00 + n * 37 % 2_000) for n in range(60 * 120)]
    old = "\n\n".join(f"{n}.1 " + "".join(signs[n * 120 : n * 120 + 120]) for n in range(60))
    found = difference(old, re.sub(r"(\w{9})\w", r"\1改", old))
    assert {one.change for one in found.changes} == {Change.REWORDED}
    assert len(found.changes) == 60
    assert all(any(piece.change is Change.KEPT for piece in one.pieces) for one in found.changes)
