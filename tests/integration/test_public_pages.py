"""From the login to the first page and out again, as a browser without JavaScript does it."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader

from tests.integration.browser import PASSWORD, Browser, lay_hall, newcomer
from tests.integration.hall import TODAY, last_code, quick_passwords
from tests.versions import publish

pytestmark = pytest.mark.usefixtures("ground")


@pytest.fixture(scope="module")
def ground(shared_center):
    with quick_passwords():
        lay_hall()
        yield shared_center


@pytest.fixture
def settled(ground):
    """A handler who has been in before, long enough ago for another code."""
    known = newcomer()
    assert known.settles(Browser()).address == "/"
    with ground.connect("superuser") as superuser:
        superuser.execute("UPDATE hall_access_code SET issued_at = issued_at - interval '2 minutes'")
    return known


class TestTheFirstLogin:
    def test_leads_over_password_and_agreement_to_the_home_page(self) -> None:
        known, browser = newcomer(), Browser()
        page = known.logs_in(browser)
        assert page.address == "/password/"
        page = browser.submit(page, "/password/", password=PASSWORD, again=PASSWORD)
        assert page.address == "/agreement/"
        assert "免除或限制责任" in page
        page = browser.submit(page, "/agreement/", accepted="1")
        assert (page.address, page.status) == ("/", 200)
        assert known.application.name in page

    def test_goes_in_its_order(self) -> None:
        browser = Browser()
        known = newcomer()
        known.logs_in(browser)
        for address in ("/", "/agreement/", "/roster/", "/sessions/"):
            assert browser.open(address).address == "/password/"
        page = browser.submit(browser.open("/password/"), "/password/", password=PASSWORD, again=PASSWORD)
        for address in ("/", "/password/", "/roster/"):
            assert browser.open(address).path == "/agreement/"
        browser.submit(page, "/agreement/", accepted="1")
        assert browser.open("/password/").address == "/"

    def test_says_everything_that_speaks_against_a_password(self) -> None:
        browser = Browser()
        page = newcomer().logs_in(browser)
        page = browser.submit(page, "/password/", password="short", again="other")
        assert page.status == 422
        assert "密码过短" in page
        assert "两次输入的密码不一致" in page
        assert "short" not in page

    def test_an_agreement_is_accepted_by_a_tick(self) -> None:
        browser = Browser()
        page = newcomer().logs_in(browser)
        page = browser.submit(page, "/password/", password=PASSWORD, again=PASSWORD)
        page = browser.submit(page, "/agreement/")
        assert page.status == 422
        assert "请勾选" in page

    def test_another_text_than_the_one_shown_is_not_accepted(self) -> None:
        browser = Browser()
        page = newcomer().logs_in(browser)
        page = browser.submit(page, "/password/", password=PASSWORD, again=PASSWORD)
        page = browser.submit(page, "/agreement/", accepted="1", digest="00" * 32)
        assert page.status == 422
        assert "AGREEMENT-NOT-CURRENT" in page


class TestLoggingIn:
    def test_lands_where_one_wanted_to_go(self, settled) -> None:
        page = settled.logs_in(Browser(), PASSWORD, "/roster/?state=01")
        assert page.address == "/roster/?state=01"

    def test_leads_on_who_is_in_already_until_he_logs_out(self, settled) -> None:
        browser = Browser()
        settled.logs_in(browser, PASSWORD)
        assert browser.open("/login/?next=/questions/").address == "/questions/"
        home = browser.open("/login/?next=https://evil.example/")
        assert home.address == "/"
        assert browser.submit(home, "/leave/").address == "/login/"

    def test_stays_open_before_one_is_in(self) -> None:
        browser = Browser()
        assert newcomer().logs_in(browser).address == "/password/"
        assert browser.open("/login/?next=/questions/").path == "/login/"  # somebody else may begin here

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil"])
    def test_lands_in_this_hall_only(self, elsewhere: str) -> None:
        known, browser = newcomer(), Browser()
        page = browser.submit(browser.open("/login/"), "/login/", user_name=known.user_name, password=known.password)
        page = browser.submit(page, "/login/code/", code=last_code(known.mobile), next=elsewhere)
        assert page.address == "/password/"

    def test_says_the_same_of_a_wrong_name_and_a_wrong_password(self) -> None:
        browser, known = Browser(), newcomer()
        answers = []
        for name in (known.user_name, "nobody"):
            page = browser.submit(browser.open("/login/"), "/login/", user_name=name, password="wrong")
            assert page.status == 422
            start = page.html.index('class="summary"')
            answers.append(page.html[start : page.html.index("</section>", start)])
            assert "wrong" not in page
        assert answers[0] == answers[1]

    def test_asks_for_both(self) -> None:
        browser = Browser()
        page = browser.submit(browser.open("/login/"), "/login/")
        assert page.status == 422
        assert "请填写用户名" in page
        assert "请填写密码" in page

    def test_counts_the_tries_of_a_code(self) -> None:
        known, browser = newcomer(), Browser()
        page = browser.submit(browser.open("/login/"), "/login/", user_name=known.user_name, password=known.password)
        wrong = f"{(int(last_code(known.mobile)) + 1) % 1_000_000:06d}"
        for left in (4, 3, 2, 1):
            page = browser.submit(page, "/login/code/", code=wrong)
            assert page.status == 422
            assert f"还可以试{left}次" in page
        page = browser.submit(page, "/login/code/", code=wrong)
        assert "验证码已失效" in page
        assert "重新获取验证码" in page
        page = browser.submit(browser.open("/login/code/"), "/login/code/", code=last_code(known.mobile))
        assert page.status == 422

    def test_another_code_has_to_wait_and_says_how_long(self) -> None:
        known, browser = newcomer(), Browser()
        page = browser.submit(browser.open("/login/"), "/login/", user_name=known.user_name, password=known.password)
        assert "5 分钟内有效" in page
        page = browser.submit(page, "/login/resend/")
        assert page.status == 422
        assert "验证码发送过于频繁" in page
        again = Browser()
        page = again.submit(again.open("/login/"), "/login/", user_name=known.user_name, password=known.password)
        assert "还没有可用的验证码" in page

    def test_a_login_that_is_over_begins_anew(self) -> None:
        browser = Browser()
        assert browser.open("/login/code/").address == "/login/"
        known = newcomer()
        page = browser.submit(browser.open("/login/"), "/login/", user_name=known.user_name, password=known.password)
        browser.cookies.pop("login")
        for action in ("/login/code/", "/login/resend/"):
            over = browser.submit(page, action, code="123456")
            assert over.status == 422
            assert "本次登录已失效" in over
            assert "单位登录" in over

    def test_gives_a_new_forgery_token_and_takes_the_secret_of_the_login_back(self) -> None:
        known, browser = newcomer(), Browser()
        page = browser.submit(browser.open("/login/"), "/login/", user_name=known.user_name, password=known.password)
        assert browser.cookies["login"]["httponly"]
        before = browser.cookies["csrftoken"].value
        assert browser.cookies["login"]["path"] == "/login/"
        browser.submit(page, "/login/code/", code=last_code(known.mobile))
        assert browser.cookies["csrftoken"].value != before
        assert browser.cookies["login"].value == ""
        assert browser.cookies["hall"]["httponly"]
        assert browser.cookies["hall"]["samesite"] == "Lax"


class TestBeingIn:
    def test_leaving_ends_the_session_for_every_copy_of_it(self, settled) -> None:
        browser, copy = Browser(), Browser()
        page = settled.logs_in(browser, PASSWORD)
        copy.cookies["hall"] = browser.cookies["hall"].value
        assert copy.open("/").address == "/"
        page = browser.submit(page, "/leave/")
        assert page.address == "/login/"
        assert copy.open("/").address.startswith("/login/")
        assert browser.open("/").address.startswith("/login/")

    def test_one_s_own_logins_are_listed(self, settled) -> None:
        browser = Browser()
        settled.logs_in(browser, PASSWORD)
        page = browser.open("/sessions/")
        assert page.html.count(">本次登录<") == 1
        assert "127.0.0.1" in page

    def test_a_new_version_of_the_agreement_is_put_before_everything(self) -> None:
        known, browser = newcomer(), Browser()
        known.settles(browser)
        assert "已于" in browser.open("/agreement/")
        later = TODAY + timedelta(days=1)
        publish("二", later)
        page = browser.submit(browser.open("/"), "/demo/day/", day=str(later), here="/")
        assert page.address == "/agreement/"
        assert "本版说明：改了一条" in page
        browser.submit(page, "/demo/day/", day=str(TODAY), here="/")

    def test_large_print_is_kept_in_this_browser(self) -> None:
        browser = Browser()
        page = browser.open("/login/")
        page = browser.submit(page, "/print-size/", here="/login/")
        assert page.address == "/login/"
        assert 'class="large"' in page
        page = browser.submit(page, "/print-size/", here="/login/")
        assert 'class="large"' not in page


class TestTheDemonstration:
    def test_shows_the_messages_that_it_did_not_send(self, settled) -> None:
        browser = Browser()
        page = browser.submit(browser.open("/login/"), "/login/", user_name=settled.user_name, password=PASSWORD)
        page = browser.open("/demo/codes/")
        assert last_code(settled.mobile) in page
        assert settled.mobile not in page

    def test_lets_the_business_day_be_chosen(self) -> None:
        browser = Browser()
        page = browser.submit(browser.open("/login/"), "/demo/day/", day="2026-09-01", here="/login/")
        assert page.address == "/login/"
        assert 'value="2026-09-01"' in page
        page = browser.submit(page, "/demo/day/", day="2026-02-30", here="/login/")
        assert page.status == 422
        page = browser.submit(browser.open("/login/"), "/demo/day/", day="2027-07-01", here="/login/")
        assert "2027-07-01没有缴存基数和比例的规定，不能核定。" in page
        assert 'class="btn" href="/login/"' in page
        page = browser.submit(page, "/demo/day/", day=str(TODAY), here="/demo/day/")
        assert page.status == 200


def test_a_token_works_on_its_own_side_only(settled) -> None:
    browser = Browser()
    settled.logs_in(browser, PASSWORD)
    browser.cookies["staff"] = browser.cookies["hall"].value
    for address in ("/counter/", "/counter/employers/"):
        assert browser.open(address).address.startswith("/counter/login/")


def test_a_session_that_nobody_used_is_over(ground, settled) -> None:
    browser = Browser()
    settled.logs_in(browser, PASSWORD)
    with ground.connect("superuser") as superuser:
        superuser.execute("UPDATE hall_access_websession SET seen_at = %s", [datetime.now(UTC) - timedelta(minutes=16)])
    assert browser.open("/").address.startswith("/login/")


def test_branches_are_public_with_address_hours_telephone_and_services(ground) -> None:
    with ground.connect("owner") as owner:
        owner.execute(
            "UPDATE registry_branch SET address = '公园路1号', hours = '9:00—17:00', phone = '0990-1234501',"
            " services = '单位登记'"
        )
    page = Browser().open("/branches/")
    assert all(text in page for text in ("公园路1号", "9:00—17:00", "0990-1234501", "单位登记", "0833-12345"))


def test_the_forms_of_the_agreement_are_to_be_had_empty_and_in_duplicate(ground) -> None:
    page = Browser().open("/forms/")
    for name, words in (("registration", ("法定代表", "单位声明", "%")), ("termination", ("终止原因",))):
        assert f"/forms/{name}.pdf" in page
        answer = Browser().get(f"/forms/{name}.pdf")
        assert answer.headers["Content-Type"] == "application/pdf"
        copies = [one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages]
        assert len(copies) == 2
        assert all(word in copy for copy in copies for word in (*words, "单位签章", "一式二份", "中心填写"))
        assert "打印人" not in copies[0]
    assert Browser().get("/forms/nothing.pdf").status_code == 404


def test_the_foot_of_a_page_names_the_center_and_the_registrations_that_it_has(ground) -> None:
    assert "备案" not in Browser().open("/login/")
    with ground.connect("owner") as owner:
        owner.execute("UPDATE registry_center SET icp_record = '某ICP备00000000号', site_code = '0000000000'")
    page = Browser().open("/login/")
    assert all(text in page for text in ("主办单位", "联系电话", "某ICP备00000000号", "网站标识码 0000000000"))
    assert "公网安备" not in page
