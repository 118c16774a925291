"""The workbook doctor: what a cell should have said is proposed with its reason, and nothing is changed in silence."""

from __future__ import annotations

import string
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpf.account_opening.cells import read_mobile, read_money, read_month, read_name
from hpf.account_opening.shapes import DocumentType
from hpf.kernel import Fen, Month, Severity
from hpf.kernel.identity import citizen_number_fault
from hpf.papers.reading import Formula
from tests.unit.account_opening.people import citizen_number, read

NUMBER = "51110220000229001X"


def test_a_row_of_the_template_reads_as_typed() -> None:
    row, found = read(
        name="张三",
        document_type="身份证",
        document_number=NUMBER,
        mobile="13800000001",
        monthly_wage=6000.0,
        first_month="202607",
        sex="男",
        birthday="20000229",
        bank_card="6222000000000000000",
    )
    assert found == []
    assert (row.name, row.document_type, row.document_number) == ("张三", DocumentType.CITIZEN, NUMBER)
    assert (row.monthly_wage, row.first_month) == (Fen.from_yuan("6000.00"), Month(2026, 7))
    assert (row.sex, row.birthday, row.bank_card) == ("1", date(2000, 2, 29), "6222000000000000000")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("张三 ", "张三"),
        ("张 三", "张三"),
        ("张　三", "张三"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("Ａｎｎａ  B", "Anna B"),
    ],
)
def test_a_name_is_mended_and_says_so(typed: str, kept: str) -> None:
    row, [finding] = read(name=typed)
    assert row.name == kept
    assert (finding.code, finding.severity, finding.proposal) == ("OPEN-NAME-MENDED", Severity.MEND, kept)
    assert finding.where == "第12行 姓名（B12）"


@given(st.text(max_size=30))
def test_a_name_is_either_kept_or_proposed_and_mending_twice_changes_nothing(typed: str) -> None:
    name, finding = read_name(typed)
    assert (finding is None) == (name == typed)
    assert read_name(name) == (name, None)


@pytest.mark.parametrize(
    "typed",
    [
        "51110220000229001x",
        " 51110220000229001X ",
        "511102 20000229 001X",
        "511102-20000229-001X",
        "'51110220000229001X",
        "５１１１０２２００００２２９００１Ｘ",
        "\u0665\u0661\u0661\u0661\u0660\u06622000022900\u0661X",
        "51110220000229001×",
        "51110220000229001*",
        "51110220000229001Х",
        "5111022OOOO229OO1X",
        "5lll0220000229001X",
        "51110220000229001X\u200b",
        "\u202d51110220000229001X\u202c",
    ],
)
def test_a_citizen_number_is_proposed_where_its_check_digit_then_holds(typed: str) -> None:
    row, [finding] = read(document_type="身份证", document_number=typed)
    assert row.document_number == NUMBER
    assert (finding.code, finding.severity, finding.proposal) == ("OPEN-NUMBER-MENDED", Severity.MEND, NUMBER)


def test_a_wrong_number_gets_no_proposal_however_it_was_typed() -> None:
    row, found = read(document_type="身份证", document_number="511102-20000229-0011")
    assert found == []
    assert citizen_number_fault(row.document_number)


@pytest.mark.parametrize("typed", [5.11102200002290e17, 511102200002290048.0, "5.11102E+17", "5.11102e17", 1e15, 12.5])
def test_digits_that_a_spreadsheet_lost_are_never_guessed(typed: Any) -> None:
    row, [finding] = read(document_type="身份证", document_number=typed)
    assert row.document_number == ""
    assert (finding.code, finding.severity, finding.proposal) == ("OPEN-NUMBER-LOST-DIGITS", Severity.REFUSED, None)
    assert finding.where == "第12行 证件号码（D12）"
    assert "document_number" in row.unread


@given(st.integers(0, 999), st.dates(date(1930, 1, 1), date(2010, 12, 31)))
def test_no_sound_number_survives_being_a_number(serial: int, born: date) -> None:
    number = citizen_number(serial, f"{born:%Y%m%d}")
    if number.isdigit():
        row, [finding] = read(document_type="身份证", document_number=float(number))
        assert row.document_number == ""
        assert finding.code == "OPEN-NUMBER-LOST-DIGITS"


@given(st.integers(0, 999), st.lists(st.tuples(st.integers(0, 18), st.sampled_from(" -'\u3000\u200b\t")), max_size=4))
def test_separators_anywhere_give_back_the_number(serial: int, separators: list[tuple[int, str]]) -> None:
    number = typed = citizen_number(serial)
    for place, separator in separators:
        typed = typed[:place] + separator + typed[place:]
    row, found = read(document_type="身份证", document_number=typed)
    assert row.document_number == number
    assert [f.code for f in found] == ([] if typed == number else ["OPEN-NUMBER-MENDED"])


def test_a_short_number_of_another_document_may_be_stored_as_a_number() -> None:
    row, found = read(document_type="其他", document_number=12345678.0)
    assert (row.document_number, found) == ("12345678", [])


def test_a_citizen_number_under_another_type_is_proposed_as_one() -> None:
    for name in ("护照", "军官证", "其他"):
        row, [finding] = read(document_type=name, document_number=NUMBER)
        assert row.document_type is DocumentType.CITIZEN
        assert (finding.code, finding.proposal) == ("OPEN-DOCUMENT-TYPE-MENDED", "身份证")


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("身份证", "01"),
        (" 居民 身份证", "01"),
        (1.0, "01"),
        ("01", "01"),
        ("护照", "03"),
        ("外国人永久居留身份证", "04"),
        ("台湾居民居住证", "99"),
    ],
)
def test_document_types_go_by_many_names(typed: Any, kind: str) -> None:
    row, found = read(document_type=typed)
    assert (row.document_type, found) == (DocumentType(kind), [])


def test_an_unknown_document_type_is_told_the_list() -> None:
    row, [finding] = read(document_type="驾驶证")
    assert row.document_type is None
    assert finding.code == "OPEN-DOCUMENT-TYPE"
    assert "身份证、军官证、护照" in finding.why


@pytest.mark.parametrize(
    "typed", ["138 0000 0001", "138-0000-0001", "+8613800000001", "008613800000001", "１３８０００００００１"]
)
def test_a_mobile_number_is_mended_and_says_so(typed: str) -> None:
    number, finding = read_mobile(typed)
    assert number == "13800000001"
    assert finding is not None
    assert (finding.code, finding.proposal) == ("OPEN-MOBILE-MENDED", "13800000001")


def test_a_mobile_number_stored_as_a_number_lost_nothing() -> None:
    assert read_mobile(13800000001.0) == ("13800000001", None)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("6000", 600000),
        ("6,000.00", 600000),
        ("￥6000.5元", 600050),
        ("６０００", 600000),
        (5333.33, 533333),
        (5333.330000000001, 533333),
        (0.1 + 0.2, 30),
        (-3.0, -300),
        (0.0, 0),
    ],
)
def test_money_reads_as_the_screen_shows_it(typed: Any, fen: int) -> None:
    assert read_money(typed, "月平均工资") == (Fen(fen), None)


@pytest.mark.parametrize(("typed", "proposal"), [(5333.335, "5333.34"), ("5333.3349", "5333.33"), (1 / 3, "0.33")])
def test_money_finer_than_a_fen_is_proposed_rounded(typed: Any, proposal: str) -> None:
    amount, finding = read_money(typed, "月平均工资")
    assert amount == Fen.from_yuan(proposal)
    assert finding is not None
    assert (finding.code, finding.severity, finding.proposal) == ("OPEN-WAGE-FINER", Severity.MEND, proposal)


@pytest.mark.parametrize(
    "typed",
    [
        "六千",
        "6千",
        "1e5",
        "6000/月",
        "1,00.00",
        "-",
        "NaN",
        "9" * 17,
        "9" * 12 + ".999",
        1e12,
        1e300,
        date(2026, 8, 1),
    ],
)
def test_what_is_no_amount_is_refused(typed: Any) -> None:
    row, [finding] = read(monthly_wage=typed)
    assert row.monthly_wage is None
    assert (finding.code, finding.severity) == ("OPEN-WAGE-FORM", Severity.REFUSED)
    assert row.unread == {"monthly_wage"}


@given(st.integers(0, 10**13))
def test_an_amount_in_a_cell_is_the_amount(fen: int) -> None:
    assert read_money(float(Decimal(fen) / 100), "月平均工资") == (Fen(fen), None)
    assert read_money(Fen(fen).yuan, "月平均工资") == (Fen(fen), None)


@pytest.mark.parametrize(
    "typed",
    ["202607", "2026-07", "2026/7", "2026年7月", "２０２６０７", 202607.0, date(2026, 7, 15), "2026-07-01", "20260701"],
)
def test_months_as_people_write_them(typed: Any) -> None:
    assert read_month(typed) == (Month(2026, 7), None)


@pytest.mark.parametrize("typed", [2026.1, "2026", "202613", "下月", 0.0, 99.0, "2026-13-01"])
def test_what_is_no_month_is_refused(typed: Any) -> None:
    month, finding = read_month(typed)
    assert month is None
    assert finding is not None
    assert finding.code == "OPEN-MONTH-FORM"


def test_a_day_that_became_a_number_is_proposed_as_the_day() -> None:
    row, found = read(first_month=46204.0, birthday=32874.0)
    assert (row.first_month, row.birthday) == (Month(2026, 7), date(1990, 1, 1))
    assert [(f.code, f.proposal) for f in found] == [
        ("OPEN-DATE-SERIAL", "202607"),
        ("OPEN-DATE-SERIAL", "1990-01-01"),
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "19900307",
        "1990-03-07",
        "1990/3/7",
        "1990.3.7",
        "1990年3月7日",
        "1990-03-07 00:00:00",
        19900307.0,
        date(1990, 3, 7),
    ],
)
def test_days_as_people_write_them(typed: Any) -> None:
    row, found = read(birthday=typed)
    assert (row.birthday, found) == (date(1990, 3, 7), [])


@pytest.mark.parametrize("typed", ["19900230", "1990", "三月七日"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    _, [finding] = read(birthday=typed)
    assert finding.code == "OPEN-BIRTHDAY-FORM"


def test_sex_by_word_or_code() -> None:
    assert [read(sex=typed)[0].sex for typed in ("男", "女性", "2", 1.0)] == ["1", "2", "2", "1"]
    _, [finding] = read(sex="不详")
    assert finding.code == "OPEN-SEX-MISSING"


@pytest.mark.parametrize("typed", [6.222e18, "6222", "卡号", "6.222E+18"])
def test_a_bank_card_that_cannot_be_read_is_left_out_and_keeps_nobody_out(typed: Any) -> None:
    row, [finding] = read(bank_card=typed)
    assert row.bank_card == ""
    assert (finding.code, finding.severity) == ("OPEN-CARD-UNUSED", Severity.CHECK)
    assert row.unread == set()


def test_a_formula_is_refused_wherever_it_is_read() -> None:
    keys = ("name", "document_type", "document_number", "mobile", "monthly_wage", "first_month")
    row, found = read(**{key: Formula("甲") for key in keys})
    assert [f.code for f in found] == ["ROSTER-FORMULA"] * len(keys)
    assert row.unread == set(keys)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            key: st.one_of(
                st.text(string.printable + "０Ｘ张·，。\u200b\ue000\U00020bb7", max_size=25),
                st.floats(allow_nan=False, allow_infinity=False),
                st.dates(),
                st.none(),
            )
            for key in ("name", "document_type", "document_number", "mobile", "monthly_wage", "base", "first_month",
                        "sex", "birthday", "bank_card")
        },
    )
)  # fmt: skip
def test_no_cell_whatever_makes_reading_fail(cells: dict[str, Any]) -> None:
    row, found = read(**cells)
    assert row.unread == {
        key for f in found if f.severity is Severity.REFUSED for key in cells if row.where(key) == f.where
    }


def test_a_name_that_cannot_be_registered_is_not_proposed_either() -> None:
    assert read_name("Mary  诸葛") == ("Mary  诸葛", None)
