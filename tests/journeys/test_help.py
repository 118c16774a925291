"""What the center tells its employers, in a browser: an important notice, maintenance, ways of getting help."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import people
from tests.journeys.people import application, turn_to
from tests.journeys.visitor import DESK, PHONE, Visitor, visiting
from tests.running import Hall

pytestmark = pytest.mark.journey

DAY = date(2026, 11, 10)
UNIT = application(
    name="示范市问讯服务社",
    credit_code="91990101MAHPF0037D",
    bank_account="6222000033334445",
    handler_mobile="16000000104",
    first_month="2026-11",
)


def test_what_the_center_says_reaches_the_handler(hall: Hall, browser: Browser) -> None:
    address = f"http://127.0.0.1:{hall.port}"
    with (
        visiting(browser, address, "help-staff") as staff,
        visiting(browser, address, "help-handler", curious=True) as handler,
    ):
        people.come_to_work(staff, "clerk")
        turn_to(staff, DAY)
        given = people.register_employer(staff, UNIT)
        people.enter_for_the_first_time(handler, given)
        handler.go("/forgot/")
        handler.looks("forgot")
        handler.go("/sessions/")
        handler.looks("sessions")
        use_the_menu_by_keys(handler)
        ask_the_center(handler, staff)
        publish_an_important_notice(staff)
        acknowledge(handler)
        announce_maintenance(staff)
        live_through_maintenance(handler)


def use_the_menu_by_keys(handler: Visitor) -> None:
    """The menu of a phone opens by Enter and closes by Escape, and the focus stays where it was."""
    handler.page.set_viewport_size(PHONE)
    menu, heading = handler.page.locator("details.menu"), handler.page.locator("details.menu summary")
    heading.press("Enter")
    expect(menu).to_have_attribute("open", "")
    handler.page.keyboard.press("Tab")
    handler.page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(heading).to_be_focused()
    handler.page.set_viewport_size(DESK)


def ask_the_center(handler: Visitor, staff: Visitor) -> None:
    """A question, the clerk's answer, and what the handler thinks of it."""
    handler.go("/questions/")
    handler.fill(kind="question", title="新职工从哪个月开始缴存", text="他十一月六日到岗。")
    handler.looks("asking")
    handler.press_twice("提交")
    handler.sees("已提交，答复后会有站内消息。")
    asked = handler.page.url.removeprefix(handler.address).partition("?")[0]
    staff.go("/counter/inquiries/")
    staff.follow("新职工从哪个月开始缴存")
    staff.fill(text="自发放工资之月起，由单位为他设立账户。")
    staff.press("答复")
    staff.sees("已答复，经办人会收到站内消息。")
    handler.go(asked)
    handler.sees("自发放工资之月起")
    handler.looks("answered")
    handler.fill(rating="5")
    handler.press("提交评价")
    handler.sees("谢谢您的评价。")
    staff.go("/counter/inquiries/?shelf=answered")
    staff.sees("新职工从哪个月开始缴存", "5 分")


def publish_an_important_notice(staff: Visitor) -> None:
    people.come_to_work(staff, "publisher")
    staff.go("/counter/publications/new/announcement/")
    staff.fill(
        title="关于年底前核对职工信息的公告", text="请于12月20日前核对本单位职工的姓名和证件号码。", important="1"
    )
    staff.press("保存")
    staff.press("提交复核")
    staff.sees("待复核")
    approve(staff, "reviewer")


def approve(staff: Visitor, user_name: str) -> None:
    """Somebody else reads what stands on the page, and approves it."""
    here = staff.page.url.removeprefix(staff.address).partition("?")[0]
    with staff.colleague() as other:
        people.come_to_work(other, user_name)
        other.go(here)
        other.press("复核通过")
        other.sees("通过")


def acknowledge(handler: Visitor) -> None:
    handler.go("/roster/")
    handler.sees("关于年底前核对职工信息的公告")
    handler.looks("acknowledge")
    handler.fill(read="1")
    handler.press("确认并继续")
    handler.sees("还没有职工。请先上传花名册")


def announce_maintenance(staff: Visitor) -> None:
    """All of the day after tomorrow: an hour before midnight, tomorrow would be too soon."""
    people.come_to_work(staff, "parameters")
    begins = DAY + timedelta(days=2)
    staff.go("/counter/closures/")
    staff.fill(
        starts_at=f"{begins.isoformat()}T00:00",
        ends_at=f"{(begins + timedelta(days=1)).isoformat()}T00:00",
        reason="升级业务系统",
    )
    staff.press("提交复核")
    staff.sees("待复核")
    approve(staff, "manager")


def live_through_maintenance(handler: Visitor) -> None:
    handler.go("/open/")
    handler.sees("11月12日00:00起全部业务停办", "离开始还有")
    turn_to(handler, DAY + timedelta(days=2))
    handler.sees("全部业务现在停办", "升级业务系统")
    assert handler.page.get_by_role("button", name="确认开户").is_disabled()
    handler.looks("closed")
    turn_to(handler, DAY + timedelta(days=3))
    assert handler.page.get_by_role("button", name="确认开户").is_enabled()
