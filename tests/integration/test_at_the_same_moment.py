"""What comes in at the very moment at which access ends, ends with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from hpf.hall_access import attempts
from hpf.hall_access.attempts import login_code_digest, statements
from hpf.hall_access.authenticators import equip, usable_code
from hpf.hall_access.handler_change import change_mobile
from hpf.hall_access.models import PrincipalKind
from hpf.hall_access.operations import finish_by_authenticator, finish_login, issue_code, principal, start_staff_login
from hpf.hall_access.passwords import ask_reset, prove_reset, recover_password, reissue_initial_password
from hpf.hall_access.rules import Visit
from hpf.hall_access.staff import suspend_staff
from hpf.kernel import Actor, ActorKind, Channel, Key, Refused
from hpf.notices.sms import outbox
from hpf.registry.models import Branch, Employer, Handler, Staff
from hpf.storage import durable
from hpf.storage.tokens import token_digest
from tests.integration.hall import CLERK, TODAY, Desk, another, desk, last_code, lay_ground, quick_passwords, visit
from tests.integration.test_authenticators import newcomer
from tests.integration.test_handler_change import SEEN
from tests.versions import found_center

pytestmark = pytest.mark.usefixtures("ground")
TOKEN = "a secret of a browser that is coming in just now"
NEW_PASSWORD = "lantern-sieve-pebble-7"


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Any:
    with quick_passwords():
        lay_ground()
        found_center("一", TODAY)
        yield shared_center


@contextmanager
def under_way(ground: Any, role: str, statement: str, *values: object) -> Iterator[psycopg.Connection[Any]]:
    """A statement that is done and not committed yet."""
    with ground.connect("superuser") as raw, raw.transaction():
        raw.execute(f"SET LOCAL ROLE hpf_demo_{role}")
        raw.execute(statement, values)
        yield raw


def meanwhile(ground: Any, pool: ThreadPoolExecutor, work: Callable[[], Any], already_waiting: int = 0) -> Future[Any]:
    """Begin a work; come back once it waits for somebody else's transaction as others do already, or is done."""

    def on_a_connection_of_its_own() -> Any:
        try:
            return work()
        finally:
            connection.close()

    begun = pool.submit(on_a_connection_of_its_own)
    with ground.connect("superuser") as looking:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        while not begun.done() and looking.execute(waiting).fetchone() == (already_waiting,):
            pass
    return begun


def settled() -> Desk:
    """A handler who has a password of his own."""
    known = desk()
    with durable(Actor.SYSTEM):
        Handler.objects.filter(pk=known.handler_id).update(must_change_password=False)
    return known


def credit_code(known: Desk) -> str:
    with durable(Actor.SYSTEM):
        return Employer.objects.get(pk=known.employer_id).credit_code


def binds_another(known: Desk, at: Visit) -> None:
    mobile = another().handler_mobile
    change_mobile(known.employer_id, mobile, SEEN, by=CLERK, today=TODAY, now=at.now, key=Key.fresh())


def test_a_login_that_becomes_a_session_while_the_password_is_replaced(ground: Any) -> None:
    known, at = settled(), visit(5)
    challenge = known.challenge(at)
    issue_code(challenge, at)
    code = login_code_digest(challenge, last_code(known.mobile))
    finish = "SELECT hall_access_finish(%s, %s, %s, '', '', %s)"
    with ThreadPoolExecutor(1) as pool:
        with under_way(ground, "portal", finish, token_digest(challenge), code, token_digest(TOKEN), at.now):
            replaced = meanwhile(
                ground,
                pool,
                lambda: reissue_initial_password(known.handler_id, by=CLERK, visit=at, key=Key.fresh()),
            )
        replaced.result()
    assert principal(TOKEN, at) is None


def test_an_authenticator_that_is_set_up_while_the_mobile_is_changed(ground: Any) -> None:
    known, at = settled(), visit(5)
    token = token_digest(known.log_in(at))
    with ThreadPoolExecutor(1) as pool:
        with under_way(ground, "staff", "SELECT hall_access_enrol(%s, '', 1, '{}', %s)", token, at.now):
            changed = meanwhile(ground, pool, lambda: binds_another(known, at))
        changed.result()
    with ground.connect("superuser") as looking:
        left = "SELECT count(*) FROM hall_access_authenticator WHERE kind = 'handler' AND principal_id = %s"
        assert looking.execute(left, [known.handler_id]).fetchone() == (0,)


def test_an_initial_password_that_is_sent_while_the_mobile_is_changed(ground: Any) -> None:
    known, other, at = settled(), desk(), visit(5)
    change = (
        "UPDATE registry_handler SET mobile = (SELECT mobile FROM registry_handler WHERE id = %(other)s)"
        " WHERE id = %(handler)s"
    )
    values = {"handler": known.handler_id, "other": other.handler_id}
    sent: dict[str, Any] = {"by": CLERK, "visit": at, "key": Key.fresh(), "by_sms": True}
    with ThreadPoolExecutor(1) as pool:
        with ground.connect("superuser") as raw, raw.transaction():
            raw.execute(change, values)
            reissued = meanwhile(ground, pool, lambda: reissue_initial_password(known.handler_id, **sent))
        reissued.result()
    with durable(Actor.SYSTEM):
        told = {one.mobile for one in outbox(1000) if one.template == "initial-password"}
    assert told & {known.mobile, other.mobile} == {other.mobile}


def test_a_login_without_authenticator_while_one_is_set_up(ground: Any) -> None:
    """One that is admitted at that moment, and one that begins: neither gets a session."""
    at, person, admitted_as = visit(5), newcomer("enrols_now", "clerk"), "a secret of another browser"
    with durable(Actor.SYSTEM):
        password = {"password_hash": make_password(NEW_PASSWORD), "must_change_password": False}
        Staff.objects.filter(pk=person.number).update(**password)
    _, token = start_staff_login(person.user_name, NEW_PASSWORD, at)
    with ground.connect("superuser") as raw:
        begin = "SELECT hall_access_challenge(%s, 'staff', %s, %s, %s)"
        raw.execute(begin, [token_digest(admitted_as), person.number, password["password_hash"], at.now])

    def is_admitted() -> bool:
        with durable(Actor.SYSTEM):
            return bool(
                statements("admit", challenge=token_digest(admitted_as), **attempts.browser(admitted_as, at)).row()[0]
            )

    enrol = "SELECT hall_access_enrol(%s, '', 1, '{}', %s)"
    with ThreadPoolExecutor(2) as pool:
        with under_way(ground, "staff", enrol, token_digest(token), at.now):
            admitted = meanwhile(ground, pool, is_admitted)
            begun = meanwhile(
                ground, pool, lambda: start_staff_login(person.user_name, NEW_PASSWORD, at), already_waiting=1
            )
        assert not admitted.result()
        challenge, session = begun.result()
    assert (challenge.has_authenticator, session) == (True, "")


def test_a_code_that_is_asked_for_while_the_mobile_is_changed(ground: Any) -> None:
    known, at = settled(), visit(5)
    challenge = known.challenge(at)
    change = "SELECT hall_access_end_handler(%s, 'mobile_changed', %s)"
    with ThreadPoolExecutor(1) as pool:
        with under_way(ground, "staff", change, known.handler_id, at.now):
            asked = meanwhile(ground, pool, lambda: issue_code(challenge, at))
        with pytest.raises(Refused, match="ACCESS-LOGIN-OVER"):
            asked.result()


def test_a_recovery_that_is_begun_while_the_mobile_is_changed(ground: Any) -> None:
    known, at = settled(), visit(5)
    ask = (
        "SELECT hall_access_ask_reset(%(token)s, %(name)s, %(credit)s, '', %(now)s);"
        "SELECT hall_access_issue_code(%(token)s, %(code)s, '', '', %(now)s)"
    )
    values = {
        "token": token_digest(TOKEN),
        "name": known.user_name,
        "credit": credit_code(known),
        "code": login_code_digest(TOKEN, "123456"),
        "now": at.now,
    }
    with ThreadPoolExecutor(1) as pool:
        with ground.connect("superuser") as raw, raw.transaction():
            psycopg.ClientCursor(raw).execute(ask, values)
            changed = meanwhile(ground, pool, lambda: binds_another(known, at))
        changed.result()
    with pytest.raises(Refused, match="ACCESS-CODE-WRONG"):
        prove_reset(TOKEN, "123456", at)


def test_a_recovery_that_waits_for_the_change_of_the_mobile(ground: Any) -> None:
    """Who binds a mobile of his own and asks for the password at the same moment gets no code on it."""
    known, at = settled(), visit(5)
    with ThreadPoolExecutor(2) as pool:
        with ground.connect("superuser") as raw, raw.transaction():
            raw.execute("LOCK TABLE hall_access_handlerchange IN EXCLUSIVE MODE")
            changed = meanwhile(ground, pool, lambda: binds_another(known, at))
            asked = meanwhile(
                ground, pool, lambda: ask_reset(known.user_name, credit_code(known), at), already_waiting=1
            )
        changed.result()
        asked.result()
    with durable(Actor.SYSTEM):
        bound = Handler.objects.get(pk=known.handler_id).mobile
        told = {one.template for one in outbox(1000) if one.mobile == bound}
    assert told == {"mobile-changed"}


def test_a_recovery_that_is_finished_while_the_mobile_is_changed(ground: Any) -> None:
    known, at = settled(), visit(5)
    recovery = ask_reset(known.user_name, credit_code(known), at)
    prove_reset(recovery, last_code(known.mobile), at)
    change = (
        "SELECT pg_advisory_xact_lock(hall_access_lock_of(%(employer)s));"
        "SELECT FROM registry_handler WHERE id = %(handler)s FOR UPDATE;"
        "SELECT hall_access_end_handler(%(handler)s, 'mobile_changed', %(now)s)"
    )
    values = {"employer": known.employer_id, "handler": known.handler_id, "now": at.now}
    with ThreadPoolExecutor(1) as pool:
        with ground.connect("superuser") as raw, raw.transaction():
            psycopg.ClientCursor(raw).execute(change, values)
            recovered = meanwhile(ground, pool, lambda: recover_password(recovery, NEW_PASSWORD, NEW_PASSWORD, at))
        with pytest.raises(Refused, match="ACCESS-RESET-OVER"):
            recovered.result()


def logs_in(known: Desk, at: Visit) -> Callable[[], object]:
    challenge = known.challenge(at)
    issue_code(challenge, at)
    code = last_code(known.mobile)
    return lambda: finish_login(challenge, code, at)


def logs_in_by_authenticator(known: Desk, at: Visit) -> Callable[[], object]:
    with durable(Actor.SYSTEM):
        equip(PrincipalKind.HANDLER, known.handler_id, at.now)
        shown = usable_code(PrincipalKind.HANDLER, known.handler_id, at.now)
    challenge = known.challenge(at)
    assert shown is not None
    return lambda: finish_by_authenticator(challenge, shown[0], at)


def proves_the_mobile(known: Desk, at: Visit) -> Callable[[], object]:
    with durable(Actor.SYSTEM):
        Handler.objects.filter(pk=known.handler_id).update(must_change_password=False)
    recovery = ask_reset(known.user_name, credit_code(known), at)
    code = last_code(known.mobile)
    return lambda: prove_reset(recovery, code, at)


def gives_another_password(known: Desk, at: Visit) -> None:
    reissue_initial_password(known.handler_id, by=CLERK, visit=at, key=Key.fresh())


CODES = (
    "SELECT c.id FROM hall_access_code c JOIN hall_access_challenge l ON l.id = c.challenge_id"
    " WHERE l.principal_id = %s AND c.closed_at IS NULL FOR UPDATE OF c"
)
UNDER_WAY = "SELECT id FROM hall_access_challenge WHERE principal_id = %s AND closed_at IS NULL FOR UPDATE"


def test_who_is_stopped_has_done_before_it_what_he_had_begun_and_nothing_after(ground: Any) -> None:
    with durable(Actor.SYSTEM):
        branch = Branch.objects.get()
        person = Staff.objects.create(user_name="slow", name="慢", password_hash="!", branch=branch, roles=["clerk"])
    at_work = Actor(ActorKind.STAFF, person.pk, "慢", Channel.COUNTER, roles=frozenset({"clerk"}))
    security = Actor(ActorKind.STAFF, 50, "安平", Channel.COUNTER, roles=frozenset({"security_admin"}))
    with ThreadPoolExecutor(1) as pool:
        with durable(at_work):
            stopped = meanwhile(
                ground, pool, lambda: suspend_staff(person.pk, by=security, visit=visit(5), key=Key.fresh())
            )
            assert not stopped.done()
        stopped.result()
    with pytest.raises(Refused, match="STAFF-STOPPED"), durable(at_work):
        pass


def test_of_two_who_stop_each_other_one_is_stopped(ground: Any) -> None:
    """Both are held where it is asked whether they may act: what they have by then is what they lock before it."""
    with durable(Actor.SYSTEM):
        branch = Branch.objects.get()
        low, high = (
            Staff.objects.create(user_name=name, name=name, password_hash="!", branch=branch, roles=["security_admin"])
            for name in ("low", "high")
        )
    one, two = (
        Actor(ActorKind.STAFF, each.pk, each.name, Channel.COUNTER, roles=frozenset({"security_admin"}))
        for each in (low, high)
    )
    with ThreadPoolExecutor(2) as pool:
        with ground.connect("superuser") as raw, raw.transaction():
            raw.execute("LOCK TABLE registry_staff")
            first = meanwhile(ground, pool, lambda: suspend_staff(high.pk, by=one, visit=visit(5), key=Key.fresh()))
            second = meanwhile(
                ground, pool, lambda: suspend_staff(low.pk, by=two, visit=visit(5), key=Key.fresh()), already_waiting=1
            )
        first.result()
        with pytest.raises(Refused, match="STAFF-STOPPED"):
            second.result()
    with durable(Actor.SYSTEM):
        assert [Staff.objects.get(pk=each.pk).active for each in (low, high)] == [True, False]


@pytest.mark.parametrize("comes_in", [logs_in, logs_in_by_authenticator, proves_the_mobile])
@pytest.mark.parametrize("clerk_acts", [binds_another, gives_another_password])
@pytest.mark.parametrize("held", [CODES, UNDER_WAY], ids=["codes", "under_way"])
def test_who_comes_in_and_the_clerk_who_ends_it_do_not_wait_for_each_other(
    ground: Any,
    comes_in: Callable[[Desk, Visit], Callable[[], object]],
    clerk_acts: Callable[[Desk, Visit], None],
    held: str,
) -> None:
    """Both are let run to the row that is held, the one who comes in first: what they have by then is what they lock
    before it."""
    known, at = desk(), visit(5)
    came = comes_in(known, at)
    with ThreadPoolExecutor(2) as pool:
        with ground.connect("superuser") as raw, raw.transaction():
            raw.execute(held, [known.handler_id])
            entered = meanwhile(ground, pool, came)
            ended = meanwhile(ground, pool, lambda: clerk_acts(known, at), already_waiting=not entered.done())
        token = entered.result()
        ended.result()
    assert token is None or principal(token, at) is None
