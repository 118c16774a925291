"""A center is founded once; its first administrators come in with passwords that were shown once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection
from django.test import override_settings

from config.environment import Mode
from hpf.faces.cli.database import load_new_law, refuse_other_mode
from hpf.hall_access.authenticators import equip, usable_code
from hpf.hall_access.founding import Administrator, BranchOffice, Founding, found_center
from hpf.hall_access.models import PrincipalKind
from hpf.hall_access.operations import principal, start_staff_login
from hpf.hall_access.queries import unreleased
from hpf.kernel import Actor, Refused
from hpf.policy import business_day, choose_business_day, law_on, shipped_terms
from hpf.registry.models import BankAccount, Branch, Center, Staff
from hpf.storage import durable, reading
from hpf.storage.embedded import Unstartable
from tests.conftest import CenterDatabase
from tests.integration.browser import Browser, release
from tests.integration.hall import NOW, TODAY, quick_passwords, visit

pytestmark = pytest.mark.usefixtures("center")
FOUNDING = Founding(
    name="某某市住房公积金管理中心",
    place="511100",
    number_prefix="5111",
    hotline="12329",
    address="某某路1号",
    bank_account="9900100000000009",
    bank="某某银行",
    branches=(BranchOffice("01", "城区管理部", "511102"), BranchOffice("02", "城北管理部", "511112", hours="全年")),
    administrators=(
        Administrator("system", "甲", "system_admin"),
        Administrator("security", "乙", "security_admin"),
        Administrator("audit", "丙", "audit_admin"),
    ),
)


@pytest.fixture(autouse=True)
def _quick() -> object:
    with quick_passwords():
        yield


def found(founding: Founding = FOUNDING) -> dict[str, str]:
    return dict(found_center(founding, today=TODAY, now=NOW)[1])


def test_everything_that_a_center_begins_with_stands_and_each_administrator_comes_in() -> None:
    passwords = found()
    with reading(Actor.SYSTEM):
        assert Center.objects.get().name == FOUNDING.name
        assert list(Branch.objects.order_by("code").values_list("name", "hours")) == [
            ("城区管理部", ""),
            ("城北管理部", "全年"),
        ]
        assert BankAccount.objects.get().collects
        assert law_on(TODAY, "511100").notice_wait_days > 0
        assert {person.user_name: person.roles for person in Staff.objects.all()} == {
            "system": ["system_admin"],
            "security": ["security_admin"],
            "audit": ["audit_admin"],
        }
    for user_name, password in passwords.items():
        challenge, token = start_staff_login(user_name, password, visit())
        assert challenge is None
        assert token, "the first login leads to a password and an authenticator of one's own"


def test_the_first_administrator_of_security_lets_himself_in_and_all_others_and_never_again(
    center: CenterDatabase,
) -> None:
    found()
    with reading(Actor.SYSTEM):
        number = dict(Staff.objects.values_list("user_name", "pk"))

    def enrols(user_name: str) -> set[str]:
        with center.connect("owner") as owner:  # as `hall_access_enrol` does for who has shown that it is his
            put_on = "SELECT hall_access_put_on('staff', %s, 'secret', 0, '{}', now())"
            owner.execute(put_on, [number[user_name]])
        with reading(Actor.SYSTEM):
            waiting = unreleased()
        return {name for name, one in number.items() if one in waiting}

    assert enrols("system") == {"system"}  # before anybody could release him he has no roles
    assert enrols("security") == {"system"}
    release()
    assert enrols("audit") == {"audit"}
    assert enrols("security") == {"audit", "security"}, "the founding lets nobody in a second time"


def test_the_program_of_a_founded_center_gives_nobody_an_authenticator_and_reads_none() -> None:
    found()
    with reading(Actor.SYSTEM):
        person = Staff.objects.get(user_name="security").pk
    with pytest.raises(ProgrammingError, match="their owners' own"), durable(Actor.SYSTEM):
        equip(PrincipalKind.STAFF, person, NOW)
    with pytest.raises(ProgrammingError, match="their owners' own"), durable(Actor.SYSTEM):
        usable_code(PrincipalKind.STAFF, person, NOW)


def test_asked_again_whoever_has_not_come_in_gets_a_new_password_and_nobody_else() -> None:
    first = found()
    with durable(Actor.SYSTEM):
        Staff.objects.filter(user_name="audit").update(must_change_password=False)
    second = found()
    assert second.keys() == {"system", "security"}
    assert second["system"] != first["system"]
    with pytest.raises(Refused):
        start_staff_login("system", first["system"], visit())
    with reading(Actor.SYSTEM):
        assert Staff.objects.count() == 3


def test_who_came_in_with_the_password_before_is_out_when_another_is_given() -> None:
    _, token = start_staff_login("security", found()["security"], visit())
    assert principal(token, visit()) is not None
    found()
    assert principal(token, visit()) is None


def test_an_initial_password_expires() -> None:
    password = found()["system"]
    with pytest.raises(Refused) as refused:
        start_staff_login("system", password, replace(visit(), now=NOW + timedelta(days=15)))
    assert refused.value.codes


def test_a_center_that_stands_is_not_founded_again() -> None:
    found()
    with pytest.raises(Refused):
        found(replace(FOUNDING, name="另一个中心"))
    with reading(Actor.SYSTEM):
        assert Center.objects.get().name == FOUNDING.name


def test_a_founding_with_faults_leaves_nothing() -> None:
    with pytest.raises(Refused) as refused:
        found(replace(FOUNDING, branches=(), administrators=FOUNDING.administrators[:1]))
    assert refused.value.codes == ("CENTER-NO-BRANCH", *["CENTER-ADMINISTRATOR-MISSING"] * 2)
    with reading(Actor.SYSTEM):
        assert not Center.objects.exists()


def test_parameters_that_a_new_version_asks_for_are_loaded_and_nothing_else_is_touched(center: CenterDatabase) -> None:
    found()
    with center.connect("owner") as owner:
        owner.execute("DELETE FROM policy_parameter WHERE name = 'notice_wait_days'")
        owner.execute("UPDATE policy_parameter SET value = '27000.00' WHERE name = 'base_cap_fen' AND place = '511100'")
        owner.execute("DELETE FROM policy_parameter WHERE name = 'base_cap_fen' AND starts_on < '2020-01-01'")
        before = owner.execute("SELECT count(*) FROM policy_parameter").fetchone()
    load_new_law()
    load_new_law()
    with center.connect("owner") as owner:
        after = owner.execute("SELECT count(*) FROM policy_parameter").fetchone()
        caps = owner.execute(
            "SELECT DISTINCT value FROM policy_parameter WHERE name = 'base_cap_fen' AND place = '511100'"
        ).fetchall()
    added = sum(term.name == "notice_wait_days" for term in shipped_terms("511100"))
    assert before
    assert after
    assert after[0] - before[0] == added > 0
    assert caps == [("27000.00",)]


def test_a_real_center_is_never_shown_as_a_demonstration() -> None:
    browser = Browser()
    assert browser.open("/demo/codes/").status == 200
    refuse_other_mode()
    found()
    assert browser.open("/demo/codes/").status == 404
    assert browser.submit(browser.open("/"), "/demo/day/", day="2026-01-02", here="/").status == 404
    with pytest.raises(Unstartable, match="HPF_MODE=production"):
        refuse_other_mode()


def test_in_production_no_day_is_left_that_was_chosen_before() -> None:
    with durable(Actor.SYSTEM):
        choose_business_day(date(2026, 1, 2))
    found()
    with override_settings(HALL=replace(settings.HALL, mode=Mode.PRODUCTION)):
        refuse_other_mode()
        with reading(Actor.SYSTEM), connection.cursor() as cursor:
            cursor.execute("SELECT policy_business_day()")
            assert cursor.fetchone() == (business_day(),)
