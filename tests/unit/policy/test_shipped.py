"""The reader of law files takes what it knows and nothing else."""

from __future__ import annotations

import pytest

from hpf.faces.cli.demo.plan import plan
from hpf.policy import shipped_terms
from hpf.policy.shipped import UnreadableLaw, read_terms

GOOD = """
place: "511100"
name: 乐山市
parameters:
  interest_rate:
    - starts_on: 2016-02-21
      value: 0.0150
      source: 银发〔2016〕43号
"""


def test_numbers_are_read_as_the_text_that_stands_there() -> None:
    (term,) = read_terms(GOOD)
    assert (term.value, term.unit, term.place, term.ends_on) == ("0.0150", "annual_rate", "511100", None)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("name: 乐山市", "title: 乐山市", "missing name"),
        ("name: 乐山市", "name: 乐山市\nvalid: yes", "unknown valid"),
        ("interest_rate:", "intrest_rate:", "no parameters of these names: intrest_rate"),
        ("source: 银发〔2016〕43号", "source: a\n      comment: b", "unknown comment"),
        ("      source: 银发〔2016〕43号", "", "missing source"),
        ("source: 银发〔2016〕43号", "source: ''", "without a source"),
        ("source: 银发〔2016〕43号", "source: a\n      source: b", "stands twice"),
        ("value: 0.0150", "value: 1.50", "fraction of one"),
        ("value: 0.0150", "value: 一分五", "not a yearly rate"),
        ("starts_on: 2016-02-21", "starts_on: 2016-02-30", "2016-02-30"),
        ('place: "511100"', "place: 乐山", "six digits"),
        (
            "    - starts_on",
            "    - starts_on: 2016-02-21\n      value: 0\n      source: a\n    - starts_on",
            "two terms",
        ),
    ],
)
def test_a_file_that_says_something_unknown_is_refused_with_the_reason(old: str, new: str, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(UnreadableLaw, match=reason):
        read_terms(GOOD.replace(old, new, 1))


def test_a_file_without_keys_is_refused() -> None:
    with pytest.raises(UnreadableLaw, match="keys and values"):
        read_terms("- a\n- b")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_cap_fen", "26495.505"),
        ("rate_min", "5.005%"),
        ("rate_min", "101%"),
        ("notice_valid_days", "-5"),
        ("notice_valid_days", "5.0"),
        ("rates_must_be_equal", "yes"),
        ("rounding", "四舍五入"),
        ("fine_for_not_registering", "' '"),
    ],
)
def test_a_value_that_is_not_of_its_unit_is_refused(name: str, value: str) -> None:
    text = GOOD.replace("interest_rate", name).replace("0.0150", value)
    with pytest.raises(UnreadableLaw, match=name):
        read_terms(text)


def test_a_center_gets_its_own_law_its_districts_and_the_country_s() -> None:
    assert {term.place for term in shipped_terms("511100")} == {"000000", "511100"}
    assert {term.place for term in shipped_terms("511102")} == {"000000", "511100"}
    assert {term.place for term in shipped_terms("420100")} == {"000000"}
    assert {term.place for term in shipped_terms("510000")} == {"000000", "511100"}


def test_the_demonstration_s_figures_are_a_real_city_s_and_say_that_they_are_an_example() -> None:
    def decided(place: str) -> list[tuple[object, ...]]:
        return [(one.name, one.starts_on, one.ends_on, one.value) for one in shipped_terms(place) if one.place == place]

    place = plan().center.founding.place
    assert decided(place) == decided("511100") != []
    assert all(one.source.startswith("示例参数，取自") for one in shipped_terms(place) if one.place == place)
