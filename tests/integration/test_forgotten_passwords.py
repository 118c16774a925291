"""A forgotten password: recovered with the telephone, told to nobody else, and no way around the second factor."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hpf.hall_access import queries
from hpf.hall_access.authenticators import equip, usable_code
from hpf.hall_access.handler_change import PapersSeen, change_mobile
from hpf.hall_access.models import PrincipalKind
from hpf.hall_access.operations import (
    finish_by_authenticator,
    finish_login,
    issue_code,
    principal,
    start_login,
)
from hpf.hall_access.passwords import (
    ask_reset,
    change_password,
    prove_reset,
    prove_reset_by_authenticator,
    recover_password,
    reissue_initial_password,
    resend_reset_code,
)
from hpf.hall_access.rules import ResetStep, Visit
from hpf.kernel import Actor, Key, Refused
from hpf.notices.sms import OutboxMessage, outbox
from hpf.registry.models import Employer
from hpf.storage import durable, reading
from tests.integration.browser import Browser
from tests.integration.hall import (
    CLERK,
    TODAY,
    Desk,
    another,
    desk,
    everything_stored,
    last_code,
    lay_ground,
    quick_passwords,
    visit,
)

pytestmark = pytest.mark.usefixtures("ground")
OLD_PASSWORD, NEW_PASSWORD, THIRD = "moor-otter-quill-19", "lantern-sieve-pebble-7", "thimble-harbour-kite-33"
RACES = 20


@pytest.fixture(scope="module")
def ground(shared_center):
    with quick_passwords():
        lay_ground()
        yield shared_center


@pytest.fixture(autouse=True)
def no_failures_yet(ground):
    with ground.connect("owner") as owner:
        owner.execute("DELETE FROM hall_access_throttle")


@dataclass(frozen=True)
class Known:
    """A handler who has been in, and the credit code of his employer."""

    desk: Desk
    credit_code: str
    token: str

    def asks(self, at: Visit) -> str:
        return ask_reset(self.desk.user_name, self.credit_code, at)

    def proves(self, at: Visit) -> str:
        secret = self.asks(at)
        prove_reset(secret, last_code(self.desk.mobile), at)
        return secret


def known() -> Known:
    new = desk()
    token = new.log_in(visit())
    change_password(
        old="", new=OLD_PASSWORD, again=OLD_PASSWORD, by=new.handler, token=token, visit=visit(), key=Key.fresh()
    )
    with reading(Actor.SYSTEM):
        credit_code = Employer.objects.get(pk=new.employer_id).credit_code
    return Known(new, credit_code, token)


def messages(mobile: str) -> list[OutboxMessage]:
    with reading(Actor.SYSTEM):
        return [one for one in outbox(1000) if one.mobile == mobile]


def step(secret: str, at: Visit) -> ResetStep:
    with reading(Actor.ANONYMOUS):
        return queries.reset_step(secret, at)


def refused(act, *args, **kwargs) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


def authenticator_of(one: Known, at: Visit) -> str:
    """Give the handler an authenticator; what it shows."""
    with durable(Actor.SYSTEM):
        equip(PrincipalKind.HANDLER, one.desk.handler_id, at.now)
        shown = usable_code(PrincipalKind.HANDLER, one.desk.handler_id, at.now)
    assert shown is not None
    return shown[0]


class TestARecovery:
    def test_goes_from_the_code_to_a_new_password_and_ends_all_sessions(self) -> None:
        one = known()
        under_way = start_login(one.desk.user_name, OLD_PASSWORD, visit(1)).token
        secret = one.asks(visit(2))
        assert step(secret, visit(2)) is ResetStep.CODE
        prove_reset(secret, last_code(one.desk.mobile), visit(3))
        assert step(secret, visit(3)) is ResetStep.PASSWORD
        recover_password(secret, NEW_PASSWORD, NEW_PASSWORD, visit(4))
        assert principal(one.token, visit(4)) is None
        assert refused(issue_code, under_way, visit(4)) == ("ACCESS-LOGIN-OVER",)
        assert refused(start_login, one.desk.user_name, OLD_PASSWORD, visit(4)) == ("ACCESS-LOGIN-FAILED",)
        assert refused(recover_password, secret, THIRD, THIRD, visit(4)) == ("ACCESS-RESET-OVER",)
        start_login(one.desk.user_name, NEW_PASSWORD, visit(5))
        assert messages(one.desk.mobile)[0].template == "password-changed"

    def test_takes_the_same_passwords_as_a_change_does(self) -> None:
        one = known()
        secret = one.proves(visit(2))
        assert refused(recover_password, secret, OLD_PASSWORD, OLD_PASSWORD, visit(3)) == ("ACCESS-PASSWORD-SAME",)
        weak = f"{one.credit_code}-abc"
        assert refused(recover_password, secret, weak, weak + "x", visit(3)) == (
            "ACCESS-PASSWORD-WEAK",
            "ACCESS-PASSWORD-AGAIN",
        )
        recover_password(secret, NEW_PASSWORD, NEW_PASSWORD, visit(4))

    def test_takes_the_code_as_it_is_printed(self) -> None:
        one = known()
        secret = ask_reset(one.desk.user_name, f"{one.credit_code[:8].lower()}－{one.credit_code[8:]} ", visit(1))
        prove_reset(secret, last_code(one.desk.mobile), visit(1))

    def test_never_skips_the_code(self) -> None:
        one = known()
        secret = one.asks(visit(2))
        assert refused(recover_password, secret, NEW_PASSWORD, NEW_PASSWORD, visit(2)) == ("ACCESS-RESET-OVER",)
        assert refused(prove_reset_by_authenticator, secret, "123456", visit(2)) == ("ACCESS-LOGIN-OVER",)

    def test_asks_for_the_authenticator_besides_where_there_is_one(self) -> None:
        one = known()
        code = authenticator_of(one, visit(2))
        secret = one.asks(visit(2))
        assert refused(prove_reset_by_authenticator, secret, code, visit(2)) == ("ACCESS-LOGIN-OVER",)
        prove_reset(secret, last_code(one.desk.mobile), visit(2))
        assert step(secret, visit(2)) is ResetStep.AUTHENTICATOR
        assert refused(recover_password, secret, NEW_PASSWORD, NEW_PASSWORD, visit(2)) == ("ACCESS-RESET-OVER",)
        assert refused(prove_reset_by_authenticator, secret, "AAAAAAAAAA", visit(2)) == ("ACCESS-CODE-WRONG",)
        prove_reset_by_authenticator(secret, code, visit(2))
        assert step(secret, visit(2)) is ResetStep.PASSWORD
        recover_password(secret, NEW_PASSWORD, NEW_PASSWORD, visit(3))

    def test_opens_no_session_and_a_login_recovers_nothing(self) -> None:
        one = known()
        code = authenticator_of(one, visit(2))
        secret = one.asks(visit(2))
        sent = last_code(one.desk.mobile)
        assert refused(finish_login, secret, sent, visit(2)) == ("ACCESS-LOGIN-OVER",)
        assert refused(finish_by_authenticator, secret, code, visit(2)) == ("ACCESS-LOGIN-OVER",)
        assert refused(issue_code, secret, visit(4)) == ("ACCESS-LOGIN-OVER",)
        challenge = start_login(one.desk.user_name, OLD_PASSWORD, visit(4)).token
        issue_code(challenge, visit(4))
        assert refused(prove_reset, challenge, last_code(one.desk.mobile), visit(4)) == ("ACCESS-RESET-OVER",)

    def test_is_over_after_ten_minutes(self) -> None:
        secret = known().proves(visit(2))
        assert refused(recover_password, secret, NEW_PASSWORD, NEW_PASSWORD, visit(12)) == ("ACCESS-RESET-OVER",)

    def test_is_not_for_who_has_never_been_in(self) -> None:
        new = desk()
        with reading(Actor.SYSTEM):
            credit_code = Employer.objects.get(pk=new.employer_id).credit_code
        ask_reset(new.user_name, credit_code, visit())
        assert messages(new.mobile) == []

    def test_of_two_with_one_code_proves_once(self) -> None:
        for race in range(RACES):
            at = visit(2 + 2 * race)
            one = known()
            secret = one.asks(at)
            code, barrier = last_code(one.desk.mobile), Barrier(2)

            def attempt(_: int, secret=secret, code=code, at=at, barrier=barrier) -> str:
                barrier.wait()
                try:
                    prove_reset(secret, code, at)
                except Refused as refusal:
                    return refusal.codes[0]
                finally:
                    connection.close()
                return "proved"

            with ThreadPoolExecutor(2) as pool:
                assert sorted(pool.map(attempt, range(2))) == ["ACCESS-CODE-DEAD", "proved"]


class TestNobodyLearns:
    def test_whether_there_is_such_a_user_by_the_answer_or_the_work(self) -> None:
        one, other = known(), known()

        def work(user_name: str, credit_code: str) -> list[str]:
            with CaptureQueriesContext(connection) as captured:
                secret = ask_reset(user_name, credit_code, visit(2))
                assert step(secret, visit(2)) is ResetStep.CODE
                resend_reset_code(secret, visit(2))
                for left in (4, 3, 2, 1):
                    with pytest.raises(Refused) as wrong:
                        prove_reset(secret, "000000", visit(2))
                    assert f"还可以试{left}次" in wrong.value.refusals[0].remedy
                assert refused(prove_reset, secret, "000000", visit(2)) == ("ACCESS-CODE-DEAD",)
            return [query["sql"].split("(")[0] for query in captured]

        expected = work(one.desk.user_name, one.credit_code)
        assert sum("notices_outboxmessage" in statement for statement in expected) == 1
        assert work("51119999999901", one.credit_code) == expected
        assert work(one.desk.user_name, other.credit_code) == expected

    @pytest.mark.parametrize("act", ["changes_the_password", "gets_another_password", "binds_another_mobile"])
    def test_that_somebody_s_owner_acts_while_a_recovery_is_under_way(self, act: str) -> None:
        """It goes on as nobody's does, and not even the code that was sent opens anything."""
        one, at = known(), visit(2)
        secret = one.asks(at)
        sent = last_code(one.desk.mobile)
        acts = {
            "changes_the_password": lambda: changed(one, one.token, OLD_PASSWORD, NEW_PASSWORD, at),
            "gets_another_password": lambda: reissue_initial_password(
                one.desk.handler_id, by=CLERK, visit=at, key=Key.fresh()
            ),
            "binds_another_mobile": lambda: change_mobile(
                one.desk.employer_id,
                another().handler_mobile,
                PapersSeen(letter_seen=True, card_seen=True),
                by=CLERK,
                today=TODAY,
                now=at.now,
                key=Key.fresh(),
            ),
        }
        acts[act]()
        assert step(secret, at) is ResetStep.CODE
        resend_reset_code(secret, at)
        for left in (4, 3, 2, 1):
            with pytest.raises(Refused) as wrong:
                prove_reset(secret, sent, at)
            assert f"还可以试{left}次" in wrong.value.refusals[0].remedy
        assert refused(prove_reset, secret, sent, at) == ("ACCESS-CODE-DEAD",)
        assert step(secret, at) is ResetStep.CODE

    def test_by_the_page_either(self) -> None:
        one, answers = known(), []
        for name in (one.desk.user_name, "nobody"):
            browser = Browser()
            page = browser.submit(browser.open("/forgot/"), "/forgot/", user_name=name, credit_code=one.credit_code)
            assert page.address == "/forgot/next/"
            page = browser.submit(page, "/forgot/next/", code="000000")
            assert page.status == 422
            start = page.html.index("<section")
            answers.append(page.html[start : page.html.index("<form", start)])
        assert answers[0] == answers[1]

    @pytest.mark.parametrize(
        ("codes", "minutes_ago", "from_an_address"),
        [(1, 0, 25), (5, 30, 25), (1, 120, 0)],
        ids=["a_minute_after_a_login", "after_the_fifth_code_in_an_hour", "where_the_address_waits"],
    )
    def test_where_no_code_may_go(self, ground, codes: int, minutes_ago: int, from_an_address: int) -> None:
        """Everything that a browser sees of a recovery, with asking again too soon and in time, to the last try."""
        one = known()
        for number in range(1, codes):
            issue_code(start_login(one.desk.user_name, OLD_PASSWORD, visit(2 * number)).token, visit(2 * number))
        with ground.connect("owner") as owner:
            owner.execute("UPDATE hall_access_limits SET codes_from_an_address = %s", [from_an_address])
            owner.execute(
                "UPDATE hall_access_code c SET issued_at = now() - make_interval(mins => %s)"
                " FROM hall_access_challenge l WHERE l.id = c.challenge_id AND l.principal_id = %s",
                [minutes_ago, one.desk.handler_id],
            )
            seen = [walk(owner, name, one.credit_code) for name in (one.desk.user_name, "nobody")]
            owner.execute("UPDATE hall_access_limits SET codes_from_an_address = 25")
        assert [status for status, *_ in seen[0]] == [200, 422, 200, 422, 200, 422, 422, 422, 422, 422, 422]
        assert seen[0] == seen[1]


def walk(owner: psycopg.Connection[Any], user_name: str, credit_code: str) -> list[tuple[int, str, list[str], str]]:
    """The answers to a recovery that fails: statuses, addresses, names of headers, pages without tokens."""
    browser = Browser()
    page = browser.submit(browser.open("/forgot/"), "/forgot/", user_name=user_name, credit_code=credit_code)
    pages = [page]
    for action in ("code", "again", "code", "minute", "again", *["code"] * 6):
        if action == "minute":
            owner.execute("UPDATE hall_access_code SET issued_at = issued_at - interval '61 seconds'")
        elif action == "again":
            pages.append(browser.submit(browser.open("/forgot/next/"), "/forgot/resend/"))
        else:
            pages.append(browser.submit(browser.open("/forgot/next/"), "/forgot/next/", code="000000"))
    return [(one.status, one.address, sorted(one.response.headers), without_tokens(one.html)) for one in pages]


def without_tokens(html: str) -> str:
    """Secrets of forms and proofs, and the reference by which a request is found in the log."""
    return re.sub(r"[\w-]{20,}|[A-Z0-9]{4}-[A-Z0-9]{4}", "…", html)


class TestAStranger:
    def test_cannot_use_up_the_codes_that_the_owner_logs_in_with(self) -> None:
        one = known()
        for hour in range(6):
            ask_reset(one.desk.user_name, one.credit_code, visit(2 + 60 * hour, address=f"198.51.100.{hour}"))
        sent = [message for message in messages(one.desk.mobile) if message.template == "password-reset"]
        assert len(sent) == 3
        at = visit(2 + 60 * 5 + 2)
        challenge = start_login(one.desk.user_name, OLD_PASSWORD, at).token
        issue_code(challenge, at)
        assert principal(finish_login(challenge, last_code(one.desk.mobile), at), at) is not None

    def test_cannot_lock_the_owner_s_codes_by_wrong_ones(self) -> None:
        one = known()
        for hour in range(3):
            at = visit(2 + 61 * hour, address=f"198.51.100.{hour}")
            secret = ask_reset(one.desk.user_name, one.credit_code, at)
            for _ in range(5):
                refused(prove_reset, secret, "000000", at)
        at = visit(240)
        challenge = start_login(one.desk.user_name, OLD_PASSWORD, at).token
        issue_code(challenge, at)
        finish_login(challenge, last_code(one.desk.mobile), at)

    def test_waits_after_five_from_one_address(self) -> None:
        one = known()
        for _ in range(5):
            one.asks(visit(2))
        assert refused(one.asks, visit(2)) == ("ACCESS-RESET-WAIT",)

    def test_gets_no_more_than_twenty_five_codes_from_one_address_in_five_minutes(self) -> None:
        for _ in range(25):
            at = visit(2, address="198.51.100.99")
            challenge = start_login((new := desk()).user_name, new.password, at).token
            issue_code(challenge, at)
        late = desk()
        challenge = start_login(late.user_name, late.password, at).token
        assert refused(issue_code, challenge, at) == ("ACCESS-CODE-WAIT",)
        after = visit(7.1, address="198.51.100.99")
        issue_code(challenge, after)


class TestTheProfileOfDengbao:
    @pytest.fixture(autouse=True)
    def strict(self, ground):
        with ground.connect("owner") as owner:
            owner.execute("UPDATE hall_access_limits SET dengbao = true")
            yield
            owner.execute("UPDATE hall_access_limits SET dengbao = false")

    def test_asks_for_three_of_four_classes_and_five_that_are_new(self) -> None:
        one = known_strictly()
        words = ["Lantern-sieve-pebble-7", "Thimble-harbour-kite-3", "Otter-moor-quill-19", "Gravel-tulip-anchor-4"]
        before, token = STRICT, one.token
        for number, word in enumerate(words):
            at = visit(2 + number)
            changed(one, token, before, word, at)
            before = word
        for used in (STRICT, *words[:-1]):
            assert refused(changed, one, token, before, used, visit(8)) == ("ACCESS-PASSWORD-USED-BEFORE",)
        assert refused(changed, one, token, before, "lantern-sieve-pebble", visit(8)) == ("ACCESS-PASSWORD-CLASSES",)


STRICT = "Moor-otter-quill-88"


def known_strictly() -> Known:
    new = desk()
    token = new.log_in(visit())
    change_password(old="", new=STRICT, again=STRICT, by=new.handler, token=token, visit=visit(), key=Key.fresh())
    return Known(new, "", token)


def changed(one: Known, token: str, old: str, new: str, at: Visit) -> None:
    change_password(old=old, new=new, again=new, by=one.desk.handler, token=token, visit=at, key=Key.fresh())


def test_no_code_and_no_password_is_kept_in_clear(ground) -> None:
    one = known()
    one.asks(visit(2))
    code = last_code(one.desk.mobile)
    stored = everything_stored(ground)
    assert OLD_PASSWORD not in stored
    assert f"验证码{code}" not in stored
    assert one.token not in stored
