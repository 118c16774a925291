"""How an employer comes in: from a form filled in at home, in six steps, with and without scripts."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.journeys import people
from tests.journeys.people import application, turn_to
from tests.journeys.visitor import Visitor, visiting
from tests.running import Hall

pytestmark = pytest.mark.journey

DAY = date(2026, 7, 6)
UNIT = application(
    name="示范市云岭测绘有限公司",
    credit_code="91990101MAHPF08896",
    handler_mobile="16000000104",
    handler_name="龚𬭎",
    handler_identity_number="990101198706121056",
    industry="M",
)


@pytest.mark.parametrize("scripts", [True, False])
def test_six_steps_from_home_into_the_hall(hall: Hall, browser: Browser, scripts: bool) -> None:
    address, story = f"http://127.0.0.1:{hall.port}", "registration" if scripts else "registration-without-scripts"
    with (
        visiting(browser, address, f"{story}-handler", scripts=scripts, curious=scripts) as handler,
        visiting(browser, address, f"{story}-clerk", scripts=scripts, curious=scripts) as clerk,
    ):
        people.come_to_work(clerk, "clerk")
        turn_to(clerk, DAY)
        number = fill_in_at_home(handler)  # 1: the form, with its code
        given = people.call_up(clerk, number, UNIT)  # 2: the counter, 3: the second person, 4: the sealed sheet
        people.enter_for_the_first_time(handler, given)  # 5: name, password, code; 6: own password, agreement
        handler.sees("7月26日前开户")
        clerk.go("/counter/applications/")
        clerk.follow(UNIT.name)
        clerk.sees("已登记", "龚𬭎")
    assert proofs_of_work(hall) == (2 if scripts else 0)  # for the code of the form, for the login


def proofs_of_work(hall: Hall) -> int:
    """How many a browser has computed that the hall took."""
    with psycopg.connect(hall.environ["DATABASE_URL"], options="-c search_path=demo") as database:
        (count,) = database.execute("SELECT count(*) FROM hall_access_spentproof").fetchone() or (0,)
    return int(count)


def fill_in_at_home(handler: Visitor) -> str:
    """The form on the public page, the code, the paper; the number that the paper carries."""
    handler.go("/login/")
    handler.follow("预填开户登记申请")
    handler.fill(**{name: text for name, text in asdict(UNIT).items() if text})
    handler.looks("apply")
    handler.press("获取验证码")
    handler.sees("验证码已发往", "160****0104")
    handler.fill(code=people.code_for(handler, "预填"))
    handler.looks("apply-code")
    handler.press("提交申请")
    handler.sees("请经办人带到柜台", "预填")
    handler.looks("apply-done")
    handler.page.go_back()
    handler.sees("预填单位开户登记申请")
    handler.page.go_forward()
    handler.sees("请经办人带到柜台")
    number = re.sub(r"\D", "", handler.page.locator(".copy.big").inner_text())
    paper = people.text_of_pdf(handler.download("下载申请表"))
    assert number in paper
    assert [text for text in (UNIT.name, "龚𬭎", "中心留存", "单位留存") if text not in paper] == []
    return number
