"""The file of a new center: everything wrong with it is said at once."""

from __future__ import annotations

from importlib import resources

import pytest

from hpf.faces.cli.center_found import read_founding
from hpf.kernel import Refused

EXAMPLE = resources.files("hpf.faces.cli").joinpath("center.example.yaml").read_text(encoding="utf-8")


def test_the_example_is_one_that_can_be_founded() -> None:
    founding = read_founding(EXAMPLE)
    assert founding.refusals() == []
    assert [person.role for person in founding.administrators] == ["system_admin", "security_admin", "audit_admin"]
    assert founding.hotline == "12329"


def test_every_fault_of_the_content_is_said_at_once() -> None:
    text = (
        EXAMPLE.replace('place: "510000"   ', 'place: "51000"   ')
        .replace("hotline: 12329", "hotline: ' '")
        .replace("role: security_admin", "role: clerk")
        .replace("user_name: auditor", "user_name: sysadmin")
        .replace("name: 王五", "name: ''")
    )
    found = [(refusal.code, refusal.where) for refusal in read_founding(text).refusals()]
    assert found == [
        ("CENTER-FIELD-DIGITS", "place"),
        ("CENTER-FIELD-EMPTY", "hotline"),
        ("CENTER-NOT-ADMINISTRATOR", "administrators secadmin"),
        ("CENTER-FIELD-EMPTY", "administrators sysadmin"),
        ("CENTER-DOUBLED", "administrators"),
        ("CENTER-ADMINISTRATOR-MISSING", "administrators"),
    ]


def test_every_fault_of_the_shape_is_said_at_once() -> None:
    text = "name: 甲\nplace: [1]\ncolour: 红\nbranches: [{code: '01', name: 乙}, 丙]\nadministrators: 丁\n"
    with pytest.raises(Refused) as refused:
        read_founding(text)
    assert {refusal.code for refusal in refused.value.refusals} == {"CENTER-FILE"}
    assert [refusal.where for refusal in refused.value.refusals] == [
        "branches place",
        "branches",
        "administrators",
        "number_prefix",
        "hotline",
        "address",
        "bank_account",
        "bank",
        "colour",
        "place",
    ]


@pytest.mark.parametrize("text", ["", "甲", "- 甲", "a: b: c", "name: &x [*x]"])
def test_what_is_no_such_file_is_refused_in_words(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_founding(text)
    assert {refusal.code for refusal in refused.value.refusals} == {"CENTER-FILE"}
