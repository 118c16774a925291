"""The center's parameters and calendar in a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import psycopg
import pytest
from django.conf import settings

from config.environment import Mode
from hpf import policy
from hpf.kernel import Actor, ActorKind, Channel, Fen, Refused
from hpf.policy import calendar
from hpf.storage import durable, reading

LESHAN = "511100"
SYSTEM = Actor.SYSTEM
HANDLER = Actor(ActorKind.HANDLER, 3, "陈明", Channel.PORTAL, employer_id=7)


def load() -> int:
    with durable(SYSTEM):
        return policy.load_shipped(LESHAN)


def test_the_shipped_law_is_loaded_once_however_often_it_is_asked_for(center) -> None:
    assert load() == len(policy.shipped_terms(LESHAN))
    assert load() == 0


def test_a_handler_reads_the_same_law_from_the_database_as_from_the_files(center) -> None:
    load()
    for day in (date(2016, 2, 20), date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 20), date(2027, 7, 1)):
        with reading(HANDLER):
            assert policy.law_on(day, LESHAN) == policy.shipped_law(day, LESHAN)


def test_a_parameter_entered_later_is_seen_at_once(center) -> None:
    load()
    with reading(HANDLER), pytest.raises(policy.NoLawInForce):
        _ = policy.law_on(date(2027, 7, 1), LESHAN).base_cap_fen
    with center.connect("owner") as owner:
        owner.execute(
            "INSERT INTO policy_parameter (name, place, starts_on, value, unit, source, checked)"
            " VALUES ('base_cap_fen', '511100', '2027-07-01', '27000.00', 'fen', '测试通知', '')"
        )
    with reading(HANDLER):
        assert policy.law_on(date(2027, 7, 1), LESHAN).base_cap_fen == Fen.from_yuan("27000.00")
        assert policy.law_on(date(2027, 6, 30), LESHAN).base_cap_fen == Fen.from_yuan("26495.50")


def test_what_the_center_holds_is_never_rewritten_by_a_new_version_of_the_program(center) -> None:
    with center.connect("owner") as owner:
        owner.execute(
            "INSERT INTO policy_parameter (name, place, starts_on, value, unit, source, checked)"
            " VALUES ('base_cap_fen', '511100', '2026-07-01', '26000.00', 'fen', '本地通知', '')"
        )
    with pytest.raises(Refused) as refused:
        load()
    assert refused.value.codes == ("POLICY-SHIPPED-DIFFERS",)
    with center.connect("owner") as owner:
        assert owner.execute("SELECT value FROM policy_parameter").fetchall() == [("26000.00",)]


@pytest.mark.parametrize("role", ["portal", "staff"])
@pytest.mark.parametrize("attempt", ["UPDATE policy_parameter SET value = '1'", "DELETE FROM policy_parameter"])
def test_nobody_rewrites_the_law(center, role: str, attempt: str) -> None:
    load()
    with center.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(attempt)


@pytest.mark.parametrize(
    ("column", "value"), [("place", "leshan"), ("source", ""), ("ends_on", "2026-01-01"), ("name", "rounding")]
)
def test_the_database_refuses_a_term_without_place_source_or_period_or_one_that_stands_already(
    center, column: str, value: str
) -> None:
    load()
    term = {
        "name": "minimum_age",
        "place": "511100",
        "starts_on": "2026-01-01",
        "ends_on": None,
        "value": "17",
        "unit": "years",
        "source": "通知",
        "checked": "",
    }
    term |= {column: value}
    if column == "name":
        term |= {"place": "000000", "starts_on": "2019-03-24"}
    with center.connect("owner") as owner, pytest.raises(psycopg.IntegrityError):
        owner.execute(
            "INSERT INTO policy_parameter (name, place, starts_on, ends_on, value, unit, source, checked) VALUES"
            " (%(name)s, %(place)s, %(starts_on)s, %(ends_on)s, %(value)s, %(unit)s, %(source)s, %(checked)s)",
            term,
        )


def test_the_business_day_is_the_real_day_in_china_until_one_is_chosen(center) -> None:
    before = datetime.now(calendar.CHINA).date()
    assert before <= policy.business_day() <= datetime.now(calendar.CHINA).date()
    for chosen in (date(2026, 8, 10), date(2026, 9, 1)):
        with durable(SYSTEM):
            policy.choose_business_day(chosen)
        assert policy.business_day() == chosen
        with reading(HANDLER):
            assert policy.business_day() == chosen
    with durable(SYSTEM):
        policy.choose_business_day(None)
    assert before <= policy.business_day() <= datetime.now(calendar.CHINA).date()


def test_production_has_no_day_but_the_real_one(center, monkeypatch) -> None:
    with durable(SYSTEM):
        policy.choose_business_day(date(2026, 8, 10))
    monkeypatch.setattr(settings, "HALL", replace(settings.HALL, mode=Mode.PRODUCTION))
    assert policy.business_day() != date(2026, 8, 10)
    with durable(SYSTEM), pytest.raises(Refused) as refused:
        policy.choose_business_day(date(2026, 8, 10))
    assert refused.value.codes == ("POLICY-DAY-IS-REAL",)


def test_a_handler_cannot_choose_the_day(center) -> None:
    with center.connect("portal") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("INSERT INTO policy_calendar (chosen_day) VALUES ('2026-08-10')")


def test_the_calendar_has_one_row(center) -> None:
    with center.connect("owner") as owner, pytest.raises(psycopg.IntegrityError):
        owner.execute("INSERT INTO policy_calendar (only_row) VALUES (false)")
