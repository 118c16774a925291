"""The main job in a browser that runs no scripts: links, forms and reloads do all of it."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser

from tests.journeys import people
from tests.journeys.people import Bank, application, person, turn_to
from tests.journeys.visitor import visiting
from tests.running import Hall

pytestmark = pytest.mark.journey

DAY = date(2026, 9, 10)
UNIT = application(
    name="示范市无障碍印刷厂",
    credit_code="91990101MAHPF0037D",
    bank_account="6222000033334444",
    handler_mobile="16000000102",
    first_month="2026-09",
)


def test_nobody_needs_javascript(hall: Hall, browser: Browser) -> None:
    address = f"http://127.0.0.1:{hall.port}"
    with (
        visiting(browser, address, "without-scripts", scripts=False) as staff,
        visiting(browser, address, "without-scripts", scripts=False) as handler,
    ):
        people.come_to_work(staff, "clerk")
        turn_to(staff, DAY)
        given = people.register_employer(staff, UNIT)
        people.enter_for_the_first_time(handler, given)

        handler.follow("上传花名册")
        template = handler.download("开户花名册模板")
        rows = [person("𬭎·明", "6000.00", "202609"), person("李䶮", "8000.00", "202609")]
        handler.attach("九月.xlsx", people.filled_roster(template, rows))
        handler.press_twice("上传并检查")
        handler.sees_after_reload("逐行结果")
        handler.press_twice("确认开户")
        handler.sees_after_reload("已为 2 人开户")

        handler.go("/declare/")
        handler.press_twice("提交核定")
        handler.sees("请按下面的内容转账", "2,240.00")
        reference = handler.page.locator(".copy.big").first.inner_text()
        people.come_to_work(staff, "treasurer")
        staff.go("/counter/statements/")
        staff.attach("对账单.csv", Bank().statement(DAY, UNIT, "2240.00", reference))
        staff.press_twice("导入并对应")
        staff.sees_after_reload("已入账")
        handler.sees_after_reload("每人的缴存额都已记入个人账户")
        handler.go("/records/")
        assert handler.text().count("2026-09 2 2,240.00") == 1
    assert "everything holds" in hall.hpf("verify").stdout
