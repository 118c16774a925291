"""Who may act for an employer beside its handler: proposed, granted, handed out, ended, each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection

from hpf.agreement.models import AgreementAcceptance
from hpf.casework import review
from hpf.casework.models import Case, CaseKind, CaseState
from hpf.casework.review import ReviewState
from hpf.evidence import events_about
from hpf.hall_access import access_grant
from hpf.hall_access.handler_change import PapersSeen, change_handler, change_mobile
from hpf.hall_access.models import Grant, GrantState
from hpf.hall_access.passwords import reissue_initial_password
from hpf.hall_access.rules import Visit
from hpf.hall_access.termination import TerminationForm, terminate
from hpf.kernel import Actor, ActorKind, Channel, Key, Refused
from hpf.messaging.own import ask_email
from hpf.notices.sms import outbox
from hpf.registry.codes import Duty, Role
from hpf.registry.handlers import HandlerApplication, handler_of
from hpf.registry.models import Handler
from hpf.storage import durable, reading
from tests.integration import granting
from tests.integration.browser import Browser, Newcomer, lay_hall, newcomer, staff_browser
from tests.integration.granting import application, decide, end, granted, propose
from tests.integration.hall import CLERK, TODAY, quick_passwords
from tests.office import SYSTEM

pytestmark = pytest.mark.usefixtures("ground")
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        yield shared_center


def codes(refused: Any) -> list[str]:
    return [one.code for one in refused.value.refusals]


def state_of(grant_id: int) -> str:
    with reading(SYSTEM):
        return Grant.objects.get(pk=grant_id).state


def users(employer_id: int) -> list[str]:
    with reading(SYSTEM):
        return list(
            Handler.objects.filter(employer_id=employer_id, active=True).order_by("pk").values_list("duty", flat=True)
        )


class TestAProposal:
    def test_is_told_everything_that_is_wrong_at_once(self) -> None:
        wrong = application(handler=HandlerApplication("", "1", "1"), starts_on="2026-08-09")
        with pytest.raises(Refused) as refused:
            propose(newcomer().employer_id, wrong, papers=PapersSeen(letter_seen=False, card_seen=False))
        assert codes(refused) == [
            "CHANGE-LETTER",
            "CHANGE-CARD",
            "GRANT-PAST-DAY",
            "REGISTER-REQUIRED",
            "REGISTER-IDENTITY",
            "REGISTER-MOBILE",
        ]
        assert refused.value.refusals[3].what == "未填写姓名"

    def test_of_the_handler_himself_is_refused_two_persons_are_two(self) -> None:
        known = newcomer()
        with pytest.raises(Refused, match="REGISTER-PERSON-TWICE"):
            propose(known.employer_id, application(handler=known.application.handler))

    def test_names_an_agent_by_his_user_name_elsewhere(self) -> None:
        known, other = newcomer(), newcomer()
        for name, code in (("9999", "GRANT-NO-AGENT"), (known.user_name, "GRANT-OWN-HANDLER")):
            with pytest.raises(Refused, match=code):
                propose(known.employer_id, application(Duty.AGENT, agent=name))
        assert state_of(propose(known.employer_id, application(Duty.AGENT, agent=other.user_name))) == "proposed"

    def test_of_a_viewer_needs_two_steps(self) -> None:
        known = newcomer()
        with pytest.raises(Refused, match="GRANT-NO-TWO-STEP"):
            propose(known.employer_id, application(Duty.VIEWER))
        granted(known)
        assert propose(known.employer_id, application(Duty.VIEWER))

    def test_is_made_once_for_a_person(self) -> None:
        known, wanted = newcomer(), application()
        propose(known.employer_id, wanted)
        with pytest.raises(Refused, match="GRANT-PERSON"):
            propose(known.employer_id, wanted)
        agent = application(Duty.AGENT, agent=newcomer().user_name)
        propose(known.employer_id, agent)
        with pytest.raises(Refused) as refused:
            propose(known.employer_id, agent)
        assert [(one.code, one.where) for one in refused.value.refusals] == [("GRANT-PERSON", "agent_user_name")]

    def test_lets_nobody_in_and_its_case_waits(self) -> None:
        known = newcomer()
        grant_id = propose(known.employer_id)
        assert users(known.employer_id) == ["handler"]
        with reading(SYSTEM):
            case = Case.objects.get(pk=Grant.objects.get(pk=grant_id).case_id)
        assert (case.state, case.title[:5]) == (CaseState.WORKING, "设立复核人")

    def test_with_the_same_key_is_one(self) -> None:
        known, key, wanted = newcomer(), Key.fresh(), application()
        assert propose(known.employer_id, wanted, key=key) == propose(known.employer_id, wanted, key=key)

    @pytest.mark.parametrize("role", [one for one in Role if one is not Role.CLERK])
    def test_is_made_by_a_clerk(self, role: Role) -> None:
        somebody = Actor(ActorKind.STAFF, 9, "赵", Channel.COUNTER, roles=frozenset({role.value}))
        with pytest.raises(Refused, match="STAFF-ROLE"):
            propose(1, by=somebody)


class TestTheSecondPerson:
    def test_is_not_the_first(self) -> None:
        both = replace(CLERK, roles=frozenset({"clerk", "reviewer"}))
        grant_id = propose(newcomer().employer_id, by=both)
        with pytest.raises(Refused, match="REVIEW-OWN-WORK"):
            decide(grant_id, by=both)
        assert state_of(grant_id) == "proposed"

    def test_lets_the_person_in_and_both_are_told(self) -> None:
        known, wanted = newcomer(), application()
        decide(propose(known.employer_id, wanted))
        assert users(known.employer_id) == ["handler", "approver"]
        with reading(SYSTEM):
            told = {one.mobile: one.text for one in outbox(10) if "复核人" in one.text}
        for mobile in (wanted.handler.handler_mobile, known.mobile):
            assert f"{wanted.handler.handler_name}自2026年08月10日起担任{known.application.name}" in told[mobile]

    def test_returns_with_a_reason_and_then_it_is_over(self) -> None:
        known = newcomer()
        grant_id = propose(known.employer_id)
        with pytest.raises(Refused, match="REVIEW-NOTE"):
            decide(grant_id, ReviewState.RETURNED)
        decide(grant_id, ReviewState.RETURNED, "介绍信没有写明人员")
        assert (state_of(grant_id), users(known.employer_id)) == ("refused", ["handler"])
        with pytest.raises(Refused, match="REVIEW-OVER"):
            decide(grant_id)

    def test_leaves_his_word_in_the_log_in_chinese(self) -> None:
        grant_id = granted(newcomer()).grant_id
        with reading(SYSTEM):
            decided, proposed = events_about(f"grant:{grant_id}")
        assert (proposed.act, decided.act) == ("propose_grant", "decide_grant")
        assert (decided.detail["duty"], decided.detail["state"]) == ("复核人", "已准许")

    def test_puts_another_approver_in_the_place_of_the_one_before(self) -> None:
        known = newcomer()
        first, second = granted(known), granted(known)
        assert (state_of(first.grant_id), state_of(second.grant_id)) == ("ended", "granted")
        assert users(known.employer_id) == ["handler", "approver"]

    def test_leaves_no_day_without_an_approver(self) -> None:
        known = newcomer()
        granted(known)
        later = propose(known.employer_id, application(starts_on=TOMORROW.isoformat()))
        with pytest.raises(Refused, match="GRANT-APPROVER-AT-WORK"):
            decide(later)
        assert users(known.employer_id) == ["handler", "approver"]

    def test_may_be_the_older_of_two_proposals(self) -> None:
        known = newcomer()
        older, newer = propose(known.employer_id), propose(known.employer_id)
        decide(newer)
        decide(older)
        assert (state_of(newer), state_of(older)) == ("ended", "granted")

    def test_is_nothing_that_the_employer_reads_before_it_is_decided(self) -> None:
        known, browser = newcomer(), Browser()
        known.settles(browser)
        propose(known.employer_id)
        assert "设立复核人" not in browser.open("/")
        with reading(SYSTEM):
            case = Case.objects.get(employer_id=known.employer_id, kind=CaseKind.ACCESS_GRANT)
        assert browser.get(f"/receipt/{case.pk}/").status_code == 404

    def test_gives_nothing_out_before_the_day(self) -> None:
        known = newcomer()
        decide(propose(known.employer_id, application(starts_on=TOMORROW.isoformat())))
        with reading(SYSTEM):
            user = Handler.objects.get(employer_id=known.employer_id, duty=Duty.APPROVER)
        at = Visit("203.0.113.1", "Firefox/140", datetime.now(UTC), TODAY)
        with pytest.raises(Refused, match="ACCESS-NOT-YET"):
            reissue_initial_password(user.pk, by=CLERK, visit=at, key=Key.fresh())
        reissue_initial_password(user.pk, by=CLERK, visit=replace(at, today=TOMORROW), key=Key.fresh())


class TestTheEnd:
    def test_takes_two_persons_a_letter_and_a_reason(self) -> None:
        grant_id = granted(newcomer()).grant_id
        act: Any = {"by": CLERK, "today": TODAY}
        with pytest.raises(Refused) as refused:
            access_grant.propose_end(grant_id, " ", letter_seen=False, key=Key.fresh(), **act)
        assert codes(refused) == ["CHANGE-LETTER", "GRANT-REASON"]
        access_grant.propose_end(grant_id, "停用", letter_seen=True, key=Key.fresh(), **act)
        assert state_of(grant_id) == "granted"

    def test_cuts_the_person_s_sessions_with_the_transaction_and_leaves_the_handler_s(self) -> None:
        known = newcomer()
        one, own, other = granted(known), Browser(), Browser()
        known.settles(own)
        one.user.settles(other)
        end(one.grant_id)
        page = other.open("/roster/")
        assert page.address.startswith("/login/")
        assert "您在该单位的权限已终止" in page
        assert own.open("/roster/").status == 200
        assert users(known.employer_id) == ["handler"]

    def test_of_two_steps_waits_until_there_are_no_viewers(self) -> None:
        known = newcomer()
        approver, viewer = granted(known), granted(known, Duty.VIEWER)
        with pytest.raises(Refused, match="GRANT-VIEWERS"):
            end(approver.grant_id)
        end(viewer.grant_id)
        end(approver.grant_id)
        assert users(known.employer_id) == ["handler"]

    def test_of_one_agent_s_grant_leaves_his_others(self) -> None:
        agent, one, two = newcomer(), newcomer(), newcomer()
        first = granted(one, Duty.AGENT, agent=agent.user_name)
        granted(two, Duty.AGENT, agent=agent.user_name)
        end(first.grant_id)
        assert [users(known.employer_id) for known in (agent, one, two)] == [
            ["handler"],
            ["handler"],
            ["handler", "agent"],
        ]

    def test_comes_with_the_end_of_the_agent_s_own_office(self) -> None:
        agent, known = newcomer(), newcomer()
        grant_id = granted(known, Duty.AGENT, agent=agent.user_name).grant_id
        now = datetime.now(UTC)
        change_handler(
            agent.employer_id, granting.person(), granting.SEEN, by=CLERK, today=TODAY, now=now, key=Key.fresh()
        )
        assert (state_of(grant_id), users(known.employer_id)) == ("ended", ["handler"])

    def test_ends_what_the_person_accepted_with_its_own_day_and_not_with_the_agreement_s(self) -> None:
        known, other, later = newcomer(), newcomer(), TODAY + timedelta(days=5)
        former = granted(known)
        for who in (known, former.user, other):
            who.settles(Browser())
        end(former.grant_id)
        act = {"by": CLERK, "today": later, "now": datetime.now(UTC)}
        form = TerminationForm("迁往外地", "李一", "王二", TODAY.isoformat(), form_seen=True, confirmed=True)
        terminate(known.employer_id, form, key=Key.fresh(), **act)  # type: ignore[arg-type]
        with reading(SYSTEM):
            ended = dict(AgreementAcceptance.objects.values_list("handler_id", "ended_on"))
        assert ended[former.user.handler_id] == TODAY
        assert ended[known.handler_id] == later
        assert ended[other.handler_id] is None, "another employer's goes on"

    def test_comes_with_the_end_of_the_service_and_is_never_silent(self) -> None:
        known, agent = newcomer(), newcomer()
        replaced, approver = granted(known), granted(known)
        helper = granted(known, Duty.AGENT, agent=agent.user_name)
        new_mobile, act = granting.person().handler_mobile, {"by": CLERK, "today": TODAY, "now": datetime.now(UTC)}
        change_mobile(agent.employer_id, new_mobile, granting.SEEN, key=Key.fresh(), **act)  # type: ignore[arg-type]
        form = TerminationForm("迁往外地", "李一", "王二", TODAY.isoformat(), form_seen=True, confirmed=True)
        terminate(known.employer_id, form, key=Key.fresh(), **act)  # type: ignore[arg-type]
        grants = [one.grant_id for one in (replaced, approver, helper)]
        assert [state_of(one) for one in grants] == ["ended"] * 3
        assert users(known.employer_id) == []
        with reading(SYSTEM):
            assert [events_about(f"grant:{one}")[0].act for one in grants] == ["end_grant"] * 3
            told = {one.mobile for one in outbox(500) if "不再担任" in one.text and known.application.name in one.text}
        assert told >= {replaced.user.mobile, approver.user.mobile, new_mobile}
        assert agent.mobile not in told

    def test_is_decided_by_who_saw_the_application_that_waits(self) -> None:
        grant_id = granted(newcomer()).grant_id
        propose_end = partial(access_grant.propose_end, grant_id, letter_seen=True, by=CLERK, today=TODAY)
        propose_end("停用", key=Key.fresh())
        with reading(SYSTEM):
            stale = review.latest(access_grant.END_REVIEW, grant_id)
        assert stale
        granting.decide_end(grant_id, ReviewState.RETURNED, "未写明日期")
        propose_end("停用，自九月起", key=Key.fresh())
        with pytest.raises(Refused, match="REVIEW-CHANGED"):
            granting.decide_end(grant_id, turn=stale.id)
        assert state_of(grant_id) == "granted"

    def test_of_two_who_are_each_other_s_agents_waits_and_never_for_ever(self) -> None:
        for _ in range(3):
            pair = newcomer(), newcomer()
            for one, other in (pair, pair[::-1]):
                granted(one, Duty.AGENT, agent=other.user_name)
            start = Barrier(2)

            def leave(known: Newcomer, start: Barrier = start) -> object:
                start.wait()
                act: Any = {"by": CLERK, "today": TODAY, "now": datetime.now(UTC), "key": Key.fresh()}
                try:
                    return change_handler(known.employer_id, granting.person(), granting.SEEN, **act)
                finally:
                    connection.close()

            with ThreadPoolExecutor(2) as both:
                assert all(both.map(leave, pair))
            assert [users(known.employer_id) for known in pair] == [["handler"], ["handler"]]


class TestTheDatabase:
    """What the operations refuse, the database refuses to whoever goes around them."""

    def test_grants_nothing_without_a_second_person(self) -> None:
        grant_id = propose(newcomer().employer_id)
        with durable_refused("approved by a second person"):
            Grant.objects.filter(pk=grant_id).update(state=GrantState.GRANTED)

    def test_ends_nothing_without_one(self) -> None:
        grant_id = granted(newcomer()).grant_id
        with durable_refused("the end of a grant is approved"):
            Grant.objects.filter(pk=grant_id).update(state=GrantState.ENDED, ended_on=TODAY)

    def test_lets_nobody_in_without_a_grant(self) -> None:
        known = newcomer()
        with reading(SYSTEM):
            row = handler_of(known.employer_id)
        assert row
        row.pk, row.duty, row.grant_id, row.user_name = None, Duty.VIEWER, 999_999, "x"
        row.identity_digest = b"somebody else"
        with durable_refused("without a grant"):
            row.save(force_insert=True)

    def test_makes_nobody_an_approver_who_was_granted_to_look(self) -> None:
        known = newcomer()
        granted(known)
        viewer = granted(known, Duty.VIEWER).user.handler_id
        with durable_refused("never changes"):
            Handler.objects.filter(pk=viewer).update(duty=Duty.APPROVER)

    @pytest.mark.parametrize("change", ["employer_id = 1", "starts_on = '2020-01-01'", "duty = 'agent'"])
    def test_keeps_the_words_of_a_grant_even_from_its_owner(self, ground: Any, change: str) -> None:
        grant_id = granted(newcomer()).grant_id
        with ground.connect("owner") as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(f"UPDATE hall_access_grant SET {change} WHERE id = {grant_id}")

    def test_shows_the_portal_no_grant(self, ground: Any) -> None:
        with ground.connect("portal") as portal, pytest.raises(psycopg.errors.InsufficientPrivilege):
            portal.execute("SELECT * FROM hall_access_grant")


@contextmanager
def durable_refused(words: str) -> Iterator[None]:
    """A write by the staff's role that the database refuses with these words."""
    with pytest.raises(DatabaseError, match=words), durable(SYSTEM):
        yield


class TestThePages:
    def test_from_the_letter_to_the_password_in_the_hand_and_to_the_end(self) -> None:
        known, clerk, reviewer = newcomer(), staff_browser(Role.CLERK), staff_browser(Role.REVIEWER)
        home = f"/counter/employers/{known.employer_id}/"
        assert "设立办理权限" in clerk.open(home)
        who = granting.person()
        typed = {name: getattr(who, name) for name in HandlerApplication.__dataclass_fields__}
        page = clerk.open(f"{home}grants/new/")
        page = clerk.submit(page, f"{home}grants/new/", **typed, duty="approver", letter_seen="1", card_seen="1")
        address = page.address.partition("?")[0]
        assert "已提交，等待他人复核" in page
        assert "请由他人复核" in page
        assert who.handler_name in reviewer.open("/counter/reviews/")
        page = reviewer.submit(reviewer.open(address), f"{address}decide/", verdict="approved")
        assert "已准许" in page
        page = clerk.open(address)
        letter = clerk.post(f"{address}hand-over/", page.form(f"{address}hand-over/") | {"seen": "1"})
        assert letter.headers["Content-Type"] == "application/pdf"
        page = clerk.submit(clerk.open(address), f"{address}hand-over/", seen="1", delivery="sms")
        assert "短信" in page
        assert "复核人" in clerk.open(home)
        page = clerk.submit(clerk.open(address), f"{address}end/", reason="停用内部复核", letter_seen="1")
        page = reviewer.submit(reviewer.open(address), f"{address}end/decide/", verdict="approved")
        assert "已终止" in page
        assert known.settles(Browser()).address == "/"

    def test_a_refused_form_keeps_what_was_typed(self) -> None:
        known, clerk = newcomer(), staff_browser(Role.CLERK)
        target = f"/counter/employers/{known.employer_id}/grants/new/"
        page = clerk.submit(clerk.open(target), target, handler_name="王五", starts_on="明天")
        assert page.status == 422
        assert 'value="王五"' in page
        assert "生效日期不是有效日期" in page


def test_a_review_that_was_decided_for_another_subject_grants_nothing() -> None:
    known = newcomer()
    first, second = propose(known.employer_id), propose(known.employer_id)
    decide(first)
    with durable_refused("approved by a second person"):
        Grant.objects.filter(pk=second).update(state=GrantState.GRANTED)


def test_mails_are_for_the_handler_and_offered_to_nobody_beside_him() -> None:
    known, browser = newcomer(), Browser()
    approver = granted(known).user
    approver.settles(browser)
    page = browser.open("/contact/")
    assert "邮件通知只发给单位的经办人" in page
    assert 'name="email"' not in page.html
    with pytest.raises(Refused) as refused:
        ask_email("wang@example.com", by=approver.actor, today=TODAY, now=datetime.now(UTC), key=Key.fresh())
    assert codes(refused) == ["MESSAGE-HANDLER-ALONE"]
