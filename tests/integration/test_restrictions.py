"""Breach: single functions limited, access suspended or ended, lifted, appealed; two persons, kept by the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import Error, connection

from hpf.access_restriction import appeals, lifting, operations, queries
from hpf.access_restriction.models import Appeal, Restriction
from hpf.access_restriction.rules import RestrictionKind, Standing
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt, events_about
from hpf.hall_access.operations import principal
from hpf.hall_access.rules import Stage, Visit
from hpf.kernel import Actor, Key, Month, Refused
from hpf.messaging import queries as messages
from hpf.notices.sms import outbox
from hpf.policy import choose_business_day
from hpf.policy.calendar import CHINA
from hpf.remittance.models import Sheet
from hpf.remittance.operations import withdraw_sheet
from hpf.storage import durable, reading
from tests.integration.browser import Browser, Newcomer, lay_hall, newcomer
from tests.integration.hall import CLERK, REVIEWER, TODAY, quick_passwords
from tests.integration.restricting import decide, lift, manager, proposal, propose, restrict, scan, suspension
from tests.integration.test_handler_change import unit_of
from tests.integration.treasury.bank import add_trio, declare
from tests.office import SYSTEM

DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("ground")
TIMELINE = (
    "INSERT INTO registry_timelineevent (employer_id, unit_account_id, account_id, kind, effective_month, reason,"
    " business_day, base_fen) SELECT employer_id, unit_account_id, id, '{}', '2026-09-01', '', current_date, 1"
    " FROM registry_account"
)
WRITES = (
    "UPDATE account_opening_roster SET choice = choice WHERE false",
    "DELETE FROM account_opening_rosterrow WHERE false",
    "INSERT INTO registry_member SELECT * FROM registry_member WHERE false",
    "INSERT INTO registry_account SELECT * FROM registry_account WHERE false",
    TIMELINE.format("base"),
    TIMELINE.format("sealing"),
    "UPDATE registry_account SET state = state WHERE false",
    "UPDATE remittance_sheet SET live = live WHERE false",
    "INSERT INTO remittance_sheetline SELECT * FROM remittance_sheetline WHERE false",
    "UPDATE inquiries_inquiry SET rating = rating WHERE false",
    "INSERT INTO inquiries_turn SELECT * FROM inquiries_turn WHERE false",
)


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        yield shared_center


@pytest.fixture(scope="module")
def known(ground: Any) -> Newcomer:
    """An employer for what leaves nothing in force."""
    return newcomer()


def stage_of(browser: Browser, today: date = TODAY) -> tuple[Stage, frozenset[str]] | None:
    token = browser.cookies["hall"].value
    found = principal(token, Visit("127.0.0.1", "", datetime.now(UTC), today))
    return (found.stage, found.limited) if found else None


def appeal(restriction_id: int, by: Actor, text: str = "系财务软件误操作，已停用") -> Receipt:
    return appeals.appeal(restriction_id, text, by=by, today=TODAY, now=datetime.now(UTC), key=Key.fresh())


def answer(appeal_id: int, by: Actor, *, upheld: bool) -> Receipt:
    now, text = datetime.now(UTC), "经复查，情况属实"
    return appeals.answer(appeal_id, upheld=upheld, text=text, by=by, today=TODAY, now=now, key=Key.fresh())


def standing(restriction_id: int, today: date = TODAY) -> Standing:
    with reading(SYSTEM):
        return operations.standing_of(Restriction.objects.get(pk=restriction_id), today)


class TestAProposal:
    def test_is_refused_with_everything_that_is_wrong_at_once(self, known: Newcomer) -> None:
        wrong = proposal(functions=(), reason=" ", clause_text="另一条", starts_on=TODAY - DAY, ends_on=TODAY - DAY)
        with pytest.raises(Refused) as refused:
            operations.propose(known.employer_id, wrong, by=CLERK, today=TODAY, key=Key.fresh())
        assert refused.value.codes == (
            "RESTRICT-FUNCTIONS",
            "RESTRICT-CLAUSE",
            "RESTRICT-EVIDENCE",
            "RESTRICT-START",
            "RESTRICT-END",
            "RESTRICT-REASON",
        )

    def test_names_a_clause_of_the_agreement_in_force_and_no_other(self, known: Newcomer) -> None:
        with pytest.raises(Refused, match="RESTRICT-CLAUSE"):
            propose(known.employer_id, replace(proposal(), version_id=0))

    def test_restricts_nothing_and_tells_nobody_before_a_second_person_agreed(self, known: Newcomer) -> None:
        number = propose(known.employer_id, suspension())
        with durable(known.actor):
            pass
        with reading(SYSTEM):
            assert not [one for one in outbox(500) if one.mobile == known.mobile and "中止" in one.text]
        operations.withdraw(number, by=CLERK, today=TODAY, key=Key.fresh())
        assert standing(number) is Standing.WITHDRAWN

    def test_that_is_refused_or_returned_is_over(self, known: Newcomer) -> None:
        for verdict in (ReviewState.REFUSED, ReviewState.RETURNED):
            number = propose(known.employer_id)
            decide(number, verdict)
            assert standing(number) is Standing.REFUSED

    def test_of_the_day_is_not_approved_after_its_end(self, known: Newcomer) -> None:
        number = propose(known.employer_id, suspension(ends_on=TODAY + DAY))
        with pytest.raises(Refused, match="RESTRICT-LAPSED"):
            decide(number, today=TODAY + DAY)
        operations.withdraw(number, by=CLERK, today=TODAY, key=Key.fresh())


class TestTwoPersons:
    def test_nobody_decides_his_own_proposal(self, known: Newcomer) -> None:
        boss = manager()
        number = propose(known.employer_id, by=boss)
        with pytest.raises(Refused, match="REVIEW-OWN-WORK"):
            decide(number, by=boss)
        operations.withdraw(number, by=boss, today=TODAY, key=Key.fresh())

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE access_restriction_restriction SET state = 'approved' WHERE id = %(id)s",
            "UPDATE access_restriction_restriction SET reason = '别的' WHERE id = %(id)s",
            "UPDATE access_restriction_restriction SET lifted_on = current_date WHERE id = %(id)s",
            "DELETE FROM access_restriction_restriction WHERE id = %(id)s",
            "UPDATE access_restriction_evidence SET digest = '' WHERE restriction_id = %(id)s",
            "INSERT INTO access_restriction_lifting"
            " (employer_id, restriction_id, reason, state, proposed_name, proposed_on)"
            " SELECT employer_id, id, '', 'approved', '', current_date"
            " FROM access_restriction_restriction WHERE id = %(id)s",
        ],
    )
    def test_the_staff_s_role_cannot_go_around_it_in_the_database(self, known: Newcomer, statement: str) -> None:
        number = propose(known.employer_id)
        with pytest.raises((Error, psycopg.Error)), durable(CLERK), connection.cursor() as cursor:
            cursor.execute(statement, {"id": number})
        operations.withdraw(number, by=CLERK, today=TODAY, key=Key.fresh())
        assert standing(number) is Standing.WITHDRAWN

    def test_is_the_employer_s_to_see_when_it_is_decided_and_not_before(self) -> None:
        known = newcomer()
        decided, refused = propose(known.employer_id), propose(known.employer_id)
        with reading(known.actor):
            assert not Restriction.objects.exists()
        decide(decided)
        decide(refused, ReviewState.REFUSED)
        with reading(known.actor):
            assert [one.pk for one in Restriction.objects.all()] == [decided]

    def test_two_reviewers_at_once_decide_once(self) -> None:
        number, together = propose(newcomer().employer_id, suspension()), Barrier(2)

        def say(by: Actor) -> tuple[str, ...]:
            together.wait()
            try:
                decide(number, by=by)
            except Refused as refused:
                return refused.codes
            return ()

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(say, (REVIEWER, manager()))) == [(), ("REVIEW-OVER",)]


class TestSuspendedAccess:
    def test_ends_sessions_and_logins_with_the_decision_and_every_act_after_it(self) -> None:
        known, browser = newcomer(), Browser()
        known.settles(browser)
        assert stage_of(browser) == (Stage.OPEN, frozenset())
        restrict(known.employer_id, suspension())
        assert stage_of(browser) is None
        with pytest.raises(Refused, match="ACCESS-ENDED"), durable(known.actor):
            pass
        with reading(SYSTEM):
            (text,) = [one.text for one in outbox(500) if one.mobile == known.mobile and "中止" in one.text]
        said = "中心中止贵单位使用单位网上业务大厅，自2026年8月10日起，至中心解除为止。原因：用程序批量抓取页面。"
        assert said in text

    def test_begins_and_expires_with_its_days_by_itself(self) -> None:
        known, browser = newcomer(), Browser()
        known.settles(browser)
        number = restrict(known.employer_id, suspension(starts_on=TODAY + DAY, ends_on=TODAY + 3 * DAY))
        days = [TODAY + n * DAY for n in range(4)]
        assert [standing(number, day) for day in days] == [
            Standing.COMING,
            Standing.IN_FORCE,
            Standing.IN_FORCE,
            Standing.EXPIRED,
        ]
        stages = [stage_of(browser, day) for day in days]
        assert [one and one[0] for one in stages] == [Stage.OPEN, Stage.SUSPENDED, Stage.SUSPENDED, Stage.OPEN]
        noons = [datetime.combine(day, time(12), CHINA) for day in days]
        with reading(known.actor):
            told = [len(messages.prompts(noon)) for noon in noons]
        assert told == [1, 1, 1, 0]  # what is over is not asked to be confirmed
        for day, may in zip(days, (True, False, False, True), strict=True):
            assert may_act(known, day) is may

    def test_stays_with_the_employer_whoever_is_its_handler(self) -> None:
        known = newcomer()
        restrict(known.employer_id, suspension())
        with reading(SYSTEM), connection.cursor() as cursor:
            cursor.execute("SELECT suspended FROM access_restriction_standing(%s, %s)", [known.employer_id, TODAY])
            assert cursor.fetchone() == (True,)

    def test_a_sheet_is_submitted_before_it_or_not_at_all(self) -> None:
        """Five times the handler declares his month while the reviewer approves."""
        for _ in range(5):
            known, together = newcomer(), Barrier(2)
            unit = unit_of(known)
            add_trio(unit)
            number = propose(known.employer_id, suspension())

            def submit(unit: Any = unit, together: Barrier = together) -> tuple[str, ...]:
                together.wait()
                try:
                    declare(unit, Month(2026, 7))
                except Refused as refused:
                    return refused.codes
                return ()

            def approve(number: int = number, together: Barrier = together) -> int:
                together.wait()
                return decide(number).number

            with ThreadPoolExecutor(2) as pool:
                submitted, decided = pool.submit(submit), pool.submit(approve)
                codes, decision = submitted.result(), decided.result()
            assert codes in ((), ("ACCESS-ENDED",))
            with reading(SYSTEM):
                assert Sheet.objects.filter(unit_account_id=unit.unit_account_id).exists() == (codes == ())
                assert next(one.number for one in events_about(f"restriction:{number}")) == decision


class TestALimitedFunction:
    def test_is_refused_by_the_database_and_the_others_stay(self) -> None:
        known, browser = newcomer(), Browser()
        known.settles(browser)
        unit = unit_of(known)
        add_trio(unit)
        restrict(known.employer_id)
        assert stage_of(browser) == (Stage.OPEN, frozenset({"remittance"}))
        with pytest.raises(Refused, match="CASE-WITHHELD"):
            declare(unit, Month(2026, 7))
        with durable(known.actor):
            pass

    def test_moves_no_case_on_that_was_open_before(self) -> None:
        known = newcomer()
        unit = unit_of(known)
        add_trio(unit)
        case_no = declare(unit, Month(2026, 7))
        number = restrict(known.employer_id)
        with pytest.raises(Refused, match="CASE-WITHHELD"):
            withdraw_sheet(case_no=case_no, by=known.actor, today=TODAY, key=Key.fresh())
        lift(number)
        assert withdraw_sheet(case_no=case_no, by=known.actor, today=TODAY, key=Key.fresh())

    def test_is_written_by_no_statement_of_the_portal_s_role(self) -> None:
        limited, free = newcomer(), newcomer()
        for one in (limited, free):
            add_trio(unit_of(one))
        restrict(limited.employer_id, proposal(functions=("account_opening", "inquiries", "remittance", "sealing")))
        for statement in WRITES:
            with pytest.raises(Refused, match="CASE-WITHHELD"), durable(limited.actor), connection.cursor() as cursor:
                cursor.execute(statement)
            with durable(replace(free.actor, rehearses=True)), connection.cursor() as cursor:
                cursor.execute(statement)

    def test_opens_again_when_two_persons_lift_it(self) -> None:
        known = newcomer()
        unit = unit_of(known)
        add_trio(unit)
        number = restrict(known.employer_id)
        lift(number)
        assert standing(number) is Standing.LIFTED
        assert declare(unit, Month(2026, 7))
        with reading(SYSTEM):
            assert [
                one
                for one in outbox(500)
                if one.mobile == known.mobile and "恢复在单位网上业务大厅办理汇缴" in one.text
            ]
            acts = [one.act for one in events_about(f"restriction:{number}")]
        assert sorted(acts) == ["decide_lifting", "decide_restriction", "propose_lifting", "propose_restriction"]

    def test_is_lifted_once_and_proposed_for_it_once(self, known: Newcomer) -> None:
        number = restrict(known.employer_id)
        lifting.propose_lifting(number, "误伤", by=CLERK, today=TODAY, key=Key.fresh())
        with pytest.raises(Refused, match="RESTRICT-LIFTING-UNDER-WAY"):
            lifting.propose_lifting(number, "误伤", by=manager(), today=TODAY, key=Key.fresh())
        other = restrict(known.employer_id)
        lift(other)
        with pytest.raises(Refused, match="RESTRICT-NOT-STANDING"):
            lifting.propose_lifting(other, "误伤", by=CLERK, today=TODAY, key=Key.fresh())


class TestAnAppeal:
    def test_is_written_under_suspension_and_lifts_it_when_it_is_upheld(self) -> None:
        known = newcomer()
        number = restrict(known.employer_id, suspension(kind=RestrictionKind.ENDED))
        made = appeal(number, known.actor)
        with reading(known.actor):
            waiting = Appeal.objects.get(pk=made.result["appeal_id"])
        assert (waiting.answer_by, waiting.on_paper) == (date(2026, 8, 17), False)
        answer(waiting.pk, manager(), upheld=True)
        assert standing(number) is Standing.LIFTED
        with durable(known.actor):
            pass

    @pytest.mark.parametrize("by", [REVIEWER, CLERK], ids=["who approved it", "who proposed it"])
    def test_is_answered_by_neither_of_those_who_restricted(self, by: Actor) -> None:
        known = newcomer()
        made = appeal(restrict(known.employer_id), known.actor)
        reviewing = replace(by, roles=frozenset({"reviewer"}))
        with pytest.raises(Refused, match="APPEAL-OWN-DECISION"):
            answer(int(made.result["appeal_id"]), reviewing, upheld=True)

    def test_that_is_rejected_leaves_everything_and_is_made_once(self) -> None:
        known = newcomer()
        number = restrict(known.employer_id)
        made = appeal(number, CLERK)
        with pytest.raises(Refused, match="APPEAL-ONCE"):
            appeal(number, known.actor)
        answer(int(made.result["appeal_id"]), manager(), upheld=False)
        with pytest.raises(Refused, match="APPEAL-ANSWERED"):
            answer(int(made.result["appeal_id"]), manager(), upheld=True)
        assert standing(number) is Standing.IN_FORCE
        with reading(known.actor):
            found = queries.appeal_of(number)
        assert found is not None
        assert (found.state, found.answer, found.on_paper) == ("rejected", "经复查，情况属实", True)
        with reading(SYSTEM):
            (told,) = [one.text for one in outbox(500) if one.mobile == known.mobile and "申诉" in one.text[:40]]
        assert "贵单位就限制在单位网上业务大厅办理汇缴提出的申诉已答复：维持原决定" in told

    def test_comes_within_the_days_that_the_center_gives(self) -> None:
        known = newcomer()
        number = restrict(known.employer_id)
        late = TODAY + 16 * DAY
        with pytest.raises(Refused, match="RESTRICT-NOT-STANDING"):  # nobody has approved it
            appeal(propose(known.employer_id), CLERK)
        with pytest.raises(Refused) as refused:
            appeals.appeal(number, " ", by=known.actor, today=late, now=datetime.now(UTC), key=Key.fresh())
        assert refused.value.codes == ("APPEAL-LATE", "APPEAL-TEXT")

    def test_cannot_be_upheld_by_the_portal_s_role(self) -> None:
        known, other = newcomer(), newcomer()
        number = restrict(known.employer_id)
        insert = (
            "INSERT INTO access_restriction_appeal"
            " (employer_id, restriction_id, text, on_paper, made_by, made_on, answer_by, state)"
            " VALUES (%s, %s, '', false, '', current_date, current_date, %s)"
        )
        for by, state in ((known.actor, "upheld"), (other.actor, "open")):
            with pytest.raises((Error, psycopg.Error)), durable(by), connection.cursor() as cursor:
                cursor.execute(insert, [by.employer_id, number, state])
        with pytest.raises((Error, psycopg.Error)), durable(known.actor), connection.cursor() as cursor:
            cursor.execute("UPDATE access_restriction_restriction SET lifted_on = current_date WHERE id = %s", [number])


def may_act(known: Newcomer, today: date) -> bool:
    """Whether the handler may write on a business day."""
    with durable(SYSTEM):
        choose_business_day(today)
    try:
        with durable(known.actor):
            return True
    except Refused:
        return False
    finally:
        with durable(SYSTEM):
            choose_business_day(TODAY)


def test_scans_of_the_evidence_are_the_center_s_alone(known: Newcomer) -> None:
    number = propose(known.employer_id)
    with reading(CLERK):
        (file,) = queries.evidence_of(number)
    assert (file.name, file.media_type) == (scan().name, "image/png")
    with pytest.raises(Error), reading(known.actor):
        queries.evidence_of(number)
    operations.withdraw(number, by=CLERK, today=TODAY, key=Key.fresh())
