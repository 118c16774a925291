"""Whom the counter lets in beside the handler: an approver who decides what he prepared, an agent of two employers."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser

from tests.journeys import people
from tests.journeys.people import application, turn_to
from tests.journeys.visitor import Visitor, visiting
from tests.running import Hall

pytestmark = pytest.mark.journey

DAY = date(2026, 7, 6)
UNIT = application(
    name="示范市青石桥物业服务有限公司",
    credit_code="91990101MAHPF13049",
    handler_mobile="16000000110",
    handler_name="夏云",
    handler_identity_number="990101198706121099",
)
OTHER = application(
    name="示范市白鹭渡口餐饮有限公司",
    credit_code="91990101MAHPF2008U",
    bank_account="6222000033337711",
    handler_mobile="16000000112",
    handler_name="苗青",
    handler_identity_number="990101198706122374",
)
APPROVER = {
    "handler_name": "司徒明",
    "handler_identity_number": "990101199003070234",
    "handler_mobile": "16000000111",
}
PERSON = people.person("钟小满", "6500", "2026-07")


def test_one_prepares_another_approves_and_an_agent_acts_for_two(hall: Hall, browser: Browser) -> None:
    address = f"http://127.0.0.1:{hall.port}"
    with (
        visiting(browser, address, "two-steps-clerk") as clerk,
        visiting(browser, address, "two-steps-preparer") as first,
        visiting(browser, address, "two-steps-approver") as second,
    ):
        people.come_to_work(clerk, "clerk")
        turn_to(clerk, DAY)
        given = people.register_employer(clerk, UNIT)
        people.enter_for_the_first_time(first, given)
        people.enter_for_the_first_time(second, grant_approver(clerk))
        prepare(first, wage="65000")
        give_back(second)
        first.go("/")
        first.sees("被退回：工资多写了一个0")
        first.looks("returned")
        prepare(first, wage="6500")
        approve(second)
        first.go("/roster/")
        first.sees("钟小满")
        people.register_employer(clerk, OTHER)
        grant_agent(clerk, given.user_name)
        act_for_two(first)


def grant_agent(clerk: Visitor, user_name: str) -> None:
    """The other employer names the handler of the first one by his user name."""
    clerk.go("/counter/employers/")
    clerk.follow(OTHER.name)
    clerk.follow("设立办理权限")
    clerk.fill(duty="agent", agent_user_name=user_name, letter_seen="1", card_seen="1")
    clerk.press("提交复核")
    clerk.sees("已提交，等待他人复核。")
    grant = clerk.page.url.removeprefix(clerk.address).partition("?")[0]
    with clerk.colleague() as reviewer:
        people.come_to_work(reviewer, "reviewer")
        reviewer.go(grant)
        reviewer.press("复核通过")
        reviewer.sees("已准许")


def act_for_two(agent: Visitor) -> None:
    """He chooses for whom, and sees that employer and no other until he chooses again."""
    agent.go("/roster/")
    agent.sees("选择单位", UNIT.name, OTHER.name)
    agent.looks("choice")
    agent.press(f"为{OTHER.name}办理")
    agent.sees("我已阅读并代表本单位接受以上协议")
    agent.fill(accepted="1")
    agent.press("接受并进入网厅")
    agent.go("/roster/")
    agent.sees(OTHER.name, "切换单位")
    assert "钟小满" not in agent.text()
    assert UNIT.name not in agent.text()
    agent.looks("as-agent")
    agent.page.get_by_role("link", name="切换单位").click()
    agent.press(f"为{UNIT.name}办理")
    agent.go("/roster/")
    agent.sees("钟小满")
    assert OTHER.name not in agent.text()


def grant_approver(clerk: Visitor) -> people.Credentials:
    """The employer's letter, a second person of the center, the password in the approver's hand."""
    clerk.go("/counter/employers/")
    clerk.follow(UNIT.name)
    clerk.follow("设立办理权限")
    clerk.fill(duty="approver", **APPROVER, letter_seen="1", card_seen="1")
    clerk.looks("grant-form")
    clerk.press("提交复核")
    clerk.sees("已提交，等待他人复核。")
    clerk.looks("grant-proposed")
    grant = clerk.page.url.removeprefix(clerk.address).partition("?")[0]
    with clerk.colleague() as reviewer:
        people.come_to_work(reviewer, "reviewer")
        reviewer.go("/counter/reviews/")
        reviewer.follow("司徒明")
        reviewer.looks("grant-review")
        reviewer.press("复核通过")
        reviewer.sees("已准许")
    clerk.go(grant)
    clerk.looks("grant")
    return people.hand_over(clerk)


def prepare(first: Visitor, wage: str) -> None:
    """The handler fills in the form as ever; the first time he accepts the rule of two steps."""
    first.go("/open/")
    if "单位内部复核专项规则" in first.text():
        first.looks("rule")
        first.fill(accepted="1")
        first.press("接受并继续")
    first.fill(
        name=PERSON["姓名"],
        document_number=PERSON["证件号码"],
        mobile=PERSON["手机号码"],
        monthly_wage=wage,
        first_month="2026-07",
    )
    first.press("提交单位复核")
    first.sees("待单位复核", "已提交给本单位复核人，通过后才向中心提交。")
    first.looks("prepared")


def give_back(second: Visitor) -> None:
    second.go("/")
    second.sees("开户：钟小满", "等您复核")
    second.looks("to-approve")
    second.follow("去复核")
    second.sees("单位内部复核专项规则")
    second.fill(accepted="1")
    second.press("接受并继续")
    second.sees("65,000.00 元")
    second.looks("deciding")
    second.fill(note="工资多写了一个0")
    second.press("退回经办人")
    second.sees("已退回经办人。")


def approve(second: Visitor) -> None:
    second.go("/")
    second.follow("去复核")
    second.press_twice("通过并提交")
    second.sees("已通过", "查看办理结果")
    second.looks("approved")
    second.go("/prepared/")
    second.sees("已退回", "已通过")
    second.looks("list")
    second.go("/declare/")
    second.sees("您在贵单位是复核人")
    second.looks("looking")
