"""Budgets of addresses, as a browser meets them."""

from __future__ import annotations

import pytest

from hpf.faces.web.door import cookie_name
from hpf.faces.web.limits import STRANGERS_PAGES, WORKBOOKS, limits
from hpf.faces.web.middleware import ORDINARY_BODY, STRANGERS_BODY
from hpf.registry.codes import Role
from hpf.storage import Query, reading
from tests.integration.browser import Browser, Page, lay_hall, newcomer, staff_browser
from tests.integration.hall import quick_passwords
from tests.office import SYSTEM


@pytest.fixture(autouse=True)
def ground(center):
    with quick_passwords():
        lay_hall()
        yield center


def test_a_large_body_is_taken_only_where_files_are_sent_and_from_a_browser_that_is_in() -> None:
    browser, large = Browser(), b"x" * (ORDINARY_BODY + 1)
    for address in ("/apply/", "/login/", "/counter/login/", "/nowhere/"):
        assert browser.generic("POST", address, large[: STRANGERS_BODY + 1], "text/plain").status_code == 413
    answers = {
        address: browser.generic("POST", address, large, "text/plain").status_code
        for address in ("/login/", "/upload/", "/counter/statements/", "/nowhere/")
    }
    assert set(answers.values()) == {413}
    for side, address in (("portal", "/upload/"), ("counter", "/counter/statements/")):
        browser.cookies[cookie_name(side)] = "invented"
        assert browser.generic("POST", address, large, "text/plain").status_code == 413
    newcomer().settles(browser)
    assert browser.generic("POST", "/upload/", large, "text/plain").status_code == 403  # its forgery token is missing
    assert browser.generic("POST", "/declare/", large, "text/plain").status_code == 413


@pytest.mark.parametrize(
    ("side", "address", "most"),
    [
        ("counter", "/counter/applications/1/scans/", "65MB"),
        ("portal", "/declare/", "2MB"),
        ("public", "/apply/", "256KB"),
    ],
)
def test_what_is_too_large_is_told_with_the_limit_and_leads_back(side: str, address: str, most: str) -> None:
    browser = staff_browser(Role.CLERK) if side == "counter" else Browser()
    back = "http://localhost/counter/applications/1/"
    sent = {"CONTENT_LENGTH": str((65 << 20) + 1), "HTTP_REFERER": back}
    page = Page(address, browser.generic("POST", address, b"", "text/plain", **sent))
    assert page.status == 413
    assert f"一次最多提交{most}，" in page
    assert f'href="{back}">返回上一页' in page
    sent["HTTP_REFERER"] = "https://elsewhere.example/"
    assert "elsewhere" not in Page(address, browser.generic("POST", address, b"", "text/plain", **sent))


def test_all_addresses_of_one_ipv6_network_have_one_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    limits.forget()
    monkeypatch.setattr(limits, "clock", lambda: 0.0)  # no budget fills up while a slow page is made
    for _ in range(STRANGERS_PAGES.a_minute):
        limits.spend("login", "public", "2001:db8:1:2::/64", reads=True)
    answers = {
        address: Browser().get("/login/", REMOTE_ADDR=address).status_code
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:9::9", "2001:db8:1:3::1")
    }
    assert list(answers.values()) == [429, 429, 200]


def test_who_asks_too_often_is_told_when_to_ask_again_and_it_is_an_event(monkeypatch: pytest.MonkeyPatch) -> None:
    known, browser = newcomer(), Browser()
    known.settles(browser)
    monkeypatch.setattr(limits, "clock", lambda: 0.0)
    for _ in range(WORKBOOKS.a_minute):
        limits.spend("portal:roster-workbook", "portal", f"handler:{known.handler_id}", reads=True)
    for _ in range(2):
        page = browser.open("/roster/export.xlsx")
        assert page.status == 429
        assert "操作过于频繁" in page
        assert 1 <= int(page.response.headers["Retry-After"]) <= 4
    with reading(SYSTEM):
        query = "SELECT count(*) FROM evidence_event WHERE act = 'asked_too_often' AND employer_id = %(id)s"
        assert Query(query, {"id": known.employer_id}).row() == (1,)
    assert browser.open("/roster/").status == 200
