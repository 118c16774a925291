"""The only administrator of security has lost his authenticator: two others help, at the server, and not one alone."""

from __future__ import annotations

import argparse
import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError

from hpf.evidence import events_about
from hpf.faces.cli import staff_authenticator
from hpf.hall_access.attempts import statements
from hpf.hall_access.authenticators import equip, usable_code
from hpf.hall_access.models import PrincipalKind
from hpf.hall_access.operations import principal
from hpf.hall_access.queries import unreleased
from hpf.hall_access.two_administrators import at_work, release_by_two, take_authenticator_away
from hpf.kernel import Actor, Key, Refused
from hpf.registry.codes import Role
from hpf.registry.models import Staff
from hpf.storage import durable, reading
from hpf.storage.tokens import token_digest
from tests.conftest import CenterDatabase
from tests.integration.browser import SECOND_OF_SECURITY, STAFF_PASSWORD, code_of, lay_hall, staff_browser
from tests.integration.hall import quick_passwords, visit
from tests.integration.test_authenticators import code_at, newcomer

pytestmark = pytest.mark.usefixtures("ground")
SYSTEM, AUDIT, SECURITY = Role.SYSTEM_ADMIN.value, Role.AUDIT_ADMIN.value, Role.SECURITY_ADMIN.value


@pytest.fixture(scope="module")
def ground(shared_center: CenterDatabase) -> Any:
    with quick_passwords():
        lay_hall()
        yield shared_center


def now() -> Any:
    return replace(visit(), now=datetime.now(UTC))


def number_of(user_name: str) -> int:
    with reading(Actor.SYSTEM):
        return int(Staff.objects.get(user_name=user_name).pk)


@pytest.fixture(autouse=True)
def releasing(ground: Any) -> None:
    """Who releases while a test prepares; `equipped` lets him go."""
    second_of_security(is_there=True)


def second_of_security(*, is_there: bool) -> None:
    with durable(Actor.SYSTEM):
        Staff.objects.filter(user_name=SECOND_OF_SECURITY).update(active=is_there)


def equipped(*user_names: str) -> None:
    """Authenticators, released, that nobody has used yet; one administrator of security is left."""
    for user_name in (SECURITY, *user_names):
        code_of(user_name)
    second_of_security(is_there=False)


def answers(user_name: str) -> tuple[str, str, str]:
    """What somebody types at the server: each code of his authenticator is good once."""
    with reading(Actor.SYSTEM):
        shown = usable_code(PrincipalKind.STAFF, Staff.objects.get(user_name=user_name).pk, datetime.now(UTC))
    assert shown is not None
    return user_name, STAFF_PASSWORD, shown[0]


def at_the_server(monkeypatch: pytest.MonkeyPatch, release: str | None = None, *, second: str = AUDIT) -> int:
    typed = "".join(f"{answer}\n" for answer in (*answers(SYSTEM), *answers(second)))
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return staff_authenticator.together(argparse.Namespace(user=SECURITY, release=release))


def test_of_system_and_audit_replace_what_the_only_one_of_security_has_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lost, number = staff_browser(Role.SECURITY_ADMIN), number_of(SECURITY)
    equipped(SYSTEM, AUDIT)
    assert at_the_server(monkeypatch) == 0
    assert f"hpf staff authenticator {SECURITY} --release" in capsys.readouterr().out
    page = lost.open("/counter/")
    assert page.address.startswith("/counter/login/")
    page = lost.submit(page, "/counter/login/", user_name=SECURITY, password=STAFF_PASSWORD)
    assert page.address == "/counter/authenticator/"
    secret = page.html.split('<span class="copy">')[1].split("<")[0]
    lost.submit(page, "/counter/authenticator/", code=code_at(secret, now()))
    page = lost.open("/counter/")
    assert page.address == "/counter/released/"
    assert "系统管理员和审计管理员" in page
    check_number = page.html.split("<dt>核对号</dt><dd>")[1].split("<")[0]
    assert at_the_server(monkeypatch, check_number) == 0
    assert lost.open("/counter/").address == "/counter/"
    with reading(Actor.SYSTEM):
        told = events_about(f"staff:{number}")
    both = [one for one in told if one.act in ("take_authenticator_away", "release_by_two")]
    assert [(one.act, one.actor_name, one.detail["audit"]) for one in both] == [
        (act, Role.SYSTEM_ADMIN.label, Role.AUDIT_ADMIN.label) for act in ("release_by_two", "take_authenticator_away")
    ]


@pytest.mark.parametrize("second", [Role.CLERK.value, SECURITY])
def test_nobody_else_is_the_second_person(monkeypatch: pytest.MonkeyPatch, second: str) -> None:
    equipped(SYSTEM, second)
    with pytest.raises(Refused) as refused:
        at_the_server(monkeypatch, second=second)
    assert refused.value.codes == ("STAFF-NOT-AT-WORK",)


@pytest.mark.parametrize("has_authenticator", [True, False])
def test_an_initial_password_is_not_spent_at_the_server(has_authenticator: bool) -> None:
    person = newcomer(f"auditor-{has_authenticator}", AUDIT)
    with durable(Actor.SYSTEM):
        if has_authenticator:
            equip(PrincipalKind.STAFF, person.number, visit().now)
        before = Staff.objects.get(pk=person.number).initial_password_expires_at
    with pytest.raises(Refused, match="STAFF-NOT-EQUIPPED"):
        at_work(Role.AUDIT_ADMIN, person.user_name, person.password, "123456", visit()).__enter__()
    with reading(Actor.SYSTEM):
        assert Staff.objects.get(pk=person.number).initial_password_expires_at == before


def test_it_is_for_administrators_of_security_and_for_what_their_page_shows() -> None:
    equipped(SYSTEM, AUDIT)
    here: dict[str, Any] = {"visit": now(), "key": Key.fresh()}
    with (
        at_work(Role.SYSTEM_ADMIN, *answers(SYSTEM), now()) as system,
        at_work(Role.AUDIT_ADMIN, *answers(AUDIT), now()) as audit,
    ):
        for act, more in ((take_authenticator_away, ()), (release_by_two, ("123456",))):
            for user_name, code in ((Role.CLERK.value, "STAFF-NOT-SECURITY"), ("nobody", "STAFF-UNKNOWN")):
                with pytest.raises(Refused, match=code):
                    act(user_name, *more, system=system, audit=audit, **here)  # type: ignore[operator]
        take_authenticator_away(SECURITY, system=system, audit=audit, **here)
        with pytest.raises(Refused, match="STAFF-NO-AUTHENTICATOR"):
            take_authenticator_away(SECURITY, system=system, audit=audit, **{**here, "key": Key.fresh()})
        with pytest.raises(Refused, match="STAFF-NOTHING-TO-RELEASE"):
            release_by_two(SECURITY, "123456", system=system, audit=audit, **{**here, "key": Key.fresh()})
    assert principal(system.token, now()) is None, "both are out again"
    assert principal(audit.token, now()) is None


def test_the_database_takes_two_sessions_of_two_administrators_and_nothing_less(ground: CenterDatabase) -> None:
    equipped(SYSTEM, AUDIT)
    with durable(Actor.SYSTEM):
        equip(PrincipalKind.STAFF, Staff.objects.get(user_name=SECURITY).pk, datetime.now(UTC))
        (waiting,) = unreleased().values()
    with at_work(Role.SYSTEM_ADMIN, *answers(SYSTEM), now()) as system:
        with at_work(Role.AUDIT_ADMIN, *answers(AUDIT), now()) as audit:
            both = {"system": token_digest(system.token), "audit": token_digest(audit.token)}
        asked = {**both, "staff_id": waiting.staff_id, "check_number": waiting.check_number, "now": now().now}
        for less in ({}, {"audit": both["system"]}, {"system": both["audit"]}):  # he has left; one session twice
            for act in ("release_by_two", "unequip_by_two"):
                with pytest.raises(ProgrammingError, match="system and of audit together"), durable(system.actor):
                    statements(act, **{**asked, **less}).rows()
        with pytest.raises(ProgrammingError, match="another administrator of security"), durable(system.actor):
            statements("unequip", kind=PrincipalKind.STAFF.value, principal_id=waiting.staff_id).rows()
    with ground.connect("staff") as attacker, pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.execute("SELECT hall_access_at_work('', 'audit_admin', now())")


def test_two_release_nobody_while_another_administrator_of_security_is_there() -> None:
    equipped(SYSTEM, AUDIT)
    second_of_security(is_there=True)
    with durable(Actor.SYSTEM):
        equip(PrincipalKind.STAFF, Staff.objects.get(user_name=SECURITY).pk, datetime.now(UTC))
        (waiting,) = unreleased().values()
    with (
        at_work(Role.SYSTEM_ADMIN, *answers(SYSTEM), now()) as system,
        at_work(Role.AUDIT_ADMIN, *answers(AUDIT), now()) as audit,
    ):
        both: dict[str, Any] = {"system": system, "audit": audit, "visit": now()}
        with pytest.raises(Refused, match="STAFF-OTHER-SECURITY"):
            release_by_two(SECURITY, waiting.check_number, **both, key=Key.fresh())
        asked = {"system": token_digest(system.token), "audit": token_digest(audit.token)}
        shown = {"staff_id": waiting.staff_id, "check_number": waiting.check_number}
        with pytest.raises(ProgrammingError, match="another administrator"), durable(system.actor):
            statements("release_by_two", **asked, **shown, now=now().now).rows()
        take_authenticator_away(SECOND_OF_SECURITY, **both, key=Key.fresh())
        release_by_two(SECURITY, waiting.check_number, **both, key=Key.fresh())
