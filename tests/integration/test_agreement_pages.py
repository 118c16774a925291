"""The agreement in the browser: compared and accepted, refused on the way out, read by anybody, published by two."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory

from hpf.agreement.queries import acceptances, demonstration_text
from hpf.faces.web.door import HANDLER, cookie_name, door
from hpf.registry.codes import AgreementDocument, Role
from hpf.storage import Query, reading, sm3
from tests.integration.browser import Browser, lay_hall, newcomer, staff_browser
from tests.integration.hall import TODAY, quick_passwords
from tests.office import SYSTEM
from tests.unit.agreement.broken_text import as_a_pdf_gives_it
from tests.unit.papers.specimens import text
from tests.versions import NOTICE

CHANGED = demonstration_text().replace("及时答复贵单位的咨询和异议", "五日内答复贵单位的咨询和异议")
LATER = TODAY + NOTICE


@pytest.fixture(scope="module", autouse=True)
def ground(shared_center):
    with quick_passwords():
        lay_hall()
        yield shared_center


def turn_to(day) -> None:
    browser = Browser()
    browser.submit(browser.open("/login/"), "/demo/day/", day=str(day), here="/login/")


def acts(employer_id: int) -> list[str]:
    with reading(SYSTEM):
        query = "SELECT act FROM evidence_event WHERE employer_id = %(id)s ORDER BY id"
        return [act for (act,) in Query(query, {"id": employer_id}).rows()]


def test_a_version_is_drafted_reviewed_announced_compared_and_accepted() -> None:
    known, handler = newcomer(), Browser()
    known.settles(handler)
    address = drafted_in_the_hall()
    reviewed_in_the_hall(address)
    assert f"服务协议自 {LATER} 起更新：答复期限写明为五日。" in Browser().open("/login/")
    assert "答复期限写明为五日。" in handler.open("/")
    assert "即将生效" in Browser().open("/agreements/")
    turn_to(LATER)
    page = handler.open("/roster/")
    assert page.address == "/agreement/?next=%2Froster%2F"
    assert "与您上次接受的版本（一）对照" in page
    assert '<del><span class="vh">删去：</span>及时<' in page
    assert '<ins><span class="vh">新增：</span>五日内<' in page
    assert "一（现行 二 尚未接受）" in staff_browser(Role.CLERK).open(f"/counter/employers/{known.employer_id}/")
    page = handler.submit(page, "/agreement/", accepted="1")
    assert page.address == "/roster/"
    assert "服务协议将于" not in page  # what was announced has come: nobody is asked to confirm that it will
    turn_to(TODAY)


def drafted_in_the_hall() -> str:
    maker = staff_browser(Role.PUBLISHER)
    page = maker.open("/counter/agreements/new/")
    typed = {"document": "agreement", "number": "二", "summary": "改", "text": "没有标题"}
    page = maker.submit(page, "/counter/agreements/new/", effective_on=str(TODAY), **typed)
    assert page.status == 422
    assert "协议变更须在生效前至少7日公布" in page
    page = maker.submit(
        page,
        "/counter/agreements/new/",
        document="agreement",
        number="二",
        effective_on=str(LATER),
        summary="答复期限写明为五日。",
        text=CHANGED,
    )
    assert page.status == 200
    assert "与版本 一 对照" in page
    assert "8 章" in page
    return page.path


def reviewed_in_the_hall(address: str) -> None:
    checker = staff_browser(Role.REVIEWER)
    assert "服务协议二" in checker.open("/counter/reviews/")
    decide = f"{address}decide/"
    page = checker.submit(checker.open(address), decide, verdict="returned")
    assert page.status == 422
    assert "未填写复核意见" in page
    page = checker.submit(page, decide, verdict="approved")
    assert "已公布" in page


def test_refusing_leads_out_and_says_how_to_go_on_and_how_to_come_back() -> None:
    known, browser = newcomer(), Browser()
    page = known.logs_in(browser)
    page = browser.submit(page, "/password/", password="correct horse battery", again="correct horse battery")
    page = browser.submit(page, "/agreement/refuse/")
    assert page.address == "/agreement/refused/"
    for sentence in ("不会因此改变或删除", "请到网点柜台办理", "用原来的用户名和密码登录"):
        assert sentence in page
    assert browser.open("/agreement/").address.startswith("/login/")
    assert acts(known.employer_id)[-2:] == ["refuse_agreement", "log_out"]


def test_an_accepted_agreement_is_not_refused_by_a_stale_page() -> None:
    known, browser = newcomer(), Browser()
    page = known.logs_in(browser)
    page = browser.submit(page, "/password/", password="correct horse battery", again="correct horse battery")
    browser.submit(page, "/agreement/", accepted="1")
    page = browser.submit(page, "/agreement/refuse/")
    assert page.status == 422
    assert "AGREEMENT-ACCEPTED" in page
    assert browser.open("/").address == "/"


def test_anybody_reads_every_version_and_can_work_out_its_digest() -> None:
    browser = Browser()
    page = browser.open("/agreements/")
    digest = sm3(demonstration_text().encode()).hex()
    assert digest in page
    for rule in ("服务协议", "委托扣款专项规则", "程序接入专项规则", "单位内部复核专项规则"):
        assert f"<h2>{rule}</h2>" in page
    number = page.html.split('href="/agreements/')[1].split("/")[0]
    assert browser.open(f"/agreements/{number}/").status == 200
    text = browser.get(f"/agreements/{number}/text/").content
    assert sm3(text).hex() in page
    assert browser.open("/agreements/999999/").status == 404


def test_a_special_rule_lets_its_function_go_on_once_accepted() -> None:
    known, browser = newcomer(), Browser()
    known.settles(browser)
    page = browser.open("/agreement/rules/two_step/?next=/roster/")
    assert "首次使用这项功能" in page
    assert f"签署单位：{known.application.name}" in page
    assert "不能办理或复核开户、封存、汇缴" in page
    page = browser.submit(page, "/agreement/rules/two_step/", accepted="1")
    assert page.address == "/roster/"
    assert "代表贵单位接受本版协议" in browser.open("/agreement/rules/two_step/?next=https://evil.example/")
    assert browser.open("/agreement/rules/agreement/").status == 404


def test_an_acceptance_is_printed_for_its_employer_and_for_the_staff_and_for_nobody_else() -> None:
    known, browser, stranger = newcomer(), Browser(), Browser()
    known.settles(browser)
    newcomer().settles(stranger)
    with reading(known.actor):
        (accepted,) = acceptances(known.employer_id)
    address = f"/agreement/acceptances/{accepted.id}/"
    assert address in browser.open("/agreement/")
    printed = browser.get(address)
    assert printed.headers["Content-Type"] == "application/pdf"
    assert "王秀英" in text(printed.content)
    assert stranger.get(address).status_code == 404
    clerk = staff_browser(Role.CLERK)
    address = f"/counter/agreements/acceptances/{accepted.id}/"
    assert address in clerk.open(f"/counter/employers/{known.employer_id}/")
    assert clerk.get(address).headers["Content-Type"] == "application/pdf"


def test_a_door_that_needs_a_rule_leads_to_it_and_then_lets_in() -> None:
    known, browser = newcomer(), Browser()
    known.settles(browser)
    granted = door(
        "debit/", lambda _: HttpResponse("扣款"), "debit", HANDLER, needs_rule=AgreementDocument.DIRECT_DEBIT
    )

    def ask():
        request = RequestFactory().get("/debit/?month=8")
        request.COOKIES[cookie_name("portal")] = browser.cookies[cookie_name("portal")].value
        return granted.callback(request)

    answer = ask()
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/agreement/rules/direct_debit/?next=%2Fdebit%2F%3Fmonth%3D8",
    )
    browser.submit(browser.open(answer.headers["Location"]), "/agreement/rules/direct_debit/", accepted="1")
    assert ask().content.decode() == "扣款"


def test_a_file_of_the_center_is_recognised_in_the_hall() -> None:
    maker = staff_browser(Role.PUBLISHER)
    page = maker.open("/counter/agreements/new/")
    form = page.form("/counter/agreements/new/")
    typed = {
        "document": "direct_debit",
        "number": "三",
        "effective_on": str(LATER),
        "summary": "换成中心的文本",
        "text": "",
    }
    broken = SimpleUploadedFile("规则.docx", b"PK\x03\x04 no package")
    page = maker._landed("", maker.post("/counter/agreements/new/", {**form, **typed, "file": broken}))
    assert page.status == 422
    assert "文件已损坏" in page
    good = SimpleUploadedFile("规则.txt", as_a_pdf_gives_it().encode("gb18030"))
    page = maker._landed("", maker.post("/counter/agreements/new/", {**form, **typed, "file": good}))
    assert page.status == 422
    assert "在新文本中不再出现" in page
    (read,) = re.findall(r'<textarea id="f-text".*?>(.*?)</textarea>', page.html, re.DOTALL)  # chosen once, kept
    page = maker.submit(page, "/counter/agreements/new/", **typed | {"text": unescape(read), "loss_confirmed": "1"})
    assert "3 章" in page
    assert "本协议是贵单位与中心之间关于使用网厅所订立的协议，贵单位是指" in page
    checker = staff_browser(Role.REVIEWER)
    seen = checker.open(page.path)
    assert "起草时已确认：版本" in seen
    answer = checker.submit(seen, f"{page.path}decide/", verdict="approved")
    assert answer.status == 422
    assert "我已核对：原文的一半以上确实不再需要" in answer
    assert "已公布" in checker.submit(answer, f"{page.path}decide/", verdict="approved", loss_confirmed="1")


def test_a_draft_that_waited_too_long_cannot_be_published_for_its_day() -> None:
    turn_to(TODAY - timedelta(days=30))
    maker, day = staff_browser(Role.PUBLISHER), TODAY - timedelta(days=20)
    page = maker.open("/counter/agreements/new/")
    page = maker.submit(
        page,
        "/counter/agreements/new/",
        document="two_step",
        number="二",
        effective_on=str(day),
        summary="改",
        text=demonstration_text(AgreementDocument.TWO_STEP),
    )
    turn_to(TODAY)
    checker = staff_browser(Role.REVIEWER)
    answer = checker.submit(checker.open(page.path), f"{page.path}decide/", verdict="approved")
    assert answer.status == 422
    assert "AGREEMENT-TOO-SOON" in answer
