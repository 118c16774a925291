"""A hundred thousand lines: what books by itself is right, and a person finds the rest at the top of the list."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from hpf.kernel import Fen
from hpf.kernel.identity import with_check_characters
from hpf.treasury.candidates import Candidates
from hpf.treasury.rules import CaseShape, Matched, Reason, Standing, Waiting, judge
from hpf.treasury.statement import Side, StatementLine
from tests.unit.treasury.bank import Senders, Sent, town

LINES, EMPLOYERS = 100_000, 5_000


@pytest.fixture(scope="module")
def cases() -> list[CaseShape]:
    return town(seed=511100, employers=EMPLOYERS)


@pytest.fixture(scope="module")
def sent(cases: list[CaseShape]) -> list[Sent]:
    return list(Senders(844, cases).lines(LINES))


def test_of_100_000_lines_every_right_one_books_and_no_other_one(cases: list[CaseShape], sent: list[Sent]) -> None:
    by_number = {case.case_no: case for case in cases}
    verdicts = [(each, judge(each.line, by_number)) for each in sent]
    booked = Counter(
        "right" if each.meant == verdict.case_no else "wrong"
        for each, verdict in verdicts
        if isinstance(verdict, Matched)
    )
    assert booked["wrong"] == 0
    assert booked["right"] == sum(each.is_right for each in sent)
    waiting = {reason for _, verdict in verdicts if isinstance(verdict, Waiting) for reason in verdict.reasons}
    assert waiting >= {Reason.NO_REFERENCE, Reason.UNKNOWN_REFERENCE, Reason.WRONG_PAYER, Reason.SHORT, Reason.LATE}


def test_the_case_that_was_meant_is_the_first_candidate(cases: list[CaseShape], sent: list[Sent]) -> None:
    candidates = Candidates(cases)
    astray = [each for each in sent if not each.is_right and each.meant is not None]
    first = [next(iter(candidates.of(each.line)), None) for each in astray]
    found = sum(best is not None and best.case.case_no == each.meant for best, each in zip(first, astray, strict=True))
    assert found / len(astray) >= 0.995


CASE = CaseShape(
    case_no=1_000_000_001,
    unit_account_id=7,
    due=Fen(605_262),
    standing=Standing.AWAITING_PAYMENT,
    first_day=date(2026, 8, 3),
    last_day=date(2026, 8, 15),
    employer_names=frozenset({"乐山嘉州宏达商贸有限公司"}),
    payer_accounts=frozenset({"51110001"}),
    unit_account_no="9826080100007",
)
OTHERS = town(seed=1, employers=300)
LINE = StatementLine(8, "F1", date(2026, 8, 10), Side.CREDIT, Fen(1), "张三", "622200000000", "", "转账", "")


@pytest.mark.parametrize(
    ("change", "clue"),
    [
        ({"payer_name": "乐山嘉州宏达商贸有限公司"}, "付款户名与单位名称一致"),
        ({"payer_account": "5111-0001"}, "付款账号为单位登记账号"),
        ({"amount": CASE.due}, "金额与应缴金额一致"),
        ({"remark": "账号9826080100007"}, "附言中有单位账号"),
        ({"remark": "1000 0000 0910"}, "附言中的数字与缴款码相符或仅差一位"),
        ({"remark": "10000000019"}, "附言中的数字与缴款码相符或仅差一位"),
        ({"remark": "代乐山嘉州宏达商贸有限公司缴8月公积金"}, "附言中有相近的单位名称"),
        ({"payer_name": "嘉州宏达商贸公司"}, "付款户名与单位名称相近"),
    ],
)
def test_each_clue_alone_finds_the_case_and_says_why(change: dict[str, object], clue: str) -> None:
    best = Candidates([*[replace(each, case_no=each.case_no + 10**6) for each in OTHERS], CASE]).of(
        replace(LINE, **change)
    )[0]
    assert best.case == CASE
    assert clue in best.clues


def test_clues_add_up_and_the_strongest_is_named_first() -> None:
    line = replace(LINE, payer_name="乐山嘉州宏达商贸有限公司", amount=CASE.due)
    (best,) = Candidates([CASE]).of(line)
    assert best.clues == ("付款户名与单位名称一致", "金额与应缴金额一致")  # the same name is not one like it
    assert best.score == 100


def test_a_line_that_says_nothing_has_no_candidates() -> None:
    assert Candidates([CASE]).of(LINE) == ()


@pytest.mark.parametrize("standing", [Standing.BOOKED, Standing.WITHDRAWN, Standing.LAPSED])
def test_a_case_that_is_over_is_nobody_s_candidate(standing: Standing) -> None:
    line = replace(LINE, remark=with_check_characters(CASE.case_no))
    assert Candidates([replace(CASE, standing=standing)]).of(line) == ()


def test_at_most_five_candidates_are_shown_and_the_older_case_stands_first() -> None:
    twins = [replace(CASE, case_no=CASE.case_no + index) for index in range(9)]
    shown = Candidates(reversed(twins)).of(replace(LINE, payer_account="51110001"))
    assert [candidate.case.case_no for candidate in shown] == [CASE.case_no + index for index in range(5)]
