"""The people behind a month's figures: whole, by part of the way from last month, page by page."""

from __future__ import annotations

import pytest

from hpf.kernel import Month
from hpf.registry.codes import TimelineKind
from hpf.remittance import queries
from hpf.remittance.rules import Part
from hpf.storage import durable, reading
from tests.integration.test_remittance import declare, remit, sheet
from tests.office import PLACE, SYSTEM, Unit, add_event, add_member, open_center, open_unit

JULY, AUGUST = Month(2026, 7), Month(2026, 8)


@pytest.fixture
def unit(center) -> Unit:
    """甲 stays, 乙 gets a higher base, 丙 leaves and 丁 comes in August; July is booked."""
    open_center()
    unit = open_unit()
    _, second, third = (add_member(unit, name, "6000.00", JULY) for name in "甲乙丙")
    remit(unit, JULY)
    add_member(unit, "丁", "5333.33", AUGUST)
    with durable(SYSTEM):
        add_event(unit, third, TimelineKind.SEALING, AUGUST)
        add_event(unit, second, TimelineKind.BASE, AUGUST, base_fen=650_000)
    return unit


def names(roll: queries.Roll) -> list[str]:
    return [line.name for line in roll.people()]


def coming(unit: Unit, part: Part | None = None) -> queries.Roll:
    return queries.coming_roll(unit.row, AUGUST, PLACE, part)


def test_each_part_opens_to_the_people_behind_it(unit: Unit) -> None:
    with reading(unit.handler):
        bridge = queries.preview(unit.row, AUGUST, AUGUST.first_day, PLACE).sheet.bridge
        assert {line.part: names(coming(unit, line.part)) for line in bridge} == {
            Part.OPENED: ["丁"],
            Part.LEFT: ["丙"],
            Part.BASE: ["乙"],
        }
        assert names(coming(unit)) == ["甲", "乙", "丁"]


def test_the_parts_of_a_declared_month_stay_what_they_were(unit: Unit) -> None:
    row = sheet(declare(unit, AUGUST))
    add_member(unit, "戊", "5000.00", AUGUST)
    with reading(unit.handler):
        assert names(queries.declared_roll(row)) == ["甲", "乙", "丁"]
        assert names(queries.declared_roll(row, Part.OPENED)) == ["丁"]


def test_the_sums_of_a_roll_are_those_of_its_people(unit: Unit) -> None:
    with reading(unit.handler):
        people, unit_share, personal_share = coming(unit).sums()
        lines = coming(unit).people()
    assert (people, unit_share) == (3, sum(line.unit for line in lines))
    assert unit_share + personal_share == sum(line.total for line in lines)


def test_pages_follow_each_other_forwards_and_backwards(unit: Unit) -> None:
    with reading(unit.handler):
        first = coming(unit).people(limit=2)
        second = coming(unit).people(after=first[-1].account_id, limit=2)
        assert [line.name for line in first + second] == ["甲", "乙", "丁"]
        assert coming(unit).people(before=second[0].account_id, limit=2) == first


def test_those_on_the_floor_are_named_first_and_listed_all(unit: Unit) -> None:
    for name in ("戊", "己", "庚", "辛"):
        add_member(unit, name, "2200.00", AUGUST)
    with reading(unit.handler):
        [hint] = queries.preview(unit.row, AUGUST, AUGUST.first_day, PLACE).hints
        listed = queries.on_floor(coming(unit), AUGUST, PLACE)
        assert hint.what == "戊、己、庚等4人的基数等于下限2,200.00元"
        assert (names(listed), listed.sums()[0]) == (["戊", "己", "庚", "辛"], 4)
