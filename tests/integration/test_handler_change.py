"""Change of handler or mobile at the counter: what ends, who is told, what survives."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from hpf.account_opening.operations import upload_roster
from hpf.casework.models import Attachment, Case, CaseKind
from hpf.casework.scans import Scan
from hpf.evidence import Receipt, content_digest, event
from hpf.evidence.events import canonical
from hpf.hall_access import handler_change
from hpf.hall_access.handler_change import PapersSeen
from hpf.hall_access.models import HandlerChange
from hpf.hall_access.passwords import reissue_initial_password
from hpf.hall_access.rules import Visit
from hpf.kernel import Actor, ActorKind, Channel, Key, Month, Refused
from hpf.notices.sms import outbox
from hpf.registry.codes import Role
from hpf.registry.handlers import HandlerApplication
from hpf.registry.models import Handler, UnitAccount
from hpf.remittance.models import Sheet
from hpf.storage import Query, durable, reading, sm3
from tests.integration.browser import PASSWORD, Browser, Newcomer, lay_hall, newcomer, staff_browser
from tests.integration.hall import CLERK, COLLEAGUE, TODAY, another, quick_passwords
from tests.integration.portal import said
from tests.integration.treasury.bank import add_trio, declare
from tests.office import SYSTEM, Unit
from tests.scans import png
from tests.unit.account_opening.people import person, roster

SEEN, PNG = PapersSeen(letter_seen=True, card_seen=True), png()

pytestmark = pytest.mark.usefixtures("ground")


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        yield shared_center


@pytest.fixture(scope="module")
def clerk(ground: Any) -> Browser:
    return staff_browser(Role.CLERK)


def successor() -> HandlerApplication:
    return another().handler


def change(known: Newcomer, application: HandlerApplication | None = None, **given: Any) -> Receipt:
    return handler_change.change_handler(
        known.employer_id,
        application or successor(),
        given.pop("papers", SEEN),
        by=given.pop("by", CLERK),
        today=TODAY,
        now=datetime.now(UTC),
        key=given.pop("key", None) or Key.fresh(),
    )


def bind(known: Newcomer) -> str:
    """Another mobile for the handler, which is returned."""
    number, now = successor().handler_mobile, datetime.now(UTC)
    handler_change.change_mobile(known.employer_id, number, SEEN, by=CLERK, today=TODAY, now=now, key=Key.fresh())
    return number


def unit_of(known: Newcomer) -> Unit:
    with reading(SYSTEM):
        unit = UnitAccount.objects.get(employer_id=known.employer_id)
    return Unit(known.employer_id, unit.pk, unit.unallocated_account_id, known.actor)


def messages_to(mobile: str) -> list[str]:
    with reading(SYSTEM):
        return [message.text for message in outbox(500) if message.mobile == mobile]


def taken_over(known: Newcomer, application: HandlerApplication) -> Newcomer:
    """The new handler with what the counter gave him."""
    result: Any = change(known, application).result
    at = Visit("203.0.113.1", "Firefox/140", datetime.now(UTC), TODAY)
    _, password = reissue_initial_password(result["handler_id"], by=COLLEAGUE, visit=at, key=Key.fresh())
    person = another(handler_name=application.handler_name, handler_mobile=application.handler_mobile)
    return Newcomer(known.employer_id, result["handler_id"], person, result["user_name"], password or "")


class TestThePapers:
    def test_everything_that_is_wrong_is_said_at_once(self) -> None:
        with pytest.raises(Refused) as refused:
            change(newcomer(), HandlerApplication("", "1", "1"), papers=PapersSeen(letter_seen=False, card_seen=False))
        assert [one.where for one in refused.value.refusals] == [
            "letter_seen",
            "card_seen",
            "handler_name",
            "handler_identity_number",
            "handler_mobile",
        ]

    def test_the_same_person_is_not_a_new_handler(self) -> None:
        known = newcomer()
        with pytest.raises(Refused, match="CHANGE-SAME-PERSON"):
            change(known, known.application.handler)

    def test_scans_hang_on_the_case_and_others_are_refused_by_what_is_in_them(self) -> None:
        known = newcomer()
        with pytest.raises(Refused, match="SCAN-KIND"):
            change(known, papers=PapersSeen(letter_seen=True, card_seen=True, scans=[Scan("信.png", [b"MZ\x90"])]))
        done = change(known, papers=PapersSeen(letter_seen=True, card_seen=True, scans=[Scan("信.exe", [PNG])]))
        with reading(SYSTEM):
            scan = Attachment.objects.get(case_id=done.result["case_no"])
        assert (scan.media_type, scan.employer_id) == ("image/png", known.employer_id)

    def test_only_a_clerk_changes_a_handler(self) -> None:
        manager = Actor(ActorKind.STAFF, 9, "赵", Channel.COUNTER, roles=frozenset({"manager"}))
        with pytest.raises(Refused, match="STAFF-ROLE"):
            change(newcomer(), by=manager)

    def test_leave_no_mobile_in_the_log_that_could_be_tried_out(self) -> None:
        """Eleven digits are found in minutes from a digest that needs no key."""
        known, number = newcomer(), successor().handler_mobile
        done = handler_change.change_mobile(
            known.employer_id, number, SEEN, by=CLERK, today=TODAY, now=datetime.now(UTC), key=Key.fresh()
        )
        with reading(SYSTEM):
            digest = event(done.number).digest  # type: ignore[union-attr]
        rest = {"employer_id": known.employer_id, "letter": True, "card": True}
        guesses = (
            {**rest, "handler_mobile": number, "of": []},
            {**rest, "typed": sm3(canonical({"handler_mobile": number}).encode()).hex(), "of": []},
        )
        assert digest not in [content_digest(guess).hex() for guess in guesses]

    def test_a_repeated_key_changes_nothing(self) -> None:
        known, key, application = newcomer(), Key.fresh(), successor()
        first, again = change(known, application, key=key), change(known, application, key=key)
        assert again.number == first.number
        with reading(SYSTEM):
            assert Handler.objects.filter(employer_id=known.employer_id).count() == 2


class TestTheOldHandler:
    def test_leaves_with_the_next_click_and_is_told_why(self) -> None:
        known, browser = newcomer(), Browser()
        known.settles(browser)
        assert browser.open("/roster/").status == 200
        change(known)
        for _ in range(2):  # a browser has several windows
            page = browser.open("/roster/")
            assert page.address.startswith("/login/")
            assert "本单位的经办人已在柜台变更，您的用户名已停用" in page

    def test_loses_every_login_that_is_under_way(self) -> None:
        known, browser, other = newcomer(), Browser(), Browser()
        known.settles(other)
        page = browser.submit(browser.open("/login/"), "/login/", user_name=known.user_name, password=PASSWORD)
        assert page.address == "/login/code/"
        change(known)
        page = browser.submit(page, "/login/code/", code=last_code_of(known.mobile))
        assert "本次登录已失效" in page

    def test_does_not_get_in_again(self) -> None:
        known = newcomer()
        known.settles(Browser())
        change(known)
        browser = Browser()
        page = browser.submit(browser.open("/login/"), "/login/", user_name=known.user_name, password=PASSWORD)
        assert page.status == 422
        assert "您的用户名已停用" in page
        page = browser.submit(browser.open("/login/"), "/login/", user_name=known.user_name, password="wrong")
        assert "用户名或密码不正确" in page

    def test_cannot_act_with_what_he_had_in_hand(self) -> None:
        """The browser was looked at before the change, the act begins after it: it is refused whole."""
        known = newcomer()
        change(known)
        with pytest.raises(Refused, match="ACCESS-ENDED"), durable(known.actor):
            pass


class TestBothTelephones:
    def test_are_told(self) -> None:
        known, application = newcomer(), successor()
        done = change(known, application)
        assert "您已不再担任" in messages_to(known.mobile)[0]
        (told,) = messages_to(application.handler_mobile)
        assert str(done.result["user_name"]) in told

    def test_are_told_of_another_mobile_by_the_old_number_and_the_new(self) -> None:
        known, number = newcomer(), successor().handler_mobile
        browser = Browser()
        known.settles(browser)
        handler_change.change_mobile(
            known.employer_id, number, SEEN, by=CLERK, today=TODAY, now=datetime.now(UTC), key=Key.fresh()
        )
        for mobile in (known.mobile, number):
            assert "经办人的手机已变更" in messages_to(mobile)[0]
        assert "绑定的手机号码已在柜台变更" in browser.open("/")
        page = browser.submit(browser.open("/login/"), "/login/", user_name=known.user_name, password=PASSWORD)
        assert browser.submit(page, "/login/code/", code=last_code_of(number)).address == "/"

    def test_hear_nothing_of_a_change_that_was_refused(self) -> None:
        known = newcomer()
        with pytest.raises(Refused, match="CHANGE-SAME-MOBILE"):
            handler_change.change_mobile(
                known.employer_id, known.mobile, SEEN, by=CLERK, today=TODAY, now=datetime.now(UTC), key=Key.fresh()
            )
        assert messages_to(known.mobile) == []


class TestTheNewHandler:
    def test_signs_the_agreement_and_finds_what_the_old_one_began(self, tmp_path: Any) -> None:
        known, application = newcomer(), successor()
        unit = unit_of(known)
        add_trio(unit)
        case_no = declare(unit, Month(2026, 7))
        uploaded = upload_roster(
            unit_account_id=unit.unit_account_id,
            chunks=[roster(tmp_path / "花名册.xlsx", person(1)).read_bytes()],
            name="花名册.xlsx",
            by=unit.handler,
            today=TODAY,
            key=Key.fresh(),
        ).result["case_no"]
        new, browser = taken_over(known, application), Browser()
        page = new.settles(browser)
        assert page.address == "/"
        assert f"前任经办人{known.application.handler_name}" in page
        assert "交接清单" in browser.open("/sessions/")
        pack = browser.open("/handover/")
        text = said(pack)
        assert str(case_no) in text
        assert str(uploaded) in text
        assert known.application.handler_name in text
        assert "2026年7月汇缴期限" in text
        assert "暂存款余额" in text
        assert browser.open(f"/upload/{uploaded}/").status == 200
        paper = browser.get("/handover/list.pdf")
        assert paper.content.startswith(b"%PDF-")
        away = browser.submit(pack, "/handover/away/")
        assert away.address == "/"
        assert "看交接清单" not in away
        assert browser.open("/handover/").status == 200
        withdrawn = browser.submit(browser.open(f"/sheet/{case_no}/"), f"/sheet/{case_no}/withdraw/")
        assert withdrawn.status == 200

    def test_is_a_user_of_his_own(self) -> None:
        known = newcomer()
        done = change(known)
        assert str(done.result["user_name"]).endswith("02")
        with reading(SYSTEM):
            old, new = Handler.objects.filter(employer_id=known.employer_id).order_by("pk")
        assert (old.active, new.active, new.agreement_version, new.must_change_password) == (False, True, "", True)

    def test_is_told_why_he_is_given_a_password(self) -> None:
        """Not that the hall was opened: it was open before him."""
        person = successor()
        result: Any = change(newcomer(), person).result
        at = Visit("203.0.113.1", "Firefox/140", datetime.now(UTC), TODAY)
        for occasion in ("贵单位的经办人已变更为您", "您的初始密码已重新发放"):
            reissue_initial_password(result["handler_id"], by=COLLEAGUE, visit=at, key=Key.fresh(), by_sms=True)
            assert f"{occasion}，用户名{result['user_name']}" in messages_to(person.handler_mobile)[0]

    def test_is_registered_anew_where_nobody_was_left(self) -> None:
        known = newcomer()
        with durable(CLERK):
            Handler.objects.filter(pk=known.handler_id).update(active=False)
        done = change(known)
        with reading(SYSTEM):
            kept = HandlerChange.objects.get(pk=done.result["change_id"])
        assert (kept.kind, kept.old_handler_id) == ("anew", None)


class TestTheClerkWhoMadeTheChange:
    """Alone he must not get into an employer's account: by a mobile or a handler of his own and a password to it."""

    def test_hands_out_no_password_until_the_handler_has_come_in(self) -> None:
        known, browser = newcomer(), Browser()
        known.settles(browser)
        number = bind(known)
        at = Visit("203.0.113.1", "Firefox/140", datetime.now(UTC), TODAY)
        for by_sms in (False, True):
            with pytest.raises(Refused, match="ACCESS-PASSWORD-BY-ANOTHER"):
                reissue_initial_password(known.handler_id, by=CLERK, visit=at, key=Key.fresh(), by_sms=by_sms)
        with pytest.raises(IntegrityError, match="gives him no password"), durable(CLERK):
            Handler.objects.filter(pk=known.handler_id).update(password_hash="x", must_change_password=True)
        page = browser.submit(browser.open("/login/"), "/login/", user_name=known.user_name, password=PASSWORD)
        browser.submit(page, "/login/code/", code=last_code_of(number))
        reissue_initial_password(known.handler_id, by=CLERK, visit=at, key=Key.fresh())

    def test_gives_a_new_handler_no_password_and_another_clerk_does(self) -> None:
        result: Any = change(newcomer()).result
        at = Visit("203.0.113.1", "Firefox/140", datetime.now(UTC), TODAY)
        with pytest.raises(Refused, match="ACCESS-PASSWORD-BY-ANOTHER"):
            reissue_initial_password(result["handler_id"], by=CLERK, visit=at, key=Key.fresh())
        assert reissue_initial_password(result["handler_id"], by=COLLEAGUE, visit=at, key=Key.fresh())[1]

    def test_spends_a_password_that_he_had_handed_out_before(self) -> None:
        known = newcomer()
        bind(known)
        browser = Browser()
        page = browser.submit(browser.open("/login/"), "/login/", user_name=known.user_name, password=known.password)
        assert "初始密码已使用过或已过期" in page

    def test_does_not_recover_a_password_by_the_mobile_that_he_bound(self) -> None:
        known, browser = newcomer(), Browser()
        known.settles(browser)
        number = bind(known)
        page = browser.open("/forgot/")
        asked = {"user_name": known.user_name, "credit_code": known.application.credit_code}
        browser.submit(page, "/forgot/", **asked)
        assert len(messages_to(number)) == 1  # that it was bound, and no code


class TestTheMomentOfChange:
    def test_a_sheet_is_submitted_before_it_or_not_at_all(self) -> None:
        """Ten times the handler declares his month while the clerk puts another in his place."""
        for _ in range(10):
            known = newcomer()
            unit, together = unit_of(known), Barrier(2)
            add_trio(unit)

            def submit(unit: Unit = unit, together: Barrier = together) -> int | None:
                together.wait()
                with suppress(Refused):
                    return declare(unit, Month(2026, 7))
                return None

            def replace(known: Newcomer = known, together: Barrier = together) -> Receipt:
                together.wait()
                return change(known)

            with ThreadPoolExecutor(2) as pool:
                sheet, changed = pool.submit(submit), pool.submit(replace)
                case_no, change_no = sheet.result(), changed.result().number
            with reading(SYSTEM):
                kept = Sheet.objects.filter(unit_account_id=unit.unit_account_id).count()
                acts = event_numbers("submit_sheet", unit.employer_id)
            assert kept == len(acts) == (1 if case_no else 0)
            assert all(number < change_no for number in acts)

    def test_two_clerks_at_once_leave_one_handler(self) -> None:
        known, together = newcomer(), Barrier(2)

        def replace(_: int) -> bool:
            together.wait()
            return bool(change(known).result["handler_id"])

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(replace, range(2))) == [True, True]
        with reading(SYSTEM):
            assert Handler.objects.filter(employer_id=known.employer_id, active=True).count() == 1
            assert Handler.objects.filter(employer_id=known.employer_id).count() == 3


class TestAtTheCounter:
    def test_the_clerk_fills_in_a_form_and_hands_over_slip_and_password(self, clerk: Browser) -> None:
        known, application = newcomer(), successor()
        address = f"/counter/employers/{known.employer_id}/handler/"
        employer = clerk.open(f"/counter/employers/{known.employer_id}/")
        assert address in employer
        page = clerk.submit(
            clerk.open(address),
            address,
            handler_name=application.handler_name,
            handler_identity_number=application.handler_identity_number,
            handler_mobile=application.handler_mobile,
            letter_seen="1",
            card_seen="1",
            scans=SimpleUploadedFile("介绍信.png", PNG, "image/png"),
        )
        assert "经办人已变更，短信已发往新旧两部手机" in page
        assert "发放用户名和初始密码" in page
        (slip,) = re.findall(r'href="(/counter/changes/\d+/slip\.pdf)"', page.html)
        assert clerk.get(slip).content.startswith(b"%PDF-")
        with reading(SYSTEM):
            case = Case.objects.get(employer_id=known.employer_id, kind=CaseKind.HANDLER_CHANGE)
        shown = clerk.open(f"/counter/cases/{case.number}/")
        (scan,) = re.findall(r'href="(/counter/scans/\d+/)"', shown.html)
        assert clerk.get(scan).content == PNG
        employer = clerk.open(f"/counter/employers/{known.employer_id}/")
        assert case.title in employer
        assert "初始密码请由另一名柜员核对单位介绍信和身份证后发放" in employer
        assert "hand-over/" not in employer.html

    def test_another_mobile_alone_is_filed_as_what_it_is(self, clerk: Browser) -> None:
        known = newcomer()
        bind(known)
        with reading(SYSTEM):
            case = Case.objects.get(employer_id=known.employer_id)
        assert case.kind == CaseKind.MOBILE_CHANGE
        for address in (f"/counter/cases/?q={case.number}", f"/counter/cases/{case.number}/"):
            page = clerk.open(address)
            assert "手机号码变更" in page
            assert "<td>经办人变更</td>" not in page
            assert "<dd>经办人变更</dd>" not in page
        (slip,) = re.findall(r'href="(/counter/changes/\d+/slip\.pdf)"', page.html)
        assert quote(f"手机号码变更回执{case.number}.pdf") in clerk.get(slip).headers["Content-Disposition"]

    def test_nobody_takes_a_roster_for_a_scan(self, clerk: Browser, tmp_path: Any) -> None:
        """It holds the identity numbers of everybody in clear."""
        unit = unit_of(newcomer())
        uploaded = upload_roster(
            unit_account_id=unit.unit_account_id,
            chunks=[roster(tmp_path / "花名册.xlsx", person(1)).read_bytes()],
            name="花名册.xlsx",
            by=unit.handler,
            today=TODAY,
            key=Key.fresh(),
        ).result["case_no"]
        with reading(SYSTEM):
            number = Attachment.objects.get(case_id=uploaded).pk
        assert clerk.open(f"/counter/scans/{number}/").status == 404
        assert f"/counter/scans/{number}/" not in clerk.open(f"/counter/cases/{uploaded}/")

    def test_what_is_wrong_stands_beside_its_field(self, clerk: Browser) -> None:
        address = f"/counter/employers/{newcomer().employer_id}/handler/"
        page = clerk.submit(clerk.open(address), address, handler_name="赵")
        assert page.status == 422
        for name in ("letter_seen", "card_seen", "handler_identity_number", "handler_mobile"):
            assert f'id="f-{name}-e"' in page, name
        assert 'value="赵"' in page

    def test_a_mobile_is_changed_on_a_page_of_its_own(self, clerk: Browser) -> None:
        known = newcomer()
        address = f"/counter/employers/{known.employer_id}/mobile/"
        number = successor().handler_mobile
        page = clerk.submit(clerk.open(address), address, handler_mobile=number, letter_seen="1", card_seen="1")
        assert page.address.startswith("/counter/cases/")
        with reading(SYSTEM):
            assert Handler.objects.get(pk=known.handler_id).mobile == number


def last_code_of(mobile: str) -> str:
    """The code that last went to a mobile that has received other messages since."""
    with reading(SYSTEM):
        return next(one.code for one in outbox(500) if one.mobile == mobile and one.template == "login-code")


def event_numbers(act: str, employer_id: int) -> list[int]:
    rows = Query(
        "SELECT id FROM evidence_event WHERE act = %(act)s AND employer_id = %(employer_id)s",
        {"act": act, "employer_id": employer_id},
    ).rows()
    return [number for (number,) in rows]
