"""Budgets of addresses, as a browser meets them."""

from __future__ import annotations

import pytest

from hpf.faces.web.limits import WORKBOOKS, limits
from hpf.storage import Query, reading
from tests.integration.browser import Browser, lay_hall, newcomer
from tests.integration.hall import quick_passwords
from tests.office import SYSTEM


@pytest.fixture(autouse=True)
def ground(center):
    with quick_passwords():
        lay_hall()
        yield center


def test_who_asks_too_often_is_told_when_to_ask_again_and_it_is_an_event() -> None:
    known, browser = newcomer(), Browser()
    known.settles(browser)
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
