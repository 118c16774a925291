"""The main job in a browser: the worked scenario, from the counter to every member's account, seen by all who act."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser

from tests.journeys import people
from tests.journeys.people import Bank, application, person, turn_to
from tests.journeys.visitor import Visitor, visiting
from tests.running import Hall

pytestmark = pytest.mark.journey

UNIT = application(
    name="测试单位", credit_code="91511100MA6280003F", bank_account="6222000011112222", handler_mobile="16000000101"
)
THREE = [
    person("甲某", "6000.00", "202607"),
    person("乙·某", "40000.00", "202607"),
    person("丙𠮷", "1500.00", "202607"),
]


def test_money_reaches_every_member_to_the_fen(hall: Hall, browser: Browser) -> None:
    address = f"http://127.0.0.1:{hall.port}"
    with (
        visiting(browser, address, "clerk", curious=True) as clerk,
        visiting(browser, address, "treasurer", curious=True) as treasurer,
        visiting(browser, address, "handler", curious=True) as handler,
    ):
        bank = Bank()
        people.come_to_work(clerk, "clerk")
        turn_to(clerk, date(2026, 7, 6))
        clerk.looks("home")
        given = people.register_employer(clerk, UNIT)
        clerk.looks("registered")
        people.enter_for_the_first_time(handler, given)
        handler.looks("home-empty")

        turn_to(handler, date(2026, 7, 8))
        open_from_roster(handler)
        turn_to(handler, date(2026, 7, 10))
        reference = declare(handler, "5,551.28")
        people.come_to_work(treasurer, "treasurer")
        turn_to(treasurer, date(2026, 7, 13))
        take_statement(treasurer, bank.statement(date(2026, 7, 13), UNIT, "5551.28", reference), "已入账")
        see_july_booked(handler)

        turn_to(handler, date(2026, 8, 10))
        open_one_seal_one(handler)
        reference = declare(handler, "6,052.62")
        turn_to(treasurer, date(2026, 8, 12))
        take_statement(treasurer, bank.statement(date(2026, 8, 12), UNIT, "6000.00", reference), "待补足")
        handler.page.reload()
        handler.sees("1 条通知等您确认", "还差52.62元")
        handler.press("我已知悉")
        handler.sees("到账金额不足，还差", "52.62")
        handler.looks("sheet-short")
        turn_to(treasurer, date(2026, 8, 13))
        take_statement(treasurer, bank.statement(date(2026, 8, 13), UNIT, "52.62", reference), "已入账")
        handler.page.reload()
        handler.sees("每人的缴存额都已记入个人账户")
        see_balances(handler)
    assert "everything holds" in hall.hpf("verify").stdout


def open_from_roster(handler: Visitor) -> None:
    handler.follow("上传花名册")
    handler.looks("upload")
    template = handler.download("开户花名册模板")
    handler.attach("七月.xlsx", people.filled_roster(template, THREE))
    handler.press("上传并检查")
    handler.sees("逐行结果", "26,495.50", "2,200.00")
    handler.looks("preview")
    handler.press("确认开户")
    handler.sees("已为 3 人开户")
    handler.looks("opened")


def declare(handler: Visitor, total: str) -> str:
    """Declare the month that is due; the payment reference, as the page shows it."""
    handler.go("/declare/")
    handler.sees("从上月到本月", total)
    handler.looks("declare")
    handler.press("提交核定")
    handler.sees("请按下面的内容转账", total)
    handler.looks("sheet")
    reference = handler.page.locator(".copy.big").first.inner_text()
    notice = people.text_of_pdf(handler.download("汇缴通知单"))
    assert reference.replace(" ", "") in notice
    assert total in notice
    return reference


def take_statement(treasurer: Visitor, content: bytes, outcome: str) -> None:
    treasurer.go("/counter/statements/")
    treasurer.attach("对账单.csv", content)
    treasurer.press("导入并对应")
    treasurer.sees("控制数相符")
    treasurer.sees_cell(outcome)
    treasurer.looks("statement")


def see_july_booked(handler: Visitor) -> None:
    """The sheet that was left open says it by itself; then the papers and the members' accounts."""
    handler.sees("每人的缴存额都已记入个人账户", "5,551.28")
    handler.looks("sheet-booked")
    receipt = people.text_of_pdf(handler.download("汇缴回单"))
    assert "5,551.28" in receipt
    assert "伍仟伍佰伍拾壹元贰角捌分" in receipt
    roster = people.text_of_pdf(handler.download("汇缴清册", "PDF"))
    assert [text for text in ("甲某", "乙·某", "丙𠮷", "4,239.28", "5,551.28") if text not in roster] == []
    cells = [cell for row in people.cells_of(handler.download("汇缴清册", "Excel")) for cell in row]
    assert [cell for cell in ("甲某", "乙·某", "丙𠮷", 4239.28, 5551.28) if cell not in cells] == []
    handler.go("/roster/")
    handler.sees("甲某", "乙·某", "丙𠮷")
    handler.looks("roster")


def open_one_seal_one(handler: Visitor) -> None:
    """August: one comes, one leaves."""
    newcomer = person("丁某", "5333.33", "202608")
    handler.go("/open/")
    handler.fill(
        name=newcomer["姓名"],
        document_type=newcomer["证件类型"],
        document_number=newcomer["证件号码"],
        mobile=newcomer["手机号码"],
        monthly_wage=newcomer["月平均工资"],
        first_month="2026-08",
    )
    handler.looks("open-person")
    handler.press("确认开户")
    handler.sees("个人账户设立", "2026年8月")
    handler.looks("receipt")
    handler.go("/roster/")
    handler.sees("853.34")
    handler.follow("丙𠮷")
    handler.looks("account")
    handler.follow("封存")
    handler.fill(reason="01", effective_month="2026-08")
    handler.looks("seal")
    handler.press("确认封存")
    handler.sees("封存")
    handler.looks("sealed")


def see_balances(handler: Visitor) -> None:
    for name, balance in (("甲某", "1,920.00"), ("乙·某", "8,478.56"), ("丁某", "853.34")):
        handler.go("/roster/")
        handler.follow(name)
        handler.sees(balance)
    handler.looks("account-after")
    handler.go("/records/")
    handler.sees("6,052.62", "5,551.28")
    handler.looks("records")
    handler.go("/unallocated/")
    handler.looks("unallocated")
