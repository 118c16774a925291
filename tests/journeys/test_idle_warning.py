"""The warning before a session ends: what a page does by itself is not somebody at work, and typing is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, sync_playwright

from tests.journeys.visitor import open_browser

pytestmark = pytest.mark.journey
STATIC = Path(__file__).parent.parent.parent / "hpf" / "faces" / "static"
PAGE = """<!doctype html><html lang="zh-CN"><title>x</title><body>
<section id="poll" hx-get="/part/" hx-trigger="every 5s">款项</section>
<button id="ask" hx-get="/part/" hx-target="#poll">查询</button><input id="text">
<aside id="session" hidden data-idle="900" data-left="28800"><p data-when="idle"><b data-seconds></b></p>
<p data-when="left"><b data-seconds></b></p><form action="/keep/" method="post" data-keep><button>继续</button></form>
</aside><script src="/htmx.js"></script><script src="/hall.js"></script></body></html>"""


class Site:
    """What the page asks of the hall, in order."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.is_over = False

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix("http://hall.test")
        if path.endswith(".js"):
            (script,) = STATIC.rglob("htmx-*.min.js" if "htmx" in path else "hall.js")
            route.fulfill(body=script.read_text(encoding="utf-8"), content_type="text/javascript")
            return
        if path == "/":
            route.fulfill(body=PAGE, content_type="text/html")
            return
        self.asked.append((path, route.request.headers.get("hx-poll") == "true"))
        if self.is_over:
            route.fulfill(status=302, headers={"Location": "/login/"})
            return
        route.fulfill(body="款项", content_type="text/html")


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
        yield page
        chromium.close()


def test_polls_are_marked_and_neither_they_nor_their_answers_put_the_warning_off(page: Page, site: Site) -> None:
    for _ in range(3):
        with page.expect_response("**/part/"):
            page.clock.run_for(5_000)
    assert site.asked[:3] == [("/part/", True)] * 3
    page.clock.fast_forward(800_000)
    page.locator("#session").wait_for(state="visible")


def test_a_click_and_typing_put_it_off(page: Page, site: Site) -> None:
    page.clock.fast_forward(800_000)
    page.locator("#session").wait_for(state="visible")
    with page.expect_response("**/keep/"):
        page.locator("#text").press_sequentially("a")
    page.clock.run_for(1_000)
    page.locator("#session").wait_for(state="hidden")
    page.clock.fast_forward(800_000)
    page.locator("#session").wait_for(state="visible")
    with page.expect_response(lambda answer: "hx-poll" not in answer.request.headers):
        page.locator("#ask").click()
    page.clock.run_for(1_000)
    page.locator("#session").wait_for(state="hidden")
    assert ("/part/", False) in site.asked


def test_who_types_when_the_session_is_over_already_is_told_at_once(page: Page, site: Site) -> None:
    site.is_over = True
    page.clock.fast_forward(61_000)
    with page.expect_navigation(url="http://hall.test/"):
        page.locator("#text").press_sequentially("a")


def test_what_is_done_in_another_window_puts_it_off_and_loses_nothing_typed_here(page: Page, site: Site) -> None:
    page.locator("#text").fill("half a question")
    page.clock.fast_forward(800_000)
    page.locator("#session").wait_for(state="visible")
    other = page.context.new_page()
    other.route("**/*", site.answer)
    other.goto("http://hall.test/")
    page.locator("#session").wait_for(state="hidden")
    page.clock.fast_forward(700_000)
    assert page.locator("#text").input_value() == "half a question"
