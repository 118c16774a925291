"""How an employer is limited and its appeal upheld, how a handler goes, another comes in his place, and the employer
leaves: each at the counter, each felt at once.
"""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser

from tests.journeys import people
from tests.journeys.people import application, text_of_pdf, turn_to
from tests.journeys.visitor import Visitor, visiting
from tests.running import Hall
from tests.scans import png

pytestmark = pytest.mark.journey

DAY = date(2026, 7, 6)
UNIT = application(
    name="示范市望江园林有限公司",
    credit_code="91990101MAHPF10729",
    handler_mobile="16000000107",
    handler_name="石磊",
    handler_identity_number="990101198706121072",
)
SUCCESSOR = {
    "handler_name": "欧阳青",
    "handler_identity_number": "990101199003070218",
    "handler_mobile": "16000000108",
}


def test_a_limit_is_appealed_another_handler_takes_over_and_at_last_the_employer_leaves(
    hall: Hall, browser: Browser
) -> None:
    address = f"http://127.0.0.1:{hall.port}"
    with (
        visiting(browser, address, "leaving-handler") as old,
        visiting(browser, address, "leaving-successor") as new,
        visiting(browser, address, "leaving-clerk") as clerk,
    ):
        people.come_to_work(clerk, "clerk")
        turn_to(clerk, DAY)
        people.enter_for_the_first_time(old, people.register_employer(clerk, UNIT))
        limit(clerk)
        appeal(old)
        uphold(clerk)
        old.go("/declare/")
        assert "不能在网厅办理" not in old.text()
        given = change_handler(clerk)
        old.go("/roster/")
        old.sees("本单位的经办人已在柜台变更，您的用户名已停用")
        take_over(new, given)
        leave(clerk)
        new.go("/roster/")
        new.sees("本单位的网厅服务已在柜台终止")
        new.looks("out")


def open_employer(clerk: Visitor) -> None:
    clerk.go("/counter/employers/")
    clerk.follow(UNIT.name)


def limit(clerk: Visitor) -> None:
    """One proposes with evidence by a clause of the agreement, another approves."""
    open_employer(clerk)
    clerk.follow("限制使用")
    clerk.fill(kind="limited", clause="6.1(1)", reason="用程序批量抓取页面")
    clerk.page.locator('[name="functions"][value="remittance"]').check()
    clerk.attach("截图.png", png())
    clerk.looks("restriction-form")
    clerk.press("提交复核")
    clerk.sees("这是您经办的业务，请由他人复核")
    with clerk.colleague() as reviewer:
        people.come_to_work(reviewer, "reviewer")
        reviewer.go("/counter/reviews/")
        reviewer.follow(UNIT.name)
        reviewer.looks("restriction-review")
        reviewer.press("复核通过")
        reviewer.sees("执行中")


def appeal(handler: Visitor) -> None:
    """He is told once, is refused in words where he is limited and nowhere else, and says what he has to say."""
    handler.go("/")
    handler.sees("请先看一看", "关于限制在单位网上业务大厅办理汇缴的通知")
    handler.press("我已知悉")
    handler.sees("汇缴限制使用")
    handler.go("/declare/")
    handler.sees("汇缴现在不能在网厅办理")
    handler.looks("restricted")
    handler.go("/restriction/")
    handler.sees("用程序批量抓取页面")
    handler.follow("提出申诉")
    handler.fill(text="系财务软件误操作，已停用")
    handler.looks("appeal")
    handler.press("提交申诉")
    handler.sees("待答复")


def uphold(clerk: Visitor) -> None:
    """Somebody who had no part in it answers: the limit is lifted with his word."""
    with clerk.colleague() as manager:
        people.come_to_work(manager, "manager")
        manager.go("/counter/restrictions/")
        manager.follow(UNIT.name)
        manager.fill(text="经复查，情况属实")
        manager.looks("appeal-answer")
        manager.press("申诉成立，解除限制")
        manager.sees("申诉成立", "已解除")


def change_handler(clerk: Visitor) -> people.Credentials:
    """Letter of introduction and identity card; what the new handler takes home."""
    open_employer(clerk)
    clerk.follow("变更经办人")
    clerk.fill(**SUCCESSOR, letter_seen="1", card_seen="1")
    clerk.looks("handler-change")
    clerk.press("变更经办人")
    clerk.sees("经办人已变更，短信已发往新旧两部手机")
    clerk.looks("handler-changed")
    clerk.follow("请另一名柜员发放用户名和初始密码")
    clerk.sees("初始密码请由另一名柜员核对单位介绍信和身份证后发放")
    employer = clerk.page.url.removeprefix(clerk.address)
    with clerk.colleague() as colleague:
        people.come_to_work(colleague, "clerk2")
        colleague.go(employer)
        return people.hand_over(colleague)


def take_over(new: Visitor, given: people.Credentials) -> None:
    """A password of his own, the agreement in force, and what the employer has under way."""
    people.log_in(new, given.user_name, given.password)
    new.sees("请设置您自己的密码")
    new.fill(password=people.OWN_PASSWORD, again=people.OWN_PASSWORD)
    new.press("设置密码")
    new.sees("我已阅读并代表本单位接受以上协议")
    new.fill(accepted="1")
    new.press("接受并进入网厅")
    new.sees("交接")
    new.looks("taken-over")


def leave(clerk: Visitor) -> None:
    """附件2 is filled in, and printed in duplicate."""
    open_employer(clerk)
    clerk.follow("终止使用网厅")
    clerk.sees("没有在办的业务，可以终止")
    clerk.fill(reason="迁往外地", responsible="李一", filled_by="欧阳青", filled_on=DAY.isoformat())
    clerk.fill(form_seen="1", confirmed="1")
    clerk.looks("termination")
    clerk.press("终止使用网厅")
    clerk.sees("网厅服务已终止，已短信告知经办人")
    clerk.looks("terminated")
    paper = text_of_pdf(clerk.download("申请表"))
    assert [text for text in (UNIT.name, "迁往外地", "中心留存", "单位留存") if text not in paper] == []
