"""The center's own pages, as clerk and treasurer use them in a browser without JavaScript."""

from __future__ import annotations

import io
import re
from dataclasses import asdict
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from hpf.employer_registration.models import Application, Material
from hpf.employer_registration.rules import EmployerApplication
from hpf.evidence import events_about
from hpf.faces.batch.treasury import settle_statement
from hpf.kernel import Fen, Key, Month
from hpf.kernel.identity import with_check_characters
from hpf.notices.sms import outbox
from hpf.registry.codes import Role
from hpf.registry.models import Employer, Handler, UnitAccount
from hpf.storage import durable, reading
from hpf.treasury import queries
from hpf.treasury.rules import LineState
from hpf.treasury.statement import Side, read_statement, write_statement
from tests.integration.browser import (
    STAFF_PASSWORD,
    Browser,
    Newcomer,
    Page,
    code_of,
    lay_hall,
    newcomer,
    staff_browser,
)
from tests.integration.hall import TODAY, another, everything_stored, quick_passwords
from tests.integration.treasury.bank import Bank, add_trio, declare
from tests.office import SYSTEM, Unit

REGISTER = "/counter/applications/new/"


pytestmark = pytest.mark.usefixtures("ground")


@pytest.fixture(scope="module")
def ground(shared_center):
    with quick_passwords():
        lay_hall()
        yield shared_center


@pytest.fixture(scope="module")
def clerk(ground) -> Browser:
    return staff_browser(Role.CLERK)


@pytest.fixture(scope="module")
def reviewer(ground) -> Browser:
    return staff_browser(Role.REVIEWER)


@pytest.fixture(scope="module")
def treasurer(ground) -> Browser:
    return staff_browser(Role.TREASURER)


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank.opened_with("0.00")


def unit_of(known: Newcomer) -> Unit:
    with reading(SYSTEM):
        unit = UnitAccount.objects.get(employer_id=known.employer_id)
    return Unit(known.employer_id, unit.pk, unit.unallocated_account_id, known.actor)


def upload(browser: Browser, content: bytes, **typed: object) -> Page:
    file = SimpleUploadedFile("statement.csv", content, content_type="text/csv")
    return browser.submit(browser.open("/counter/statements/"), "/counter/statements/", file=file, **typed)


class TestComingIn:
    def test_leads_where_one_wanted_to_go(self) -> None:
        browser = Browser()
        page = browser.open("/counter/cases/?q=1")
        assert page.address.startswith("/counter/login/")
        page = browser.submit(page, "/counter/login/", user_name="clerk", password=STAFF_PASSWORD)
        page = browser.submit(page, "/counter/login/code/", code=code_of("clerk"))
        assert page.address == "/counter/cases/?q=1"

    def test_leads_on_who_is_in_already(self, clerk: Browser) -> None:
        assert clerk.open("/counter/login/?next=/counter/employers/").address == "/counter/employers/"
        assert clerk.open("/counter/login/").address == "/counter/login/"  # to come in as somebody else

    def test_is_refused_with_a_wrong_password(self) -> None:
        browser = Browser()
        page = browser.submit(browser.open("/counter/login/"), "/counter/login/", user_name="clerk", password="wrong")
        assert page.status == 422
        assert "用户名或密码不正确" in page

    def test_ends_with_leaving(self) -> None:
        browser = staff_browser(Role.ACCOUNTANT)
        assert browser.submit(browser.open("/counter/"), "/counter/leave/").address == "/counter/login/"
        assert browser.open("/counter/").address.startswith("/counter/login/")

    @pytest.mark.parametrize(
        ("role", "seen", "unseen"),
        [
            (Role.CLERK, ("单位查询", "单位登记", "办件"), ("银行流水", "待认领款项")),
            (Role.TREASURER, ("单位查询", "银行流水", "待认领款项"), ("单位登记",)),
            (Role.AUDIT_ADMIN, ("工作台",), ("单位查询", "办件", "银行流水")),
        ],
    )
    def test_shows_what_one_may_open(self, role: Role, seen: tuple[str, ...], unseen: tuple[str, ...]) -> None:
        page = staff_browser(role).open("/counter/")
        assert all(f">{label}<" in page for label in seen)
        assert not any(f">{label}<" in page for label in unseen)


MATERIALS = {"materials": list(Material.values), "waiver": "扫描仪故障"}


def test_what_is_not_there_is_told_to_staff_without_the_words_for_handlers(clerk: Browser) -> None:
    page = clerk.open("/counter/employers/999999/")
    assert (page.status, "贵单位" in page) == (404, False)
    assert "这一页已经不在了" in page


class TestRegistering:
    def test_two_persons_and_a_sheet_of_paper_open_the_hall(self, clerk: Browser, reviewer: Browser) -> None:
        form = another()
        page = accepted(clerk, form)
        assert page.status == 200
        submitted = clerk.submit(page, f"{page.path}submit/", **MATERIALS)
        assert "已提交，等待他人复核。" in submitted
        assert form.name in reviewer.open("/counter/reviews/")
        decided = reviewer.submit(reviewer.open(page.path), f"{page.path}decide/", verdict="approved")
        assert "已登记" in decided
        assert "查看单位" in decided
        with reading(SYSTEM):
            handler = Handler.objects.get(employer__credit_code=form.credit_code)
        waits = f"待发放用户名和初始密码：{form.name} {form.handler_name}<"
        assert waits in clerk.open("/counter/")
        employer = f"/counter/employers/{handler.employer_id}/"
        assert "待发放密码" in clerk.open(employer)
        password = handed_out(clerk, handler.employer_id)
        assert waits not in clerk.open("/counter/")
        page = clerk.open(employer)
        assert "已发放密码，待首次登录" in page
        assert re.search(r"于\d{4}-\d\d-\d\d \d\d:\d\d打印密码函发放，有效期至", page.html)
        assert "每次打印、发送的都是新的密码" in page
        known = Newcomer(handler.employer_id, handler.pk, form, handler.user_name, password)
        assert known.logs_in(Browser()).address == "/password/"

    def test_everybody_who_waits_for_a_password_is_on_the_first_page(self, clerk: Browser) -> None:
        waiting = [newcomer() for _ in range(11)]
        with durable(SYSTEM):
            Handler.objects.filter(pk__in=[one.handler_id for one in waiting]).update(initial_password_expires_at=None)
        page = clerk.open("/counter/")
        assert all(f'"/counter/employers/{one.employer_id}/"' in page for one in waiting)
        assert "人待发放用户名和初始密码" in page

    def test_the_password_is_printed_once_and_kept_nowhere(self, ground, clerk: Browser) -> None:
        known = newcomer()
        address = f"/counter/employers/{known.employer_id}/"
        form = {**clerk.open(address).form(f"{address}hand-over/"), "seen": "1"}
        first = clerk.post(f"{address}hand-over/", form)
        assert first.headers["Content-Type"] == "application/pdf"
        assert "no-store" in first.headers["Cache-Control"]
        password = secret_of(first.content)
        again = clerk.post(f"{address}hand-over/", form)
        assert again.status_code == 422
        assert "这份初始密码函已经打印过" in again.content.decode()
        assert password not in again.content.decode()
        assert password not in everything_stored(ground)

    def test_by_text_message_nobody_at_the_counter_learns_the_password(self, clerk: Browser) -> None:
        known = newcomer()
        address = f"/counter/employers/{known.employer_id}/"
        form = {**clerk.open(address).form(f"{address}hand-over/"), "seen": "1", "delivery": "sms"}
        page = clerk.submit(clerk.open(address), f"{address}hand-over/", **form)
        assert "用户名和初始密码已短信发到本人绑定的手机。" in page
        with reading(SYSTEM):
            (text,) = [one.text for one in outbox() if one.mobile == known.mobile]
        found = re.search(rf"用户名{known.user_name}，初始密码([A-Za-z0-9]{{12}})，14天内有效", text)
        assert found, text
        assert found[1] not in page
        sent_again = clerk.post(f"{address}hand-over/", form)
        assert sent_again.status_code == 303
        with reading(SYSTEM):
            assert len([one for one in outbox() if one.mobile == known.mobile]) == 1
        assert known.logs_in(Browser(), found[1]).address == "/password/"

    def test_what_speaks_against_a_form_stands_beside_its_fields(self, clerk: Browser) -> None:
        wrong = another(name="", credit_code="91511100MA6280003G", unit_rate="4", handler_mobile="1380000")
        page = accepted(clerk, wrong)
        assert page.status == 422
        for name in ("name", "credit_code", "unit_rate", "handler_mobile"):
            assert f'id="f-{name}-e"' in page, name
        assert 'value="91511100MA6280003G"' in page

    def test_a_hint_refuses_nothing_and_the_days_are_said(self, clerk: Browser) -> None:
        page = accepted(clerk, another(founded_on="2026-03-01"))
        assert page.status == 200
        assert "缴存登记期限为2026年3月31日" in page
        assert "登记期限至 2026-03-31" in page

    def test_an_employer_comes_in_once(self, clerk: Browser) -> None:
        form = another()
        accepted(clerk, form)
        page = accepted(clerk, form)
        assert page.status == 422
        assert "该统一社会信用代码或其中的组织机构代码的登记申请正在办理" in page

    def test_numbers_of_people_are_masked_until_the_whole_form_is_opened(self, clerk: Browser) -> None:
        form = another()
        page = accepted(clerk, form)
        secrets = (form.handler_identity_number, form.handler_mobile, form.bank_account)
        assert [secret for secret in secrets if secret in page] == []
        whole = clerk.submit(page, f"{page.path}open/")
        assert [secret for secret in secrets if secret not in whole] == []
        with reading(SYSTEM):
            number = page.path.split("/")[-2]
            assert events_about(f"application:{number}")[0].act == "open_application"
        corrected = clerk.submit(whole, f"{page.path}correct/", **{**asdict(form), "address": "凤凰路<7>号"})
        assert "已保存更正。" in corrected
        assert "凤凰路&lt;7&gt;号" in corrected

    def test_the_second_person_reads_whole_numbers_beside_the_scans(self, clerk: Browser, reviewer: Browser) -> None:
        form = another()
        page = accepted(clerk, form)
        secrets = (form.handler_identity_number, form.handler_mobile, form.bank_account)
        seen = reviewer.open(page.path)
        assert [secret for secret in secrets if secret in seen] == []
        for number in (1, 2):  # each look is one
            whole = reviewer.submit(seen, f"{page.path}read/")
            assert [secret for secret in secrets if secret not in whole] == []
            assert "这次查看已留下记录" in whole
            with reading(SYSTEM):
                acts = [event.act for event in events_about(f"application:{page.path.split('/')[-2]}")]
            assert acts == ["open_application"] * number + ["accept_application"]

    def test_the_form_is_printed_in_duplicate_and_printing_is_an_event(self, clerk: Browser, reviewer: Browser) -> None:
        form = another()
        page = accepted(clerk, form)
        address = f"{page.path}print/"
        for browser in (clerk, reviewer):
            paper = browser.post(address, browser.open(page.path).form(address))
            assert paper.headers["Content-Type"] == "application/pdf"
            copies = PdfReader(io.BytesIO(paper.content)).pages
            assert len(copies) == 2
            assert form.handler_identity_number in copies[1].extract_text()
        with reading(SYSTEM):
            acts = [event.act for event in events_about(f"application:{page.path.split('/')[-2]}")]
        assert acts == ["print_application", "print_application", "accept_application"]

    def test_who_submitted_sees_no_form_to_decide_and_can_take_back(self, clerk: Browser) -> None:
        page = accepted(clerk, another())
        assert clerk.submit(page, f"{page.path}submit/").status == 422
        page = clerk.submit(clerk.open(page.path), f"{page.path}submit/", **MATERIALS)
        address = page.path
        assert "这是您经办的业务，请由他人复核" not in page or f"{address}decide/" not in page
        back = clerk.submit(page, f"{address}take-back/")
        assert "已收回" in back
        assert "申请已撤回" in clerk.submit(back, f"{address}withdraw/")

    def test_the_list_finds_by_number_and_state(self, clerk: Browser) -> None:
        form = another(name="乐山列表查找有限公司")
        accepted(clerk, form)
        with reading(SYSTEM):
            number = Application.objects.get(name=form.name).number
        assert form.name in clerk.open(f"/counter/applications/?q={number}")
        for query in ("q=列表查找", "q=列表查找&state=accepted"):
            page = clerk.open(f"/counter/applications/?{query}")
            assert form.name in page, query
            assert "共 1 件" in page, query
        assert "没有找到" in clerk.open("/counter/applications/?q=列表查找&state=registered")


def accepted(clerk: Browser, form: EmployerApplication) -> Page:
    return clerk.submit(clerk.open(REGISTER), REGISTER, **asdict(form))


def handed_out(clerk: Browser, employer_id: int) -> str:
    """What stands on the sheet that the clerk prints."""
    address = f"/counter/employers/{employer_id}/"
    form = {**clerk.open(address).form(f"{address}hand-over/"), "seen": "1"}
    return secret_of(clerk.post(f"{address}hand-over/", form).content)


def secret_of(letter: bytes) -> str:
    text = "".join(PdfReader(io.BytesIO(letter)).pages[0].extract_text().split())
    found = re.search("初始密码([A-Za-z0-9]{12})有效期", text)
    assert found, text
    return found[1]


@pytest.fixture(scope="module")
def tea(ground) -> Newcomer:
    return newcomer(name="乐山峨眉雪芽茶业有限公司")


@pytest.fixture(scope="module")
def mill(ground) -> Newcomer:
    return newcomer(name="乐山沫水造纸有限公司")


@pytest.fixture(scope="module")
def case_no(mill: Newcomer) -> int:
    """The mill's July, which asks for 5,551.28."""
    unit = unit_of(mill)
    add_trio(unit)
    return declare(unit, Month(2026, 7))


class TestLookingUp:
    @pytest.mark.parametrize("find", ["雪芽茶", "code", "number", "spaced"])
    def test_finds_an_employer_by_name_code_and_number(self, clerk: Browser, tea: Newcomer, find: str) -> None:
        with reading(SYSTEM):
            number = UnitAccount.objects.get(employer_id=tea.employer_id).number
        code = tea.application.credit_code
        words = {"code": code.lower(), "number": number, "spaced": f"{number[:4]} {number[4:]}"}.get(find, find)
        page = clerk.open(f"/counter/employers/?q={words}")
        assert tea.application.name in page
        assert "共 1 家" in page

    def test_what_is_not_there_is_said(self, clerk: Browser) -> None:
        page = clerk.open("/counter/employers/?q=%3Cb%3E没有这一家&state=99&after=x")
        assert page.status == 200
        assert "没有找到" in page
        assert "<b>没有" not in page

    def test_pages_lead_on_and_back(self, clerk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hpf.faces.counter.employers.ROWS", 2)
        for _ in range(5):
            newcomer(legal_representative="翻页")
        first = clerk.open("/counter/employers/")
        (after,) = re.findall(r'href="([^"]+)" rel="next"', first.html)
        second = clerk.open(after.replace("&amp;", "&"))
        assert "第 3–4 家" in second
        (before,) = re.findall(r'href="([^"]+)" rel="prev"', second.html)
        back = clerk.open(before.replace("&amp;", "&"))
        rows = re.compile(r'<th scope="row"><a href="([^"]+)"')
        assert rows.findall(back.html) == rows.findall(first.html)
        assert not set(rows.findall(first.html)) & set(rows.findall(second.html))

    def test_an_employer_s_page_shows_masks(self, clerk: Browser, tea: Newcomer) -> None:
        page = clerk.open(f"/counter/employers/{tea.employer_id}/")
        assert tea.application.name in page
        assert tea.user_name in page
        for secret in (tea.mobile, tea.application.handler_identity_number, tea.application.bank_account):
            assert secret not in page

    @pytest.mark.parametrize("address", ["employers/999999/", "cases/999999/", "employers/9999999999999999999/"])
    def test_what_does_not_exist_is_not_found(self, clerk: Browser, address: str) -> None:
        assert clerk.open(f"/counter/{address}").status == 404

    def test_a_new_initial_password_ends_the_old_one(self, clerk: Browser) -> None:
        known = newcomer()
        address = f"/counter/employers/{known.employer_id}/"
        refused = clerk.submit(clerk.open(address), f"{address}hand-over/")
        assert refused.status == 422
        password = handed_out(clerk, known.employer_id)
        browser = Browser()
        old = browser.submit(browser.open("/login/"), "/login/", user_name=known.user_name, password=known.password)
        assert old.status == 422
        assert known.logs_in(Browser(), password).address == "/password/"

    def test_who_may_not_hand_out_sees_no_form_for_it(self, treasurer: Browser, tea: Newcomer) -> None:
        page = treasurer.open(f"/counter/employers/{tea.employer_id}/")
        assert page.status == 200
        assert "初始密码函" not in page


class TestTheBank:
    def test_a_statement_is_taken_and_every_line_says_why(
        self, treasurer: Browser, bank: Bank, mill: Newcomer, case_no: int
    ) -> None:
        payer = mill.application.name
        content = bank.file(
            bank.line("5551.28", with_check_characters(case_no), payer_name=payer),
            bank.line("20.00", "公积金", payer_name="沫水造纸"),
            bank.line("3.00", "还款", payer_name="<b>某人"),
        )
        page = upload(treasurer, content)
        assert page.status == 200
        assert "正在入账" in page
        statement_id = int(page.path.split("/")[-2])
        settle_statement(statement_id=statement_id)
        page = treasurer.open(page.path)
        for part in ("已入账", "待认领", "缴款码、金额、付款人都相符", "没有缴款码", "&lt;b&gt;某人"):
            assert part in page, part
        only = treasurer.open(f"{page.path}?outcome=booked")
        assert "共 1 笔" in only
        assert "沫水造纸</td>" not in only
        assert f"/counter/cases/{case_no}/" in only

    def test_a_case_shows_the_money_that_came_for_it(self, clerk: Browser, case_no: int) -> None:
        page = clerk.open(f"/counter/cases/{case_no}/")
        for part in ("已入账", "5,551.28", with_check_characters(case_no), "沫水造纸"):
            assert part in page, part
        for words in (str(case_no), with_check_characters(case_no), "沫水造纸"):
            assert f"/counter/cases/{case_no}/" in clerk.open(f"/counter/cases/?q={words}"), words
        assert "没有符合条件" in clerk.open("/counter/cases/?item=sealing&state=nonsense")

    def test_the_sample_that_is_offered_is_a_statement_that_is_read(self, treasurer: Browser) -> None:
        assert "/counter/statements/sample.csv" in treasurer.open("/counter/statements/")
        response = treasurer.get("/counter/statements/sample.csv")
        assert "attachment" in response.headers["Content-Disposition"]
        read = read_statement(response.content)
        assert (read.money_in.yuan, read.money_out.yuan) == ("960.00", "10.00")

    def test_the_same_statement_is_refused_and_leads_to_the_first(self, treasurer: Browser, bank: Bank) -> None:
        content = write_statement(bank.statement())
        first = upload(treasurer, content)
        assert first.status == 200
        page = upload(treasurer, content)
        assert page.status == 422
        assert "无需再次导入" in page
        assert f'href="{first.path}"' in page

    def test_a_file_without_a_head_needs_the_totals_beside_it(self, treasurer: Browser, bank: Bank) -> None:
        statement = bank.statement(bank.line("1.00"))
        bare = b"\r\n".join(write_statement(statement).splitlines()[6:])
        typed: dict[str, Any] = {"account_no": statement.account_no, "starts_on": TODAY, "ends_on": TODAY}
        page = upload(treasurer, bare)
        assert page.status == 422
        assert "文件头缺少" in page
        page = upload(treasurer, bare, **typed)
        assert page.status == 422
        assert 'id="f-opening-e"' in page
        wrong = {"opening": statement.opening.plain_yuan, "closing": "1.00", "line_count": 1}
        assert "相差" in upload(treasurer, bare, **typed, **wrong)
        right = {**wrong, "closing": statement.closing.plain_yuan}
        handed_in = upload(treasurer, bare, **typed, **right)
        assert handed_in.address.startswith("/counter/statements/handed-in/")
        assert "文件没有完整的文件头" in handed_in
        assert f'<a href="{handed_in.path}">查看待复核的这一份</a>' in upload(treasurer, bare, **typed, **right)
        accountant = staff_browser(Role.ACCOUNTANT)
        decided = accountant.submit(accountant.open(handed_in.path), f"{handed_in.path}decide/", verdict="approved")
        assert "已复核导入" in decided

    def test_what_waits_says_that_the_same_statement_came_besides(self, treasurer: Browser, bank: Bank) -> None:
        statement = bank.statement(bank.line("1.00"))
        content = write_statement(statement)
        yuan = {"opening": statement.opening.plain_yuan, "closing": statement.closing.plain_yuan, "line_count": 1}
        typed = {"account_no": statement.account_no, "starts_on": TODAY, "ends_on": TODAY, **yuan}
        handed_in = upload(treasurer, b"\r\n".join(content.splitlines()[6:]), **typed)
        imported = upload(treasurer, content)
        assert f'<a href="{imported.path}">' in staff_browser(Role.ACCOUNTANT).open(handed_in.path)

    def test_what_waits_says_what_came_of_the_same_days(self, treasurer: Browser, bank: Bank) -> None:
        waits = upload(treasurer, write_statement(bank.statement(bank.line("1.00", side=Side.DEBIT))))
        bank.balance += Fen.from_yuan("1.00")
        other = upload(treasurer, write_statement(bank.statement(bank.line("3.00"))))
        page = staff_browser(Role.ACCOUNTANT).open(waits.path)
        assert "这几天已另有对账单导入" in page
        assert f'<a href="{other.path}">' in page
        assert "提交、" not in other
        treasurer.submit(treasurer.open(waits.path), f"{waits.path}withdraw/")
        assert "这几天已另有对账单导入" not in treasurer.open(waits.path)

    def test_what_continues_one_that_waits_can_be_approved_after_it(self, treasurer: Browser, bank: Bank) -> None:
        pays, after = (
            upload(treasurer, write_statement(bank.statement(bank.line("1.00", side=side)))).path
            for side in (Side.DEBIT, Side.CREDIT)
        )
        accountant = staff_browser(Role.ACCOUNTANT)
        page = accountant.open(after)
        assert f'前一份：<a href="{pays}">' in page
        assert "请先复核前一份，再复核这一份" in page
        assert 'value="approved"' not in page
        assert "已复核导入" in accountant.submit(accountant.open(pays), f"{pays}decide/", verdict="approved")
        page = accountant.open(after)
        assert "前一份：" not in page
        assert "已复核导入" in accountant.submit(page, f"{after}decide/", verdict="approved")

    def test_a_large_file_and_none_at_all(self, treasurer: Browser) -> None:
        assert "请选择" in treasurer.submit(treasurer.open("/counter/statements/"), "/counter/statements/")
        page = upload(treasurer, b"x" * (2 * 1024 * 1024))
        assert page.status == 422

    def test_waiting_money_finds_its_owner_once(self, treasurer: Browser, mill: Newcomer) -> None:
        with reading(SYSTEM):
            queue = queries.lines(states=[LineState.UNIDENTIFIED])
            number = UnitAccount.objects.get(employer_id=mill.employer_id).number
        wanted = next(one for one in queue if one.line.payer_name == "沫水造纸")
        page = treasurer.open(f"/counter/money/?line={wanted.id}")
        assert f"{len(queue)} 笔" in page
        claim = f"/counter/money/{wanted.id}/claim/"
        assert treasurer.submit(page, claim, number="1", reason="已核实").status == 422
        assert "没有单位账号" in treasurer.submit(page, claim, number="99999999", reason="已核实")
        chosen = treasurer.open(f"/counter/money/?line={wanted.id}&unit={number}")
        assert chosen.form(claim)["number"] == number
        done = treasurer.submit(chosen, claim, reason="付款人来电核实")
        assert "这是您经办的业务" in done
        assert f"转入{mill.application.name}" in done
        assert "认领待复核，由" in treasurer.open(f"/counter/money/?line={wanted.id}")
        late = treasurer.post(claim, {**page.form(claim), "number": number, "reason": "再次", "key": Key.fresh()})
        assert late.status_code == 422
        assert "TREASURY-LINE-UNDER-REVIEW" in late.content.decode()

    def test_a_line_that_does_not_exist_is_not_found(self, treasurer: Browser) -> None:
        assert treasurer.open("/counter/money/?line=999999").status == 404
        assert treasurer.open("/counter/money/?line=x").status == 200


def test_the_home_page_says_what_waits(clerk: Browser, treasurer: Browser) -> None:
    with reading(SYSTEM):
        waiting = queries.outcomes(states=[LineState.UNIDENTIFIED]).get(LineState.UNIDENTIFIED, (0, 0))[0]
        employers = Employer.objects.count()
    assert f"<strong>{employers}</strong> 户" in clerk.open("/counter/")
    assert "待认领" not in clerk.open("/counter/")
    assert f"<strong>{waiting}</strong> 笔" in treasurer.open("/counter/")
