"""The kernel's values: the vectors of the domain page, and what they refuse to be made of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpf.kernel import (
    Fen,
    Key,
    Month,
    Rate,
    Refusal,
    Refused,
    Rounding,
    TooLarge,
    amount_in_words,
    deadline,
    normalise_name,
)
from hpf.kernel.identity import (
    citizen_birthday,
    citizen_number_fault,
    citizen_sex,
    credit_code_fault,
    read_reference,
    with_check_characters,
)


@pytest.mark.parametrize(
    ("base", "rate", "fen", "jiao", "yuan", "up_jiao", "down"),
    [
        ("26495.50", "12%", "3,179.46", "3,179.50", "3,179.00", "3,179.50", "3,179.46"),
        ("2200.00", "5%", "110.00", "110.00", "110.00", "110.00", "110.00"),
        ("5333.33", "7%", "373.33", "373.30", "373.00", "373.40", "373.33"),
        ("4567.89", "12%", "548.15", "548.10", "548.00", "548.20", "548.14"),
        ("3333.35", "5%", "166.67", "166.70", "167.00", "166.70", "166.66"),
        ("7654.32", "8.5%", "650.62", "650.60", "651.00", "650.70", "650.61"),
    ],
)
def test_a_contribution_is_rounded_as_the_center_names_it(base, rate, fen, jiao, yuan, up_jiao, down) -> None:
    amounts = [
        Rate.from_percent(rate).of(Fen.from_yuan(base), rounding).yuan
        for rounding in (
            Rounding.HALF_UP_FEN,
            Rounding.HALF_UP_JIAO,
            Rounding.HALF_UP_YUAN,
            Rounding.UP_JIAO,
            Rounding.DOWN_FEN,
        )
    ]
    assert amounts == [fen, jiao, yuan, up_jiao, down]


@given(st.integers(1, 10**9), st.integers(0, 10_000))
def test_half_up_is_never_further_than_half_a_fen_away(base: int, bp: int) -> None:
    twice_the_error = 2 * (int(Rate(bp).of(Fen(base))) * 10_000 - base * bp)
    assert -10_000 < twice_the_error <= 10_000


@given(st.integers(-(10**14) + 1, 10**14 - 1))
def test_money_survives_being_written_and_read(fen: int) -> None:
    assert Fen.from_yuan(Fen(fen).yuan) == fen


@pytest.mark.parametrize("text", ["1.234", "1e5", "", "12,34", "１２", "٣", "nan", "--1"])
def test_what_is_not_an_exact_amount_is_no_money(text: str) -> None:
    with pytest.raises(ValueError, match=r"fen|yuan"):
        Fen.from_yuan(text)


@pytest.mark.parametrize("text", ["1000000000000", "-1000000000000.00", "9" * 400])
def test_a_trillion_yuan_is_no_amount_of_a_fund(text: str) -> None:
    assert Fen.from_yuan("999,999,999,999.99").yuan == "999,999,999,999.99"
    with pytest.raises(TooLarge):
        Fen.from_yuan(text)


def test_money_is_never_made_of_floats_or_truth_values() -> None:
    for value in (1.5, True, "3"):
        with pytest.raises(TypeError):
            Fen(value)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Fen.from_yuan(1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("10", "壹拾元整"),
        ("1004", "壹仟零肆元整"),
        ("10001000.07", "壹仟万壹仟元零柒分"),
        ("100000000", "壹亿元整"),
        ("100000001.10", "壹亿零壹元壹角整"),
        ("9198.92", "玖仟壹佰玖拾捌元玖角贰分"),
        ("-3.20", "负叁元贰角整"),
    ],
)
def test_amounts_in_words(yuan: str, words: str) -> None:
    assert amount_in_words(Fen.from_yuan(yuan)) == words


@pytest.mark.parametrize("text", ["202607", "2026-07", "2026/7", "2026.7", "2026年7月", " 202607 "])
def test_months_are_read_as_people_write_them(text: str) -> None:
    assert Month.parse(text) == Month(2026, 7)


@pytest.mark.parametrize("text", ["202613", "2026", "20260701", "٢٠٢٦٠٧", "202600", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


@given(st.integers(1900, 2100), st.integers(1, 12), st.integers(-500, 500))
def test_steps_of_months_undo_each_other(year: int, month: int, steps: int) -> None:
    start = Month(year, month)
    assert (start + steps) - steps == start
    assert (start + steps).months_since(start) == steps


def test_the_contribution_year_begins_in_july() -> None:
    assert (Month(2026, 6).fund_year, Month(2026, 7).fund_year) == (2025, 2026)


def test_deadlines_count_calendar_days() -> None:
    assert deadline(date(2026, 8, 10), 5) == date(2026, 8, 15)


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "511102199003071235", "511121197708150021", "51110220000229001X"]
)
def test_sound_citizen_numbers(number: str) -> None:
    assert citizen_number_fault(number) is None


@pytest.mark.parametrize(
    "number",
    [
        "511102198502290016",
        "511102199003071234",
        "5１1102199003071235",
        "51110219900307123",
        "511102199003071235\n",
        "11010519491231002x",
        "٥11102199003071235",
    ],
)
def test_unsound_citizen_numbers(number: str) -> None:
    assert citizen_number_fault(number)


def test_a_citizen_number_tells_birthday_and_sex() -> None:
    assert citizen_birthday("511102199003071235") == date(1990, 3, 7)
    assert (citizen_sex("511102199003071235"), citizen_sex("511121197708150021")) == ("1", "2")


@pytest.mark.parametrize(
    "code", ["91110000600037341L", "91350100M000100Y43", "12511100451268006X", "51511100MJQ100008J"]
)
def test_sound_credit_codes(code: str) -> None:
    assert credit_code_fault(code) is None


@pytest.mark.parametrize("code", ["A1110000600037341L", "91110000600037341l", "911100006000373", "9111０000600037341L"])
def test_unsound_credit_codes(code: str) -> None:
    assert credit_code_fault(code)


@given(st.integers(1_000_000_001, 9_999_999_999))
def test_a_reference_is_read_back_however_it_is_spaced(number: int) -> None:
    reference = with_check_characters(number)
    assert len(reference) == 12
    spaced = f" {reference[:4]} {reference[4:8]}-{reference[8:]}"
    assert read_reference(spaced) == number
    assert read_reference(reference.translate(str.maketrans("0123456789", "０１２３４５６７８９"))) == number


@given(st.integers(1_000_000_001, 9_999_999_999), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_no_reference(number: int, place: int, shift: int) -> None:
    digits = with_check_characters(number)
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert read_reference(wrong) is None


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("阿依古丽•买买提 ", "阿依古丽·买买提"),
        ("张　三", "张三"),
        ("𠮷田", "𠮷田"),
        ("  John   Smith ", "John Smith"),
        ("王\u200b五", "王五"),
    ],
)
def test_names_are_kept_in_one_form(raw: str, kept: str) -> None:
    assert normalise_name(raw) == kept


@given(st.text(max_size=30))
def test_a_name_in_its_one_form_stays_as_it_is(text: str) -> None:
    assert normalise_name(normalise_name(text)) == normalise_name(text)


def test_a_key_is_made_of_facts_or_of_chance() -> None:
    assert Key.of("bank-line", "5111", "a b") == "bank-line:5111:a_b"
    assert Key.fresh() != Key.fresh()
    with pytest.raises(ValueError, match="key"):
        Key("short")


def test_refused_carries_every_reason() -> None:
    refused = Refused([Refusal("A-ONE", "甲", "乙", "丙", "丁"), Refusal("B-TWO", "戊")])
    assert refused.codes == ("A-ONE", "B-TWO")
    assert refused.refusals[0].sentence == "甲：乙。丙。（依据：丁）"


@pytest.mark.parametrize(
    "typed", ["", "x", "-1", "1e1", "1e5000000", "0e999999", "1_0", "8.125", "101", "1" * 1_000_000]
)
def test_a_rate_is_digits_and_at_most_two_places(typed: str) -> None:
    with pytest.raises(ValueError, match=r"rate|finer"):
        Rate.from_percent(typed)


@pytest.mark.parametrize(("typed", "bp"), [("8", 800), (" 8.5 ", 850), ("8.25%", 825), ("5.00 %", 500), ("12％", 1200)])
def test_a_rate_is_read_as_people_write_it(typed: str, bp: int) -> None:
    assert Rate.from_percent(typed) == Rate(bp)


@pytest.mark.parametrize("typed", ["1" * 400_000, "0." + "1" * 400_000, Decimal("1e400000")])
def test_an_amount_longer_than_any_is_refused_before_it_is_reckoned_with(typed: str | Decimal) -> None:
    with pytest.raises(TooLarge):
        Fen.from_yuan(typed)
