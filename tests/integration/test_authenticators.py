"""Authenticators: how the staff come in, how codes are used up, what is kept of them."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.contrib.auth.hashers import make_password
from django.db import connection

from hpf.hall_access.authenticators import enrol, equip, new_enrolment, usable_code
from hpf.hall_access.models import PrincipalKind
from hpf.hall_access.operations import (
    end_session,
    finish_by_authenticator,
    finish_login,
    issue_code,
    principal,
    start_login,
    start_staff_login,
)
from hpf.hall_access.passwords import change_password
from hpf.hall_access.rules import Principal, Stage, Visit
from hpf.hall_access.staff import reset_authenticator
from hpf.kernel import Actor, ActorKind, Channel, Key, Refused
from hpf.registry.initial_passwords import initial_password
from hpf.registry.models import Branch, Staff
from hpf.storage import durable, reading
from tests.integration.browser import release
from tests.integration.hall import desk, everything_stored, last_code, lay_ground, quick_passwords, visit
from tests.office import grant

pytestmark = pytest.mark.usefixtures("ground")
PASSWORD = "moor-otter-quill-19"
RACES = 20


@pytest.fixture(scope="module")
def ground(shared_center):
    with quick_passwords():
        lay_ground()
        guard = newcomer("guard", "security_admin")  # the founding's own, who releases the others
        with durable(Actor.SYSTEM):
            equip(PrincipalKind.STAFF, guard.number, visit().now)
        yield shared_center


@pytest.fixture(autouse=True)
def no_failures_yet(ground):
    with ground.connect("owner") as owner:
        owner.execute("DELETE FROM hall_access_throttle")


def refused(act, *args, **kwargs) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


def code_at(secret: str, at: Visit) -> str:
    """What the app shows."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(at.now.timestamp())).decode()  # noqa: S303


@dataclass
class Person:
    """A member of the staff: what he knows and what he holds."""

    number: int
    user_name: str
    password: str
    secret: str = ""
    backups: tuple[str, ...] = ()

    def challenge(self, at: Visit) -> str:
        challenge, token = start_staff_login(self.user_name, self.password, at)
        assert challenge is not None, token
        return challenge.token

    def log_in(self, at: Visit) -> str:
        return finish_by_authenticator(self.challenge(at), code_at(self.secret, at), at)


def newcomer(user_name: str, *roles: str) -> Person:
    """Somebody with an initial password in hand."""
    given = initial_password(visit().now)
    with durable(Actor.SYSTEM):
        person = Staff.objects.create(
            user_name=user_name,
            name="李柜员",
            password_hash=given.hash,
            initial_password_expires_at=given.expires_at,
            branch=Branch.objects.get(),
            roles=[],
        )
        grant(person, roles)
    return Person(person.pk, user_name, given.text)


def session(token: str, at: Visit) -> Principal:
    found = principal(token, at)
    assert found is not None
    return found


def enrolled(token: str, at: Visit) -> tuple[str, tuple[str, ...]]:
    """Scan the code and type what the app shows."""
    behind = session(token, at)
    shown = new_enrolment(behind, "网厅")
    _, backups = enrol(
        shown.sealed, code_at(shown.secret, at), principal=behind, token=token, visit=at, key=Key.fresh()
    )
    return shown.secret, tuple(backups)


_names = iter(f"staff{number}" for number in range(1000))


def settled(*roles: str) -> Person:
    """Somebody who has been through the first login."""
    person = newcomer(next(_names), *roles or ("clerk",))
    with durable(Actor.SYSTEM):
        Staff.objects.filter(pk=person.number).update(password_hash=make_password(PASSWORD), must_change_password=False)
    person.password = PASSWORD
    challenge, token = start_staff_login(person.user_name, PASSWORD, visit())
    assert challenge is None
    person.secret, person.backups = enrolled(token, visit())
    release()
    return person


def unequipped(person: Person) -> None:
    """His authenticator is lost and was taken away."""
    with reading(Actor.SYSTEM):
        guard = Staff.objects.get(user_name="guard")
    by = Actor(ActorKind.STAFF, guard.pk, guard.name, Channel.COUNTER, roles=frozenset(guard.roles))
    reset_authenticator(person.number, by=by, visit=visit(), key=Key.fresh())


class TestStaff:
    def test_come_from_initial_password_over_own_password_and_authenticator_to_work(self) -> None:
        person = newcomer("li01", "clerk", "treasurer")
        assert refused(start_staff_login, "li01", "wrong", visit()) == ("ACCESS-LOGIN-FAILED",)
        challenge, token = start_staff_login("li01", person.password, visit())
        assert challenge is None
        assert session(token, visit()).stage is Stage.MUST_CHANGE_PASSWORD
        change_password(
            old="",
            new=PASSWORD,
            again=PASSWORD,
            by=session(token, visit()).actor,
            token=token,
            visit=visit(),
            key=Key.fresh(),
        )
        assert session(token, visit()).stage is Stage.MUST_ENROL
        person.secret, person.backups = enrolled(token, visit())
        found = session(token, visit())
        assert (found.stage, found.actor.roles) == (Stage.MUST_BE_RELEASED, frozenset())
        release()
        found = session(token, visit())
        assert found.stage is Stage.OPEN
        assert (found.actor.kind, found.actor.channel, found.actor.roles) == (
            ActorKind.STAFF,
            Channel.COUNTER,
            {"clerk", "treasurer"},
        )
        person.password = PASSWORD
        again = person.log_in(visit(1))
        assert session(again, visit(1)).stage is Stage.OPEN
        end_session(again, found.actor, visit(2))
        assert principal(again, visit(2)) is None

    def test_have_an_initial_password_that_works_once(self) -> None:
        person = newcomer(next(_names), "clerk")
        start_staff_login(person.user_name, person.password, visit())
        assert refused(start_staff_login, person.user_name, person.password, visit()) == ("ACCESS-INITIAL-SPENT",)

    def test_have_an_initial_password_that_expires(self) -> None:
        person = newcomer(next(_names), "clerk")
        late = visit(14 * 24 * 60)
        assert refused(start_staff_login, person.user_name, person.password, late) == ("ACCESS-INITIAL-SPENT",)

    def test_do_not_come_in_by_the_handlers_door(self) -> None:
        person = settled()
        assert refused(start_login, person.user_name, PASSWORD, visit()) == ("ACCESS-LOGIN-FAILED",)
        challenge = person.challenge(visit())
        assert refused(issue_code, challenge, visit()) == ("ACCESS-LOGIN-OVER",)
        assert refused(finish_login, challenge, "123456", visit()) == ("ACCESS-LOGIN-OVER",)

    def test_keep_the_words_of_their_own_out_of_passwords(self) -> None:
        person = newcomer("li-the-clerk-of-leshan", "clerk")
        _, token = start_staff_login(person.user_name, person.password, visit())
        with pytest.raises(Refused) as weak:
            change_password(
                old="",
                new="li-the-clerk-of-leshan1",
                again="li-the-clerk-of-leshan1",
                by=session(token, visit()).actor,
                token=token,
                visit=visit(),
                key=Key.fresh(),
            )
        assert weak.value.codes == ("ACCESS-PASSWORD-WEAK",)


class TestACode:
    def test_works_once_and_none_before_it_works_after_it(self) -> None:
        person = settled()
        person.log_in(visit(2))
        for code_of in (visit(2), visit(1.5)):
            challenge = person.challenge(visit(2))
            code = code_at(person.secret, code_of)
            assert refused(finish_by_authenticator, challenge, code, visit(2)) == ("ACCESS-CODE-WRONG",)
        person.log_in(visit(2.5))

    def test_may_come_from_a_clock_that_is_half_a_minute_off(self) -> None:
        person = settled()
        for minute, code_of in ((2, 1.5), (3, 3.5)):
            challenge = person.challenge(visit(minute))
            finish_by_authenticator(challenge, code_at(person.secret, visit(code_of)), visit(minute))
        challenge = person.challenge(visit(10))
        code = code_at(person.secret, visit(9))
        assert refused(finish_by_authenticator, challenge, code, visit(10)) == ("ACCESS-CODE-WRONG",)

    def test_of_two_tried_at_the_same_moment_lets_one_in(self) -> None:
        person = settled()
        for race in range(RACES):
            at = visit(2 + race)
            challenges = [person.challenge(at), person.challenge(at)]
            code, barrier = code_at(person.secret, at), Barrier(2)

            def attempt(challenge: str, code=code, at=at, barrier=barrier) -> str:
                barrier.wait()
                try:
                    finish_by_authenticator(challenge, code, at)
                except Refused as refusal:
                    return refusal.codes[0]
                finally:
                    connection.close()
                return "in"

            with ThreadPoolExecutor(2) as pool:
                assert sorted(pool.map(attempt, challenges)) == ["ACCESS-CODE-WRONG", "in"]

    def test_that_is_wrong_is_tried_five_times_and_then_the_login_is_over(self) -> None:
        person = settled()
        challenge = person.challenge(visit(2))
        wrong = f"{(int(code_at(person.secret, visit(2))) + 1) % 1_000_000:06d}"
        for left in (4, 3, 2, 1):
            with pytest.raises(Refused) as refusal:
                finish_by_authenticator(challenge, wrong, visit(2))
            assert f"还可以试{left}次" in refusal.value.refusals[0].remedy
        assert refused(finish_by_authenticator, challenge, wrong, visit(2)) == ("ACCESS-CODE-DEAD",)
        right = code_at(person.secret, visit(2))
        assert refused(finish_by_authenticator, challenge, right, visit(2)) == ("ACCESS-CODE-DEAD",)
        assert refused(finish_by_authenticator, challenge, right, visit(2)) == ("ACCESS-LOGIN-OVER",)
        person.log_in(visit(2))

    def test_is_not_looked_at_after_twenty_wrong_ones_in_a_day(self) -> None:
        person = settled()
        for number in range(20):
            if number % 4 == 0:
                challenge = person.challenge(visit(2 + number))
            assert refused(finish_by_authenticator, challenge, "AAAAAAAAAA", visit(2 + number)) == (
                "ACCESS-CODE-WRONG",
            )
        assert refused(person.log_in, visit(30)) == ("ACCESS-CODES-USED-UP",)
        person.log_in(visit(25 * 60))

    def test_that_is_no_code_at_all_is_said_so(self) -> None:
        person = settled()
        assert refused(finish_by_authenticator, person.challenge(visit(2)), "hello", visit(2)) == (
            "ACCESS-AUTHENTICATOR-FORM",
        )
        assert refused(finish_by_authenticator, "no such login", "123456", visit(2)) == ("ACCESS-LOGIN-OVER",)


class TestBackupCodes:
    def test_work_once_each_however_they_are_typed(self) -> None:
        person = settled()
        assert len(set(person.backups)) == 10
        typed = f" {person.backups[0][:5].lower()} {person.backups[0][5:]}"
        finish_by_authenticator(person.challenge(visit(2)), typed, visit(2))
        again = person.challenge(visit(3))
        assert refused(finish_by_authenticator, again, person.backups[0], visit(3)) == ("ACCESS-CODE-WRONG",)
        finish_by_authenticator(again, person.backups[1], visit(3))

    def test_of_others_open_nothing(self) -> None:
        one, other = settled(), settled()
        challenge = one.challenge(visit(2))
        assert refused(finish_by_authenticator, challenge, other.backups[0], visit(2)) == ("ACCESS-CODE-WRONG",)


class TestEnrolment:
    def test_belongs_to_its_session_and_needs_the_app(self) -> None:
        person, other = settled(), settled()
        token, elsewhere = person.log_in(visit(2)), other.log_in(visit(2))
        behind = session(token, visit(2))
        shown = new_enrolment(behind, "网厅")
        assert new_enrolment(behind, "网厅", shown.sealed).secret == shown.secret
        code = code_at(shown.secret, visit(2))
        rest = {"token": token, "visit": visit(2)}
        stranger = session(elsewhere, visit(2))
        assert refused(enrol, shown.sealed, code, principal=stranger, key=Key.fresh(), **rest) == (
            "ACCESS-ENROLMENT-OVER",
        )
        assert refused(enrol, "nothing", code, principal=behind, key=Key.fresh(), **rest) == ("ACCESS-ENROLMENT-OVER",)
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        assert refused(enrol, shown.sealed, wrong, principal=behind, key=Key.fresh(), **rest) == (
            "ACCESS-AUTHENTICATOR-WRONG",
        )
        key = Key.fresh()
        _, backups = enrol(shown.sealed, code, principal=behind, key=key, **rest)
        assert len(backups) == 10
        assert enrol(shown.sealed, code, principal=behind, key=key, **rest)[1] == []

    def test_takes_the_place_of_the_one_before(self) -> None:
        person = settled()
        before = person.backups[0]
        person.secret, person.backups = enrolled(person.log_in(visit(2)), visit(3))
        challenge = person.challenge(visit(4))
        assert refused(finish_by_authenticator, challenge, before, visit(4)) == ("ACCESS-CODE-WRONG",)
        person.log_in(visit(4))

    def test_ends_what_came_in_without_it(self) -> None:
        person, at = settled(), visit(2)
        unequipped(person)
        _, intruder = start_staff_login(person.user_name, PASSWORD, at)
        _, token = start_staff_login(person.user_name, PASSWORD, at)
        person.secret, _ = enrolled(token, at)
        assert principal(intruder, at) is None
        assert session(token, at).stage is Stage.MUST_BE_RELEASED

    def test_ends_the_logins_that_were_under_way(self) -> None:
        person, at = settled(), visit(2)
        token, begun = person.log_in(at), person.challenge(at)
        person.secret, _ = enrolled(token, at)
        assert refused(finish_by_authenticator, begun, code_at(person.secret, visit(3)), visit(3)) == (
            "ACCESS-LOGIN-OVER",
        )

    def test_leaves_no_secret_and_no_code_in_clear(self, ground) -> None:
        person = settled()
        stored = everything_stored(ground)
        assert person.secret not in stored
        assert not any(code in stored for code in person.backups)


class TestHandlers:
    def test_may_use_an_authenticator_beside_the_text_message(self) -> None:
        known = desk()
        token = known.log_in(visit())
        change_password(
            old="", new=PASSWORD, again=PASSWORD, by=known.handler, token=token, visit=visit(), key=Key.fresh()
        )
        secret, backups = enrolled(token, visit())
        challenge = start_login(known.user_name, PASSWORD, visit(2))
        assert challenge.has_authenticator
        finish_by_authenticator(challenge.token, code_at(secret, visit(2)), visit(2))
        by_paper = start_login(known.user_name, PASSWORD, visit(3)).token
        finish_by_authenticator(by_paper, backups[0], visit(3))
        by_text = start_login(known.user_name, PASSWORD, visit(4)).token
        issue_code(by_text, visit(4))
        assert session(finish_login(by_text, last_code(known.mobile), visit(4)), visit(4)).actor.id == known.handler_id

    def test_without_one_have_the_text_message_alone(self) -> None:
        known = desk()
        challenge = start_login(known.user_name, known.password, visit())
        assert not challenge.has_authenticator
        assert refused(finish_by_authenticator, challenge.token, "123456", visit()) == ("ACCESS-LOGIN-OVER",)


class TestTheDemonstration:
    def test_shows_codes_that_still_work(self) -> None:
        person = settled()
        for _ in range(2):
            with reading(Actor.SYSTEM):
                shown = usable_code(PrincipalKind.STAFF, person.number, visit(2).now)
            assert shown is not None
            finish_by_authenticator(person.challenge(visit(2)), shown[0], visit(2))
        with reading(Actor.SYSTEM):
            third = usable_code(PrincipalKind.STAFF, person.number, visit(2).now)
            assert usable_code(PrincipalKind.STAFF, 0, visit(2).now) is None
        assert third is not None
        finish_by_authenticator(person.challenge(visit(2)), third[0], visit(2))
        with reading(Actor.SYSTEM):
            assert usable_code(PrincipalKind.STAFF, person.number, visit(2).now) == ("", 30)
