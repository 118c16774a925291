"""Two steps inside an employer: one prepares, another approves, and the database lets nothing through by one alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, connection
from pypdf import PdfReader

from hpf import evidence
from hpf.access_restriction import appeals
from hpf.account_opening.operations import open_account
from hpf.casework import prepared, review
from hpf.casework.models import Case, PreparedAct, PreparedState
from hpf.casework.review import ReviewState
from hpf.faces.portal.submitting import SUBMISSIONS
from hpf.hall_access.access_grant import END_REVIEW, propose_end
from hpf.hall_access.handler_change import change_handler, change_mobile
from hpf.hall_access.models import Grant, GrantState
from hpf.hall_access.termination import TerminationForm, open_business, terminate
from hpf.kernel import Actor, Key, Month, Refused, Severity
from hpf.kernel.actor import TWO_STEPS
from hpf.messaging import own
from hpf.notices.models import Delivery
from hpf.registry.codes import Duty, SealReason
from hpf.registry.models import Account, Handler, UnitAccount
from hpf.remittance import queries
from hpf.sealing.operations import seal_members
from hpf.storage import durable, reading
from tests.integration import restricting
from tests.integration.browser import Browser, Newcomer, Page, lay_hall, newcomer
from tests.integration.granting import SEEN, Granted, application, decide_end, end, granted, person, propose
from tests.integration.hall import CLERK, REVIEWER, TODAY, quick_passwords
from tests.integration.treasury.bank import add_trio
from tests.office import PLACE, SYSTEM, Unit

pytestmark = pytest.mark.usefixtures("ground")
SEPTEMBER = Month(2026, 9)


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        yield shared_center


@dataclass(frozen=True)
class Office:
    """An employer with three members that works in two steps."""

    known: Newcomer
    approver: Granted
    unit_id: int
    accounts: tuple[int, ...]

    @property
    def preparer(self) -> Actor:
        return replace(self.known.actor, roles=frozenset({Duty.HANDLER.value, TWO_STEPS}))

    @property
    def second(self) -> Actor:
        return replace(self.approver.user.actor, roles=frozenset({Duty.APPROVER.value, TWO_STEPS}))

    @property
    def sealing(self) -> dict[str, Any]:
        """The arguments of a sealing of the third member."""
        return {
            "unit_account_id": self.unit_id,
            "account_ids": [self.accounts[2]],
            "effective_month": SEPTEMBER,
            "reason": SealReason.ENDED,
        }

    def prepare(self, act: str = "seal_members", by: Actor | None = None, **arguments: Any) -> int:
        given = arguments or self.sealing
        title = SUBMISSIONS[act].title(given)
        done = prepared.prepare(act, title, given, by=by or self.preparer, today=TODAY, key=Key.fresh())
        return int(done.result["prepared_id"])

    def approve(self, prepared_id: int, by: Actor | None = None) -> evidence.Receipt:
        with reading(by or self.second):
            found = PreparedAct.objects.get(pk=prepared_id)
        return SUBMISSIONS[found.act].operation(
            **prepared.arguments_of(found),
            by=replace(by or self.second, prepared=prepared_id),
            today=TODAY,
            key=Key(found.key),
        )

    def state_of(self, prepared_id: int) -> str:
        with reading(self.second):
            return PreparedAct.objects.get(pk=prepared_id).state

    def cases(self) -> int:
        with reading(SYSTEM):
            return Case.objects.filter(employer_id=self.known.employer_id, kind="sealing").count()


def office() -> Office:
    known = newcomer()
    with reading(SYSTEM):
        row = UnitAccount.objects.get(employer_id=known.employer_id)
    accounts = add_trio(Unit(known.employer_id, row.pk, row.unallocated_account_id, known.actor))
    with durable(SYSTEM):
        UnitAccount.objects.filter(pk=row.pk).update(active_count=len(accounts))
    return Office(known, granted(known), row.pk, tuple(accounts))


def rules_accepted(browser: Browser, page: Page) -> Page:
    """The special rule that stands before a page, accepted."""
    assert "/agreement/rules/two_step/" in page.address
    return browser.submit(page, "/agreement/rules/two_step/", accepted="1")


@contextmanager
def refused_by_the_database(words: str, by: Actor) -> Iterator[None]:
    with pytest.raises(DatabaseError, match=words), durable(by):
        yield


class TestAPreparedAct:
    def test_changes_nothing_until_it_is_approved_and_then_it_is_done(self) -> None:
        there = office()
        number = there.prepare()
        assert (there.cases(), there.state_of(number)) == (0, "waiting")
        receipt = there.approve(number)
        assert (there.cases(), there.state_of(number)) == (1, "approved")
        with reading(there.second):
            told = PreparedAct.objects.get(pk=number)
            assert evidence.done(Key(told.key)) == replace(receipt, repeated=True)
        assert (told.preparer_name, told.decider_name) == (there.known.actor.name, there.second.name)

    def test_is_judged_anew_when_it_is_approved(self) -> None:
        there = office()
        number, again = there.prepare(), there.prepare(**{**there.sealing, "reason": SealReason.RETIRED})
        there.approve(number)
        with pytest.raises(Refused):
            there.approve(again)
        assert there.state_of(again) == "waiting"

    def test_of_a_month_binds_the_rows_that_were_seen(self) -> None:
        there = office()
        number = there.prepare("submit_sheet", **_due_month(there))
        with durable(SYSTEM):
            Account.objects.filter(pk=there.accounts[0]).update(base_fen=1)
        assert there.approve(number).result["people"] == len(there.accounts)  # a sheet replays the timeline

    def test_keeps_its_arguments_to_the_letter_and_in_cipher(self) -> None:
        there = office()
        given = {"month": SEPTEMBER, "digest": b"\x00\xff", "name": "李·四", "many": [1, 2], "ok": False}
        number = there.prepare("submit_sheet", **given | {"use_unallocated": True})
        with reading(there.preparer):
            assert prepared.arguments_of(PreparedAct.objects.get(pk=number)) == given | {"use_unallocated": True}
        with durable(SYSTEM), connection.cursor() as cursor:
            cursor.execute("SELECT arguments FROM casework_preparedact WHERE id = %s", [number])
            assert b"2026" not in bytes(cursor.fetchone()[0])

    def test_waits_once(self) -> None:
        there = office()
        there.prepare()
        with pytest.raises(Refused, match="PREPARED-WAITING"):
            there.prepare()

    def test_is_rehearsed_in_full_and_undone(self) -> None:
        there = office()
        by = replace(there.preparer, rehearses=True)
        done = seal_members(**there.sealing, by=by, today=TODAY, key=Key.fresh())
        assert done.result["people"] == 1
        assert there.cases() == 0
        with pytest.raises(Refused):
            seal_members(**{**there.sealing, "reason": "none"}, by=by, today=TODAY, key=Key.fresh())

    def test_counts_its_questions_though_it_is_undone_or_refused(self, ground: Any) -> None:
        there, key = office(), Key.fresh
        someone = {"name": "李四", "document_number": "990000199003079992", "unit": there.unit_id}
        person_typed = {name: str(text) for name, text in someone.items() if name != "unit"}

        def asked() -> int:
            with ground.connect("superuser") as admin:
                statement = "SELECT count(*) FROM registry_identitylookup WHERE employer_id = %s"
                return int(admin.execute(statement, [there.known.employer_id]).fetchone()[0])

        given: Any = {"unit_account_id": there.unit_id, "person": person_typed, "today": TODAY}
        for times, by in enumerate((replace(there.preparer, rehearses=True), there.preparer), 1):
            with pytest.raises(Refused):
                open_account(**given, by=by, key=key())
            assert asked() == times
        number = there.prepare("open_account", unit_account_id=there.unit_id, person=person_typed)
        with pytest.raises(Refused):
            there.approve(number)
        assert (asked(), there.state_of(number)) == (3, "waiting")


class TestReturning:
    def test_needs_a_reason_and_is_final(self) -> None:
        there = office()
        number = there.prepare()
        with pytest.raises(Refused, match="PREPARED-NOTE"):
            prepared.give_back(number, " ", by=there.second, today=TODAY, key=Key.fresh())
        prepared.give_back(number, "月份不对", by=there.second, today=TODAY, key=Key.fresh())
        assert there.state_of(number) == "returned"
        with pytest.raises(Refused, match="TWO-STEPS-DECIDED"):
            there.approve(number)
        assert there.prepare() != number  # mended, it is submitted anew

    def test_is_not_needed_where_the_preparer_takes_it_back(self) -> None:
        there = office()
        number = there.prepare()
        prepared.take_back(number, by=there.preparer, today=TODAY, key=Key.fresh())
        assert there.state_of(number) == "withdrawn"
        with pytest.raises(Refused, match="TWO-STEPS-DECIDED"):
            there.approve(number)
        assert there.cases() == 0


class TestOneAlone:
    """By whatever way he comes, who prepares does not approve and who approves does not prepare."""

    def test_submits_nothing_by_the_operation_itself(self) -> None:
        there = office()
        for actor in (there.preparer, there.known.actor, there.second):
            with pytest.raises(Refused, match="TWO-STEPS-NEEDED"):
                seal_members(**there.sealing, by=actor, today=TODAY, key=Key.fresh())
        assert there.cases() == 0

    def test_does_not_carry_out_what_he_prepared(self) -> None:
        there = office()
        number = there.prepare()
        with pytest.raises(DatabaseError, match="approver"):
            there.approve(number, by=there.preparer)
        assert there.state_of(number) == "waiting"

    def test_does_not_carry_out_another_thing_than_was_prepared(self) -> None:
        there = office()
        by = replace(there.second, prepared=there.prepare())
        with pytest.raises(Refused, match="TWO-STEPS-NEEDED"):
            seal_members(**there.sealing, by=by, today=TODAY, key=Key.fresh())

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ("state = 'approved', decided_by_id = prepared_by_id", "approver"),
            ("state = 'approved', decided_by_id = {viewer}", "approver"),
            ("state = 'approved'", "approver"),
            ("title = 'x'", "permission denied|never changed"),
            ("arguments = '\\x00'", "permission denied|never changed"),
        ],
    )
    def test_gets_nothing_approved_by_raw_sql(self, change: str, words: str) -> None:
        there = office()
        number, viewer = there.prepare(), granted(there.known, Duty.VIEWER).user.handler_id
        with refused_by_the_database(words, there.preparer), connection.cursor() as cursor:
            cursor.execute(f"UPDATE casework_preparedact SET {change.format(viewer=viewer)} WHERE id = {number}")

    def test_forges_no_approved_act(self) -> None:
        there = office()
        for given in (
            {"state": PreparedState.APPROVED, "decided_by_id": there.second.id},
            {"prepared_by_id": there.second.id},
        ):
            with refused_by_the_database("prepared by who acts", there.preparer):
                PreparedAct.objects.create(
                    **{
                        "employer_id": there.known.employer_id,
                        "act": "seal_members",
                        "title": "x",
                        "arguments": "{}",
                        "digest": b"1",
                        "key": Key.fresh(),
                        "prepared_by_id": there.known.handler_id,
                        "preparer_name": "x",
                        "business_day": TODAY,
                        **given,
                    }
                )

    def test_decides_nothing_twice_even_as_the_owner_of_the_tables(self, ground: Any) -> None:
        there = office()
        number = there.prepare()
        there.approve(number)
        with ground.connect("owner") as owner, pytest.raises(Exception, match="never changed"):
            owner.execute(
                f"UPDATE casework_preparedact SET state = 'waiting', decided_by_id = NULL WHERE id = {number}"
            )

    def test_is_needed_on_the_hall_s_day_whatever_day_is_told(self) -> None:
        there = office()
        told = [TODAY - timedelta(days=1), there.preparer.id, there.known.employer_id, Key.fresh()]
        with pytest.raises(Refused, match="TWO-STEPS-NEEDED"), durable(there.preparer), connection.cursor() as cursor:
            cursor.execute(
                "SELECT evidence_record(%s, 'seal_members', 'handler', %s, 'x', 'portal', '', %s, 'case:1', %s,"
                " '\\x00', '{}', '{}')",
                told,
            )


class TestOnePersonUnderTwoNames:
    @pytest.mark.parametrize("was", [Duty.HANDLER, Duty.AGENT])
    def test_decides_nothing_that_he_prepared_before_he_was_the_approver(self, was: Duty) -> None:
        there, now = office(), datetime.now(UTC)
        if was is Duty.HANDLER:
            number, human = there.prepare(), there.known.application.handler
            change_handler(there.known.employer_id, person(), SEEN, by=CLERK, today=TODAY, now=now, key=Key.fresh())
        else:
            agent = newcomer()
            grant, human = granted(there.known, Duty.AGENT, agent=agent.user_name), agent.application.handler
            number = there.prepare(by=grant.user.actor)
            end(grant.grant_id)
        himself = replace(there, approver=granted(there.known, handler=human))
        with pytest.raises(Refused, match="TWO-STEPS-ONE-PERSON"):
            himself.approve(number)
        with pytest.raises(Refused, match="TWO-STEPS-ONE-PERSON"):
            prepared.give_back(number, "月份不对", by=himself.second, today=TODAY, key=Key.fresh())
        assert (himself.state_of(number), himself.cases()) == ("waiting", 0)
        with reading(himself.second):
            assert prepared.is_own(PreparedAct.objects.get(pk=number), himself.second.id or 0)
        other = replace(there, approver=granted(there.known))
        with reading(other.second):
            assert not prepared.is_own(PreparedAct.objects.get(pk=number), other.second.id or 0)
        assert other.approve(number).result["people"] == 1

    def test_has_not_both_persons_codes_on_one_telephone(self) -> None:
        there, agent, now = office(), newcomer(), datetime.now(UTC)
        act: Any = {"by": CLERK, "today": TODAY, "now": now}
        shared = there.known.mobile
        theirs, new = replace(person(), handler_mobile=there.approver.user.mobile), Key.fresh
        with pytest.raises(Refused, match="REGISTER-MOBILE-TWICE"):
            propose(there.known.employer_id, application(handler=replace(person(), handler_mobile=shared)))
        with pytest.raises(Refused, match="REGISTER-MOBILE-TWICE"):
            change_handler(there.known.employer_id, theirs, SEEN, key=new(), **act)
        with pytest.raises(Refused, match="REGISTER-MOBILE-TWICE"):
            change_mobile(there.known.employer_id, theirs.handler_mobile, SEEN, key=new(), **act)
        granted(there.known, Duty.AGENT, agent=agent.user_name)
        with pytest.raises(Refused, match="REGISTER-MOBILE-TWICE"):  # at home it would be nobody else's
            change_mobile(agent.employer_id, theirs.handler_mobile, SEEN, key=new(), **act)
        granted(there.known, handler=replace(person(), handler_mobile=theirs.handler_mobile))  # who leaves leaves it


class TestWithoutAGrant:
    def test_nothing_is_asked(self) -> None:
        there = office()
        end(there.approver.grant_id)
        receipt = seal_members(**there.sealing, by=there.known.actor, today=TODAY, key=Key.fresh())
        assert receipt.result["people"] == 1

    def test_nothing_can_be_prepared(self) -> None:
        there = office()
        end(there.approver.grant_id)
        with pytest.raises(Refused, match="PREPARED-NOT-GRANTED"):
            there.prepare()


class TestAtTheSameMoment:
    def test_two_clicks_carry_out_once(self) -> None:
        there = office()
        number, start = there.prepare(), Barrier(2)

        def click(_: int) -> evidence.Receipt:
            start.wait()
            try:
                return there.approve(number)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as clicks:
            first, second = sorted(clicks.map(click, range(2)), key=lambda one: one.repeated)
        assert (first.number, first.repeated, second.repeated) == (second.number, False, True)
        assert there.cases() == 1

    def test_an_approver_whose_grant_ends_approves_before_it_or_not_at_all(self) -> None:
        for _ in range(3):
            there = office()
            number, start = there.prepare(), Barrier(2)

            def at_once(act: Callable[[], object], start: Barrier = start) -> str:
                start.wait()
                try:
                    act()
                except Refused as refused:
                    return refused.refusals[0].code
                finally:
                    connection.close()
                return "done"

            with ThreadPoolExecutor(2) as both:
                approved = both.submit(at_once, partial(there.approve, number))
                ended = both.submit(at_once, partial(end, there.approver.grant_id))
            # an act that waits keeps the grant from ending: it is approved, and the end came before or after
            assert (approved.result(), ended.result()) in {("done", "done"), ("done", "GRANT-ACTS")}
            assert there.cases() == 1


class TestThePages:
    def test_from_the_preparer_s_form_to_the_approver_s_click(self) -> None:
        there, first, second = office(), Browser(), Browser()
        there.known.settles(first)
        assert there.approver.user.settles(second).address == "/"
        page = rules_accepted(first, first.open("/declare/"))
        assert "内部复核" in page
        page = first.submit(first.open("/declare/"), "/declare/", way="transfer")
        assert "已提交给本单位复核人" in page
        assert "待单位复核" in page
        address = page.address.partition("?")[0]
        assert "等本单位复核人通过" in first.open("/")

        home = second.open("/")
        assert "等您复核" in home
        assert f'href="{address}"' in home
        assert "由经办人办理。经办人提交后，由您在这里复核。" in home
        assert "这里只能查看" not in home
        assert "办理人员变动</a>" not in home
        assert "核对并核定</a>" not in home  # the handler's next step and not his
        for looks in ("/declare/", "/seal/", "/open/", "/upload/"):  # who only looks there accepts nothing first
            page = second.open(looks)
            assert (page.address, "您在贵单位是复核人，不在这里办理" in page) == (looks, True)
        page = rules_accepted(second, second.open(address))
        assert page.address == address
        page = second.submit(page, f"{address}approve/")
        assert "已通过" in page
        assert "查看办理结果" in page
        sheet = f"/sheet/{_sheet(there)}/"
        page = second.open(sheet)
        assert all(said in page for said in ("<dt>录入</dt>", "<dt>复核</dt>"))
        lines = PdfReader(BytesIO(second.get(f"{sheet}lines.pdf").content)).pages[-1].extract_text()
        assert f"录入　{there.known.actor.name}" in lines
        assert f"复核　{there.second.name}" in lines
        assert "等您复核" not in second.open("/")

    def test_the_button_says_that_it_goes_to_the_approver_first(self) -> None:
        there, browser = office(), Browser()
        there.known.settles(browser)
        with reading(SYSTEM):
            number = Account.objects.get(pk=there.accounts[0]).number
        rules_accepted(browser, browser.open("/declare/"))
        for address in ("/declare/", "/open/", f"/seal/?account={number}"):
            page = browser.open(address)
            assert ("提交单位复核</button>" in page, page.html.count("确认开户</button>")) == (True, 0), address
        there.approve(there.prepare("submit_sheet", **_due_month(there)))
        assert "提交单位复核</button>" in browser.open(f"/sheet/{_sheet(there)}/")

    def test_what_is_withheld_meanwhile_is_not_approved(self) -> None:
        there, second = office(), Browser()
        there.approver.user.settles(second)
        there.approve(there.prepare("submit_sheet", **_due_month(there)))
        waiting = there.prepare("withdraw_sheet", case_no=_sheet(there))
        restricting.restrict(there.known.employer_id)
        address = f"/prepared/{waiting}/"
        page = second.submit(rules_accepted(second, second.open(address)), f"{address}approve/")
        assert "汇缴现在不能在网厅办理" in page
        assert there.state_of(waiting) == "waiting"

    def test_a_returned_act_stands_on_the_preparer_s_first_page_with_its_reason(self) -> None:
        there, first, second = office(), Browser(), Browser()
        there.known.settles(first)
        there.approver.user.settles(second)
        address = f"/prepared/{there.prepare()}/"
        page = second.submit(rules_accepted(second, second.open(address)), f"{address}return/", note="")
        assert page.status == 422
        page = second.submit(second.open(address), f"{address}return/", note="九月还在职")
        assert "已退回" in page
        assert "被退回：九月还在职" in first.open("/")
        assert "九月还在职" in first.open("/prepared/")
        person = {"name": "周立春", "monthly_wage": "6500"}
        address = f"/prepared/{there.prepare('open_account', person=person, accept_mended=False)}/"
        assert "6,500.00 元" in second.open(address)
        page = second.submit(second.open(address), f"{address}return/", note="工资不对")
        assert "改好再提交" not in page  # it is not his to do
        assert 'href="/open/">改好再提交' in rules_accepted(first, first.open(address))

    def test_everything_that_speaks_against_it_is_said_to_who_fills_in_the_form(self) -> None:
        there, first = office(), Browser()
        there.known.settles(first)
        with reading(SYSTEM):
            number = Account.objects.get(pk=there.accounts[0]).number
        rules_accepted(first, first.open(f"/seal/?account={number}"))
        page = first.open(f"/seal/?account={number}")
        page = first.submit(page, f"/seal/?account={number}", reason="01", effective_month="2020-01")
        assert page.status == 422
        with reading(there.preparer):
            assert not PreparedAct.objects.exists()

    def test_the_approver_looks_and_does_not_prepare(self) -> None:
        there, second = office(), Browser()
        there.approver.user.settles(second)
        page = second.open("/declare/")
        assert page.status == 200
        assert "您在贵单位是复核人" in page
        assert second.submit(page, "/declare/", way="transfer").status == 403

    def test_the_viewer_looks_and_does_nothing(self) -> None:
        there, browser = office(), Browser()
        viewer = granted(there.known, Duty.VIEWER)
        assert viewer.user.settles(browser).address == "/"
        for address in ("/roster/", "/declare/", "/seal/", "/records/", "/prepared/"):
            assert browser.open(address).status == 200, address
        page = browser.open("/declare/")
        assert "您在贵单位是查询人" in page
        assert browser.submit(page, "/declare/", way="transfer").status == 403
        with reading(SYSTEM):
            handler = Handler.objects.get(pk=viewer.user.handler_id)
            assert evidence.events_about("url:/declare/")[0].actor_name == handler.name

    def test_neither_viewer_nor_approver_appeals_or_confirms_for_the_employer(self) -> None:
        there, browser = office(), Browser()
        viewer = granted(there.known, Duty.VIEWER)
        viewer.user.settles(browser)
        number = restricting.restrict(there.known.employer_id)
        shown = browser.open("/")
        assert shown.address == "/prompts/"  # he sees what the handler will have to confirm
        assert "我已知悉" not in shown
        assert "提出申诉" not in browser.open("/restriction/")
        token = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value, "key": Key.fresh(), "text": "我不服"}
        for address in (f"/restriction/{number}/appeal/", "/prompts/", "/messages/read/"):
            assert browser.post(address, token).status_code == 403, address
        for by in (viewer.user.actor, there.second):
            with reading(by):
                unseen = {one.way: one.pk for one in Delivery.objects.exclude(way="page")}
            timed: Any = {"by": by, "today": TODAY, "now": datetime.now(UTC)}
            for refused in (
                partial(appeals.appeal, number, "我不服", key=Key.fresh(), **timed),
                partial(own.confirm_message, unseen["prompt"], key=Key.fresh(), **timed),
                partial(own.read_messages, [unseen["inbox"]], key=Key.fresh(), **timed),
            ):
                with pytest.raises(Refused, match="ACCESS-LOOKS-ONLY"):
                    refused()
            with reading(by):
                assert Delivery.objects.get(pk=unseen["inbox"]).state == "unread"
        assert appeals.appeal(number, "系误操作", **timed | {"by": there.known.actor}, key=Key.fresh())

    def test_another_employer_s_act_is_not_there(self) -> None:
        there, other, browser = office(), office(), Browser()
        other.approver.user.settles(browser)
        rules_accepted(browser, browser.open("/agreement/rules/two_step/"))
        number = there.prepare()
        assert browser.open(f"/prepared/{number}/").status == 404


def _due_month(there: Office) -> dict[str, Any]:
    """What is typed to submit the month that is due."""
    with reading(there.preparer):
        unit = UnitAccount.objects.get(pk=there.unit_id)
        due, digest = unit.due_month, queries.preview(unit, unit.due_month, TODAY, PLACE).digest
    return {"unit_account_id": there.unit_id, "month": due, "digest": digest, "use_unallocated": False}


def _sheet(there: Office) -> int:
    with reading(SYSTEM):
        return Case.objects.get(employer_id=there.known.employer_id, kind="remittance").pk


def test_what_waits_inside_is_named_and_ended_before_the_service_or_the_two_steps_are() -> None:
    there = office()
    propose_end(there.approver.grant_id, "停用", letter_seen=True, by=CLERK, today=TODAY, key=Key.fresh())
    number = there.prepare()
    with reading(SYSTEM):
        (left,) = open_business(there.known.employer_id)
    assert (left.code, left.severity) == ("TERMINATE-ACTS", Severity.REFUSED)
    with pytest.raises(Refused, match="GRANT-ACTS"):
        decide_end(there.approver.grant_id)
    with refused_by_the_database("prepared acts wait", REVIEWER):
        review.decide(END_REVIEW, there.approver.grant_id, ReviewState.APPROVED, note="", by=REVIEWER)
        Grant.objects.filter(pk=there.approver.grant_id).update(state=GrantState.ENDED, ended_on=TODAY)
    with pytest.raises(Refused, match="TERMINATE-ACTS"):
        terminated(there)
    prepared.take_back(number, by=there.preparer, today=TODAY, key=Key.fresh())
    assert terminated(there).result["termination_id"]


def terminated(there: Office) -> evidence.Receipt:
    form = TerminationForm("迁往外地", "李一", "王二", TODAY.isoformat(), form_seen=True, confirmed=True)
    now, key = datetime.now(UTC), Key.fresh()
    return terminate(there.known.employer_id, form, by=CLERK, today=TODAY, now=now, key=key)
