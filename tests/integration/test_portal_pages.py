"""The handler's pages on a real database, with a real login: what they show, what they do, what they keep to themselves."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from hpf.casework.models import Case, CaseState
from hpf.kernel import Key, Month
from hpf.kernel.identity import with_check_characters
from hpf.registry.models import Account, UnitAccount
from hpf.remittance.models import Sheet
from hpf.storage import durable, reading
from tests.integration.treasury.bank import Bank, add_trio, declare, faults, open_hall, run_worker, settle
from tests.login import browser
from tests.office import SYSTEM, Unit, open_unit
from tests.unit.pages.reading import Reading

JULY, AUGUST = Month(2026, 7), Month(2026, 8)
OTHER_CODE = "91511100MA62800040"


@pytest.fixture
def bank(center: Any) -> Bank:
    return Bank.opened_with("1000000.00")


@pytest.fixture
def unit(center: Any) -> Any:
    unit = open_hall()
    yield unit
    assert faults() == []


@pytest.fixture
def trio(unit: Unit) -> tuple[int, int, int]:
    accounts = add_trio(unit)
    with durable(SYSTEM):
        UnitAccount.objects.filter(pk=unit.unit_account_id).update(active_count=3)
    return accounts


@pytest.fixture
def hall(unit: Unit, trio: tuple[int, int, int]) -> Client:
    return browser(unit)


def text(response: HttpResponse) -> str:
    """What a person reads on a page, without the spaces."""
    body = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", "", body)


def get(client: Client, address: str, status: int = 200, **headers: str) -> HttpResponse:
    response = client.get(address, headers=headers)
    assert response.status_code == status, (address, response.status_code, text(response)[:400])
    return response


def hidden(response: HttpResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found, name
    return found[1]


def post(client: Client, address: str, status: int = 303, **fields: Any) -> HttpResponse:
    response = client.post(address, {"key": Key.fresh(), **fields})
    assert response.status_code == status, (address, response.status_code, text(response)[:400])
    return response


def submit(client: Client, status: int = 303, **changes: Any) -> HttpResponse:
    """Declare what the page of 核定 shows."""
    page = get(client, "/declare/")
    fields = {name: hidden(page, name) for name in ("key", "month", "digest")}
    return post(client, "/declare/", status, **{**fields, "way": "transfer", **changes})


def the_sheet() -> Sheet:
    with reading(SYSTEM):
        return Sheet.objects.select_related("case").latest("pk")


def test_home_says_what_is_due_until_when_and_what_to_do_next(hall: Client) -> None:
    page = get(hall, "/")
    assert "2026年7月汇缴" in text(page)
    assert "应缴5,551.28元" in text(page)
    assert "已逾期26天" in text(page)  # payday 10 July and five days
    (step,) = [one for one in Reading(page.content.decode()).all("a") if "large" in one.attributes.get("class", "")]
    assert (step.text.strip(), step.attributes["href"]) == ("核对并核定", "/declare/")


def test_declaring_shows_the_way_from_last_month_and_leads_to_the_sheet(hall: Client) -> None:
    page = get(hall, "/declare/")
    assert "本月汇缴2026-0735,551.28" in text(page)
    response = submit(hall)
    sheet = the_sheet()
    assert response.headers["Location"].startswith(f"/sheet/{sheet.pk}/?done=")
    page = text(get(hall, response.headers["Location"]))
    reference = with_check_characters(sheet.pk)
    assert "已提交核定。" in page
    assert reference in page
    assert "5,551.28" in page
    assert "伍仟伍佰伍拾壹元贰角捌分" in page
    assert "2026-08-15" in page
    assert get(hall, "/declare/", 303).headers["Location"] == f"/sheet/{sheet.pk}/"


def test_the_roster_finds_by_state_name_and_number(hall: Client) -> None:
    page = text(get(hall, "/roster/"))
    assert "全部3正常3封存0" in page
    assert "26,495.50" in page
    with reading(SYSTEM):
        number = Account.objects.get(base_fen=220_000).number
    found = text(get(hall, f"/roster/?q={number}"))
    assert "2,200.00" in found
    assert "26,495.50" not in found
    assert "没有找到" in text(get(hall, "/roster/?state=02"))


def test_an_account_shows_its_terms_and_history(hall: Client) -> None:
    with reading(SYSTEM):
        number = Account.objects.get(base_fen=220_000).number
    page = text(get(hall, f"/roster/{number}/"))
    assert "缴存基数2,200.00元" in page
    assert "2026-07开户缴存基数2,200.00元" in page
    assert "还没有入账" in page
    assert get(hall, f"/roster/{number}/statement.pdf").content.startswith(b"%PDF")
