"""Password rules, stages, and what people type."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from hpf.hall_access.rules import (
    Stage,
    Visit,
    password_refusals,
    reset_too_often,
    stage,
    too_often,
    typed_name,
    unproved_too_often,
)

KNOWN = ("乐山青衣江机械有限公司", "91511100MA6280003F", "51110000000101")


def codes(new: str, again: str | None = None) -> list[str]:
    return [refusal.code for refusal in password_refusals(new, new if again is None else again, KNOWN)]


@pytest.mark.parametrize(
    "password",
    [
        "moor-otter-quill-19",
        "correct horse battery staple",
        "🐟🌾🚲🧭🪁🎋🏮🧶🪵🥟🛶🧊",
        "江上清风山间明月不取自来耳得为声",
        "x9!" * 3 + "Fr7#pLq2" * 7,
        "q" * 3 + "".join(chr(0x4E00 + 37 * step) for step in range(700)),
    ],
)
def test_long_and_unlikely_passwords_are_taken_as_they_are(password: str) -> None:
    assert codes(password) == []


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "123456789012",
        "qwertyuiop[]",
        "aaaaaaaaaaaaaaaa",
        "abcdefghijkl",
        "iloveyou1314",
        "91511100MA6280003F",
        "91511100ma6280003f",
        "91511100MA6280003F1",
        "乐山青衣江机械有限公司1",
        "51110000000101",
        "51110000000101!",
    ],
)
def test_common_passwords_and_ones_own_names_are_refused(password: str) -> None:
    assert codes(password) == ["ACCESS-PASSWORD-WEAK"]


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert codes("kurz", "kürzer") == ["ACCESS-PASSWORD-SHORT", "ACCESS-PASSWORD-AGAIN"]
    assert codes("x" * 1025) == ["ACCESS-PASSWORD-LONG"]


def test_the_password_comes_before_the_agreement_and_both_before_the_hall() -> None:
    assert stage(True, True, True, True, True, True) is Stage.MUST_CHANGE_PASSWORD
    assert stage(False, True, False, False, False, False) is Stage.MUST_CHANGE_PASSWORD
    assert stage(False, False, True, True, True, True) is Stage.MUST_ENROL
    assert stage(False, False, False, True, True, True) is Stage.MUST_BE_RELEASED
    assert stage(True, False, False, False, True, True) is Stage.MUST_CHOOSE
    assert stage(False, False, False, False, True, True) is Stage.SUSPENDED
    assert stage(False, False, False, False, False, True) is Stage.MUST_ACCEPT_AGREEMENT
    assert stage(False, False, False, False, False, False) is Stage.OPEN


def test_what_is_typed_is_read_as_it_was_meant() -> None:
    assert typed_name(" ５１１１ 00000001\t01 ") == "51110000000101"
    assert typed_name("5111\x00\ud800") == "5111"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_failures_are_counted_under_the_network(address: str, network: str) -> None:
    assert Visit(address, "", datetime(2026, 8, 10, tzinfo=UTC), date(2026, 8, 10)).network == network


def test_waiting_is_told_in_seconds_or_minutes() -> None:
    assert "30秒" in too_often(30).remedy
    assert "3分钟" in too_often(121).remedy


def test_who_has_to_wait_is_told_who_can_help() -> None:
    assert "网点柜台" in too_often(120).remedy
    assert "换一个网络" in too_often(120, of_address=True).remedy


def test_who_has_to_wait_a_moment_is_sent_nowhere() -> None:
    for refusal in (too_often(28), too_often(119, of_address=True), reset_too_often(28), unproved_too_often(28)):
        assert "后再试" in refusal.remedy
        assert not re.search("网点|柜台|网络|热线", refusal.remedy)
