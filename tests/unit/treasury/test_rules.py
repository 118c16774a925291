"""What a line pays: every verdict, and that nothing is ever found that is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hpf.kernel import Fen, Refusal
from hpf.kernel.identity import with_check_characters
from hpf.treasury.references import reference_numbers, references_in
from hpf.treasury.rules import (
    CaseShape,
    Destination,
    LineState,
    Matched,
    Reason,
    Standing,
    Waiting,
    judge,
    judge_all,
    not_booked,
)
from hpf.treasury.statement import Side, StatementLine

CASE = CaseShape(
    case_no=1_000_000_001,
    unit_account_id=7,
    due=Fen.from_yuan("6052.62"),
    standing=Standing.AWAITING_PAYMENT,
    first_day=date(2026, 8, 3),
    last_day=date(2026, 8, 15),
    employer_names=frozenset({"测试单位（乐山）", "乐山市财政局", "乐山人力代理有限公司"}),
    payer_accounts=frozenset({"5111 0001", "51119999"}),
)
REFERENCE = with_check_characters(CASE.case_no)
CASES = {CASE.case_no: CASE}
LINE = StatementLine(
    line_no=8,
    flow_no="F1",
    booked_on=date(2026, 8, 15),
    side=Side.CREDIT,
    amount=CASE.due,
    payer_name="测试单位(乐山)",
    payer_account="",
    payer_bank="",
    summary="转账",
    remark=f"公积金汇缴 {REFERENCE}",
)


def waiting(line: StatementLine, *cases: CaseShape) -> Waiting:
    verdict = judge(line, {case.case_no: case for case in cases or (CASE,)})
    assert isinstance(verdict, Waiting)
    return verdict


def test_money_that_came_before_its_reference_was_given_is_nobodys_yet() -> None:
    early = replace(LINE, booked_on=CASE.first_day - timedelta(days=1))
    verdict = waiting(early)
    assert (verdict.reasons, verdict.state) == ((Reason.EARLY,), LineState.UNIDENTIFIED)
    assert isinstance(judge(replace(LINE, booked_on=CASE.first_day), CASES), Matched)


def test_the_right_reference_sum_and_payer_in_time_match() -> None:
    assert judge(LINE, CASES) == Matched(LINE, CASE)


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("测试单位（乐山）", ""),
        ("测试 单位(乐山) ", "0000"),
        ("乐山市财政局", ""),
        ("乐山人力代理有限公司", ""),
        ("", "51110001"),
        ("别的户名", "5111-0001"),
        ("", "51119999"),
    ],
)
def test_the_employer_its_account_its_paymaster_and_its_agent_may_pay(name: str, account: str) -> None:
    assert isinstance(judge(replace(LINE, payer_name=name, payer_account=account), CASES), Matched)


@pytest.mark.parametrize(
    ("name", "account"),
    [("测试单位", ""), ("测试单位(乐山)分公司", ""), ("", ""), ("张三", "5111****"), ("", "511100011")],
)
def test_a_similar_name_an_empty_name_or_a_masked_account_may_not(name: str, account: str) -> None:
    verdict = waiting(replace(LINE, payer_name=name, payer_account=account))
    assert verdict.reasons == (Reason.WRONG_PAYER,)
    assert (verdict.destination, verdict.unit_account_id, verdict.named) == (Destination.UNIDENTIFIED, None, (CASE,))


def test_a_case_without_known_names_or_accounts_is_paid_by_nobody() -> None:
    case = replace(CASE, employer_names=frozenset({""}), payer_accounts=frozenset({""}))
    assert waiting(replace(LINE, payer_name="", payer_account=""), case).reasons == (Reason.WRONG_PAYER,)


def test_one_fen_short_waits_in_the_unit_s_unallocated_money() -> None:
    verdict = waiting(replace(LINE, amount=CASE.due - 1))
    assert verdict.reasons == (Reason.SHORT,)
    assert (verdict.destination, verdict.unit_account_id) == (Destination.UNALLOCATED, 7)
    refusal = verdict.findings[0].for_handler
    assert (refusal.code, refusal.case_no) == ("TREASURY-SHORT", CASE.case_no)
    assert refusal.what == "到账6,052.61元，不足应缴6,052.62元，还差0.01元"
    assert "再汇入0.01元" in refusal.remedy
    assert "请再汇入" not in verdict.findings[0].for_treasurer.remedy


def test_one_fen_over_waits_in_the_unit_s_unallocated_money() -> None:
    verdict = waiting(replace(LINE, amount=CASE.due + 1))
    assert verdict.reasons == (Reason.OVER,)
    assert verdict.unit_account_id == 7
    assert "多出的0.01元" in verdict.findings[0].for_handler.remedy


def test_a_case_with_part_of_its_money_in_hand_is_paid_by_the_rest() -> None:
    rest = replace(CASE, standing=Standing.AWAITING_REST, due=Fen.from_yuan("52.62"))
    line = replace(LINE, amount=Fen.from_yuan("52.62"))
    assert judge(line, {rest.case_no: rest}) == Matched(line, rest)


def test_the_bank_s_date_decides_and_the_last_day_is_in_time() -> None:
    assert isinstance(judge(LINE, CASES), Matched)
    verdict = waiting(replace(LINE, booked_on=CASE.last_day + timedelta(days=1)))
    assert verdict.reasons == (Reason.LATE,)
    assert verdict.unit_account_id == 7
    assert "重新核定" in verdict.findings[0].for_handler.remedy


def test_late_and_short_are_said_together() -> None:
    verdict = waiting(replace(LINE, booked_on=date(2026, 9, 1), amount=Fen(1)))
    assert verdict.reasons == (Reason.LATE, Reason.SHORT)


def test_a_sheet_that_changed_since_it_was_submitted_books_nothing() -> None:
    verdict = waiting(LINE, replace(CASE, sheet_changed=True))
    assert verdict.reasons == (Reason.SHEET_CHANGED,)
    assert verdict.unit_account_id == 7


@pytest.mark.parametrize(
    ("standing", "word"), [(Standing.BOOKED, "已入账"), (Standing.WITHDRAWN, "已撤回"), (Standing.LAPSED, "已过期")]
)
def test_a_case_that_is_over_takes_no_money(standing: Standing, word: str) -> None:
    verdict = waiting(LINE, replace(CASE, standing=standing))
    assert verdict.reasons == (Reason.CASE_NOT_PAYABLE,)
    assert verdict.unit_account_id == 7
    assert word in verdict.findings[0].what


def test_late_money_for_a_lapsed_case_is_late_and_for_a_booked_one_too_much() -> None:
    late = replace(LINE, booked_on=date(2026, 9, 1))
    assert waiting(late, replace(CASE, standing=Standing.LAPSED)).reasons == (Reason.LATE,)
    assert waiting(late, replace(CASE, standing=Standing.BOOKED)).reasons == (Reason.CASE_NOT_PAYABLE,)


def test_a_reference_that_nobody_gave_out_is_unknown() -> None:
    verdict = waiting(replace(LINE, remark=with_check_characters(1_000_000_002)))
    assert (verdict.reasons, verdict.destination) == ((Reason.UNKNOWN_REFERENCE,), Destination.UNIDENTIFIED)


@pytest.mark.parametrize("remark", ["", "8月公积金", "202608", REFERENCE[:-1], "1" + REFERENCE, REFERENCE + "0"])
def test_without_a_reference_a_name_and_a_sum_book_nothing(remark: str) -> None:
    verdict = waiting(replace(LINE, remark=remark))
    assert verdict.reasons[0] in (Reason.NO_REFERENCE, Reason.UNKNOWN_REFERENCE)
    assert (verdict.destination, verdict.named) == (Destination.UNIDENTIFIED, ())


def test_a_reference_with_a_wrong_digit_is_named_as_such() -> None:
    wrong = REFERENCE[:-1] + str((int(REFERENCE[-1]) + 1) % 10)
    verdict = waiting(replace(LINE, remark=f"公积金 {wrong}"))
    assert verdict.reasons == (Reason.NO_REFERENCE,)
    assert f"缴款码{wrong}校验不符" in verdict.findings[0].what
    assert "退回" not in verdict.findings[0].treasurer_remedy


def test_two_references_of_one_unit_are_the_unit_s_money_but_book_neither() -> None:
    other = replace(CASE, case_no=1_000_000_002)
    line = replace(LINE, remark=f"{REFERENCE}，{with_check_characters(other.case_no)}")
    verdict = waiting(line, CASE, other)
    assert verdict.reasons == (Reason.SEVERAL_REFERENCES,)
    assert (verdict.destination, verdict.unit_account_id) == (Destination.UNALLOCATED, 7)


def test_references_of_two_units_leave_the_money_unidentified() -> None:
    other = replace(CASE, case_no=1_000_000_002, unit_account_id=8)
    line = replace(LINE, remark=REFERENCE, summary=with_check_characters(other.case_no))
    verdict = waiting(line, CASE, other)
    assert (verdict.destination, verdict.named) == (Destination.UNIDENTIFIED, (CASE, other))


def test_a_right_looking_number_beside_the_reference_does_not_disturb_it() -> None:
    stray = with_check_characters(6_222_021_234_567)
    assert isinstance(judge(replace(LINE, remark=f"卡号{stray} 编号{REFERENCE}"), CASES), Matched)


def test_the_same_line_again_goes_nowhere() -> None:
    verdict = judge(LINE, CASES, repeated=True)
    assert isinstance(verdict, Waiting)
    assert (verdict.reasons, verdict.destination) == ((Reason.REPEATED,), Destination.NONE)


def test_money_out_pays_nothing() -> None:
    verdict = waiting(replace(LINE, side=Side.DEBIT))
    assert (verdict.reasons, verdict.destination) == ((Reason.OUTGOING,), Destination.NONE)


def test_of_two_payments_for_one_case_the_first_books_and_the_second_finds_it_booked() -> None:
    first, second = judge_all([LINE, replace(LINE, flow_no="F2")], CASES)
    assert isinstance(first, Matched)
    assert isinstance(second, Waiting)
    assert (second.reasons, second.unit_account_id) == ((Reason.CASE_NOT_PAYABLE,), 7)


def test_what_falls_short_leaves_the_rest_due_and_a_second_payment_of_the_rest_is_exact() -> None:
    lines = [replace(LINE, amount=Fen.from_yuan("6000.00")), replace(LINE, flow_no="F2", amount=Fen.from_yuan("52.62"))]
    first, second, third = judge_all([*lines, replace(LINE, flow_no="F3")], CASES)
    assert (first.state, first.case_no) == (LineState.SHORT, CASE.case_no)
    assert (second.state, second.case_no) == (LineState.MATCHED, CASE.case_no)
    assert third.state is LineState.UNALLOCATED


def test_late_money_that_also_falls_short_does_not_count_for_the_case() -> None:
    late = replace(LINE, amount=Fen(1), booked_on=CASE.last_day + timedelta(days=1))
    first, second = judge_all([late, replace(LINE, flow_no="F2")], CASES)
    assert (first.state, second.state) == (LineState.UNALLOCATED, LineState.MATCHED)


def test_what_an_earlier_file_brought_is_judged_as_a_repetition_and_takes_nothing_from_the_case() -> None:
    first, second = judge_all([LINE, replace(LINE, flow_no="F2")], CASES, taken={("F1", LINE.booked_on)})
    assert (first.state, second.state) == (LineState.REPEATED, LineState.MATCHED)


@pytest.mark.parametrize(
    ("change", "state", "case_no"),
    [
        ({}, LineState.MATCHED, CASE.case_no),
        ({"amount": CASE.due + 1}, LineState.UNALLOCATED, CASE.case_no),
        ({"payer_name": "张三"}, LineState.UNIDENTIFIED, CASE.case_no),
        ({"remark": ""}, LineState.UNIDENTIFIED, None),
        ({"side": Side.DEBIT}, LineState.OUTGOING, None),
    ],
)
def test_a_verdict_says_what_becomes_of_the_line(
    change: dict[str, object], state: LineState, case_no: int | None
) -> None:
    verdict = judge(replace(LINE, **change), CASES)  # type: ignore[arg-type]
    assert (verdict.state, verdict.case_no) == (state, case_no)
    assert (verdict.unit_account_id is None) == (state in (LineState.UNIDENTIFIED, LineState.OUTGOING))


def test_money_for_a_month_that_is_being_paid_from_unallocated_money_goes_there_too() -> None:
    verdict = waiting(LINE, replace(CASE, standing=Standing.WORKING))
    assert (verdict.reasons, verdict.destination) == ((Reason.CASE_NOT_PAYABLE,), Destination.UNALLOCATED)


def test_a_refused_booking_is_told_with_the_item_s_own_words() -> None:
    refusal = Refusal("REMIT-MONTH-GAP", "现应汇缴2026年7月", "汇缴须逐月办理", "请先办理2026年7月汇缴")
    finding = not_booked(refusal, CASE.case_no)
    assert finding.for_handler.code == "TREASURY-NOT-BOOKED"
    assert finding.for_handler.sentence == (
        "款项已到账，但未能入账：现应汇缴2026年7月：汇缴须逐月办理。"
        "款项已记入贵单位暂存款。请先办理2026年7月汇缴。（依据：中心缴存业务规则，到账入账）"
    )


def test_every_finding_speaks_to_treasurer_and_handler() -> None:
    other = replace(CASE, case_no=1_000_000_002)
    verdicts = [
        waiting(replace(LINE, amount=Fen(1))),
        waiting(replace(LINE, amount=CASE.due + 1)),
        waiting(replace(LINE, booked_on=date(2026, 9, 1))),
        waiting(replace(LINE, booked_on=date(2026, 8, 1))),
        waiting(LINE, replace(CASE, sheet_changed=True)),
        waiting(LINE, replace(CASE, standing=Standing.BOOKED)),
        waiting(replace(LINE, payer_name="张三")),
        waiting(replace(LINE, remark=with_check_characters(1_999_999_999))),
        waiting(replace(LINE, remark="")),
        waiting(replace(LINE, remark=f"{REFERENCE} / {with_check_characters(other.case_no)}"), CASE, other),
        judge(LINE, CASES, repeated=True),
        waiting(replace(LINE, side=Side.DEBIT)),
        judge(replace(LINE, side=Side.DEBIT), CASES, taken_back=True),
    ]
    said = [verdict.findings[0] for verdict in verdicts if isinstance(verdict, Waiting)]
    assert {finding.reason for finding in said} == set(Reason) - {Reason.NOT_BOOKED, Reason.PAID_ALONE}
    for finding, verdict in zip(said, verdicts, strict=True):
        for refusal in (finding.for_treasurer, finding.for_handler):
            assert all((refusal.what, refusal.why, refusal.remedy, refusal.basis))
        if isinstance(verdict, Waiting) and verdict.destination is not Destination.NONE:
            assert verdict.destination.value in finding.for_treasurer.remedy


# --- References in text ---


@pytest.mark.parametrize(
    "text",
    [
        REFERENCE,
        f"公积金汇缴{REFERENCE}谢谢",
        "公积金汇缴 1000 0000 0190 谢谢",
        "公积金汇缴　１０００　００００　０１９０　谢谢",
        "1000-0000-0190",
        "1000－0000－0190",
        "1000 0000\n0190",
        "REF:100000000190;202608",
        "2026 08 1000 0000 0190",
        "1000000001 90",
        "附言：P100000000190。",
        "\u200b1000\u00a00000\u200b0190",
    ],
)
def test_a_reference_is_found_as_people_write_it(text: str) -> None:
    assert 1_000_000_001 in references_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "100000000191",
        "100000000109",
        "1000000001",
        "0100000000190",
        "00100000000190",
        "1000.0000.0190",
        "1000000001-9",
        "91000000001900",
        "一〇〇〇〇〇〇〇〇一九〇",
        "²1000000001⁹⁰",
    ],
)
def test_what_is_no_reference_is_not_found(text: str) -> None:
    assert 1_000_000_001 not in references_in(text)


def test_a_check_of_01_does_not_stand_for_98() -> None:
    number = next(n for n in range(10**9, 10**9 + 200) if with_check_characters(n).endswith("98"))
    assert list(references_in(f"{number}98")) == [number]
    assert list(references_in(f"{number}01")) == []


def test_references_come_from_remark_then_summary_and_once() -> None:
    other = with_check_characters(1_000_000_002)
    line = replace(LINE, remark=f"{other} {REFERENCE}", summary=REFERENCE)
    assert reference_numbers(line)[:2] == (1_000_000_002, 1_000_000_001)


numbers = st.integers(10**9, 10**12 - 1)


@st.composite
def written(draw: st.DrawFn, number: int) -> str:
    """A reference as people write it: in groups, full-width, between words."""
    digits = with_check_characters(number)
    cuts = sorted(draw(st.sets(st.integers(1, len(digits) - 1), max_size=4)))
    pieces = [digits[a:b] for a, b in zip([0, *cuts], [*cuts, len(digits)], strict=True)]
    text = draw(st.sampled_from([" ", "-", "　", "  ", "－", "\u200b"])).join(pieces)
    if draw(st.booleans()):
        text = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    around = st.text("公积金汇缴费用，。:/AZ ", max_size=10)
    return draw(around) + text + draw(around)


@given(st.data(), numbers)
def test_a_written_reference_is_always_found(data: st.DataObject, number: int) -> None:
    assert number in references_in(data.draw(written(number)))


@given(numbers, st.data())
def test_a_wrong_digit_or_two_swapped_ones_are_never_the_same_or_another_reference(
    number: int, data: st.DataObject
) -> None:
    digits = with_check_characters(number)
    index = data.draw(st.integers(0, len(digits) - 2))
    swapped = digits[:index] + digits[index + 1] + digits[index] + digits[index + 2 :]
    wrong = digits[:index] + data.draw(st.sampled_from("0123456789")) + digits[index + 1 :]
    for slip in (swapped, wrong):
        assume(slip != digits)
        assert list(references_in(slip)) == []


@given(st.text("0123456789 -０１公", max_size=60))
def test_nothing_matches_that_does_not_hold_the_reference(text: str) -> None:
    line = replace(LINE, remark=text, summary="")
    if isinstance(judge(line, CASES), Matched):
        plain = text.translate(str.maketrans("０１", "01")).replace(" ", "").replace("-", "")
        assert REFERENCE in plain


@given(
    st.sampled_from([REFERENCE, "无", with_check_characters(1_000_000_002)]),
    st.integers(-2, 2),
    st.sampled_from(["测试单位(乐山)", "测试单位", ""]),
    st.integers(-3, 3),
    st.sampled_from(Standing),
    st.booleans(),
    st.sampled_from(Side),
)
def test_a_line_books_on_all_conditions_together_and_on_nothing_less(
    remark: str, more: int, payer: str, days: int, standing: Standing, changed: bool, side: Side
) -> None:
    case = replace(CASE, standing=standing, sheet_changed=changed)
    line = replace(
        LINE,
        remark=remark,
        amount=case.due + more,
        payer_name=payer,
        booked_on=case.last_day + timedelta(days=days),
        side=side,
    )
    right = (
        remark == REFERENCE
        and more == 0
        and payer == "测试单位(乐山)"
        and days <= 0
        and standing.is_payable
        and not changed
        and side is Side.CREDIT
    )
    verdict = judge(line, {case.case_no: case})
    assert isinstance(verdict, Matched) == right
    if isinstance(verdict, Waiting):
        assert (verdict.unit_account_id is not None) == (verdict.destination is Destination.UNALLOCATED)
