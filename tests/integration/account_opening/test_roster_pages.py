"""What a clerk meets on the way of a roster: the mended file, an old page, a case in the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hpf.casework.models import Case, CaseState
from hpf.storage import durable
from tests.integration.account_opening.rosters import check, checked, choose, refused, shape, upload
from tests.integration.hall import quick_passwords
from tests.integration.portal import XLSX, Desk, desk_with_trio, events, latest_case, said
from tests.integration.treasury.bank import faults, open_hall, run_worker
from tests.office import SYSTEM
from tests.unit.account_opening.people import citizen_number, person, roster

if TYPE_CHECKING:
    from tests.office import Unit


@pytest.fixture
def desk(center: Any) -> Iterator[Desk]:
    with quick_passwords():
        yield desk_with_trio(open_hall())
    assert faults() == []


# The mended file


def test_a_mended_roster_takes_the_place_of_the_one_that_nobody_confirmed(
    unit: Unit, tmp_path: Path, center: Any
) -> None:
    former = checked(unit, tmp_path, person(1), person(2, document_number="511"))
    mended = checked(unit, tmp_path, person(1), person(2, document_number=citizen_number(2)))
    assert (shape(unit, former).state, shape(unit, former).totals.people) == (CaseState.WITHDRAWN, 2)
    assert shape(unit, mended).state is CaseState.READY
    assert events(center, "discard_roster") == [f"case:{former}"]
    assert refused(lambda: choose(unit, former)) == ("CASE-STATE",)


def test_a_check_that_ends_after_the_mended_file_has_come_changes_nothing(unit: Unit, tmp_path: Path) -> None:
    former = upload(unit, roster(tmp_path / "former.xlsx", person(1)))
    upload(unit, roster(tmp_path / "mended.xlsx", person(1)))
    check(former)
    assert shape(unit, former).state is CaseState.WITHDRAWN


def test_a_roster_that_is_being_opened_is_not_replaced(unit: Unit, tmp_path: Path) -> None:
    former = checked(unit, tmp_path, person(1))
    choose(unit, former)
    file = roster(tmp_path / "mended.xlsx", person(2))
    assert refused(lambda: upload(unit, file)) == ("CASE-IN-THE-WAY",)
    assert shape(unit, former).state is CaseState.WORKING


def test_mending_and_uploading_again_is_one_way(desk: Desk, tmp_path: Path) -> None:
    address = desk.upload(tmp_path, person(1), person(2, document_number="511")).address.split("?")[0]
    run_worker()
    assert re.search(r'href="/upload/">\s*改好再传', desk.open(address).html)
    page = desk.open("/upload/")
    assert "还没有确认开户。上传新的花名册，它就自动撤回" in said(page)
    assert address in page.html
    after = desk.upload(tmp_path, person(1), person(2, document_number=citizen_number(2)))
    assert after.address.split("?")[0] != address
    assert "这份花名册已撤回" in said(desk.open(address))


def test_while_accounts_are_being_opened_no_upload_is_offered(desk: Desk, tmp_path: Path) -> None:
    address = desk.upload(tmp_path, person(1)).address.split("?")[0]
    run_worker()
    desk.submit(desk.open(address), address)
    page = desk.open("/upload/")
    assert "办完之后才能上传新的花名册" in said(page)
    assert "上传并检查" not in said(page)
    run_worker()
    assert "上传并检查" in said(desk.open("/upload/"))


def test_mobiles_that_nobody_gave_are_one_remark_and_make_no_row_a_question(desk: Desk, tmp_path: Path) -> None:
    address = desk.upload(tmp_path, person(1, mobile=""), person(2, mobile="")).address.split("?")[0]
    run_worker()
    page = said(desk.open(address))
    assert "有2人未填手机号码" in page
    assert "行请核对" not in page


def test_the_tick_says_how_many_would_be_opened_with_it(desk: Desk, tmp_path: Path) -> None:
    address = desk.upload(tmp_path, person(1), person(2, name="李 四")).address.split("?")[0]
    run_worker()
    page = desk.open(address)
    assert "需要更正的1行，按建议更正后一并开户，共2人" in said(page)
    assert '<span class="unmended"><span>可以开户 <strong class="big">1</strong>' in page.html
    assert '<span class="mended"><span>可以开户 <strong class="big">2</strong>' in page.html
    assert "1,920.00" in page.html


# A case in the way


def test_a_case_in_the_way_is_a_link_to_it(desk: Desk, tmp_path: Path) -> None:
    upload_page = desk.open("/upload/")
    address = desk.upload(tmp_path, person(1)).address.split("?")[0]
    run_worker()
    desk.submit(desk.open(address), address)
    again = desk.submit(upload_page, "/upload/", 422, file=SimpleUploadedFile("改.xlsx", b"PK", XLSX))
    link = re.search(r'href="(/receipt/\d+/)">在办业务', again.html)
    assert link is not None
    assert desk.open(link[1]).address == address


def test_a_month_that_another_window_declared_is_a_link_and_not_offered_again(desk: Desk) -> None:
    page = desk.open("/declare/")
    sheet = desk.declare(way="transfer").address.split("?")[0]
    again = desk.submit(page, "/declare/", 422, way="transfer")
    link = re.search(r'href="(/receipt/\d+/)">在办业务', again.html)
    assert link is not None
    assert desk.open(link[1]).address == sheet
    assert "提交核定" not in said(again)


def test_the_first_page_leads_to_the_receipt_of_one_who_was_opened_by_form(desk: Desk) -> None:
    typed = {"name": "王五", "document_type": "身份证", "document_number": citizen_number(5)}
    desk.submit(desk.open("/open/"), "/open/", **typed, monthly_wage="8000", first_month="2026-07")
    link = re.search(r'href="(/receipt/\d+/)">回执', desk.open("/").html)
    assert link is not None
    assert "开户：王五" in said(desk.open(link[1]))


# An old page


def test_a_refusal_on_a_roster_under_way_says_why(desk: Desk, tmp_path: Path) -> None:
    address = desk.upload(tmp_path, person(1)).address.split("?")[0]
    run_worker()
    page, number = desk.open(address), latest_case().pk
    with durable(SYSTEM):
        Case.objects.filter(pk=number).update(state=CaseState.WORKING)
    after = desk.submit(page, f"{address}discard/", 422)
    assert "还没有提交" in said(after)
    assert "CASE-STATE" in said(after)


def test_giving_a_roster_up_says_so(desk: Desk, tmp_path: Path) -> None:
    address = desk.upload(tmp_path, person(1)).address.split("?")[0]
    run_worker()
    assert "花名册已撤回，没有为任何人开户。" in said(desk.submit(desk.open(address), f"{address}discard/"))


def test_where_nobody_can_be_opened_only_mending_and_giving_up_are_offered(desk: Desk, tmp_path: Path) -> None:
    address = desk.upload(tmp_path, person(1, document_number="511")).address.split("?")[0]
    run_worker()
    page = said(desk.open(address))
    assert "没有可以开户的行" in page
    assert "改好再传" in page
    assert "怎么办" not in page
