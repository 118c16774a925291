"""The form that an employer fills in advance: kept by a code to its mobile, read by its number and another code."""

from __future__ import annotations

import io
import re
from dataclasses import asdict, replace
from datetime import timedelta
from html import unescape
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from hpf.employer_registration import prefilling
from hpf.employer_registration.models import Application
from hpf.employer_registration.operations import correct_application
from hpf.employer_registration.prefilling import Caller
from hpf.employer_registration.queries import form_of
from hpf.employer_registration.rules import EmployerApplication
from hpf.evidence import events_about
from hpf.kernel import Actor, Key, Refused
from hpf.notices.sms import outbox
from hpf.registry.codes import Role
from hpf.storage import reading
from tests.integration.browser import PART_OF_A_PAGE, Browser, Page, lay_hall, staff_browser
from tests.integration.hall import CLERK, NOW, TODAY, another, last_code, quick_passwords, register
from tests.office import SYSTEM

pytestmark = pytest.mark.usefixtures("ground")
LONG = {
    "name": (0x4E00, 255),
    "address": (0x5000, 255),
    "supervising_department": (0x5200, 255),
    "bank_name": (0x5400, 255),
    "handler_name": (0x5600, 120),
}


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        yield shared_center


@pytest.fixture(autouse=True)
def nobody_has_asked_yet(ground: Any) -> None:
    nobody_asked(ground)


def nobody_asked(ground: Any) -> None:
    with ground.connect("owner") as owner:
        owner.execute("DELETE FROM employer_registration_proof")


def caller(minutes: float = 0, address: str = "203.0.113.7") -> Caller:
    return Caller(address, NOW + timedelta(minutes=minutes), TODAY)


def prefilled(form: EmployerApplication, at: Caller | None = None) -> str:
    at = at or caller()
    asked = prefilling.ask_to_prefill(form, at)
    return prefilling.prefill(form, asked.token, last_code(form.handler_mobile), at)


def refused(act: Any, *args: Any, **kwargs: Any) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


def messages() -> int:
    with reading(SYSTEM):
        return len(outbox(10_000))


def read(token: str, at: Caller) -> Application | None:
    with reading(Actor.ANONYMOUS):
        return prefilling.read(token, at)


def test_what_is_sent_with_its_code_is_kept_as_typed() -> None:
    form = another(supervising_department="教育局")
    number = prefilled(form)
    with reading(SYSTEM):
        kept = Application.objects.select_related("branch").get(number=number)
        assert [event.act for event in events_about(f"application:{kept.pk}")] == ["prefill_application"]
    assert (kept.state, kept.accepted_by) == ("prefilled", "")
    assert form_of(kept) == replace(form, first_month="2026-07")


def test_nothing_is_kept_before_it_is_sent() -> None:
    form = another()
    prefilling.ask_to_prefill(form, caller())
    with reading(SYSTEM):
        assert not Application.objects.filter(name=form.name).exists()


def test_a_faulty_form_gets_no_code_and_every_reason() -> None:
    before = messages()
    assert set(refused(prefilling.ask_to_prefill, another(name="", unit_rate="40"), caller())) == {
        "REGISTER-REQUIRED",
        "REGISTER-RATE-RANGE",
    }
    assert messages() == before


def test_a_stranger_is_not_told_who_is_registered() -> None:
    form = another()
    register(form)
    assert prefilled(replace(form, handler_mobile=another().handler_mobile))


def test_the_code_counts_for_the_mobile_it_went_to() -> None:
    form = another()
    asked = prefilling.ask_to_prefill(form, caller())
    code = last_code(form.handler_mobile)
    other = replace(form, handler_mobile=another().handler_mobile)
    assert refused(prefilling.prefill, other, asked.token, code, caller()) == ("PREFILL-CODE-DEAD",)
    assert refused(prefilling.prefill, form, "", code, caller()) == ("PREFILL-CODE-NONE",)
    assert refused(prefilling.prefill, form, "guessed", code, caller()) == ("PREFILL-CODE-DEAD",)


def test_five_wrong_codes_kill_the_right_one() -> None:
    form = another()
    asked = prefilling.ask_to_prefill(form, caller())
    right = last_code(form.handler_mobile)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    codes = [refused(prefilling.prefill, form, asked.token, wrong, caller()) for _ in range(5)]
    assert codes == [("PREFILL-CODE-WRONG",)] * 4 + [("PREFILL-CODE-DEAD",)]
    assert refused(prefilling.prefill, form, asked.token, right, caller()) == ("PREFILL-CODE-DEAD",)


def test_a_code_lives_five_minutes() -> None:
    form = another()
    asked = prefilling.ask_to_prefill(form, caller())
    code = last_code(form.handler_mobile)
    assert refused(prefilling.prefill, form, asked.token, code, caller(5)) == ("PREFILL-CODE-DEAD",)


def test_the_same_browser_keeps_one_form_once() -> None:
    form = another()
    asked = prefilling.ask_to_prefill(form, caller())
    code = last_code(form.handler_mobile)
    number = prefilling.prefill(form, asked.token, code, caller())
    assert prefilling.prefill(form, asked.token, code, caller(1)) == number
    with reading(SYSTEM):
        assert Application.objects.filter(name=form.name).count() == 1


def test_codes_are_limited_for_a_mobile_and_for_an_address() -> None:
    form = another()
    prefilling.ask_to_prefill(form, caller())
    assert refused(prefilling.ask_to_prefill, form, caller(0.5)) == ("PREFILL-WAIT",)
    for minute in (2, 4, 6, 8):
        prefilling.ask_to_prefill(form, caller(minute))
    assert refused(prefilling.ask_to_prefill, form, caller(10, "198.51.100.1")) == ("PREFILL-WAIT",)
    for _ in range(15):
        prefilling.ask_to_prefill(another(), caller(10))
    assert refused(prefilling.ask_to_prefill, another(), caller(11)) == ("PREFILL-WAIT",)
    prefilling.ask_to_prefill(another(), caller(11, "198.51.100.2"))


def test_it_is_read_by_number_and_code_and_by_neither_alone() -> None:
    form = another()
    number = prefilled(form)
    asked = prefilling.ask_to_read(f"{number[:4]} {number[4:8]} {number[8:]}", caller(2))
    assert read(asked.token, caller(2)) is None
    wrong = f"{(int(last_code(form.handler_mobile)) + 1) % 1_000_000:06d}"
    assert refused(prefilling.prove_reader, asked.token, wrong, caller(2)) == ("PREFILL-CODE-WRONG",)
    assert read(asked.token, caller(2)) is None
    prefilling.prove_reader(asked.token, last_code(form.handler_mobile), caller(2))
    found = read(asked.token, caller(16))
    assert found is not None
    assert found.number == number
    assert read(asked.token, caller(17.5)) is None


def test_an_unknown_number_is_answered_and_limited_as_a_known_one() -> None:
    known, unknown = prefilled(another()), "700000000063"
    before, work = messages(), []
    for place, number in enumerate((known, unknown)):
        at = caller(3, f"198.51.100.{place}")
        with CaptureQueriesContext(connection) as captured:
            asked = prefilling.ask_to_read(number, at)
        work.append([query["sql"].split("(")[0] for query in captured])
        assert (asked.minutes, asked.mobile_masked) == (5, "")
        assert refused(prefilling.prove_reader, asked.token, "000000", at) == ("PREFILL-CODE-WRONG",)
        assert refused(prefilling.ask_to_read, number, at) == ("PREFILL-WAIT",)
    assert messages() == before + 1  # what is for nobody is not shown
    assert work[0] == work[1]
    assert sum("notices_outboxmessage" in statement for statement in work[1]) == 1
    assert refused(prefilling.ask_to_read, "123456789012", caller()) == ("PREFILL-NUMBER",)


def test_what_nobody_brought_is_gone_after_thirty_days_and_what_was_brought_stays() -> None:
    left, brought = another(), another()
    number, kept = prefilled(left), prefilled(brought)
    with reading(SYSTEM):
        application_id = Application.objects.get(number=kept).pk
    correct_application(application_id, brought, by=CLERK, today=TODAY, key=Key.fresh())
    prefilling.forget_prefilled(now=NOW + timedelta(days=29, hours=23), today=TODAY)
    with reading(SYSTEM):
        assert Application.objects.filter(number=number).exists()
    assert prefilling.forget_prefilled(now=NOW + timedelta(days=30, minutes=1), today=TODAY) >= 1
    with reading(SYSTEM):
        assert not Application.objects.filter(number=number).exists()
        assert Application.objects.get(number=kept).state == "accepted"


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT * FROM employer_registration_application",
        "SELECT * FROM employer_registration_proof",
        "INSERT INTO employer_registration_application (number, state) VALUES ('x', 'prefilled')",
        "SELECT employer_registration_forget(now())",
    ],
)
def test_the_public_s_role_reaches_no_table(ground: Any, attack: str) -> None:
    with ground.connect("portal") as portal, pytest.raises(psycopg.errors.InsufficientPrivilege):
        portal.execute(attack)


def test_without_a_proof_the_function_keeps_nothing(ground: Any) -> None:
    with ground.connect("portal") as portal:
        rows = portal.execute(
            "SELECT * FROM employer_registration_prefill('\\x00', '{\"number\": \"x\"}', now())"
        ).fetchall()
    assert rows == []


class TestPages:
    def test_from_the_empty_form_to_the_paper_and_to_the_clerk(self, ground: Any) -> None:
        form, browser = another(), Browser()
        page = self.sent(browser, form)
        assert page.address == "/apply/done/"
        with reading(SYSTEM):
            kept = Application.objects.get(name=form.name)
        assert " ".join(kept.number[at : at + 4] for at in (0, 4, 8)) in page
        paper = browser.get("/apply/form.pdf")
        assert paper.headers["Content-Type"] == "application/pdf"
        assert form.handler_identity_number in PdfReader(io.BytesIO(paper.content)).pages[1].extract_text()
        clerk = staff_browser(Role.CLERK)
        called_up = clerk.open(f"/counter/applications/?q={kept.number}")
        assert called_up.address == f"/counter/applications/{kept.pk}/"
        typed = clerk.get(f"/counter/applications/?q={kept.number}", headers=PART_OF_A_PAGE)
        assert (typed.status_code, typed.headers["HX-Redirect"]) == (204, called_up.address)  # no page in the page
        opened = clerk.submit(called_up, f"{called_up.address}open/")
        assert "核对预填申请" in opened
        taken = clerk.submit(opened, f"{called_up.address}correct/", **asdict(form))
        assert "已受理" in taken
        with ground.connect("owner") as owner:
            owner.execute("UPDATE registry_branch SET phone = '0833-2412345'")
        told = browser.open("/apply/done/")
        assert "柜台已受理，正在核对材料" in told
        assert "0833-2412345" in told  # whom to ask
        assert "预填内容自动删除" not in told

    def test_every_step_is_answered_by_a_redirect_that_carries_nothing(self) -> None:
        """So that Back finds a page and not a form that would have to be sent again."""
        form, browser = another(), Browser()
        empty = browser.open("/apply/")
        asked = browser.post("/apply/", {**empty.form("/apply/"), "act": "code", **asdict(form)})
        assert (asked.status_code, asked.headers["Location"]) == (303, "/apply/")
        page = browser.open("/apply/")
        assert form.handler_mobile in page.form("/apply/").values()
        assert f"{form.handler_mobile[:3]}****{form.handler_mobile[-4:]}" in page
        held = browser.cookies["application-draft"].value
        assert form.handler_mobile not in held
        assert form.handler_mobile not in Browser().open("/apply/").form("/apply/").values()
        sent = browser.submit(page, "/apply/", act="send", code=last_code(form.handler_mobile), **asdict(form))
        assert sent.address == "/apply/done/"
        assert form.handler_mobile not in browser.open("/apply/").form("/apply/").values()

    def test_a_form_longer_than_a_browser_holds_gets_its_code_too(self) -> None:
        long = {name: "".join(map(chr, range(at, at + most))) for name, (at, most) in LONG.items()}
        form, browser = another(**long), Browser()
        page = browser.submit(browser.open("/apply/"), "/apply/", act="code", **asdict(form))
        assert "验证码已发往" in page
        assert "application-draft" not in browser.cookies
        code = last_code(form.handler_mobile)
        assert browser.submit(page, "/apply/", act="send", code=code, **asdict(form)).address == "/apply/done/"

    @pytest.mark.parametrize("held", ["", "x", "AQEAAAA=", "!"])
    def test_what_the_hall_has_not_sealed_is_no_form(self, held: str) -> None:
        browser = Browser()
        browser.cookies["application-draft"] = held
        assert browser.open("/apply/").status == 200

    def test_a_code_that_is_dead_is_asked_for_anew_on_the_spot(self, ground: Any) -> None:
        form = another()
        self.sent(Browser(), form)
        with reading(SYSTEM):
            number = Application.objects.get(name=form.name).number
        nobody_asked(ground)  # a minute later
        browser = Browser()
        page = browser.submit(browser.open("/apply/find/"), "/apply/find/", number=number)
        nobody_asked(ground)  # its code is gone
        page = browser.submit(page, "/apply/code/", code="123456")
        assert "验证码已失效" in page
        page = browser.submit(page, "/apply/find/")
        assert page.address == "/apply/code/"
        page = browser.submit(page, "/apply/code/", code=last_code(form.handler_mobile))
        assert form.name in page

    def test_another_browser_needs_number_and_code(self, ground: Any) -> None:
        form, browser = another(), Browser()
        self.sent(Browser(), form)
        with reading(SYSTEM):
            number = Application.objects.get(name=form.name).number
        assert browser.open("/apply/done/").address == "/apply/find/"
        assert browser.open("/apply/form.pdf").address == "/apply/find/"
        assert "申请编号不正确" in browser.submit(browser.open("/apply/find/"), "/apply/find/", number="1")
        nobody_asked(ground)  # a minute later
        page = browser.submit(browser.open("/apply/find/"), "/apply/find/", number=number)
        assert page.address == "/apply/code/"
        assert form.name not in page
        page = browser.submit(page, "/apply/code/", code=last_code(form.handler_mobile))
        assert page.address == "/apply/done/"
        assert form.name in page

    def test_the_declarations_lead_to_the_agreement_in_force_and_to_what_they_name(self) -> None:
        browser = Browser()
        said = browser.open("/apply/").html.partition("<legend>单位声明</legend>")[2].partition("</fieldset>")[0]
        readings = re.findall(r'<a class="nowrap" href="([^"]*)" target="_blank">', said)
        titles = (
            "服务协议",
            'aria-current="page">政策<',
            'aria-current="page">办事指南<',
            'aria-current="page">操作手册<',
        )
        for address, title in zip(readings, titles, strict=True):
            assert title in browser.open(unescape(address)), address

    def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(self) -> None:
        browser = Browser()
        wrong = asdict(another(name="", postcode="1", address="<b>街"))
        page = browser.submit(browser.open("/apply/"), "/apply/", act="code", **wrong)
        assert page.status == 422
        assert 'id="f-name-e"' in page
        assert 'id="f-postcode-e"' in page
        assert "&lt;b&gt;街" in page

    def test_no_text_that_is_longer_than_its_field_is_read(self) -> None:
        browser = Browser()
        long = asdict(another()) | {"name": "㍿" * 256, "unit_rate": "1" * 9, "bank_account": "１" * 61}
        page = browser.submit(browser.open("/apply/"), "/apply/", act="code", **long)
        assert page.status == 422
        for sentence in ("单位全称最多255个字，现为256个字", "缴存比例最多8个字", "开户银行账号最多60个字"):
            assert sentence in page

    def sent(self, browser: Browser, form: EmployerApplication) -> Page:
        page = browser.submit(browser.open("/apply/"), "/apply/", act="code", **asdict(form))
        assert "验证码已发往" in page
        code = last_code(form.handler_mobile)
        return browser.submit(page, "/apply/", act="send", code=code, **asdict(form))
