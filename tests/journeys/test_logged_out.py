"""Whoever was logged out for having rested reads why, in whichever window he looks, until he is in again."""

from __future__ import annotations

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import people
from tests.journeys.visitor import Visitor, visiting
from tests.running import Hall

pytestmark = pytest.mark.journey

WHY = "您较长时间没有操作，为了安全已自动退出"
PAGES = ("/counter/", "/counter/reviews/")


def test_every_window_says_why_and_after_the_next_login_none(hall: Hall, browser: Browser) -> None:
    with visiting(browser, f"http://127.0.0.1:{hall.port}", "logged-out") as clerk:
        people.come_to_work(clerk, "clerk")
        windows = [window(clerk, address) for address in PAGES]
        clerk.page.goto("about:blank")  # the first window looks later: it would go to the login by itself
        rest(hall)
        for one in windows:
            one.clock.fast_forward(902_000)
        for one in windows:
            one.wait_for_url("**/counter/login/**")
            one.get_by_text(WHY).wait_for()
        clerk.go("/counter/login/")
        clerk.sees(WHY)
        clerk.looks("logged-out")
        clerk.page.reload()
        clerk.sees(WHY)
        people.come_to_work(clerk, "clerk")
        clerk.press("退出")
        clerk.sees("工作人员登录")
        assert WHY not in clerk.text()


def window(visitor: Visitor, address: str) -> Page:
    """Another window of the same browser, whose clock can be moved."""
    page = visitor.page.context.new_page()
    page.clock.install()
    page.goto(visitor.address + address)
    return page


def rest(hall: Hall) -> None:
    """A quarter of an hour in which nobody does anything."""
    with psycopg.connect(hall.environ["DATABASE_URL"], options="-c search_path=demo") as connection:
        connection.execute("UPDATE hall_access_websession SET seen_at = seen_at - interval '16 minutes'")
