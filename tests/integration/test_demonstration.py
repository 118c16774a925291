"""The demonstration center: whole, sound, the same every time, and built once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from config.environment import Mode
from hpf.agreement.queries import acceptance, current
from hpf.employer_registration.models import Application, ApplicationState
from hpf.faces.cli import demonstration, run
from hpf.faces.cli.database import refuse_other_mode
from hpf.faces.cli.demo import bank, employers, ground
from hpf.faces.cli.demo.days import doubt_about
from hpf.faces.cli.demo.plan import Plan, plan
from hpf.faces.cli.verify import look
from hpf.hall_access.operations import start_login, start_staff_login
from hpf.hall_access.rules import Visit
from hpf.kernel import Actor, Month, Refused
from hpf.kernel.identity import citizen_number_fault
from hpf.policy import business_day
from hpf.publications.queries import Search
from hpf.registry.models import Center, Handler, Member, Staff, UnitAccount
from hpf.storage import durable, reading
from hpf.storage.embedded import Unstartable
from hpf.treasury.queries import outcomes
from hpf.treasury.rules import LineState
from tests.conftest import CenterDatabase, own_center

RARE = {"王𠮷安", "李䶮", "陈㛃", "刘𬭎", "阿依古丽·买买提", "马木提·阿卜杜拉"}


@pytest.fixture(scope="module")
def built(server: Any) -> Iterator[CenterDatabase]:
    with own_center(server) as database:
        demonstration.build()
        yield database


def without_the_ten_thousand(whole: Plan) -> Plan:
    return replace(whole, employers=whole.employers[:2])


@pytest.fixture
def small() -> Plan:
    return without_the_ten_thousand(plan())


def everything_counted(database: CenterDatabase) -> dict[str, int]:
    """Every table with its number of rows."""
    with database.connect("superuser") as superuser:
        tables = superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema").fetchall()
        counts = {name: superuser.execute(f"SELECT count(*) FROM {name}").fetchone() for (name,) in tables}
    return {name: row[0] for name, row in counts.items() if row}


def booked_through() -> list[tuple[Month | None, int, int]]:
    with reading(Actor.SYSTEM):
        units = UnitAccount.objects.order_by("id")
        return [(unit.paid_through, unit.active_count, unit.sealed_count) for unit in units]


def test_three_employers_have_four_months_behind_them_and_one_has_none(built: CenterDatabase) -> None:
    october = Month(2026, 10)
    assert booked_through() == [(october, 3, 0), (october, 214, 9), (october, 10_000, 0), (None, 0, 0)]
    assert business_day() == date(2026, 11, 10)


def test_everything_holds(built: CenterDatabase) -> None:
    assert [finding for finding in look() if finding.faults] == []


def test_money_that_names_nobody_waits_at_the_desk(built: CenterDatabase) -> None:
    with reading(Actor.SYSTEM):
        counts = {state: count for state, (count, _) in outcomes().items()}
    assert counts == {LineState.BOOKED: 12, LineState.UNIDENTIFIED: 2}


def test_everybody_s_number_is_valid_and_of_nowhere(built: CenterDatabase) -> None:
    with reading(Actor.SYSTEM):
        people = list(Member.objects.values_list("identity_number", "mobile", "name"))
    assert [number for number, _, _ in people if citizen_number_fault(number) or number[:6] != "990101"] == []
    assert {mobile[:3] for _, mobile, _ in people} == {"160"}
    assert {name for _, _, name in people} >= RARE


def test_everybody_gets_in_with_the_password_that_is_printed(built: CenterDatabase) -> None:
    lines = list(run.greeting(8000))
    visit = Visit("203.0.113.9", "Firefox", ground.noon(date(2026, 11, 10)), date(2026, 11, 10))
    with reading(Actor.SYSTEM):
        staff, handlers = list(Staff.objects.order_by("id")), list(Handler.objects.order_by("id"))
    whole = plan()
    for person, known in zip(staff, whole.center.staff, strict=True):
        assert any(person.user_name in line and known.password in line for line in lines)
    challenge, _ = start_staff_login(staff[0].user_name, whole.center.staff[0].password, visit)
    assert challenge is not None
    assert challenge.has_authenticator
    for handler, employer in zip(handlers, (*whole.employers, whole.newcomer), strict=True):
        assert any(handler.user_name in line and employer.password in line for line in lines)
        assert start_login(handler.user_name, employer.password, visit).mobile_masked.startswith("160****")
    assert [handler.must_change_password for handler in handlers] == [False, False, False, True]
    with reading(Actor.SYSTEM):
        version = current(date(2026, 11, 10))
        accepted = [acceptance(handler.pk, version.id) is not None for handler in handlers]
    assert version.number == ground.AGREEMENT
    assert accepted == [True, True, True, False]


def test_the_hall_starts_and_says_who_can_log_in_though_an_employer_has_left(built: CenterDatabase) -> None:
    left, stays = plan().employers[:2]
    turn = "UPDATE registry_handler SET active = NOT active WHERE name = %s"
    with built.connect("superuser") as superuser:
        superuser.execute(turn, (left.application.handler_name,))
    try:
        lines = "\n".join(demonstration.announcement())
    finally:
        with built.connect("superuser") as superuser:
            superuser.execute(turn, (left.application.handler_name,))
    assert (left.application.name in lines, stays.application.name in lines) == (False, True)


def test_one_application_waits_for_a_second_person_and_one_for_the_counter(built: CenterDatabase) -> None:
    with reading(Actor.SYSTEM):
        states = list(Application.objects.filter(employer_id=None).order_by("id").values_list("name", "state"))
    waiting, at_home = plan().applicants
    assert states == [(waiting.name, ApplicationState.UNDER_REVIEW), (at_home.name, ApplicationState.PREFILLED)]


def test_the_manual_begins_with_the_first_login(built: CenterDatabase) -> None:
    with reading(Actor.SYSTEM):
        chapters = Search(datetime.now(UTC), "manual").after(0, 20)
    assert [one.title for one in chapters][:2] == ["首次登录", "登录安全"]


def test_a_second_build_changes_nothing(built: CenterDatabase) -> None:
    before = everything_counted(built)
    demonstration.build()
    assert everything_counted(built) == before


def test_a_build_that_was_cut_off_is_continued(
    center: CenterDatabase, small: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*asked: Any) -> None:
        if asked[1] == Month(2026, 9):
            raise KeyboardInterrupt
        pay(*asked)

    pay = bank.pay
    with monkeypatch.context() as context:
        context.setattr(bank, "pay", cut_off)
        with pytest.raises(KeyboardInterrupt):
            demonstration.build(small)
    assert demonstration.is_new()
    assert demonstration.planned(date(2027, 1, 5)).center.today == date(2026, 11, 10)
    demonstration.build(small)
    assert booked_through() == [(Month(2026, 10), 3, 0), (Month(2026, 10), 214, 9), (None, 0, 0)]
    assert [finding for finding in look() if finding.faults] == []


@pytest.mark.parametrize("day", [date(2026, 7, 6), date(2026, 8, 10), date(2027, 1, 5)])
def test_on_any_day_with_law_the_month_can_be_declared_paid_and_booked(center: CenterDatabase, day: date) -> None:
    small = without_the_ten_thousand(plan(day))
    demonstration.build(small)
    month = Month.of(day)
    assert (business_day(), booked_through()[1][0]) == (day, month.previous if small.remitted else None)
    for number, employer in enumerate(small.employers):
        employers.declare_month(employers.register(number, employer, small.registered_on), month, day)
    bank.pay(small.center, month, day)
    assert [paid_through for paid_through, _, _ in booked_through()] == [month, month, None]
    assert [finding for finding in look() if finding.faults] == []


def test_who_chooses_a_day_that_does_not_join_is_told(built: CenterDatabase) -> None:
    def told(day: date) -> str:
        with reading(Actor.SYSTEM):
            doubt = doubt_about(day)
        return doubt.chinese if doubt else ""

    assert "对账单已到2026-10-13，2026-10-12在此之前" in told(date(2026, 10, 12))
    assert "没有缴存基数和比例的规定" in told(date(2027, 7, 1))
    assert (told(date(2026, 10, 13)), told(date(2026, 11, 10))) == ("", "")


def test_an_empty_hall_says_that_nobody_can_log_in_and_what_to_do(center: CenterDatabase) -> None:
    said = "\n".join(run.greeting(8000))
    assert "没有用户可以登录（HPF_DEMONSTRATION_DATA=none）" in said
    assert "hpf center found FILE" in said


def test_a_center_with_a_life_of_its_own_is_left_alone(center: CenterDatabase) -> None:
    with durable(Actor.SYSTEM):
        Center.objects.create(
            name="某中心", place="511100", number_prefix="5111", hotline="", unidentified_account_id=0
        )
    with pytest.raises(Refused) as refused:
        demonstration.build()
    assert refused.value.codes == ("DEMO-CENTER-IN-USE",)
    assert list(demonstration.announcement()) == []


def test_a_demonstration_does_not_start_in_production(built: CenterDatabase) -> None:
    with (
        override_settings(HALL=replace(settings.HALL, mode=Mode.PRODUCTION)),
        pytest.raises(Unstartable, match="是演示中心"),
    ):
        refuse_other_mode()
