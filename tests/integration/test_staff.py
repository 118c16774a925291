"""Three administrators (三员): each does his own work, none another's, nobody decides about himself."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, ProgrammingError

from hpf.casework.review import ReviewState
from hpf.hall_access import staff
from hpf.hall_access.attempts import statements
from hpf.hall_access.authenticators import equip
from hpf.hall_access.models import PrincipalKind
from hpf.hall_access.operations import principal, start_staff_login
from hpf.hall_access.queries import unreleased
from hpf.kernel import Actor, ActorKind, Channel, Key, Refused
from hpf.registry.codes import Role
from hpf.registry.models import Branch, Staff
from hpf.storage import Query, durable, reading
from tests.conftest import CenterDatabase
from tests.integration.browser import (
    SECOND_OF_SECURITY,
    STAFF_PASSWORD,
    Browser,
    lay_hall,
    release,
    staff_browser,
)
from tests.integration.hall import quick_passwords, visit
from tests.integration.test_authenticators import code_at
from tests.office import grant

pytestmark = pytest.mark.usefixtures("ground")
PASSWORD = "moor-otter-quill-19"
PROPOSE = (
    "INSERT INTO hall_access_staffproposal (staff_id, branch_id, roles, proposed_by, proposed_at)"
    " SELECT staff_id, branch_id, '{{manager}}', proposed_by, {moment} FROM hall_access_staffproposal"
    " WHERE staff_id = %s ORDER BY id LIMIT 1"
)


@pytest.fixture(scope="module")
def ground(shared_center):
    with quick_passwords():
        lay_hall()
        yield shared_center


def of_role(role: Role) -> Actor:
    with reading(Actor.SYSTEM):
        person = Staff.objects.get(user_name=role.value)
    return Actor(ActorKind.STAFF, person.pk, person.name, Channel.COUNTER, roles=frozenset(person.roles))


def branch_id() -> int:
    with reading(Actor.SYSTEM):
        return Branch.objects.get().pk


def roles_of(number: int) -> list[str]:
    with reading(Actor.SYSTEM):
        return list(Staff.objects.get(pk=number).roles)


def refused(act: Callable[..., object], *args: object, **kwargs: object) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        act(*args, visit=visit(), key=Key.fresh(), **kwargs)
    return refusal.value.codes


_names = iter(f"newcomer{number}" for number in range(1000))


def created(*roles: str) -> int:
    """Somebody entered by the administrator of the system, whose roles wait."""
    system = of_role(Role.SYSTEM_ADMIN)
    receipt = staff.create_staff(next(_names), "新人", branch_id(), roles, by=system, visit=visit(), key=Key.fresh())
    return int(receipt.result["staff_id"])


def decided(number: int, verdict: ReviewState = ReviewState.APPROVED, note: str = "") -> None:
    security = of_role(Role.SECURITY_ADMIN)
    staff.decide_roles(number, verdict, note, by=security, visit=visit(), key=Key.fresh())


class TestRoles:
    def test_take_effect_when_a_second_administrator_agrees(self) -> None:
        number = created("clerk", "treasurer")
        assert roles_of(number) == []
        decided(number)
        assert roles_of(number) == ["clerk", "treasurer"]

    def test_do_not_take_effect_when_he_refuses(self) -> None:
        number = created("clerk")
        decided(number, ReviewState.REFUSED, "没有任命文件")
        assert roles_of(number) == []

    def test_are_changed_and_taken_away_the_same_way(self) -> None:
        number = created("clerk")
        decided(number)
        system = of_role(Role.SYSTEM_ADMIN)
        staff.propose_roles(number, branch_id(), [], by=system, visit=visit(), key=Key.fresh())
        assert refused(staff.propose_roles, number, branch_id(), ["manager"], by=system) == ("REVIEW-UNDER-WAY",)
        assert roles_of(number) == ["clerk"]
        decided(number)
        assert roles_of(number) == []

    @pytest.mark.parametrize(
        "roles",
        [["system_admin", "clerk"], ["system_admin", "security_admin"], ["audit_admin", "manager"], ["nothing"]],
    )
    def test_that_one_person_must_not_hold_together_are_refused(self, roles: list[str]) -> None:
        system = of_role(Role.SYSTEM_ADMIN)
        assert refused(staff.create_staff, next(_names), "甲", branch_id(), roles, by=system) == ("STAFF-ROLES-APART",)
        branch = branch_id()
        with pytest.raises(IntegrityError, match="registry_staff_apart"), durable(Actor.SYSTEM):
            grant(
                Staff.objects.create(user_name=next(_names), name="甲", password_hash="!", branch_id=branch, roles=[]),
                roles,
            )

    @pytest.mark.parametrize("roles", [["clerk"], ["system_admin"], ["security_admin"]])
    def test_nobody_is_entered_with_roles_once_the_center_is_at_work(self, roles: list[str]) -> None:
        branch = branch_id()
        with pytest.raises(ProgrammingError, match="two others agreed"), durable(Actor.SYSTEM):
            Staff.objects.create(user_name=next(_names), name="甲", password_hash="!", branch_id=branch, roles=roles)

    def test_are_changed_by_nothing_else(self) -> None:
        number = created("clerk")
        with pytest.raises(ProgrammingError, match="permission denied"), durable(Actor.SYSTEM):
            Staff.objects.filter(pk=number).update(roles=["manager"])
        with pytest.raises(ProgrammingError, match="two others agreed"), durable(Actor.SYSTEM):
            Query("SELECT hall_access_grant_roles(%(id)s)", {"id": number}).rows()
        assert roles_of(number) == []

    def test_are_those_that_were_agreed_to_and_none_that_came_after(self, ground: CenterDatabase) -> None:
        number, ahead = created("clerk"), "now() - interval '1 day'"
        decided(number)
        with ground.connect("staff") as attacker:
            for moment in ("now()", ahead):
                attacker.execute(PROPOSE.format(moment=moment), [number])  # type: ignore[arg-type]
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="two others agreed"):
                    attacker.execute("SELECT hall_access_grant_roles(%s)", [number])
        assert roles_of(number) == ["clerk"]

    def test_are_not_exchanged_while_they_are_looked_at(self, ground: CenterDatabase) -> None:
        number = created("clerk")
        with (
            ground.connect("staff") as attacker,
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="under review"),
        ):
            attacker.execute(PROPOSE.format(moment="now()"), [number])  # type: ignore[arg-type]
        decided(number)
        assert roles_of(number) == ["clerk"]

    def test_are_granted_by_nobody_to_himself(self) -> None:
        system, security = of_role(Role.SYSTEM_ADMIN), of_role(Role.SECURITY_ADMIN)
        assert refused(staff.propose_roles, system.id, branch_id(), ["clerk"], by=system) == ("STAFF-SELF",)
        staff.propose_roles(security.id or 0, branch_id(), ["clerk"], by=system, visit=visit(), key=Key.fresh())
        assert refused(staff.decide_roles, security.id, ReviewState.APPROVED, "", by=security) == ("STAFF-SELF",)
        assert roles_of(security.id or 0) == ["security_admin"]

    def test_need_a_name_and_a_branch_that_hold(self) -> None:
        system = of_role(Role.SYSTEM_ADMIN)
        assert refused(staff.create_staff, "林", "甲", 0, ["clerk"], by=system) == (
            "STAFF-USER-NAME",
            "STAFF-NO-BRANCH",
        )
        assert refused(staff.create_staff, "clerk", "甲", branch_id(), ["clerk"], by=system) == (
            "STAFF-USER-NAME-TAKEN",
        )


MATRIX = {
    "create_staff": (
        Role.SYSTEM_ADMIN,
        lambda by, it: staff.create_staff(next(_names), "甲", 1, ["clerk"], by=by, **it),
    ),
    "propose_roles": (Role.SYSTEM_ADMIN, lambda by, it: staff.propose_roles(0, 1, ["clerk"], by=by, **it)),
    "issue_staff_password": (Role.SYSTEM_ADMIN, lambda by, it: staff.issue_staff_password(0, by=by, **it)),
    "decide_roles": (
        Role.SECURITY_ADMIN,
        lambda by, it: staff.decide_roles(0, ReviewState.APPROVED, "", by=by, **it),
    ),
    **{
        name: (Role.SECURITY_ADMIN, lambda by, it, act=act: act(0, by=by, **it))
        for name, act in staff.SECURITY_ACTS.items()
    },
}


@pytest.mark.parametrize("act", MATRIX)
@pytest.mark.parametrize("role", Role)
def test_of_all_roles_one_alone_does_each_work(act: str, role: Role) -> None:
    """Proof 53. Who may is refused for another reason, or not at all; everybody else for his role."""
    owner, call = MATRIX[act]
    assert turned_away(call, of_role(role)) == (role is not owner)


def turned_away(call: Callable[..., object], by: Actor) -> bool:
    """Whether an act is refused for the role of who asks, and not for what he asks."""
    try:
        call(by, {"visit": visit(), "key": Key.fresh()})
    except Refused as refusal:
        return "STAFF-ROLE" in refusal.codes
    return False


class TestSecurity:
    def test_stops_somebody_within_one_click_and_lets_him_go_on(self) -> None:
        browser, security = staff_browser(Role.ACCOUNTANT), of_role(Role.SECURITY_ADMIN)
        accountant = of_role(Role.ACCOUNTANT)
        staff.suspend_staff(accountant.id or 0, by=security, visit=visit(), key=Key.fresh())
        assert browser.open("/counter/").address.startswith("/counter/login/")
        staff.resume_staff(accountant.id or 0, by=security, visit=visit(), key=Key.fresh())
        assert staff_browser(Role.ACCOUNTANT).open("/counter/").address == "/counter/"

    def test_stops_whom_it_is_told_to_stop_whatever_the_key_did_before(self) -> None:
        person, key, security = created("clerk"), Key.fresh(), of_role(Role.SECURITY_ADMIN)
        staff.end_staff_sessions(person, by=security, visit=visit(), key=key)
        with pytest.raises(Refused) as refusal:
            staff.suspend_staff(person, by=security, visit=visit(), key=key)
        assert refusal.value.codes == ("KEY-REUSED",)

    def test_and_system_together_are_needed_to_take_an_account_over(self) -> None:
        """A new password leaves the authenticator, a new authenticator leaves the password."""
        system, security, publisher = (
            of_role(role) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.PUBLISHER)
        )
        _, given = staff.issue_staff_password(publisher.id or 0, by=system, visit=visit(), key=Key.fresh())
        challenge, token = start_staff_login("publisher", given or "", visit())
        assert challenge is not None
        assert token == ""
        with durable(Actor.SYSTEM):
            Staff.objects.filter(pk=publisher.id).update(
                password_hash=make_password(PASSWORD), must_change_password=False
            )
        staff.reset_authenticator(publisher.id or 0, by=security, visit=visit(), key=Key.fresh())
        with pytest.raises(Refused):
            start_staff_login("publisher", "a guess of the administrator's", visit())
        challenge, token = start_staff_login("publisher", PASSWORD, visit())
        assert challenge is None
        found = principal(token, visit())
        assert found is not None
        assert found.stage.value == "must_enrol"


def waiting(person: int, *, password_by: Actor = Actor.SYSTEM) -> int:
    """Somebody has come in with a password of one's giving and enrolled an authenticator: its number."""
    with durable(password_by):
        Staff.objects.filter(pk=person).update(password_hash="!", must_change_password=True)
    with durable(Actor.SYSTEM):
        equip(PrincipalKind.STAFF, person, visit().now)
        return unreleased()[person].id


class TestRelease:
    def test_is_for_the_authenticator_that_was_looked_at_and_needs_another_administrator_of_security(self) -> None:
        number, security, system = created("clerk"), of_role(Role.SECURITY_ADMIN), of_role(Role.SYSTEM_ADMIN)
        seen = waiting(number)
        staff.reset_authenticator(number, by=security, visit=visit(), key=Key.fresh())
        anew = waiting(number)
        assert refused(staff.release_authenticator, number, seen, by=security) == ("STAFF-NOTHING-TO-RELEASE",)
        assert refused(staff.release_authenticator, number, anew, by=system) == ("STAFF-ROLE",)
        assert refused(staff.release_authenticator, security.id, anew, by=security) == ("STAFF-SELF",)
        for by in (system, Actor.SYSTEM):
            with pytest.raises(ProgrammingError, match="another administrator of security"), durable(by):
                statements("release", authenticator_id=anew, staff_id=number, now=visit().now).rows()
        staff.release_authenticator(number, anew, by=security, visit=visit(), key=Key.fresh())
        assert refused(staff.release_authenticator, number, anew, by=security) == ("STAFF-NOTHING-TO-RELEASE",)

    def test_is_not_given_by_who_gave_the_password_whatever_he_is_now(self) -> None:
        number, security = created("clerk"), of_role(Role.SECURITY_ADMIN)
        his = waiting(number, password_by=security)
        assert refused(staff.release_authenticator, number, his, by=security) == ("STAFF-RELEASE-BY-ISSUER",)
        staff.reset_authenticator(number, by=security, visit=visit(), key=Key.fresh())

    def test_is_written_in_no_other_way(self, ground: CenterDatabase) -> None:
        number = created("clerk")
        its = waiting(number)
        with ground.connect("staff") as attacker:
            for statement in (
                "INSERT INTO hall_access_release (authenticator_id, staff_id, founding, released_at)"
                " VALUES (%s, %s, false, now())",
                "SELECT hall_access_release_first(%s, %s, now())",
                "UPDATE hall_access_authenticator SET password_by = NULL WHERE id = %s AND principal_id = %s",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    attacker.execute(statement, [its, number])  # type: ignore[arg-type]

    def test_of_an_administrator_of_security_needs_a_second_one(self) -> None:
        """The founding lets the first one in, once in the life of a center."""
        with reading(Actor.SYSTEM):
            second = Staff.objects.get(user_name=SECOND_OF_SECURITY)
        waiting(second.pk)
        by = Actor(ActorKind.STAFF, second.pk, second.name, Channel.COUNTER, roles=frozenset(second.roles))
        number = created("clerk")
        its = waiting(number)
        with pytest.raises(ProgrammingError, match="another administrator of security"):
            staff.release_authenticator(number, its, by=by, visit=visit(), key=Key.fresh())
        release()


class TestPages:
    def test_lead_from_a_newcomer_to_his_first_login(self) -> None:
        system, security = staff_browser(Role.SYSTEM_ADMIN), staff_browser(Role.SECURITY_ADMIN)
        page = system.open("/counter/staff/new/")
        page = system.submit(
            page, "/counter/staff/new/", user_name="qian", name="钱新", branch=str(branch_id()), roles=["treasurer"]
        )
        assert page.status == 200, page.html
        assert "待复核" in page
        assert "已提交，等待安全管理员审批岗位。" in page
        here = page.path
        page = system.open(here)
        assert "岗位待审批" in page
        assert f'action="{here}password/"' not in page.html  # nor is there a password before there are roles
        assert "钱新" in security.open("/counter/staff/")
        page = security.submit(security.open(here), f"{here}decide/", verdict="approved")
        assert "资金" in page
        page = system.submit(system.open(here), f"{here}password/")
        given = page.html.split('class="copy big">')[1].split("<")[0]
        newcomer = Browser()
        page = newcomer.submit(newcomer.open("/counter/login/"), "/counter/login/", user_name="qian", password=given)
        assert page.address == "/counter/password/"
        page = newcomer.submit(page, "/counter/password/", password=PASSWORD, again=PASSWORD)
        assert page.address == "/counter/authenticator/"
        secret = page.html.split('<span class="copy">')[1].split("<")[0]
        newcomer.submit(page, "/counter/authenticator/", code=code_at(secret, replace(visit(), now=datetime.now(UTC))))
        waiting = newcomer.open("/counter/money/")
        assert waiting.address == "/counter/released/"
        assert Role.SECURITY_ADMIN.label in waiting  # whom to go to, by the name that the tests give him
        assert "待放行" in security.open("/counter/staff/")
        page = security.open(here)
        number = page.html.split("<dt>核对号</dt><dd>")[1].split("<")[0]
        assert f"<dd>{number}</dd>" in waiting.html
        assert security.submit(page, f"{here}release/").status == 422  # nobody was met
        assert newcomer.open("/counter/").address == "/counter/released/"
        assert "1 名工作人员的验证器待放行" in security.open("/counter/")
        assert "已放行，本人现在可以办理业务。" in security.submit(page, f"{here}release/", met="1")
        assert newcomer.open("/counter/money/").address == "/counter/money/"

    def test_tell_whom_to_ask_who_cannot_log_in(self) -> None:
        login, code, browser = "/counter/login/", "/counter/login/code/", Browser()
        page = browser.submit(browser.open(login), login, user_name="manager", password="wrong")
        assert "请找系统管理员" in page
        page = browser.submit(page, login, user_name="manager", password=STAFF_PASSWORD)
        for _ in range(4):
            page = browser.submit(page, code, code="AAAAAAAAAA")
            assert "验证器上的数字或备用码不正确" in page
        page = browser.submit(page, code, code="AAAAAAAAAA")
        assert "连续输错的次数过多" in page
        assert page.form(login)["user_name"] == ""

    def test_let_nobody_approve_in_an_old_tab_what_he_has_not_seen(self) -> None:
        number, security = created("clerk"), staff_browser(Role.SECURITY_ADMIN)
        here = f"/counter/staff/{number}/"
        old = security.open(here)
        security.submit(security.open(here), f"{here}decide/", verdict="returned", note="请核实")
        system = of_role(Role.SYSTEM_ADMIN)
        staff.propose_roles(number, branch_id(), ["manager"], by=system, visit=visit(), key=Key.fresh())
        refusal = security.submit(old, f"{here}decide/", verdict="approved")
        assert refusal.status == 422
        assert roles_of(number) == []
        security.submit(refusal, f"{here}decide/", verdict="approved")
        assert roles_of(number) == ["manager"]

    def test_show_the_log_to_audit_alone_and_record_its_export(self) -> None:
        audit = staff_browser(Role.AUDIT_ADMIN)
        page = audit.open("/counter/events/?actor_name=" + Role.AUDIT_ADMIN.label)
        assert "登录" in page
        response = audit.submit(page, "/counter/events/export.csv")
        rows = list(csv.reader(io.StringIO(response.html.removeprefix(chr(0xFEFF)))))
        assert rows[0][:4] == ["事件号", "时间", "业务日期", "事项"]
        assert {row[4] for row in rows[1:]} == {Role.AUDIT_ADMIN.label}
        assert "导出事件日志" in audit.open("/counter/events/?act=export_log")

    def test_tell_the_log_in_words_and_keep_the_event_s_own_content_in_the_export(self) -> None:
        number = created("clerk")
        decided(number, ReviewState.RETURNED, "请核实")
        audit = staff_browser(Role.AUDIT_ADMIN)
        with reading(Actor.SYSTEM):
            who = f"工作人员 {Staff.objects.get(pk=number).name}"
        page = audit.open(f"/counter/events/?subject=staff:{number}")
        assert f"只列与“{who}”有关的事件" in page
        assert '<span class="muted">复核结论</span> 退回补正' in page
        assert "verdict" not in page
        export = audit.submit(page, "/counter/events/export.csv")
        rows = list(csv.reader(io.StringIO(export.html.removeprefix(chr(0xFEFF)))))
        (returned,) = [row for row in rows[1:] if "退回补正" in row[8]]
        assert returned[7] == who
        assert returned[9] == f"staff:{number}"
        assert '"verdict": "returned"' in returned[10]

    def test_of_business_are_closed_to_administrators(self) -> None:
        for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
            browser = staff_browser(role)
            for address in ("/counter/employers/", "/counter/cases/", "/counter/money/", "/counter/reviews/"):
                assert browser.open(address).status == 403


def test_who_is_stopped_does_nothing_more_that_he_had_begun() -> None:
    security, system = of_role(Role.SECURITY_ADMIN), of_role(Role.SYSTEM_ADMIN)
    at_work = Actor(ActorKind.STAFF, system.id, system.name, Channel.COUNTER, roles=system.roles)  # let in by the door
    staff.suspend_staff(system.id or 0, by=security, visit=visit(), key=Key.fresh())
    assert refused(staff.create_staff, "late", "晚来", 1, ["clerk"], by=at_work) == ("STAFF-STOPPED",)
    staff.resume_staff(system.id or 0, by=security, visit=visit(), key=Key.fresh())
    assert created("clerk")


def test_everything_that_administrators_do_is_an_event() -> None:
    number = created("clerk")
    decided(number)
    waiting(number)
    security = of_role(Role.SECURITY_ADMIN)
    for act in staff.SECURITY_ACTS.values():
        act(number, by=security, visit=visit(), key=Key.fresh())
    with reading(Actor.SYSTEM):
        rows = Query(
            "SELECT act FROM evidence_event WHERE subject = %(s)s ORDER BY id", {"s": f"staff:{number}"}
        ).rows()
    assert [act for (act,) in rows] == ["create_staff", "decide_roles", *staff.SECURITY_ACTS]
