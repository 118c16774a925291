"""The handler's pages on a real database, with a real login: what they show, and what they keep to themselves."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from hpf import evidence
from hpf.channels.operations import CHINA, close_at_once
from hpf.channels.rules import Plan
from hpf.faces.web import done
from hpf.kernel import Channel, Key, Month
from hpf.kernel.identity import with_check_characters
from hpf.notices.messages import Audience, tell
from hpf.notices.templates import Way
from hpf.registry.codes import Role, TimelineKind
from hpf.registry.models import UnitAccount
from hpf.storage import durable, reading
from tests.integration.browser import confirms
from tests.integration.hall import quick_passwords
from tests.integration.portal import (
    AUGUST,
    OTHER_CODE,
    Desk,
    account_number,
    desk_with_trio,
    events,
    latest_sheet,
    row_counts,
    said,
)
from tests.integration.treasury.bank import Bank, declare, faults, open_hall, run_worker, settle, take
from tests.login import browser, stand_on
from tests.office import SYSTEM, add_event, add_member, employ, open_unit
from tests.unit.pages.reading import Reading


@pytest.fixture
def bank(center: Any) -> Bank:
    return Bank.opened_with("0.00")


@pytest.fixture
def desk(center: Any) -> Iterator[Desk]:
    with quick_passwords():
        yield desk_with_trio(open_hall())
    assert faults() == []


def next_step(page: Any) -> tuple[str, str]:
    """The biggest thing on a page: what it says and where it leads."""
    (link,) = [one for one in Reading(page.html).all("a") if "large" in one.attributes.get("class", "")]
    return link.text.strip(), link.attributes["href"]


def pay(bank: Bank, case_no: int, yuan: str) -> None:
    settle(bank.file(bank.line(yuan, with_check_characters(case_no))))


def remit_july(desk: Desk, bank: Bank) -> int:
    case_no = declare(desk.unit)
    pay(bank, case_no, "5551.28")
    return case_no


def pdf_text(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).replace(" ", "")


def sheet_rows(content: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.values)


# Home


def test_home_says_what_is_due_until_when_and_what_to_do_next(desk: Desk) -> None:
    page = desk.open("/")
    assert "2026年7月汇缴" in said(page)
    assert "应缴5,551.28元3人。请核对：丙的基数等于下限2,200.00元。" in said(page)
    assert "已逾期26天" in said(page)  # payday 10 July, and five days
    assert next_step(page) == ("核对并核定", "/declare/")
    assert "正常缴存3人" in said(page)


def test_home_of_who_begins_next_month_leads_to_the_people_and_not_to_a_refusal(desk: Desk) -> None:
    with durable(SYSTEM):
        UnitAccount.objects.filter(pk=desk.unit.unit_account_id).update(first_month=Month(2026, 9))
    page = desk.open("/")
    assert "2026年9月起可以核定，现在可以先办理人员变动" in said(page)
    assert next_step(page) == ("办理人员变动", "/roster/")


def test_home_opens_while_the_law_of_the_month_that_is_due_is_not_written_yet(desk: Desk) -> None:
    stand_on(date(2027, 7, 5))
    with durable(SYSTEM):
        UnitAccount.objects.filter(pk=desk.unit.unit_account_id).update(first_month=Month(2027, 7))
    page = desk.open("/")
    assert "2027年7月1日没有生效的缴存基数下限：" in said(page)
    assert "base_" not in said(page)
    assert next_step(page) == ("办理人员变动", "/roster/")
    assert "正常缴存3人" in said(page)


def test_home_says_until_when_the_next_step_is_stopped(desk: Desk) -> None:
    begins, ends = datetime(2026, 8, 10, tzinfo=CHINA), datetime(2026, 8, 12, 8, tzinfo=CHINA)
    plan, by = Plan((Channel.PORTAL,), "remittance", "系统升级", begins, ends), employ("齐备", Role.SYSTEM_ADMIN)
    close_at_once(plan, by=by, today=begins.date(), now=begins, key=Key.fresh())
    page = desk.open("/")
    assert "汇缴正在停办：系统升级，预计8月12日08:00恢复。现在可以查询，不能办理。" in said(page)
    assert page.html.count("系统升级") == 1, "said once, above the page"
    assert page.html.count("停办") == 2, "and named so"
    assert 'href="/declare/">核对并核定' not in page
    assert re.search(r"<button[^>]* disabled[^>]*>核对并核定</button>", page.html)
    assert "2026年7月汇缴还没有核定，已逾期26天查看" in said(page)  # it is due all the same
    assert "办理人员变动" in page


def test_an_announced_closure_is_said_once_on_home_and_hides_nothing_else(desk: Desk) -> None:
    begins, ends = datetime(2026, 8, 11, tzinfo=CHINA), datetime(2026, 8, 12, 8, tzinfo=CHINA)
    by, now = employ("齐备", Role.SYSTEM_ADMIN), begins - timedelta(days=1)
    with durable(SYSTEM):
        values = {"title": "网点迁址", "body": "请留意。"}
        tell("general", values, to=Audience(), by=SYSTEM, today=now.date(), ways=[Way.PAGE])
    for minute in range(3):
        plan = Plan((Channel.PORTAL,), "remittance", "系统升级", begins + timedelta(minutes=minute), ends)
        close_at_once(plan, by=by, today=now.date(), now=now, key=Key.fresh())
    page = desk.open("/")
    assert page.html.count("系统升级") == 3
    assert "起汇缴停办</a>" not in page
    assert "网点迁址</a>" in page
    assert next_step(page) == ("核对并核定", "/declare/")


def test_the_login_before_is_told_once_on_top_of_home_and_stays_on_its_own_page(center: Any) -> None:
    unit = open_hall()
    with quick_passwords():
        first = Desk(unit, browser(unit, minutes_ago=5))
        assert "上次登录" not in said(first.open("/"))
        assert "最近180天没有别的登录" in said(first.open("/sessions/"))
        second = Desk(unit, browser(unit))
    whence = re.compile(r"上次登录：\d{4}-\d\d-\d\d\d\d:\d\d，网络地址127\.0\.0\.1，Firefox140。")
    on_top, after = [said(second.open("/")).partition("最近的业务")[0] for _ in range(2)]
    assert whence.search(on_top)
    assert not whence.search(after)
    for address in ("/", "/sessions/"):
        assert whence.search(said(second.open(address)))


def test_home_leads_through_the_month_until_the_next_may_be_declared(desk: Desk, bank: Bank) -> None:
    case_no = declare(desk.unit)
    page = desk.open("/")
    assert next_step(page) == ("查看缴款码和通知单", f"/sheet/{case_no}/")
    assert "等付款5,551.28元，通知单有效期至8月15日" in said(page)
    pay(bank, case_no, "5000.00")
    confirms(desk.browser)
    assert "已到账5,000.00元，还差551.28元" in said(desk.open("/"))
    pay(bank, case_no, "551.28")
    confirms(desk.browser)
    page = desk.open("/")
    assert "2026年7月汇缴5,551.28已入账" in said(page)
    assert next_step(page) == ("核对并核定", "/declare/")


def test_home_of_an_employer_without_members_asks_to_open_accounts(center: Any) -> None:
    page = Desk(unit := open_hall(), browser(unit)).open("/")
    assert next_step(page) == ("上传花名册", "/upload/")


def test_home_after_the_current_month_shows_that_it_is_done(desk: Desk, bank: Bank) -> None:
    remit_july(desk, bank)
    case_no = declare(desk.unit, AUGUST)
    pay(bank, case_no, "5551.28")
    page = desk.open("/")
    assert "2026年8月汇缴" in said(page)
    assert "2026年9月起可办理下一个月" in said(page)
    assert next_step(page) == ("查看入账结果和回单", f"/sheet/{case_no}/")


# The roster and an account


def test_the_roster_finds_by_state_and_number(desk: Desk) -> None:
    page = said(desk.open("/roster/"))
    assert "全部3正常3封存0" in page
    assert "26,495.50" in page
    found = said(desk.open(f"/roster/?q={account_number(2200)}"))
    assert "2,200.00" in found
    assert "26,495.50" not in found
    assert "没有找到" in said(desk.open("/roster/?state=02"))
    assert "没有找到" in said(desk.open("/roster/?q=%25"))


def test_the_roster_goes_page_by_page_and_back(desk: Desk) -> None:
    for number in range(60):
        add_member(desk.unit, f"职工{number}", "3000.00", AUGUST)
    first = desk.open("/roster/")
    (ahead,) = [one for one in Reading(first.html).all("a") if one.attributes.get("rel") == "next"]
    second = desk.open(ahead.attributes["href"])
    assert "第51–63人" in said(second)
    (back,) = [one for one in Reading(second.html).all("a") if one.attributes.get("rel") == "prev"]
    assert account_numbers(desk.open(back.attributes["href"])) == account_numbers(first)


def account_numbers(page: Any) -> list[str]:
    return [one.attributes["value"] for one in Reading(page.html).all("input") if one.attributes["name"] == "account"]


def test_an_account_shows_its_terms_its_money_and_its_history(desk: Desk, bank: Bank) -> None:
    remit_july(desk, bank)
    page = said(desk.open(f"/roster/{account_number(2200)}/"))
    assert "缴存基数2,200.00元" in page
    assert "余额352.00元" in page
    assert "缴至年月2026年7月" in page
    assert "2026-07开户缴存基数2,200.00元" in page
    paper = pdf_text(desk.open(f"/roster/{account_number(2200)}/statement.pdf").response.content)
    assert "个人缴存明细" in paper
    assert "352.00" in paper


def test_the_roster_is_exported_as_it_is_filtered_and_says_who_took_it(desk: Desk) -> None:
    rows = sheet_rows(desk.open("/roster/export.xlsx").response.content)
    assert [row[1] for row in rows[3:6]] == ["甲", "乙", "丙"]
    assert "陈明" in str(rows[1][0])
    one = sheet_rows(desk.open(f"/roster/export.xlsx?q={account_number(2200)}").response.content)
    assert [row[1] for row in one[3:-1]] == ["丙"]


# A declared month and its papers


def test_a_declared_month_says_what_to_pay_where_to_and_until_when(desk: Desk) -> None:
    desk.declare(way="transfer")
    sheet = latest_sheet()
    page = said(desk.open(f"/sheet/{sheet.pk}/"))
    reference = with_check_characters(sheet.pk)
    for wanted in (reference, "5,551.28", "伍仟伍佰伍拾壹元贰角捌分", "2026-08-15", "5100100000000001", "还没有到账"):
        assert wanted in page
    paper = pdf_text(desk.open(f"/sheet/{sheet.pk}/notice.pdf").response.content)
    for wanted in (reference, "5,551.28", "伍仟伍佰伍拾壹元贰角捌分", "测试单位"):
        assert wanted in paper


def test_money_that_comes_short_is_shown_with_what_to_do(desk: Desk, bank: Bank) -> None:
    case_no = declare(desk.unit)
    pay(bank, case_no, "5000.00")
    confirms(desk.browser)
    page = said(desk.open(f"/sheet/{case_no}/"))
    assert "待补足" in page
    assert "还差551.28元" in page
    assert "5,000.00金额不足，已记入贵单位暂存款，待补足后入账" in page
    paper = pdf_text(desk.open(f"/sheet/{case_no}/notice.pdf").response.content)
    for wanted in (with_check_characters(case_no), "已到账", "5,000.00", "还须补足", "伍佰伍拾壹元贰角捌分"):
        assert wanted in paper


def test_the_sheet_page_follows_what_happens_to_the_money(desk: Desk, bank: Bank) -> None:
    case_no = declare(desk.unit)
    address = f"/sheet/{case_no}/"
    waiting = desk.open(address)
    assert "还没有到账" in said(waiting)
    assert "every 5s" in waiting.html
    asks = re.search(r'hx-get="([^"]+)"', waiting.html)
    assert asks
    ask = unescape(asks[1])
    assert "HX-Refresh" not in desk.open(ask).response.headers
    take(bank.file(bank.line("5551.28", with_check_characters(case_no))))
    coming = desk.open(address)
    assert "款项已到账" in said(coming)
    assert "请按下面的内容转账" not in said(coming)
    assert "every 2s" in coming.html
    assert desk.open(ask).response.headers["HX-Refresh"] == "true"


def test_a_sentence_is_gone_once_something_else_has_happened(desk: Desk, bank: Bank) -> None:
    case_no = declare(desk.unit)
    with reading(desk.unit.handler):
        (submitted,) = evidence.events_about(f"case:{case_no}")
    address = f"/sheet/{case_no}/?done={submitted.number}"
    assert "已提交核定。" in said(desk.open(address))
    with reading(desk.unit.handler):
        assert done.sentences({"done": str(submitted.number)}, submitted.at + timedelta(hours=1)) == ()
    pay(bank, case_no, "5551.28")
    assert "已提交核定。" not in said(desk.open(address))


def test_a_booked_month_has_its_receipt_and_its_roll(desk: Desk, bank: Bank) -> None:
    case_no = remit_july(desk, bank)
    page = desk.open(f"/sheet/{case_no}/")
    assert "已入账5,551.28元，3人" in said(page)
    receipt = pdf_text(desk.open(f"/sheet/{case_no}/receipt.pdf").response.content)
    assert "汇缴回单" in receipt
    assert "F000001" in receipt
    assert receipt.count("测试单位") == 2  # whose month it is, and who paid
    roll = pdf_text(desk.open(f"/sheet/{case_no}/lines.pdf").response.content)
    assert "5,551.28" in roll
    rows = sheet_rows(desk.open(f"/sheet/{case_no}/lines.xlsx").response.content)
    assert [row[1] for row in rows[3:6]] == ["甲", "乙", "丙"]
    assert rows[6][6] == 5551.28
    desk.open(f"/sheet/{case_no}/lines.pdf?volume=2", 404)
    desk.open(f"/sheet/{case_no}/notice.pdf", 404)


def test_each_part_of_a_month_opens_to_its_people(desk: Desk, bank: Bank) -> None:
    remit_july(desk, bank)
    add_member(desk.unit, "丁", "5333.33", AUGUST)
    with durable(SYSTEM):
        add_event(desk.unit, None, TimelineKind.RATE, AUGUST, unit_rate=1200, personal_rate=1200)
    page = said(desk.open("/declare/"))
    assert "上月汇缴2026-0735,551.28" in page
    assert "新开户+1" in page
    opened = said(desk.open("/declare/lines/?part=OPENED"))
    assert "丁" in opened
    assert "甲" not in opened
    assert "合计4人" in said(desk.open("/declare/lines/"))
    case_no = declare(desk.unit, AUGUST)
    assert "甲" in said(desk.open(f"/sheet/{case_no}/lines/?part=RATE"))
    desk.open(f"/sheet/{case_no}/lines/?part=NOTHING", 404)


def test_unallocated_money_says_where_it_came_from_and_where_it_went(desk: Desk, bank: Bank) -> None:
    case_no = declare(desk.unit)
    pay(bank, case_no, "6000.00")
    page = said(desk.open("/unallocated/"))
    assert "可用6,000.00元" in page
    assert "付2026年7月汇缴" in page
    assert "流水号F000001+6,000.00" in page


def test_records_list_the_years_months_with_their_sum(desk: Desk, bank: Bank) -> None:
    case_no = remit_july(desk, bank)
    page = desk.open("/records/")
    assert "已入账合计5,551.28" in said(page)
    assert f"/sheet/{case_no}/receipt.pdf" in page
    rows = sheet_rows(desk.open("/records/export.xlsx").response.content)
    assert (rows[3][1], rows[3][3], rows[3][8]) == (str(case_no), 5551.28, "已入账")


def test_records_say_how_each_month_was_paid_and_sum_the_booked_ones_alone(desk: Desk, bank: Bank) -> None:
    page = desk.declare(way="transfer")
    given_up = latest_sheet().pk
    desk.submit(page, f"/sheet/{given_up}/withdraw/")
    july = declare(desk.unit)
    pay(bank, july, "6000.00")
    desk.submit(desk.open(f"/sheet/{july}/"), f"/sheet/{july}/pay/")
    run_worker()
    august = declare(desk.unit, AUGUST, use_unallocated=True)
    pay(bank, august, "5102.56")
    steps = said(desk.open(f"/sheet/{july}/")).partition("已入账5,551.28元")[0]
    assert "转账" not in steps
    page = desk.open("/records/")
    assert "已入账合计11,102.56" in said(page)
    (export,) = [link for link in Reading(page.html).all("a") if "export" in link.attributes["href"]]
    rows = sheet_rows(desk.open(export.attributes["href"]).response.content)
    assert [(*row[3:5], row[7]) for row in rows[3:6]] == [
        (5551.28, 448.72, "暂存款和转账"),
        (5551.28, 5551.28, "暂存款"),
        (5551.28, None, ""),
    ]
    assert (rows[6][0], rows[6][3]) == ("已入账合计", 11102.56)


# What a page keeps to itself, and what looking changes


def own_addresses(desk: Desk) -> list[str]:
    """Every address of the portal, with numbers of the employer's own."""
    number, case_no = account_number(2200), latest_sheet().pk
    sheet = f"/sheet/{case_no}/"
    papers = [f"{sheet}{name}" for name in ("", "lines/", "receipt.pdf", "lines.pdf", "lines.xlsx")]
    return [
        *("/", "/roster/", "/roster/?q=甲&state=01", "/roster/export.xlsx", "/upload/", "/upload/template.xlsx"),
        *("/open/", "/seal/", f"/seal/?account={number}", "/declare/", "/declare/lines/", "/unallocated/"),
        *("/records/", "/records/export.xlsx", f"/roster/{number}/", f"/roster/{number}/statement.pdf"),
        *papers,
        f"/receipt/{case_no}/",
    ]


def test_looking_changes_nothing(desk: Desk, bank: Bank, center: Any) -> None:
    remit_july(desk, bank)

    def counts() -> dict[str, int]:
        """All but the log of who took what, and the tally of what was looked up."""
        return {
            table: n for table, n in row_counts(center).items() if not table.startswith(("evidence_", "hall_access_"))
        }

    before = counts()
    for address in own_addresses(desk):
        desk.open(address)
    assert counts() == before
    files = [address for address in own_addresses(desk) if address.endswith((".pdf", ".xlsx"))]
    assert len(events(center, "take_out")) == len(files) - 1  # a template has nobody's data in it


def test_what_belongs_to_another_employer_is_not_there_and_the_question_is_recorded(
    desk: Desk, bank: Bank, center: Any
) -> None:
    remit_july(desk, bank)
    stranger = Desk(other := open_unit("另一单位", OTHER_CODE), browser(other))
    numbers = (account_number(2200), str(latest_sheet().pk))
    foreign = [address for address in own_addresses(desk) if any(number in address for number in numbers)]
    for address in foreign:
        stranger.open(address, 404)
    assert events(center, "asked_for_nothing") == [f"url:{address.split('?')[0]}" for address in foreign]
    for act in ("withdraw", "pay"):
        page = stranger.open("/")
        form = page.form("/leave/") | {"key": Key.fresh()}
        answer = stranger.browser.post(f"/sheet/{latest_sheet().pk}/{act}/", form)
        assert answer.status_code == 404


def test_numbers_that_no_row_has_are_not_there(desk: Desk) -> None:
    for address in (
        "/sheet/1/",
        "/sheet/999999999999999999/",
        "/sheet/12345678901234567890/",
        "/upload/7/",
        "/roster/x/",
    ):
        desk.open(address, 404)
    desk.open("/roster/?after=99999999999999999999&first=x")


def test_a_handler_of_several_unit_accounts_chooses_one(desk: Desk) -> None:
    with durable(SYSTEM):
        second = UnitAccount.objects.get(pk=desk.unit.unit_account_id)
        second.pk, second.number, second.unallocated_account_id, second.active_count = None, "511100009999", -1, 0
        second.save()
    assert "甲" in said(desk.open("/roster/"))
    assert "还没有职工" in said(desk.open("/roster/?unit=511100009999"))
    desk.open("/roster/?unit=000000000000", 404)


def test_htmx_gets_the_region_that_it_asked_for(desk: Desk) -> None:
    part = desk.open("/roster/?q=甲", hx_request="true", hx_target="roster-rows")
    assert part.html.strip().startswith('<section class="card" id="roster-rows">')
