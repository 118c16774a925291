"""What was typed comes back to who typed it, after the login that he had to go through, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect, sync_playwright

from tests.journeys.visitor import open_browser

pytestmark = pytest.mark.journey
SCRIPT = Path(__file__).parent.parent.parent / "hpf" / "faces" / "static" / "hall.js"
LOGIN = """<!doctype html><html lang="zh-CN"><title>x</title><body><form method="post"><input name="password"></form>
<script src="/hall.js"></script></body></html>"""
PAGE = """<!doctype html><html lang="zh-CN"><title>x</title><body>
<form action="{action}" method="post"><input name="key" type="hidden" value="{key}"><input id="name" name="name">
<textarea id="reason" name="reason"></textarea><input id="tick" name="tick" type="checkbox" value="{option}">
<input id="secret" name="secret" type="password"><button id="send">提交</button></form>
<aside id="session" hidden data-idle="900" data-left="28800" data-who="{who}"><form action="/keep/" method="post"
data-keep><button>继续</button></form></aside><script src="/hall.js"></script></body></html>"""
TOO_LATE = "/login/?lost=1&next=%2F"
HTML = "text/html; charset=utf-8"
SAID = "先前填写的内容已填回"


class Site:
    """A form of somebody's, and where it goes."""

    def __init__(self) -> None:
        self.who, self.action, self.opened, self.option = "handler:1", TOO_LATE, 0, "1"

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix("http://hall.test")
        if path == "/hall.js":
            route.fulfill(body=SCRIPT.read_text(encoding="utf-8"), content_type="text/javascript; charset=utf-8")
            return
        self.opened += 1
        page = PAGE.format(action=self.action, who=self.who, key=self.opened, option=self.option)
        route.fulfill(body=LOGIN if path.startswith("/login/") else page, content_type=HTML)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def page(site: Site) -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = open_browser(playwright)
        page = chromium.new_context().new_page()
        page.clock.install()
        page.route("**/*", site.answer)
        page.goto("http://hall.test/")
        page.locator("#name").fill("欧阳江月")
        page.locator("#reason").fill("离职，6000.00 元，2026-08-10")
        page.locator("#tick").check()
        page.locator("#secret").fill("correct horse")
        yield page
        chromium.close()


def kept(page: Page) -> object:
    return page.evaluate("sessionStorage.getItem('kept')")


def comes_back(page: Page) -> None:
    expect(page.get_by_text(SAID)).to_be_visible()
    assert page.locator("#name").input_value() == "欧阳江月"
    assert page.locator("#reason").input_value() == "离职，6000.00 元，2026-08-10"
    assert page.locator("#tick").is_checked()
    assert page.locator("#secret").input_value() == ""
    assert kept(page) is None


def test_a_form_that_came_too_late_is_filled_in_again_once(page: Page, site: Site) -> None:
    page.locator("#send").click()
    page.wait_for_url("**/login/**")
    page.goto("http://hall.test/prompts/")  # something may stand before it
    page.goto("http://hall.test/")
    comes_back(page)
    assert page.locator("[name=key]").input_value() == str(site.opened), "under a key of its own"
    page.goto("http://hall.test/")
    assert page.locator("#name").input_value() == ""


def test_what_was_not_sent_yet_is_filled_in_again_too(page: Page) -> None:
    with page.expect_navigation():
        page.clock.fast_forward(902_000)
    comes_back(page)


NUMBERS = ["990000 19900307 9992", "１３８００００４４４４", "E 1234.5678"]


@pytest.mark.parametrize("number", NUMBERS)
def test_of_a_longer_text_all_but_numbers_of_documents_is_kept(page: Page, number: str) -> None:
    page.locator("#reason").fill(f"2026-08-10 到岗的职工，号码 {number}，\n请更正为 6000.00 元")
    page.locator("#send").click()
    page.wait_for_url("**/login/**")
    assert number not in str(kept(page))
    page.goto("http://hall.test/")
    expect(page.get_by_text(SAID)).to_be_visible()
    back = "2026-08-10 到岗的职工，号码 （号码请重填），\n请更正为 6000.00 元"
    assert (page.locator("#name").input_value(), page.locator("#reason").input_value()) == ("欧阳江月", back)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_field_with_a_number_of_a_document_is_not_kept(page: Page, number: str) -> None:
    page.locator("#name").fill(f"证件 {number}")
    page.locator("#send").click()
    page.wait_for_url("**/login/**")
    assert number not in str(kept(page))
    page.goto("http://hall.test/")
    expect(page.get_by_text(SAID)).to_be_visible()
    assert page.locator("#name").input_value() == ""


def test_the_end_leaves_a_page_that_stands_at_a_place_of_itself(page: Page) -> None:
    page.goto("http://hall.test/#reason")
    page.locator("#name").fill("欧阳江月")
    with page.expect_navigation(url="http://hall.test/"):
        page.clock.fast_forward(902_000)


def test_what_is_chosen_from_has_to_be_the_same(page: Page, site: Site) -> None:
    page.locator("#send").click()
    page.wait_for_url("**/login/**")
    site.option = "2"
    page.goto("http://hall.test/")
    assert page.locator("#name").input_value() == ""
    assert page.locator("#tick").get_attribute("value") == "2"


def test_nobody_else_and_no_later_day_finds_it(page: Page, site: Site) -> None:
    page.locator("#send").click()
    page.wait_for_url("**/login/**")
    site.who = "handler:2"
    page.goto("http://hall.test/prompts/?lost=1")
    assert kept(page) is None, "not even where something else comes first"
    page.goto("http://hall.test/")
    assert page.locator("#name").input_value() == ""
    page.locator("#name").fill("欧阳江月")
    page.locator("#send").click()
    page.wait_for_url("**/login/**")
    page.clock.fast_forward(600_000)
    page.reload()
    assert kept(page) is not None
    page.clock.fast_forward(301_000)
    assert kept(page) is None, "the quarter of an hour runs from the first moment"


def test_another_form_that_is_filled_in_meanwhile_takes_nothing_from_it(page: Page, site: Site) -> None:
    page.locator("#send").click()
    page.wait_for_url("**/login/**")
    site.action = "/done/"
    page.goto("http://hall.test/other/")
    page.locator("#name").fill("别的")
    page.locator("#send").click()
    page.wait_for_url("**/done/")
    site.action = TOO_LATE
    page.goto("http://hall.test/")
    comes_back(page)


def test_a_form_that_was_taken_leaves_nothing(page: Page, site: Site) -> None:
    site.action = "/done/"
    page.goto("http://hall.test/")
    page.locator("#name").fill("欧阳江月")
    page.locator("#send").click()
    page.wait_for_url("**/done/")
    assert kept(page) is None
    page.goto("http://hall.test/")
    assert page.locator("#name").input_value() == ""
