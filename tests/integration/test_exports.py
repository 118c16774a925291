"""Watermarks: what is looked at and what is taken out says who, when, and a number that can be looked up."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from hpf.papers.workbooks import TRACE_PROPERTY
from hpf.registry.codes import Role
from hpf.registry.models import UnitAccount
from hpf.storage import reading
from tests.integration.browser import Browser, Newcomer, lay_hall, newcomer, staff_browser
from tests.integration.hall import quick_passwords
from tests.integration.portal import said
from tests.integration.treasury.bank import add_trio
from tests.office import SYSTEM, Unit


@pytest.fixture(scope="module")
def ground(shared_center: Any):
    with quick_passwords():
        lay_hall()
        yield shared_center


@pytest.fixture(scope="module")
def handler(ground: Any) -> tuple[Newcomer, Browser]:
    known, browser = newcomer(), Browser()
    with reading(SYSTEM):
        unit = UnitAccount.objects.get(employer_id=known.employer_id)
    add_trio(Unit(known.employer_id, unit.pk, unit.unallocated_account_id, known.actor))
    assert known.settles(browser).address == "/"
    return known, browser


@pytest.fixture(scope="module")
def auditor(ground: Any) -> Browser:
    return staff_browser(Role.AUDIT_ADMIN)


def traced(auditor: Browser, number: str) -> str:
    return said(auditor.open(f"/counter/events/trace/?number={number}"))


def test_every_page_names_its_reader_the_moment_and_his_login(handler: Any, auditor: Browser) -> None:
    known, browser = handler
    page = browser.open("/roster/")
    (mark,) = set(re.findall(r"<text[^>]*>([^<]+)</text>", page.html))
    user_name, moment, login = mark.split("　")
    assert user_name == known.user_name
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", moment)
    found = traced(auditor, login.removeprefix("登录号 "))
    assert known.user_name in found
    assert known.application.name in found
    assert "audit_admin　" in auditor.open("/counter/")


def test_a_workbook_says_who_took_it_and_its_number_is_an_event(handler: Any, auditor: Browser) -> None:
    known, browser = handler
    book = load_workbook(BytesIO(browser.get("/roster/export.xlsx").content))
    number = book.custom_doc_props[TRACE_PROPERTY].value
    mark = str(book.active["A2"].value)
    assert mark.startswith(known.actor.name)
    assert number in mark
    assert number in book.active.oddFooter.left.text
    found = traced(auditor, number)
    for told in ("花名册", "3行", known.actor.name, known.application.name, "/roster/export.xlsx"):
        assert told in found


def test_a_paper_says_who_printed_it_and_its_number_is_an_event(handler: Any, auditor: Browser) -> None:
    _, browser = handler
    account = re.search(r"/roster/(\d+)/", browser.open("/roster/").html)
    assert account
    paper = PdfReader(BytesIO(browser.get(f"/roster/{account[1]}/statement.pdf").content))
    number = str(paper.metadata["/Keywords"]) if paper.metadata else ""
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", number)
    assert number in paper.pages[0].extract_text()
    assert "个人缴存明细" in traced(auditor, number)
    again = PdfReader(BytesIO(browser.get(f"/roster/{account[1]}/statement.pdf").content))
    assert again.metadata
    assert again.metadata["/Keywords"] != number  # each printing is one of its own


def test_asking_only_for_the_head_of_a_file_is_no_export(handler: Any, ground: Any) -> None:
    def exports() -> int:
        with ground.connect("superuser") as admin:
            return int(admin.execute("SELECT count(*) FROM evidence_event WHERE act = 'take_out'").fetchone()[0])

    before = exports()
    assert handler[1].head("/roster/export.xlsx").status_code == 200
    assert exports() == before


def test_a_number_of_nothing_says_so(auditor: Browser) -> None:
    assert "没有这个号码的记录" in traced(auditor, "AAAA-BBBB-CCCC")
    assert "没有这个号码的记录" in traced(auditor, "999999999")
