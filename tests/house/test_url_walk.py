"""Every address, asked by everybody in every way: who is let in, who is sent where, and that asking changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.urls import reverse

from hpf.access_restriction.appeals import appeal
from hpf.access_restriction.lifting import propose_lifting
from hpf.account_opening.operations import check_roster, upload_roster
from hpf.agreement.queries import acceptances, current
from hpf.casework import prepared
from hpf.casework.models import Attachment
from hpf.casework.scans import Scan
from hpf.employer_registration.models import Material
from hpf.employer_registration.queries import scans_of
from hpf.employer_registration.scans import attach_scans
from hpf.faces.web import csp
from hpf.faces.web.exports import EXPORTS
from hpf.hall_access.handler_change import PapersSeen, change_mobile
from hpf.hall_access.proofs import ProofPurpose
from hpf.hall_access.rules import Stage
from hpf.hall_access.termination import TerminationForm, terminate
from hpf.inquiries import operations as inquiries
from hpf.inquiries.rules import InquiryKind
from hpf.kernel import Key, Month
from hpf.kernel.identity import with_check_characters
from hpf.messaging import own
from hpf.notices.messages import Audience, tell
from hpf.notices.models import Delivery
from hpf.notices.templates import Way
from hpf.publications import operations as publications
from hpf.publications.rules import Kind
from hpf.registry.codes import AgreementDocument, Duty, Role, SealReason
from hpf.registry.models import Account, Staff, UnitAccount
from hpf.sealing.operations import seal_members
from hpf.storage import durable, reading
from hpf.storage.access import declared_tables
from hpf.treasury import queries
from hpf.treasury.rules import LineState
from tests.house.addresses import Address, addresses
from tests.house.answers import ANSWERS, CONFIRMED, OWNER_S
from tests.house.messages import written
from tests.house.test_registers import EXPECTED, OPEN
from tests.house.test_tables import DROPPED_IN, STAFF_ONLY
from tests.house.waiting import (
    a_branch,
    handed_in,
    limit_questions,
    proposed_claim,
    proposed_closure,
    proposed_looks,
    proposed_move,
    proposed_timetable,
    staff,
)
from tests.integration import granting, publishing, restricting
from tests.integration.attacks import FOREIGN
from tests.integration.browser import PASSWORD, Browser, Newcomer, confirms, lay_hall, newcomer, staff_browser
from tests.integration.hall import CLERK, NOW, TODAY, accept, quick_passwords, submit
from tests.integration.treasury.bank import Bank, add_trio, declare, settle
from tests.office import SYSTEM, Unit
from tests.unit.account_opening.people import person, roster
from tests.versions import NOTICE, publish

LOGIN = {"portal": "/login/", "counter": "/counter/login/"}
PAGE_OF = {
    ("portal", Stage.MUST_CHANGE_PASSWORD): "/password/",
    ("portal", Stage.SUSPENDED): "/restriction/",
    ("portal", Stage.MUST_ACCEPT_AGREEMENT): "/agreement/",
    ("portal", Stage.MUST_CONFIRM): "/prompts/",
    ("portal", Stage.OPEN): "/",
    ("counter", Stage.MUST_CHANGE_PASSWORD): "/counter/password/",
    ("counter", Stage.MUST_ENROL): "/counter/authenticator/",
    ("counter", Stage.OPEN): "/counter/",
}
# What the restriction withholds that its handler has not confirmed yet.
WITHHELD = {"portal:declare", "portal:withdraw", "portal:pay-unallocated"}
COMMON = {"code", "document", "name", "session_id"}  # arguments that name something of nobody's
# These end the session of whoever asks; they are tried where logging out is tried.
ENDING = {"leave", "counter:leave"}


@dataclass(frozen=True)
class Principal:
    """Somebody with a browser. ``owner``: the things that the addresses name are his employer's.

    Who acts in two steps has an employer of his own, to which the prepared act belongs.
    """

    name: str
    browser: Browser
    side: str = "public"
    stage: Stage = Stage.OPEN
    role: Role | None = None
    owner: bool = False
    duty: Duty = Duty.HANDLER

    def owns(self, address: Address) -> bool:
        """Whether what an address names is his employer's."""
        return self.duty is not Duty.HANDLER if "prepared_id" in address.arguments else self.owner


@dataclass(frozen=True)
class World:
    """Everybody, and an example for every argument of an address."""

    center: Any
    owner: Unit
    principals: dict[str, Principal]
    examples: dict[str, dict[str, object]]


NAMES = (
    "anonymous",
    "owner",
    "stranger",
    "approver",
    "viewer",
    "new",
    "reading",
    "suspended",
    "unconfirmed",
    *(role.value for role in Role),
)


@pytest.fixture(scope="module")
def world(shared_center: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with quick_passwords():
        lay_hall()
        known = newcomer()
        owner = unit_of(known)
        office = newcomer()
        principals = {one.name: one for one in (*people(known), *beside(office))}
        examples = things(owner, office, tmp_path_factory.mktemp("roster"))
        for one in principals.values():
            if one.side == "portal" and one.stage is Stage.OPEN:
                confirms(one.browser)
        yield World(shared_center, owner, principals, examples)


def unit_of(known: Newcomer) -> Unit:
    with reading(SYSTEM):
        unit = UnitAccount.objects.get(employer_id=known.employer_id)
    return Unit(known.employer_id, unit.pk, unit.unallocated_account_id, known.actor)


def people(known: Newcomer) -> Iterator[Principal]:
    """One of each kind, logged in as far as it goes."""
    yield Principal("anonymous", Browser())
    for name, handler in (("owner", known), ("stranger", newcomer())):
        browser = Browser()
        assert handler.settles(browser).address == "/"
        yield Principal(name, browser, "portal", owner=name == "owner")
    first = Browser()
    newcomer().logs_in(first)
    yield Principal("new", first, "portal", Stage.MUST_CHANGE_PASSWORD)
    second = Browser()
    second.submit(newcomer().logs_in(second), "/password/", password=PASSWORD, again=PASSWORD)
    yield Principal("reading", second, "portal", Stage.MUST_ACCEPT_AGREEMENT)
    third, known = Browser(), newcomer()
    restricting.restrict(known.employer_id, restricting.suspension())
    third.submit(known.logs_in(third), "/password/", password=PASSWORD, again=PASSWORD)
    yield Principal("suspended", third, "portal", Stage.SUSPENDED)
    fourth, known = Browser(), newcomer()
    known.settles(fourth)
    restricting.restrict(known.employer_id)
    yield Principal("unconfirmed", fourth, "portal", Stage.MUST_CONFIRM)
    for role in Role:
        yield Principal(role.value, staff_browser(role), "counter", role=role)


def tell_something(owner: Unit) -> None:
    """A message in the hall, to be read and to be confirmed."""
    with durable(SYSTEM):
        values = {"title": "停机维护", "body": "今晚停机维护。"}
        tell("general", values, to=Audience(owner.employer_id), by=SYSTEM, today=TODAY, now=NOW)
    own.ask_email("office@example.com", by=owner.handler, today=TODAY, now=NOW, key=Key.fresh())


def beside(office: Newcomer) -> Iterator[Principal]:
    """An approver, who has accepted the rule of two steps, and a viewer."""
    for duty in (Duty.APPROVER, Duty.VIEWER):
        browser = Browser()
        granting.granted(office, duty).user.settles(browser)
        if duty is Duty.APPROVER:
            browser.submit(browser.open("/agreement/rules/two_step/"), "/agreement/rules/two_step/", accepted="1")
        yield Principal(duty.value, browser, "portal", duty=duty)


def waiting_inside(office: Newcomer) -> int:
    """An act that was prepared and waits for its approver."""
    act: dict[str, Any] = {"by": office.actor, "today": TODAY, "key": Key.fresh()}
    return int(prepared.prepare("withdraw_sheet", "撤回汇缴核定", {"case_no": 1}, **act).result["prepared_id"])


def things(owner: Unit, office: Newcomer, folder: Path) -> dict[str, dict[str, object]]:
    """July is booked, August waits for its money, a stranger's money waits, a roster is checked, someone is sealed."""
    trio = add_trio(owner)
    with durable(SYSTEM):
        UnitAccount.objects.filter(pk=owner.unit_account_id).update(active_count=len(trio))
        payer, clerk = owner.row.employer.name, Staff.objects.get(user_name=Role.CLERK.value).pk
    bank = Bank.opened_with("0.00")
    booked = declare(owner, Month(2026, 7))
    paid = bank.line("5551.28", with_check_characters(booked), payer_name=payer)
    statement = settle(bank.file(paid, bank.line("3.00", "还款", payer_name="某人"))).result["statement_id"]
    sealed = seal_members(
        unit_account_id=owner.unit_account_id,
        account_ids=[trio[2]],
        effective_month=Month(2026, 9),
        reason=SealReason.ENDED,
        by=owner.handler,
        today=TODAY,
        key=Key.fresh(),
    ).result["case_no"]
    tell_something(owner)
    awaiting = declare(owner, Month(2026, 8))
    uploaded = upload_roster(
        unit_account_id=owner.unit_account_id,
        chunks=[roster(folder / "花名册.xlsx", person(1), person(2)).read_bytes()],
        name="花名册.xlsx",
        by=owner.handler,
        today=TODAY,
        key=Key.fresh(),
    ).result["case_no"]
    check_roster(case_no=uploaded, by=SYSTEM, today=TODAY)
    change, scan = mobile_changed()
    with reading(SYSTEM):
        account = Account.objects.filter(pk=trio[0]).values_list("number", flat=True)[0]
        version, accepted = current(TODAY).id, acceptances(owner.employer_id)[0].id
    manuscript = published(owner)
    common: dict[str, object] = {
        "account_no": account,
        "employer_id": owner.employer_id,
        "statement_id": statement,
        "line_id": waiting_line(),
        "change_id": change,
        "termination_id": terminated(),
        "attachment_id": scan,
        "prepared_id": waiting_inside(office),
        "grant_id": granting.granted(newcomer()).grant_id,
        "case_no": awaiting,
        **submitted_application(),
        "document": AgreementDocument.TWO_STEP.value,
        "version_id": version,
        "acceptance_id": accepted,
        "session_id": 1,
        "handler_id": owner.handler.id,
        "purpose": ProofPurpose.LOGIN.value,
        "staff_id": clerk,
        "tally_id": 1,
        "delivery_id": delivered(owner).pk,
        "message_id": delivered(owner).message_id,
        "draft_id": publish("二", TODAY + NOTICE),
        "name": "seal",
        "inquiry_id": asked(owner),
        "kind": Kind.ANNOUNCEMENT.value,
        "number": 1,
        "place": 0,
        "publication_id": manuscript["publication_id"],
        "closure_id": proposed_closure(),
        "timetable_id": proposed_timetable(),
        "looks_id": proposed_looks(),
        "details_id": proposed_move(),
        "branch_id": a_branch(),
        **restricted(owner),
        "handed_in_id": handed_in(bank.statement(bank.line("4.00"))),
        "proposal_id": proposed_claim(waiting_line(), owner.unit_account_id),
    }
    of_roster = dict.fromkeys(("portal:preview", "portal:marked", "portal:recheck", "portal:discard"), uploaded)
    drafts = {"draft_id": manuscript["draft_id"]}
    cases = {**of_roster, "portal:receipt": sealed, "portal:slip": booked}
    words = written(owner.employer_id, staff(Role.CLERK), staff(Role.PUBLISHER))
    return {
        one.name: common
        | ({"case_no": cases[one.name]} if one.name in cases else {})
        | words.get(one.name, {})
        | (drafts if one.name.startswith("counter:draft") else {})
        | ({"name": "registration"} if one.name == "blank-form" else {})
        for one in addresses()
    }


def submitted_application() -> dict[str, object]:
    application_id = accept()
    letter = Scan("介绍信.pdf", [publishing.PDF], paper=Material.LETTER.value)
    attach_scans(application_id, [letter], by=CLERK, today=TODAY, key=Key.fresh())
    submit(application_id)
    with reading(SYSTEM):
        return {"application_id": application_id, "scan_id": scans_of(application_id)[0].pk}


def published(owner: Unit) -> dict[str, object]:
    """A form is out, a second draft of it is being written; a notice was acknowledged and is gone."""
    publisher, reviewer, morning = staff(Role.PUBLISHER), staff(Role.REVIEWER), publishing.MORNING
    important = replace(publishing.NOTICE, important=True)
    notice = publishing.publish(important, publisher, reviewer, now=morning)
    publishing.acknowledge(notice["draft_id"], publishing.digest_of(notice["draft_id"]), owner.handler)
    publications.take_down(notice["publication_id"], "已过期", by=publisher, today=TODAY, now=morning, key=Key.fresh())
    out = publishing.publish(publishing.form(), publisher, reviewer, now=morning)
    changed = replace(publishing.form(), change_summary="改了一处")
    drafted = publications.revise(out["publication_id"], changed, by=publisher, today=TODAY, key=Key.fresh())
    return {"publication_id": out["publication_id"], "draft_id": drafted.result["draft_id"]}


def asked(owner: Unit) -> int:
    """A question that waits for its answer, and is counted."""
    limit_questions()
    by: Any = {"by": owner.handler, "today": TODAY, "now": NOW, "key": Key.fresh()}
    done = inquiries.ask(InquiryKind.QUESTION, "何时到账", "转账已两天。", **by)
    return int(done.result["inquiry_id"])


def restricted(owner: Unit) -> dict[str, object]:
    """A restriction that begins tomorrow and is to be lifted; an appeal of somebody else's."""
    wanted = restricting.proposal(starts_on=TODAY + timedelta(days=1))
    coming = restricting.restrict(owner.employer_id, wanted)
    lifting = propose_lifting(coming, "已停止", by=CLERK, today=TODAY, key=Key.fresh()).result["lifting_id"]
    other = restricting.restrict(newcomer().employer_id)
    made = appeal(other, "误操作", by=CLERK, today=TODAY, now=NOW, key=Key.fresh())
    return {"restriction_id": coming, "lifting_id": lifting, "appeal_id": made.result["appeal_id"]}


def terminated() -> int:
    """An employer that gave up the hall."""
    form = TerminationForm("迁往外地", "李一", "王二", TODAY.isoformat(), form_seen=True, confirmed=True)
    done = terminate(newcomer().employer_id, form, by=CLERK, today=TODAY, now=datetime.now(UTC), key=Key.fresh())
    return int(done.result["termination_id"])


def mobile_changed() -> tuple[int, int]:
    """A change of mobile of some other employer, with its scan."""
    done = change_mobile(
        newcomer().employer_id,
        "13700000001",
        PapersSeen(letter_seen=True, card_seen=True, scans=[Scan("介绍信.pdf", [publishing.PDF])]),
        by=CLERK,
        today=TODAY,
        now=datetime.now(UTC),
        key=Key.fresh(),
    )
    with reading(SYSTEM):
        return done.result["change_id"], Attachment.objects.get(case_id=done.result["case_no"]).pk


def delivered(owner: Unit) -> Delivery:
    """A message that the owner finds in the hall."""
    with reading(SYSTEM):
        return Delivery.objects.filter(employer_id=owner.employer_id, way=Way.INBOX).latest("pk")


def waiting_line() -> int:
    with reading(SYSTEM):
        return queries.lines(states=[LineState.UNIDENTIFIED])[0].id


def href(address: Address, world: World) -> str:
    given = world.examples[address.name]
    return reverse(address.name, kwargs={name: given[name] for name in address.arguments})


def expected(address: Address, method: str, who: Principal) -> tuple[int, str]:
    """The answer, and for a redirect where it leads."""
    (side, stages, roles), methods = EXPECTED[address.name]
    if method not in methods.split():
        return 405, ""
    sends = who.stage is Stage.MUST_CONFIRM and method == "POST"  # it stands before pages, not before what is sent
    stage = Stage.OPEN if sends else who.stage
    if side != "public":
        if side != who.side:
            return 302, LOGIN[side]
        if stage not in stages:
            return 302, PAGE_OF[who.side, stage]
        if roles and who.role not in roles:
            return 403, ""
        duties = address.view.who.duties  # type: ignore[attr-defined]
        if method == "POST" and duties and who.duty not in duties:
            return 403, ""
        if sends and address.name in WITHHELD:
            return 403, ""
        if side == "portal" and set(address.arguments) - COMMON and not who.owns(address):
            return 404, ""
    if method == "GET" and (onward := led_on(address, who)):
        return 302, onward
    own = OWNER_S if who.owner else {}
    confirmed = CONFIRMED if stage is Stage.OPEN and who.duty is Duty.HANDLER else {}
    return (ANSWERS | own | confirmed).get((address.name, method), (200 if method == "GET" else 422, ""))


def led_on(address: Address, who: Principal) -> str:
    """Where a page leads who has nothing to do on it: to choose from the one employer that is put out."""
    is_out = address.name == "portal:choose" and who.stage is Stage.SUSPENDED
    return PAGE_OF[who.side, who.stage] if is_out else ""


def ask(who: Principal, method: str, target: str, *, token: bool = True) -> Any:
    """Ask, with the forgery token of the browser's own cookie unless it is to be forgotten."""
    return who.browser.generic(method, target, headers=forgery_token(who) if token else {})


def forgery_token(who: Principal) -> dict[str, str]:
    """The header that carries it; a browser without one gets one first."""
    if "csrftoken" not in who.browser.cookies:
        who.browser.get("/login/")
    return {"X-CSRFToken": who.browser.cookies["csrftoken"].value}


def guarded() -> list[Address]:
    return [one for one in addresses() if one.name not in OPEN]


def stored(world: World, *left_out: str) -> dict[str, list[str]]:
    """All rows of all tables, as text, but those of some apps."""
    with world.center.connect("superuser") as superuser:
        tables = [table for table in declared_tables() if not table.startswith(left_out)]
        return {
            table: sorted(text for (text,) in superuser.execute(f"SELECT t::text FROM {table} t")) for table in tables
        }


def events(world: World) -> int:
    with world.center.connect("superuser") as superuser:
        return int(superuser.execute("SELECT count(*) FROM evidence_event").fetchone()[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_get_answers_as_the_table_says_and_changes_nothing(world: World, name: str) -> None:
    who = world.principals[name]
    for address in (one for one in guarded() if one.name.startswith("portal:restriction")):
        ask(who, "GET", href(address, world))  # opened for the first time it is delivered, and kept as that
    before, noted = stored(world, "evidence_", "hall_access_"), events(world)
    wrong, recorded = [], 0
    for address in guarded():
        response = ask(who, "GET", href(address, world))
        status, lead = expected(address, "GET", who)
        if response.status_code != status or not response.headers.get("Location", "").startswith(lead):
            wrong.append((address.name, status, lead, response.status_code, response.headers.get("Location")))
        if status in (403, 404) or (status == 200 and address.name in EXPORTS):
            recorded += 1
    assert wrong == []
    assert stored(world, "evidence_", "hall_access_") == before
    assert events(world) == noted + recorded  # who is turned away is an event, and so is a file that leaves


@pytest.mark.parametrize("name", NAMES)
def test_head_answers_as_get_does(world: World, name: str) -> None:
    who = world.principals[name]
    before = stored(world, "evidence_", "hall_access_")
    wrong = []
    for address in guarded():
        response = ask(who, "HEAD", href(address, world), token=False)
        status, _ = expected(address, "GET", who)
        if response.status_code != status or response.content:
            wrong.append((address.name, status, response.status_code))
    assert wrong == []
    assert stored(world, "evidence_", "hall_access_") == before


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_form_is_refused_to_those_who_may_send_it(world: World, name: str) -> None:
    who = world.principals[name]
    before = stored(world, "evidence_", "hall_access_")
    wrong = []
    for address in guarded():
        status, lead = expected(address, "POST", who)
        if address.name in ENDING and status == 422:
            continue
        response = ask(who, "POST", href(address, world))
        if response.status_code != status or not response.headers.get("Location", "").startswith(lead):
            wrong.append((address.name, status, lead, response.status_code, response.headers.get("Location")))
    assert wrong == []
    assert stored(world, "evidence_", "hall_access_") == before


@pytest.mark.parametrize("name", ["anonymous", "owner", "reading", "clerk"])
def test_fields_that_no_page_asks_for_are_taken_by_none(world: World, name: str) -> None:
    """Nobody's mobile, employer, state, role or money is written by adding it to a form: it is answered as without."""
    who = world.principals[name]
    sent = [(one.name, href(one, world)) for one in guarded() if one.name not in ENDING]
    empty = {address: ask(who, "POST", target).status_code for address, target in sent}
    before = stored(world, "evidence_", "hall_access_")
    full = {
        address: who.browser.post(target, FOREIGN, headers=forgery_token(who)).status_code for address, target in sent
    }
    assert full == empty
    assert stored(world, "evidence_", "hall_access_") == before


@pytest.mark.parametrize("name", NAMES)
def test_no_post_is_taken_without_its_token(world: World, name: str) -> None:
    who = world.principals[name]
    answers = {
        (one.name, method): ask(who, method, href(one, world), token=False).status_code
        for one in addresses()
        for method in ("POST", "PUT", "PATCH", "DELETE")
    }
    assert {answer for answer, status in answers.items() if status != 403} == set()


def test_replayed_with_a_strangers_cookies_nothing_answers_and_each_try_is_an_event(world: World) -> None:
    """All that the owner can ask by a number of his own, asked by the handler of another employer."""
    stranger = world.principals["stranger"]
    traffic = [
        (method, href(address, world))
        for address in guarded()
        if address.name.startswith("portal:") and set(address.arguments) - COMMON
        for method in EXPECTED[address.name][1].split()
        if expected(address, method, stranger)[0] != 403  # an approver's act, which a handler may not do anywhere
    ]
    assert len(traffic) > 15
    with world.center.connect("superuser") as superuser:
        (before,) = superuser.execute("SELECT max(id) FROM evidence_event").fetchone()
        answers = {(method, target): ask(stranger, method, target).status_code for method, target in traffic}
        noted = superuser.execute(
            "SELECT subject, detail ->> 'method', employer_id FROM evidence_event"
            " WHERE id > %s AND act = 'asked_for_nothing' ORDER BY id",
            [before],
        ).fetchall()
    assert set(answers.values()) == {404}, answers
    assert [(method, subject) for subject, method, _ in noted] == [(method, f"url:{path}") for method, path in traffic]
    assert {employer for _, _, employer in noted}.isdisjoint({world.owner.employer_id, None})


def test_other_methods_are_not_known(world: World) -> None:
    who = world.principals["owner"]
    for address in guarded():
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            assert ask(who, method, href(address, world)).status_code == 405, (address.name, method)


@pytest.mark.parametrize("name", ["anonymous", "owner", "stranger", "clerk", "treasurer"])
def test_every_answer_carries_the_headers(world: World, name: str) -> None:
    who = world.principals[name]
    targets = [href(one, world) for one in addresses()] + ["/nowhere/", "/static/nothing.css", "/counter/nowhere/"]
    for target in targets:
        for method, token in (("GET", True), ("POST", False), ("OPTIONS", True)):
            response = ask(who, method, target, token=token)
            assert response.headers["Content-Security-Policy"] == csp.CONTENT_SECURITY_POLICY, target
            for header, value in csp.HEADERS.items():
                assert response.headers[header] == value, (target, header)
            assert "no-store" in response.headers["Cache-Control"], (target, method)
            assert response.headers["X-Reference"], target


def test_static_files_may_be_kept_and_carry_the_headers(world: World) -> None:
    response = world.principals["anonymous"].browser.get("/static/hall.css")
    assert response.status_code == 200
    assert f"max-age={settings.WHITENOISE_MAX_AGE}" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_without_an_employer_the_portal_sees_no_row_of_anybody_s(world: World) -> None:
    """Every employer's table that a handler may read holds rows by now; none of them shows without an employer."""
    readable = {name for name, access in declared_tables().items() if access.owner_column and access.portal}
    with world.center.connect("superuser") as superuser, world.center.connect("portal") as portal:
        filled = {name for name in readable if superuser.execute(f"SELECT EXISTS (SELECT FROM {name})").fetchone()[0]}
        for name in readable:
            assert portal.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,), name
    assert readable - filled <= {"casework_progress", "ledger_corrected_month", "registry_nametoken"}


def test_an_employer_sees_its_own_rows_and_no_others(world: World) -> None:
    tables = {name: access.owner_column for name, access in declared_tables().items() if access.owner_column}
    with world.center.connect("superuser") as superuser, world.center.connect("portal") as portal:
        portal.execute("SELECT set_config('hpf.employer', %s, false)", [str(world.owner.employer_id)])
        for name, column in tables.items():
            own = superuser.execute(
                f"SELECT count(*) FROM {name} WHERE {column} = %s", [world.owner.employer_id]
            ).fetchone()
            assert portal.execute(f"SELECT count(*) FROM {name}").fetchone() == own, name


@pytest.mark.parametrize("table", sorted(STAFF_ONLY | DROPPED_IN))
def test_the_portal_may_not_even_look_into_the_staff_s_tables(world: World, table: str) -> None:
    with world.center.connect("portal") as portal, pytest.raises(psycopg.errors.InsufficientPrivilege):
        portal.execute(f"SELECT count(*) FROM {table}")
