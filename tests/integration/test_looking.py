"""Harvesting: who looks up too many different records is asked what for, then stopped; who works is left alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest

from hpf.casework.review import ReviewState
from hpf.faces.web.door import cookie_name
from hpf.hall_access import look_limits
from hpf.hall_access.looking import confirm_looking, look
from hpf.hall_access.models import Limits, LookingState
from hpf.hall_access.queries import held_back
from hpf.hall_access.rules import Visit
from hpf.kernel import Actor, Key, Refused
from hpf.notices.sms import outbox
from hpf.registry.codes import Role
from hpf.registry.models import UnitAccount
from hpf.storage import durable, reading
from tests.integration.browser import (
    PART_OF_A_PAGE,
    PASSWORD,
    STAFF_PASSWORD,
    Browser,
    Newcomer,
    lay_hall,
    newcomer,
    staff_browser,
)
from tests.integration.hall import TODAY, limit_looking, quick_passwords
from tests.integration.portal import said
from tests.integration.treasury.bank import add_trio
from tests.office import SYSTEM, Unit, employ

FREE, ASKED, STOPPED = LookingState.FREE, LookingState.ASKED, LookingState.STOPPED


@pytest.fixture
def ground(center: Any) -> Iterator[Any]:
    with quick_passwords():
        lay_hall()
        yield center


@dataclass(frozen=True)
class Looker:
    """A handler who is in, and the looks that he takes."""

    known: Newcomer
    browser: Browser

    def looks(self, subject: str, after: timedelta = timedelta()) -> LookingState:
        visit = Visit("198.51.100.1", "browser", datetime.now(UTC) + after, TODAY)
        return look(subject, token=self.token, by=self.known.actor, visit=visit)

    @property
    def token(self) -> str:
        return str(self.browser.cookies[cookie_name("portal")].value)


@pytest.fixture
def looker(ground: Any) -> Looker:
    known, browser = newcomer(), Browser()
    assert known.settles(browser).address == "/"
    return Looker(known, browser)


@pytest.fixture
def limited(ground: Any) -> Callable[..., None]:
    return partial(limit_looking, ground)


def employs(known: Newcomer, people: int) -> UnitAccount:
    with durable(SYSTEM):
        UnitAccount.objects.filter(employer_id=known.employer_id).update(active_count=people)
        return UnitAccount.objects.get(employer_id=known.employer_id)


def has_members(looker: Looker) -> list[str]:
    """The account numbers of the handler's three members, as his roster's first page shows them."""
    unit = employs(looker.known, 3)
    add_trio(Unit(looker.known.employer_id, unit.pk, unit.unallocated_account_id, looker.known.actor))
    return sorted(set(re.findall(r"/roster/(\d+)/", looker.browser.open("/roster/").html)))


def acts(ground: Any) -> list[str]:
    with ground.connect("superuser") as admin:
        rows = admin.execute("SELECT act FROM evidence_event WHERE act ~ 'looking' ORDER BY id").fetchall()
    return [act for (act,) in rows]


def test_a_handler_is_asked_then_stopped_told_and_let_go_on_by_security(
    looker: Looker, ground: Any, limited: Any
) -> None:
    members = has_members(looker)
    limited(looks_an_hour=1, looks_percent_an_hour=0)
    browser = looker.browser
    assert browser.open(f"/roster/{members[0]}/").status == 200
    asked = browser.open(f"/roster/{members[1]}/")
    assert asked.address.startswith("/looking/")
    wrong = browser.submit(asked, "/looking/", reason="核对", old="不是密码")
    assert wrong.status == 422
    after = browser.submit(wrong, "/looking/", reason="核对全年缴存", old=PASSWORD)
    assert after.address == f"/roster/{members[1]}/"
    stopped = browser.open(f"/roster/{members[2]}/statement.pdf")
    assert stopped.status == 403
    assert "查询和下载已暂停" in stopped
    assert "安全管理员" in stopped
    assert browser.open(f"/roster/{members[0]}/").status == 403
    part = browser.get(f"/roster/{members[0]}/", headers=PART_OF_A_PAGE)
    assert part.headers["HX-Redirect"] == f"/roster/{members[0]}/"  # the window shows it, not the part that asked
    assert browser.open("/declare/").status == 200  # all other business goes on
    with reading(SYSTEM):
        told = [one.text for one in outbox() if one.mobile == looker.known.mobile]
    assert "已暂停查询和下载" in told[0]
    assert acts(ground) == ["ask_about_looking", "confirm_looking", "stop_looking"]

    security = staff_browser(Role.SECURITY_ADMIN)
    assert "1个账号被暂停查询" in said(security.open("/counter/"))
    watch = security.open("/counter/staff/looking/")
    assert "核对全年缴存" in watch  # what he said when asked
    (resume,) = re.findall(r"/counter/staff/looking/\d+/resume/", watch.html)
    assert security.submit(watch, resume, reason="").status == 422
    assert "已恢复查询。" in security.submit(watch, resume, reason="已电话核实")
    assert browser.open(f"/roster/{members[0]}/").status == 200
    assert acts(ground)[-1] == "resume_looking"


def test_a_purpose_is_shown_of_what_is_held_back_and_not_of_another_day(looker: Looker, limited: Any) -> None:
    limited(looks_an_hour=1, looks_percent_an_hour=0)
    said_then, day = "核对上个月的缴存", timedelta(days=1)
    assert [looker.looks(f"account_no:99260810000{number}") for number in range(2)] == [FREE, ASKED]
    visit = Visit("198.51.100.1", "browser", datetime.now(UTC), TODAY)
    confirm_looking(said_then, PASSWORD, token=looker.token, by=looker.known.actor, visit=visit, key=Key.fresh())
    with reading(SYSTEM):
        assert [one.purpose for one in held_back()] == [said_then]
    later = [looker.looks(f"account_no:99260820000{number}", day) for number in range(2)]
    assert later == [FREE, ASKED]
    with reading(SYSTEM):
        assert [one.purpose for one in held_back()] == [""]


def test_accounts_named_together_count_one_by_one_and_are_no_way_around_a_stop(looker: Looker, limited: Any) -> None:
    members = has_members(looker)
    limited(looks_an_hour=2, looks_percent_an_hour=0, looks_stop_factor=2)
    three = "&".join(f"account={number}" for number in members)
    assert looker.browser.open(f"/seal/?{three}").address.startswith("/looking/")
    assert {looker.looks(f"account_no:9926081{number:05}") for number in range(9)} >= {ASKED, STOPPED}
    assert looker.browser.get(f"/seal/?{three}").status_code == 403


def test_numbers_of_somebody_else_that_are_sent_together_are_one_try(looker: Looker, limited: Any) -> None:
    own = has_members(looker)[0]
    limited(looks_an_hour=4, looks_percent_an_hour=0, looks_stop_factor=2)

    def sends(one_try: int) -> int:
        many = "&".join(f"account=99260{one_try}{number:06}" for number in range(50))
        return int(looker.browser.get(f"/seal/?{many}").status_code)

    assert [sends(0), sends(1), sends(1)] == [404] * 3  # two lists of another employer, one of them twice
    assert looker.browser.open(f"/seal/?account={own}").status == 200
    assert [sends(one_try) for one_try in range(2, 8)] == [404, *[302] * 4, 403]


def test_a_clerk_who_looks_at_many_employers_is_asked_and_stopped(ground: Any, limited: Any) -> None:
    limited(staff_looks_an_hour=1, looks_stop_factor=2)
    clerk, employers = staff_browser(Role.CLERK), [newcomer().employer_id for _ in range(3)]
    assert clerk.open(f"/counter/employers/{employers[0]}/").status == 200
    asked = clerk.open(f"/counter/employers/{employers[1]}/")
    assert asked.address.startswith("/counter/looking/")
    clerk.submit(asked, "/counter/looking/", reason="年度检查", old=STAFF_PASSWORD)
    assert clerk.open(f"/counter/employers/{employers[1]}/").status == 200
    assert clerk.open(f"/counter/employers/{employers[2]}/").status == 403
    assert clerk.open("/counter/").status == 200


def test_a_handler_of_ten_thousand_who_works_through_the_roster_is_left_alone(looker: Looker) -> None:
    employs(looker.known, 10_000)
    pages = [f"/roster/?after={page}" for page in range(200)]
    members = [f"account_no:{number}" for number in range(900)]
    assert {looker.looks(subject) for subject in pages + members} == {FREE}


def test_a_handler_of_a_few_can_look_at_all_of_them_all_day(looker: Looker) -> None:
    employs(looker.known, 150)
    assert {looker.looks(f"account_no:{number % 150}") for number in range(600)} == {FREE}


def test_what_enumerates_numbers_is_stopped_whether_they_exist_or_not(looker: Looker, limited: Any) -> None:
    limited(looks_an_hour=10, looks_percent_an_hour=0)
    answers = [looker.browser.get(f"/roster/9926081{number:05}/").status_code for number in range(30)]
    assert answers == [404] * 10 + [302] * 10 + [403] * 10


def test_an_hour_later_one_begins_anew_and_after_many_hours_the_day_counts(looker: Looker, limited: Any) -> None:
    limited(looks_an_hour=2, looks_a_day=5, looks_percent_an_hour=0, looks_percent_a_day=0, looks_stop_factor=9)
    employs(looker.known, 0)
    hour = timedelta(minutes=61)
    assert [looker.looks(f"a{n}") for n in range(3)] == [FREE, FREE, ASKED]
    assert [looker.looks(f"b{n}", hour) for n in range(2)] == [FREE, FREE]
    assert looker.looks("c", 2 * hour) is ASKED  # the sixth of the day
    assert looker.looks("d", 24 * hour) is FREE


def test_the_same_record_again_is_neither_counted_nor_written(looker: Looker, ground: Any) -> None:
    def tally() -> Any:
        with ground.connect("superuser") as admin:
            return admin.execute("SELECT xmin, xmax, hour_count, day_count FROM hall_access_tally").fetchall()

    assert looker.looks("account_no:1") is FREE
    counted = tally()
    assert looker.looks("account_no:1") is FREE
    assert tally() == counted


def test_who_confirmed_is_not_asked_again_but_is_stopped(looker: Looker, ground: Any, limited: Any) -> None:
    limited(looks_an_hour=1, looks_percent_an_hour=0, looks_stop_factor=3)
    assert [looker.looks(f"a{n}") for n in range(2)] == [FREE, ASKED]
    visit = Visit("198.51.100.1", "browser", datetime.now(UTC), TODAY)
    done = confirm_looking("审计", PASSWORD, token=looker.token, by=looker.known.actor, visit=visit, key=Key.fresh())
    assert done is not None
    assert done.result == {"reason": "审计"}
    assert [looker.looks(f"b{n}") for n in range(3)] == [FREE, STOPPED, STOPPED]
    again = confirm_looking("审计", PASSWORD, token=looker.token, by=looker.known.actor, visit=visit, key=Key.fresh())
    assert again is None  # a stop is lifted by somebody else alone
    assert looker.looks("c") is STOPPED
    assert acts(ground).count("stop_looking") == 1


def test_the_database_shows_no_one_what_was_looked_up(looker: Looker, ground: Any) -> None:
    looker.looks("account_no:992608100000")
    with ground.connect("superuser") as admin:
        ((subject,),) = admin.execute("SELECT subject FROM hall_access_look").fetchall()
    assert b"9926" not in bytes(subject)
    with reading(Actor.SYSTEM):
        assert Limits.objects.get().looks_an_hour == 200


def test_limits_are_seen_and_set_by_two_administrators_at_once(ground: Any) -> None:
    security, system = staff_browser(Role.SECURITY_ADMIN), staff_browser(Role.SYSTEM_ADMIN)
    desk = "/counter/staff/looks/"
    form = security.open(desk)
    assert "200名职工的单位" in said(form)
    assert "每小时220条，每天660条" in said(form)
    wrong = security.submit(form, desk, staff_looks_an_hour="0", staff_looks_a_day="90", reason="")
    assert "请填写原因" in wrong
    wrong = security.submit(wrong, desk, staff_looks_an_hour="0", staff_looks_a_day="90", reason="收紧")
    assert "每小时须为1至10,000条" in wrong
    page = security.submit(wrong, desk, staff_looks_an_hour="60", staff_looks_a_day="90", reason="收紧")
    assert "/decide/" not in page
    assert page.path in system.open("/counter/")
    approved = system.submit(system.open(page.path), f"{page.path}decide/", verdict="approved")
    assert "复核通过" in approved
    with reading(SYSTEM):
        assert Limits.objects.get().staff_looks_an_hour == 60


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE hall_access_limits SET looks_an_hour = 9999",
        "UPDATE hall_access_limits SET wrong_codes_a_day = 1000000, absolute_hours = 10000",
        "SELECT hall_access_set_looks(1)",
    ],
)
def test_the_database_lets_nobody_set_limits_alone(ground: Any, attack: str) -> None:
    with ground.connect("app") as app:
        app.execute("SET ROLE hpf_demo_staff")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(attack)


def test_limits_are_changed_one_proposal_at_a_time(ground: Any) -> None:
    maker, other = employ("安管甲", Role.SECURITY_ADMIN), employ("系统乙", Role.SYSTEM_ADMIN)
    with reading(SYSTEM):
        now = look_limits.in_force()
    act: dict[str, Any] = {"today": TODAY}
    first = look_limits.propose(
        replace(now, looks_an_hour=now.looks_an_hour + 1), "检查", by=maker, key=Key.fresh(), **act
    ).result["looks_id"]
    second = replace(now, staff_looks_an_hour=now.staff_looks_an_hour + 1)
    with pytest.raises(Refused, match="REVIEW-UNDER-WAY"):
        look_limits.propose(second, "检查", by=maker, key=Key.fresh(), **act)
    look_limits.decide(first, ReviewState.REFUSED, note="不必", by=other, key=Key.fresh(), **act)
    assert look_limits.propose(second, "检查", by=maker, key=Key.fresh(), **act).result["looks_id"]
