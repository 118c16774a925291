"""Dated law: each rule is also asked on the day before it begins."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from hpf.kernel import Fen, Rate, Refused, Rounding
from hpf.policy import PARAMETERS, Law, NoLawInForce, Term, law_of, place_chain, shipped_law, shipped_terms

LESHAN = "511100"
ONE_DAY = timedelta(days=1)


def term(
    name: str, value: str, starts_on: str, ends_on: str | None = None, place: str = LESHAN, source: str = "通知"
) -> Term:
    end = date.fromisoformat(ends_on) if ends_on else None
    return Term(name, place, date.fromisoformat(starts_on), value, PARAMETERS[name].unit.name, source, end)


def floor_on(day: str, *terms: Term, place: str = LESHAN) -> Fen:
    return law_of(terms, date.fromisoformat(day), place).base_floor_fen


def test_leshan_2026_gives_the_published_limits_of_base_and_month() -> None:
    law = shipped_law(date(2026, 7, 1), LESHAN)
    assert (law.base_floor_fen, law.base_cap_fen) == (Fen.from_yuan("2200.00"), Fen.from_yuan("26495.50"))
    assert (law.rate_min, law.rate_max) == (Rate(500), Rate(1200))
    assert law.month_cap_fen == Fen.from_yuan("6358.92")
    assert law.month_floor_fen == Fen.from_yuan("220.00")


def test_the_house_defaults_are_typed() -> None:
    law = shipped_law(date(2026, 8, 10), LESHAN)
    assert law.rounding is Rounding.HALF_UP_FEN
    assert law.interest_rate == Decimal("0.0150")
    assert (law.interest_day_basis, law.notice_valid_days, law.remit_days_after_payday) == (360, 5, 5)
    assert (law.max_advance_months, law.minimum_age, law.rate_step) == (0, 16, Rate(1))
    assert law.rates_must_be_equal is False


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("employer_registration_days", 30),
        ("account_opening_days", 20),
        ("hiring_days", 30),
        ("leaving_days", 30),
        ("dissolution_days", 30),
        ("dissolution_transfer_days", 20),
        ("objection_answer_days", 5),
    ],
)
@pytest.mark.parametrize("day", [date(2026, 9, 19), date(2026, 9, 20)])
def test_the_regulation_s_terms_are_the_same_in_both_editions(name: str, days: int, day: date) -> None:
    assert getattr(shipped_law(day, LESHAN), name) == days


def test_citations_name_the_edition_of_the_day() -> None:
    before, after = (shipped_law(day, LESHAN) for day in (date(2026, 9, 19), date(2026, 9, 20)))
    assert before.basis("objection_answer_days") == "《住房公积金管理条例》（2019年修订）第三十六条"
    assert after.basis("objection_answer_days") == "《住房公积金管理条例》（2026年修订）第三十七条"


def test_the_fine_rises_on_the_day_the_new_regulation_begins_and_not_before() -> None:
    assert "1万元以上5万元以下" in shipped_law(date(2026, 9, 19), LESHAN).fine_for_not_registering
    assert "5万元以上30万元以下" in shipped_law(date(2026, 9, 20), LESHAN).fine_for_not_registering


def test_one_interest_rate_for_both_parts_begins_on_21_february_2016() -> None:
    first = date(2016, 2, 21)
    assert shipped_law(first, LESHAN).interest_rate == Decimal("0.0150")
    before = shipped_law(first - ONE_DAY, LESHAN)
    assert (before.interest_rate_current, before.interest_rate_carried) == (Decimal("0.0035"), Decimal("0.0110"))
    with pytest.raises(NoLawInForce):
        _ = before.interest_rate
    with pytest.raises(NoLawInForce):
        _ = shipped_law(first, LESHAN).interest_rate_current


def test_caps_do_not_hold_on_the_day_before_they_begin() -> None:
    with pytest.raises(NoLawInForce) as caught:
        _ = shipped_law(date(2026, 6, 30), LESHAN).base_cap_fen
    assert caught.value.parameter == "base_cap_fen"
    assert caught.value.refusals[0].what == "2026年6月30日没有生效的缴存基数上限"
    assert caught.value.refusals[0].why == "尚未录入该日适用的规定"


def test_caps_hold_on_their_last_day_and_are_refused_by_name_on_the_next() -> None:
    assert shipped_law(date(2027, 6, 30), LESHAN).base_cap_fen == Fen.from_yuan("26495.50")
    law = shipped_law(date(2027, 7, 1), LESHAN)
    with pytest.raises(Refused) as caught:
        _ = law.base_cap_fen
    (refusal,) = caught.value.refusals
    assert (refusal.code, refusal.where) == ("POLICY-NO-LAW", "缴存基数上限")
    assert refusal.what == "2027年7月1日没有生效的缴存基数上限"
    assert refusal.why == "现有规定只执行到2027年6月30日"


def test_a_parameter_that_ended_leaves_the_others_in_force() -> None:
    law = shipped_law(date(2027, 7, 1), LESHAN)
    assert law.interest_rate == Decimal("0.0150")
    assert law.rate_max == Rate(1200)  # the city's own ended; the country's holds


def test_the_month_s_cap_is_refused_with_the_base_s() -> None:
    with pytest.raises(NoLawInForce, match="缴存基数上限"):
        _ = shipped_law(date(2027, 7, 1), LESHAN).month_cap_fen


def test_a_term_ends_where_the_next_begins() -> None:
    terms = [term("base_floor_fen", "2200", "2026-07-01"), term("base_floor_fen", "2330", "2027-01-01")]
    assert floor_on("2026-12-31", *terms) == Fen(220_000)
    assert floor_on("2027-01-01", *terms) == Fen(233_000)


def test_a_later_start_cuts_an_explicit_end_short() -> None:
    terms = [term("base_floor_fen", "2200", "2026-07-01", "2027-07-01"), term("base_floor_fen", "2330", "2027-01-01")]
    assert floor_on("2027-03-01", *terms) == Fen(233_000)
    assert floor_on("2027-08-01", *terms) == Fen(233_000)


def test_a_gap_after_an_explicit_end_is_a_gap_and_an_older_term_does_not_come_back() -> None:
    terms = [
        term("base_floor_fen", "2100", "2025-07-01"),
        term("base_floor_fen", "2200", "2026-07-01", "2026-08-01"),
        term("base_floor_fen", "2330", "2026-09-01"),
    ]
    with pytest.raises(NoLawInForce):
        floor_on("2026-08-15", *terms)
    assert floor_on("2026-09-01", *terms) == Fen(233_000)


def test_a_district_has_its_own_floor_and_inherits_the_rest() -> None:
    city = [term("base_floor_fen", "2330", "2026-07-01"), term("base_cap_fen", "32969", "2026-07-01")]
    district = term("base_floor_fen", "2200", "2026-07-01", place="511129")
    law = law_of([*city, district], date(2026, 8, 1), "511129")
    assert (law.base_floor_fen, law.base_cap_fen) == (Fen(220_000), Fen(3_296_900))
    assert floor_on("2026-08-01", *city, district) == Fen(233_000)


def test_a_district_falls_back_to_its_city_on_the_day_before_its_own_value_begins_and_after_it_ended() -> None:
    terms = [
        term("base_floor_fen", "2330", "2026-07-01"),
        term("base_floor_fen", "2200", "2026-08-01", "2026-09-01", place="511129"),
    ]
    days = ["2026-07-31", "2026-08-01", "2026-08-31", "2026-09-01"]
    assert [floor_on(day, *terms, place="511129").yuan for day in days] == [
        "2,330.00",
        "2,200.00",
        "2,200.00",
        "2,330.00",
    ]


def test_another_city_s_values_do_not_matter() -> None:
    with pytest.raises(NoLawInForce):
        floor_on("2026-08-01", term("base_floor_fen", "2200", "2026-07-01", place="511400"))


def test_places_lie_in_each_other_by_their_digits() -> None:
    assert place_chain("000000") == ("000000",)
    assert place_chain("510000") == ("510000", "000000")
    with pytest.raises(ValueError, match="six digits"):
        place_chain("5111")


def test_two_terms_cannot_start_on_the_same_day() -> None:
    with pytest.raises(ValueError, match="same day"):
        floor_on("2026-08-01", term("base_floor_fen", "1", "2026-07-01"), term("base_floor_fen", "2", "2026-07-01"))


def test_a_term_kept_in_another_unit_is_not_read() -> None:
    kept = Term("notice_valid_days", LESHAN, date(2026, 1, 1), "5", "months", "通知")
    with pytest.raises(ValueError, match="kept in months and read in days"):
        law_of([kept], date(2026, 1, 1), LESHAN)


def test_a_term_has_a_source_a_place_and_a_period() -> None:
    with pytest.raises(ValueError, match="source"):
        term("base_floor_fen", "2200", "2026-07-01", source=" ")
    with pytest.raises(ValueError, match="six digits"):
        term("base_floor_fen", "2200", "2026-07-01", place="leshan")
    with pytest.raises(ValueError, match="empty range"):
        term("base_floor_fen", "2200", "2026-07-01", "2026-07-01")


def test_a_name_that_is_no_parameter_is_an_error_and_not_a_refusal() -> None:
    stranger = Term("base_ceiling", LESHAN, date(2026, 1, 1), "5", "days", "通知")
    with pytest.raises(ValueError, match="base_ceiling"):
        law_of([stranger], date(2026, 1, 1), LESHAN)
    with pytest.raises(KeyError):
        shipped_law(date(2026, 8, 1), LESHAN).basis("base_ceiling")


def test_every_parameter_is_shipped_with_a_value_that_reads() -> None:
    terms = shipped_terms(LESHAN)
    assert {each.name for each in terms} == set(PARAMETERS)
    for each in terms:
        PARAMETERS[each.name].read(each)
        assert each.checked, f"{each.name} does not say how it was checked"


def test_a_law_is_a_value() -> None:
    first, second = (shipped_law(date(2026, 8, 1), LESHAN) for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)
    assert isinstance(Law.rate_min.label, str)
