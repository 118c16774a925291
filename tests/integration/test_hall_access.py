"""Logging in, codes, sessions and passwords, on a real database."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from hpf.hall_access import queries
from hpf.hall_access.operations import (
    end_session,
    finish_login,
    forget,
    issue_code,
    principal,
    start_login,
)
from hpf.hall_access.passwords import change_password, reissue_initial_password
from hpf.hall_access.rules import ChallengeState, SessionLine, Stage, Visit
from hpf.kernel import Actor, ActorKind, Key, Refused
from hpf.notices.sms import outbox
from hpf.registry.models import Handler
from hpf.storage import Query, durable, reading
from tests.integration.hall import (
    CLERK,
    REVIEWER,
    TODAY,
    Desk,
    QuickArgon2,
    desk,
    everything_stored,
    last_code,
    lay_ground,
    quick_passwords,
    visit,
)
from tests.versions import found_center, publish

pytestmark = pytest.mark.usefixtures("ground")
GOOD_PASSWORD = "moor-otter-quill-19"
OTHER_PASSWORD = "lantern-sieve-pebble-7"


@pytest.fixture(scope="module")
def ground(shared_center):
    with quick_passwords():
        lay_ground()
        yield shared_center


@pytest.fixture(autouse=True)
def no_failures_yet(ground):
    with ground.connect("owner") as owner:
        owner.execute("DELETE FROM hall_access_throttle")


def challenge_state(challenge: str, at: Visit) -> ChallengeState:
    with reading(Actor.ANONYMOUS):
        return queries.challenge_state(challenge, at)


def sessions(token: str, by: Actor) -> list[SessionLine]:
    with reading(by):
        return queries.sessions(token)


def refused(act, *args, **kwargs) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


def settled_desk() -> Desk:
    """A desk whose handler has a password of his own."""
    new = desk()
    token = new.log_in(visit())
    set_password(new, token, GOOD_PASSWORD)
    return Desk(new.employer_id, new.handler_id, new.user_name, GOOD_PASSWORD, new.mobile)


def set_password(of: Desk, token: str, new: str, old: str = "", at=None):
    return change_password(
        old=old, new=new, again=new, by=of.handler, token=token, visit=at or visit(), key=Key.fresh()
    )


def stage(token: str, at=None) -> Stage | None:
    found = principal(token, at or visit())
    return found.stage if found else None


def acts(employer_id: int | None) -> list[str]:
    with reading(Actor.SYSTEM):
        rows = Query(
            "SELECT act FROM evidence_event WHERE employer_id IS NOT DISTINCT FROM %(id)s ORDER BY id",
            {"id": employer_id},
        ).rows()
    return [act for (act,) in rows]


class TestFirstLogin:
    @pytest.mark.usefixtures("center")
    def test_goes_from_password_to_agreement_to_hall(self) -> None:
        lay_ground()
        found_center("2026-1", TODAY)
        new = desk()
        token = new.log_in(visit())
        found = principal(token, visit())
        assert found is not None
        assert found.stage is Stage.MUST_CHANGE_PASSWORD
        assert (found.actor.kind, found.actor.id, found.actor.employer_id) == (
            ActorKind.HANDLER,
            new.handler_id,
            new.employer_id,
        )
        set_password(new, token, GOOD_PASSWORD)
        assert stage(token) is Stage.MUST_ACCEPT_AGREEMENT
        with durable(new.handler):
            Handler.objects.filter(pk=new.handler_id).update(agreement_version="2026-1")
        assert stage(token) is Stage.OPEN
        publish("2026-2", TODAY + timedelta(days=1))
        assert stage(token) is Stage.OPEN
        tomorrow = visit()
        tomorrow = type(tomorrow)(tomorrow.address, tomorrow.agent, tomorrow.now, TODAY + timedelta(days=1))
        assert stage(token, tomorrow) is Stage.MUST_ACCEPT_AGREEMENT

    def test_leaves_its_trace_in_the_event_log(self) -> None:
        new = desk()
        token = new.log_in(visit())
        set_password(new, token, GOOD_PASSWORD)
        end_session(token, new.handler, visit())
        assert acts(new.employer_id) == [
            "register_employer",
            "reissue_initial_password",
            "start_login",
            "issue_login_code",
            "login",
            "change_password",
            "log_out",
        ]

    def test_an_initial_password_works_once(self) -> None:
        new = desk()
        new.log_in(visit())
        assert refused(new.challenge, visit(1)) == ("ACCESS-INITIAL-SPENT",)

    def test_of_two_logins_under_way_with_an_initial_password_one_gets_in(self) -> None:
        new = desk()
        first, second = new.challenge(visit()), new.challenge(visit())
        issue_code(first, visit())
        finish_login(first, last_code(new.mobile), visit())
        issue_code(second, visit(2))
        assert refused(finish_login, second, last_code(new.mobile), visit(2)) == ("ACCESS-INITIAL-SPENT",)

    def test_an_initial_password_expires_after_fourteen_days(self) -> None:
        new = desk()
        days = 14 * 24 * 60
        new.challenge(visit(days - 1))
        assert refused(new.challenge, visit(days)) == ("ACCESS-INITIAL-SPENT",)

    def test_an_initial_password_cannot_be_kept(self) -> None:
        new = desk()
        token = new.log_in(visit())
        assert "ACCESS-PASSWORD-SAME" in refused(set_password, new, token, new.password)
        assert stage(token) is Stage.MUST_CHANGE_PASSWORD

    def test_a_lost_initial_password_is_replaced_at_the_counter(self) -> None:
        new, key = desk(), Key.fresh()
        token = new.log_in(visit())
        _, password = reissue_initial_password(new.handler_id, by=CLERK, visit=visit(), key=key)
        assert password is not None
        assert reissue_initial_password(new.handler_id, by=CLERK, visit=visit(), key=key)[1] is None
        assert stage(token) is None
        with reading(Actor.SYSTEM):
            told = [one.template for one in outbox(1000) if one.mobile == new.mobile]
        assert told == ["password-reissued", "login-code"]
        assert refused(new.challenge, visit(2)) == ("ACCESS-LOGIN-FAILED",)
        assert stage(new.log_in(visit(2), password), visit(2)) is Stage.MUST_CHANGE_PASSWORD
        assert refused(reissue_initial_password, 0, by=CLERK, visit=visit(), key=Key.fresh()) == ("ACCESS-NO-HANDLER",)
        assert refused(reissue_initial_password, new.handler_id, by=REVIEWER, visit=visit(), key=Key.fresh()) == (
            "STAFF-ROLE",
        )


class TestRefusedLogins:
    def test_are_alike_whether_or_not_there_is_such_a_user(self) -> None:
        known = settled_desk()
        with pytest.raises(Refused) as wrong:
            start_login(known.user_name, "not-the-password", visit())
        with pytest.raises(Refused) as unknown:
            start_login("51119999999901", "not-the-password", visit())
        assert wrong.value.refusals == unknown.value.refusals
        assert wrong.value.codes == ("ACCESS-LOGIN-FAILED",)

    def test_take_the_same_work(self) -> None:
        known = settled_desk()

        def work(user_name: str) -> tuple[list[str], int]:
            before = QuickArgon2.verified
            with CaptureQueriesContext(connection) as captured:
                assert refused(start_login, user_name, "not-the-password", visit()) == ("ACCESS-LOGIN-FAILED",)
            return [query["sql"].split("(")[0] for query in captured], QuickArgon2.verified - before

        statements, hashes = work(known.user_name)
        assert work("51119999999901") == (statements, hashes)
        assert hashes == 1

    def test_are_recorded_without_what_was_typed(self, ground) -> None:
        known = settled_desk()
        refused(start_login, known.user_name, "a-secret-mistake", visit())
        refused(start_login, "a-secret-mistake", "x", visit())
        assert acts(known.employer_id)[-1] == "refuse_login"
        assert acts(None)[-1] == "refuse_login"
        assert "a-secret-mistake" not in everything_stored(ground)

    def test_delay_the_pair_of_account_and_address_longer_and_longer(self) -> None:
        victim = settled_desk()
        address = "198.51.100.1"
        for _ in range(5):
            assert refused(start_login, victim.user_name, "wrong", visit(address=address)) == ("ACCESS-LOGIN-FAILED",)
        with pytest.raises(Refused) as blocked:
            start_login(victim.user_name, victim.password, visit(address=address))
        assert blocked.value.codes == ("ACCESS-WAIT",)
        assert "30秒" in blocked.value.refusals[0].remedy
        assert refused(start_login, victim.user_name, "wrong", visit(0.5, address)) == ("ACCESS-LOGIN-FAILED",)
        assert refused(start_login, victim.user_name, "wrong", visit(1.4, address)) == ("ACCESS-WAIT",)
        start_login(victim.user_name, victim.password, visit(1.5, address))
        assert refused(start_login, victim.user_name, "wrong", visit(1.5, address)) == ("ACCESS-LOGIN-FAILED",)

    def test_that_knock_on_at_a_closed_door_are_recorded_once(self) -> None:
        victim = settled_desk()
        for _ in range(5):
            refused(start_login, victim.user_name, "wrong", visit())
        before = len(acts(victim.employer_id))
        for _ in range(3):
            assert refused(start_login, victim.user_name, "wrong", visit(0.1)) == ("ACCESS-WAIT",)
        assert len(acts(victim.employer_id)) == before + 1
        strangers = len(acts(None))
        refused(finish_login, "no such login", "123456", visit())
        assert len(acts(None)) == strangers

    def test_of_a_stranger_do_not_keep_the_rightful_user_out(self) -> None:
        victim = settled_desk()
        for number in range(12):
            address = f"198.51.100.{2 + number // 6}"
            refused(start_login, victim.user_name, "wrong", visit(address=address))
        assert stage(victim.log_in(visit(2)), visit(2)) is not None

    def test_with_many_accounts_block_the_address_for_a_while(self) -> None:
        address, known = "198.51.100.77", settled_desk()
        for number in range(30):
            code = ("ACCESS-LOGIN-FAILED",)
            assert refused(start_login, f"nobody{number}", "wrong", visit(address=address)) == code
        assert refused(start_login, known.user_name, known.password, visit(address=address)) == ("ACCESS-WAIT",)
        start_login(known.user_name, known.password, visit(10, address))

    def test_at_the_same_moment_cannot_slip_past_the_limit(self) -> None:
        victim, barrier = settled_desk(), Barrier(8)

        def guess(_: int) -> tuple[str, ...]:
            try:
                barrier.wait()
                return refused(start_login, victim.user_name, "wrong", visit(address="198.51.100.99"))
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as guessers:
            outcomes = Counter(guessers.map(guess, range(8)))
        assert outcomes == {("ACCESS-LOGIN-FAILED",): 5, ("ACCESS-WAIT",): 3}


class TestCodes:
    def test_are_told_to_the_bound_mobile_with_purpose_and_validity(self) -> None:
        known = settled_desk()
        sent = issue_code(known.challenge(visit(2)), visit(2))
        assert sent.mobile_masked == known.mobile[:3] + "****" + known.mobile[-4:]
        assert (sent.minutes_valid, sent.valid_until) == (5, visit(7).now)
        with reading(Actor.SYSTEM):
            message = outbox(1)[0]
        assert message.mobile == known.mobile
        for words in ("登录", message.code, "5分钟内有效", "请勿告知他人"):
            assert words in message.text

    def test_and_tokens_and_passwords_are_stored_nowhere_in_clear(self, ground) -> None:
        known = settled_desk()
        challenge = known.challenge(visit(2))
        issue_code(challenge, visit(2))
        code = last_code(known.mobile)
        token = finish_login(challenge, code, visit(2))
        stored = everything_stored(ground)
        for secret in (challenge, token, known.password, known.mobile):
            assert secret not in stored
            assert secret.encode().hex() not in stored
        assert f"验证码{code}" not in stored

    def test_are_good_once(self) -> None:
        known = settled_desk()
        challenge = known.challenge(visit(2))
        issue_code(challenge, visit(2))
        code = last_code(known.mobile)
        finish_login(challenge, code, visit(2))
        assert refused(finish_login, challenge, code, visit(2)) == ("ACCESS-LOGIN-OVER",)

    def test_are_good_for_five_minutes(self) -> None:
        known = settled_desk()
        challenge = known.challenge(visit(2))
        issue_code(challenge, visit(2))
        code = last_code(known.mobile)
        assert refused(finish_login, challenge, code, visit(7)) == ("ACCESS-CODE-DEAD",)
        assert refused(finish_login, challenge, code, visit(12)) == ("ACCESS-LOGIN-OVER",)

    def test_are_bound_to_the_login_they_were_sent_for(self) -> None:
        known = settled_desk()
        first, second = known.challenge(visit(2)), known.challenge(visit(2))
        issue_code(first, visit(2))
        code = last_code(known.mobile)
        assert refused(finish_login, second, code, visit(2)) == ("ACCESS-CODE-DEAD",)
        issue_code(second, visit(3))
        fresh = last_code(known.mobile)
        assert fresh == code or refused(finish_login, second, code, visit(3)) == ("ACCESS-CODE-WRONG",)
        finish_login(first, code, visit(3))

    def test_die_with_the_next_one(self) -> None:
        known = settled_desk()
        challenge = known.challenge(visit(2))
        issue_code(challenge, visit(2))
        old = last_code(known.mobile)
        issue_code(challenge, visit(3))
        assert old == last_code(known.mobile) or refused(finish_login, challenge, old, visit(3)) == (
            "ACCESS-CODE-WRONG",
        )

    def test_die_after_five_tries(self) -> None:
        known = settled_desk()
        challenge = known.challenge(visit(2))
        issue_code(challenge, visit(2))
        code = last_code(known.mobile)
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        with pytest.raises(Refused) as first:
            finish_login(challenge, wrong, visit(2))
        assert "还可以试4次" in first.value.refusals[0].remedy
        outcomes = [refused(finish_login, challenge, wrong, visit(2)) for _ in range(4)]
        assert outcomes == [("ACCESS-CODE-WRONG",)] * 3 + [("ACCESS-CODE-DEAD",)]
        assert refused(finish_login, challenge, code, visit(2)) == ("ACCESS-CODE-DEAD",)

    def test_that_are_not_six_digits_cost_no_try(self) -> None:
        known = settled_desk()
        challenge = known.challenge(visit(2))
        issue_code(challenge, visit(2))
        for _ in range(6):
            assert refused(finish_login, challenge, "12345", visit(2)) == ("ACCESS-CODE-FORM",)
        code = last_code(known.mobile)
        finish_login(challenge, f" {code[:3]} {code[3:]} ", visit(2))

    def test_are_sent_once_a_minute_five_an_hour_ten_a_day(self) -> None:
        known = desk()
        minutes = (0, 1, 2, 3, 4, 60, 61, 62, 63, 64)
        for minute in minutes:
            challenge = known.challenge(visit(minute))
            issue_code(challenge, visit(minute))
            assert refused(issue_code, challenge, visit(minute + 0.9)) == ("ACCESS-CODE-WAIT",)
        assert refused(issue_code, known.challenge(visit(5)), visit(5)) == ("ACCESS-CODE-WAIT",)
        assert refused(issue_code, known.challenge(visit(200)), visit(200)) == ("ACCESS-CODE-WAIT",)
        issue_code(known.challenge(visit(24 * 60)), visit(24 * 60))

    @pytest.mark.parametrize("rounds", [20, pytest.param(1_000, marks=pytest.mark.attack)])
    def test_two_that_come_at_the_same_moment_open_one_session(self, rounds: int) -> None:
        known = settled_desk()
        with ThreadPoolExecutor(2) as browsers:
            for round_ in range(rounds):
                at = visit(24 * 60 * (round_ + 1))
                challenge = known.challenge(at)
                issue_code(challenge, at)
                code, barrier = last_code(known.mobile), Barrier(2)

                def enter(_: int, at=at, challenge=challenge, code=code, barrier=barrier) -> tuple[str, ...]:
                    try:
                        barrier.wait()
                        finish_login(challenge, code, at)
                    except Refused as late:
                        return late.codes
                    else:
                        return ("in",)
                    finally:
                        connection.close()

                outcomes = sorted(browsers.map(enter, range(2)))
                assert outcomes[1] == ("in",)
                assert outcomes[0] in (("ACCESS-CODE-DEAD",), ("ACCESS-LOGIN-OVER",))

    def test_the_page_knows_when_another_may_be_asked_for(self) -> None:
        known = settled_desk()
        challenge = known.challenge(visit(2))
        assert challenge_state(challenge, visit(2)).code_until is None
        issue_code(challenge, visit(2))
        state = challenge_state(challenge, visit(2.5))
        assert (state.wait_seconds, state.code_until, state.mobile_masked[3:7]) == (30, visit(7).now, "****")
        assert challenge_state(challenge, visit(3)).wait_seconds == 0
        assert refused(challenge_state, challenge, visit(12)) == ("ACCESS-LOGIN-OVER",)
        assert refused(challenge_state, "no such login", visit(2)) == ("ACCESS-LOGIN-OVER",)


class TestSessions:
    def test_have_a_new_token_and_the_one_before_login_opens_nothing(self) -> None:
        known = settled_desk()
        challenge = known.challenge(visit(2))
        issue_code(challenge, visit(2))
        token = finish_login(challenge, last_code(known.mobile), visit(2))
        assert token != challenge
        assert stage(challenge, visit(2)) is None
        assert stage("", visit(2)) is None

    def test_end_after_a_quarter_of_an_hour_without_a_click(self) -> None:
        known = settled_desk()
        token = known.log_in(visit(2))
        for minute in (10, 20, 34.9):
            assert stage(token, visit(minute)) is not None
        assert stage(token, visit(50)) is None
        assert stage(token, visit(35)) is None
        assert sessions(known.log_in(visit(60)), known.handler)[1].ended_why == "长时间未操作"

    def test_end_after_eight_hours_however_busy(self) -> None:
        known = settled_desk()
        token = known.log_in(visit(2))
        for minute in range(10, 480, 10):
            assert stage(token, visit(minute)) is not None
        assert stage(token, visit(482)) is None
        assert sessions(known.log_in(visit(490)), known.handler)[1].ended_why == "超过最长登录时间"

    def test_are_renewed_at_most_once_a_minute(self) -> None:
        known = settled_desk()
        token = known.log_in(visit(2))
        for minute, seen in ((2.9, 2), (3, 3), (3.5, 3)):
            assert stage(token, visit(minute)) is not None
            assert sessions(token, known.handler)[0].seen_at == visit(seen).now

    def test_end_for_good_with_log_out(self) -> None:
        known = settled_desk()
        token = known.log_in(visit(2))
        end_session(token, known.handler, visit(3))
        end_session(token, known.handler, visit(3))
        assert stage(token, visit(3)) is None
        assert acts(known.employer_id).count("log_out") == 1
        assert sessions(token, known.handler) == []

    def test_end_at_once_when_the_handler_is_no_longer_active(self) -> None:
        known = settled_desk()
        token = known.log_in(visit(2))
        with durable(CLERK):
            Handler.objects.filter(pk=known.handler_id).update(active=False)
        assert stage(token, visit(2)) is None
        assert refused(known.challenge, visit(3)) == ("ACCESS-HANDLER-CHANGED",)

    def test_three_browsers_are_open_at_a_time_and_listed(self) -> None:
        known = settled_desk()
        tokens = [known.log_in(visit(2 + 2 * number, agent=f"browser {number}")) for number in range(4)]
        assert [stage(token, visit(8)) is not None for token in tokens] == [False, True, True, True]
        listed = sessions(tokens[3], known.handler)
        assert [(line.agent, line.ended_why, line.is_this) for line in listed[:4]] == [
            ("browser 3", "", True),
            ("browser 2", "", False),
            ("browser 1", "", False),
            ("browser 0", "在其他浏览器登录", False),
        ]

    def test_of_others_are_not_listed(self) -> None:
        one, other = settled_desk(), settled_desk()
        one.log_in(visit(2, agent="of one"))
        token = other.log_in(visit(2, agent="of the other"))
        assert "of one" not in {line.agent for line in sessions(token, other.handler)}

    def test_and_codes_are_forgotten_in_time(self, ground) -> None:
        known = settled_desk()
        token = known.log_in(visit(2))
        forget(visit(24 * 60).now)
        assert sessions(token, known.handler)[0].is_this
        forget(visit(200 * 24 * 60).now)
        assert sessions(token, known.handler) == []
        with ground.connect("owner") as owner:
            for table, begun in (("code", "issued_at"), ("challenge", "expires_at"), ("websession", "started_at")):
                old = owner.execute(f"SELECT count(*) FROM hall_access_{table} WHERE {begun} < '2026-08-11'")
                assert old.fetchone() == (0,)


class TestPasswords:
    def test_a_change_asks_for_the_present_one_and_ends_the_other_sessions(self) -> None:
        known = settled_desk()
        first, second = known.log_in(visit(2)), known.log_in(visit(4))
        under_way = known.challenge(visit(4))
        assert refused(set_password, known, second, OTHER_PASSWORD, "wrong", visit(5)) == ("ACCESS-OLD-PASSWORD",)
        assert refused(set_password, known, second, OTHER_PASSWORD, "", visit(5)) == ("ACCESS-OLD-PASSWORD",)
        set_password(known, second, OTHER_PASSWORD, GOOD_PASSWORD, visit(5))
        assert [stage(token, visit(5)) is not None for token in (first, second)] == [False, True]
        assert refused(issue_code, under_way, visit(6)) == ("ACCESS-LOGIN-OVER",)
        assert refused(known.challenge, visit(6)) == ("ACCESS-LOGIN-FAILED",)
        known.challenge(visit(6), OTHER_PASSWORD)

    def test_a_guesser_at_an_open_session_is_slowed_down(self) -> None:
        known = settled_desk()
        token = known.log_in(visit(2))
        for _ in range(5):
            refused(set_password, known, token, OTHER_PASSWORD, "wrong", visit(5))
        assert refused(set_password, known, token, OTHER_PASSWORD, GOOD_PASSWORD, visit(5)) == ("ACCESS-WAIT",)

    def test_a_session_that_is_over_changes_nothing(self) -> None:
        known = settled_desk()
        token = known.log_in(visit(2))
        end_session(token, known.handler, visit(3))
        assert refused(set_password, known, token, OTHER_PASSWORD, GOOD_PASSWORD, visit(3)) == ("ACCESS-LOGGED-OUT",)
        known.challenge(visit(4))

    def test_a_double_click_changes_once(self) -> None:
        new, key = desk(), Key.fresh()
        token = new.log_in(visit())
        change = {"old": "", "new": GOOD_PASSWORD, "again": GOOD_PASSWORD, "by": new.handler, "token": token}
        first = change_password(**change, visit=visit(), key=key)
        second = change_password(**change, visit=visit(), key=key)
        assert (first.number, second.repeated) == (second.number, True)

    def test_the_employers_name_and_code_are_no_passwords(self) -> None:
        new = desk()
        token = new.log_in(visit())
        with reading(Actor.SYSTEM):
            employer = Handler.objects.select_related("employer").get(pk=new.handler_id).employer
        for word in (employer.name + "88", employer.credit_code, new.user_name + "a", f"moor-{new.user_name}-otter"):
            assert refused(set_password, new, token, word) == ("ACCESS-PASSWORD-WEAK",)

    def test_the_system_has_none(self) -> None:
        with pytest.raises(ValueError, match="nobody has a password"):
            change_password(old="", new="", again="", by=Actor.SYSTEM, token="", visit=visit(), key=Key.fresh())


class TestThePortalsRole:
    @pytest.mark.parametrize("table", ["websession", "challenge", "code", "throttle", "limits", "authenticator"])
    def test_cannot_read_or_write_the_tables(self, table: str) -> None:
        new = desk()
        for statement in (f"SELECT * FROM hall_access_{table}", f"DELETE FROM hall_access_{table}"):
            with pytest.raises(ProgrammingError, match="permission denied"), durable(new.handler):
                Query(statement).execute()

    @pytest.mark.parametrize(
        "call",
        [
            "hall_access_open_session('staff', 1, NULL, 'token', '', '', now())",
            "hall_access_end_sessions('staff', 1, NULL, now())",
            "hall_access_spend(1, now())",
            "hall_access_put_password('handler', 1, '', '', now())",
            "hall_access_past_passwords('handler', 1)",
            "hall_access_pass('challenge', 1, NULL, 'token', '', '', now())",
            "hall_access_admit('challenge', 'token', '', '', now())",
            "hall_access_equip('staff', 1, 'secret', 0, '{}', now())",
            "hall_access_equipment('staff', 1)",
            "hall_access_forget(now())",
        ],
    )
    def test_cannot_open_or_end_sessions_of_its_own_accord(self, call: str) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"), durable(Actor.ANONYMOUS):
            Query(f"SELECT {call}").rows()

    def test_cannot_read_the_outbox_or_the_staff(self) -> None:
        for statement in ("SELECT * FROM notices_outboxmessage", "SELECT password_hash FROM registry_staff"):
            with pytest.raises(ProgrammingError, match="permission denied"), reading(Actor.ANONYMOUS):
                Query(statement).rows()

    def test_is_the_least_there_is_the_login_itself_finds_nothing(self, ground) -> None:
        with ground.connect("app") as app, pytest.raises(psycopg.errors.UndefinedFunction):
            app.execute("SELECT * FROM hall_access_principal('token', now(), current_date)")
