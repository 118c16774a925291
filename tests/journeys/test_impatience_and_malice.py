"""People who click twice, and people who write scripts where a name is asked for.

Names of employers keep no blanks, so the scripts have none."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser

from tests.journeys import people
from tests.journeys.people import Bank, application, person, turn_to
from tests.journeys.visitor import Visitor, visiting
from tests.running import Hall

pytestmark = pytest.mark.journey

DAY = date(2026, 10, 12)
SCRIPT = '"><svg/onload=alert(1)>'
UNIT = application(
    name=f"示范市{SCRIPT}商行",
    credit_code="12990101MAHPF2147P",
    address="<script>alert(2)</script>街1号",
    legal_representative=f"王{SCRIPT}",
    supervising_department="{{7*7}}<svg/onload=alert(3)>",
    bank_name="<b/onmouseover=alert(4)>银行",
    bank_account="6222000055556666",
    handler_mobile="16000000103",
    first_month="2026-10",
)
ROWS = [
    person("欧阳㵗然", "6000.00", "202610"),
    person(SCRIPT, "7000.00", "202610"),
    person("=cmd|' /C calc'!A0", "7000.00", "202610"),
]


def test_two_clicks_do_one_thing_and_names_run_nowhere(hall: Hall, browser: Browser) -> None:
    address = f"http://127.0.0.1:{hall.port}"
    with (
        visiting(browser, address, "malice-staff") as staff,
        visiting(browser, address, "malice-handler") as handler,
    ):
        people.come_to_work(staff, "clerk")
        turn_to(staff, DAY)
        given = people.register_employer(staff, UNIT)
        staff.sees(UNIT.name)
        people.enter_for_the_first_time(handler, given)
        upload_twice(handler)
        reference = declare_twice(handler)

        people.come_to_work(staff, "treasurer")
        bank = Bank()
        pay_twice(staff, bank.statement(DAY, UNIT, "960.00", f"{reference} {SCRIPT}"))
        pay_twice(staff, bank.statement(DAY, UNIT, "1.00", f"不知道 {SCRIPT}"))
        see_everywhere(staff, handler)
    assert "everything holds" in hall.hpf("verify").stdout


def upload_twice(handler: Visitor) -> None:
    handler.follow("上传花名册")
    template = handler.download("开户花名册模板")
    handler.attach("<img src=x onerror=alert(5)>.xlsx", people.filled_roster(template, ROWS))
    handler.press_twice("上传并检查")
    handler.sees("逐行结果", SCRIPT, "不能登记")
    assert handler.sent("/upload/") == 1
    handler.press_twice("确认开户")
    handler.sees("已为 1 人开户")


def declare_twice(handler: Visitor) -> str:
    handler.go("/declare/")
    handler.press_twice("提交核定")
    handler.sees("请按下面的内容转账", "960.00")
    assert handler.sent("/declare/") == 1
    notice = people.text_of_pdf(handler.download("汇缴通知单"))
    assert UNIT.name in notice
    return handler.page.locator(".copy.big").first.inner_text()


def pay_twice(staff: Visitor, statement: bytes) -> None:
    before = staff.sent("/counter/statements/")
    staff.go("/counter/statements/")
    staff.attach("对账单.csv", statement)
    staff.press_twice("导入并对应")
    staff.sees("控制数相符", SCRIPT)
    assert staff.sent("/counter/statements/") == before + 1


def see_everywhere(staff: Visitor, handler: Visitor) -> None:
    """Every page that shows what was typed."""
    staff.curious = handler.curious = True
    for path, shown in (
        ("/counter/money/", SCRIPT),
        ("/counter/statements/", "对账单"),
        ("/counter/", ""),
    ):
        staff.go(path)
        staff.sees(shown)
        staff.looks(path.strip("/").replace("/", "-"))
    handler.sees_after_reload("每人的缴存额都已记入个人账户")
    for path, shown in (
        ("/", UNIT.name),
        ("/roster/", "欧阳㵗然"),
        ("/records/", "960.00"),
        ("/unallocated/", UNIT.name),
        ("/upload/", "onerror"),
        ("/sessions/", UNIT.name),
        ("/agreement/", "代表贵单位接受本版协议"),
    ):
        handler.go(path)
        handler.sees(shown)
        handler.looks(path.strip("/") or "front")
    people.come_to_work(staff, "clerk")
    staff.go("/counter/employers/")
    staff.sees(UNIT.name)
    staff.looks("employers")
    staff.follow(UNIT.name)
    staff.sees("<script>alert(2)</script>街1号")
    staff.looks("employer")
    staff.go("/counter/cases/")
    staff.looks("cases")
