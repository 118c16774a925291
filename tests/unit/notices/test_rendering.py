"""From a template and its values to a text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpf.notices.rendering import Unfilled, filled, neutral, placeholders, render, segments
from hpf.notices.templates import UnreadableTemplates, Way, read_templates, template, templates

FILE = """
greeting:
  name: 问候
  values: [name]
  ways: [sms, inbox]
  versions:
    - {number: 1, effective_on: 2026-01-01, title: 您好, sms: "{name}您好。", text: "{name}您好，{center}。"}
    - {number: 2, effective_on: 2026-09-01, title: 您好, sms: "{name}，早上好。", text: "{name}早上好。"}
"""


def test_a_place_without_a_value_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(Unfilled, match="amount"):
        render("{month}已入账{amount}元", {"month": "2026年8月"})


def test_values_are_those_of_the_template_in_its_order_and_harmless() -> None:
    given = {"body": "一\n\n\n\n二\u202e【银行】\n", "title": "题\n目"}
    assert list(filled(given, ("title", "body"), frozenset({"body"})).items()) == [
        ("title", "题 目"),
        ("body", "一\n\n二 （银行）"),
    ]
    for wrong in ({"title": "题"}, {**given, "more": 1}):
        with pytest.raises(Unfilled):
            filled(wrong, ("title", "body"), frozenset())


def test_a_value_is_not_read_as_a_template() -> None:
    assert render("{name}您好", {"name": "{code}{name}"}) == "{code}{name}您好"


@given(st.text())
def test_no_value_begins_a_line_hides_a_character_or_signs(value: str) -> None:
    shown = neutral(value)
    assert shown.isprintable()
    assert not set(shown) & set("\r\n\t\u2028\u2029\u202e\u200b【】")


@given(st.text())
def test_making_a_value_harmless_twice_changes_nothing_more(value: str) -> None:
    assert neutral(neutral(value)) == neutral(value)


@pytest.mark.parametrize(
    ("text", "count"),
    [("验" * 70, 1), ("验" * 71, 2), ("验" * 134, 2), ("验" * 135, 3), ("a" * 160, 1), ("a" * 161, 2)],
)
def test_a_text_is_charged_by_its_segments(text: str, count: int) -> None:
    assert segments(text) == count


def test_a_rare_character_counts_twice() -> None:
    assert segments("𠮷" * 36) == 2


def test_the_version_of_the_day_is_the_last_that_has_started() -> None:
    (greeting,) = read_templates(FILE)
    assert greeting.on(date(2026, 8, 31)).number == 1
    assert greeting.on(date(2026, 9, 1)).number == 2
    with pytest.raises(LookupError, match="no version"):
        greeting.on(date(2025, 12, 31))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("values: [name]", "values: [person]", "no values of these names: name"),
        ("ways: [sms, inbox]", "ways: [sms, pigeon]", "pigeon"),
        ("name: 问候", "name: 问候\n  colour: red", "unknown colour"),
        ('sms: "{name}您好。", ', "", "no text for the short message"),
        ("number: 2", "number: 1", "the same number"),
        ("values: [name]", "values: [name]\n  secret: [name]", "a secret goes by text message or mail alone"),
    ],
)
def test_a_template_that_does_not_fit_is_refused(before: str, after: str, said: str) -> None:
    with pytest.raises((UnreadableTemplates, ValueError), match=said):
        read_templates(FILE.replace(before, after))


def test_every_shipped_template_is_in_force_and_short_enough() -> None:
    for one in templates().values():
        version = one.on(date(2026, 8, 10))
        assert placeholders(version.sms) <= set(one.values) | {"center", "hotline"}
        if Way.SMS in one.ways:
            assert segments(version.sms) <= 3, one.code


def test_a_code_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(LookupError, match="no-such"):
        template("no-such")
