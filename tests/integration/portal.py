"""A handler before the portal, for the tests of its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from hpf.casework.models import Case
from hpf.kernel import Month
from hpf.registry.models import Account, UnitAccount
from hpf.remittance.models import Sheet
from hpf.storage import durable, reading
from tests.integration.browser import Browser, Page
from tests.integration.treasury.bank import add_trio
from tests.login import browser
from tests.office import SYSTEM, Unit
from tests.unit.account_opening.people import roster

JULY, AUGUST = Month(2026, 7), Month(2026, 8)
OTHER_CODE = "12511100451268006X"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Desk:
    """A handler at work: the employer's unit account, the browser, what a page says."""

    unit: Unit
    browser: Browser

    def open(self, address: str, status: int = 200, **headers: str) -> Page:
        page = self.browser.open(address, **headers)
        assert page.status == status, (address, page.status, said(page)[:300])
        return page

    def submit(self, page: Page, action: str, status: int = 200, **typed: object) -> Page:
        """Send a form of a page; ``status`` is that of the page on which this ends."""
        after = self.browser.submit(page, action, **typed)
        assert after.status == status, (action, after.status, said(after)[:300])
        return after

    def declare(self, status: int = 200, **typed: object) -> Page:
        """Declare the month that is due, as the page shows it."""
        return self.submit(self.open("/declare/"), "/declare/", status, **typed)

    def upload(self, folder: Path, *rows: list[object]) -> Page:
        """Upload a roster with these rows."""
        content = roster(folder / "roster.xlsx", *rows).read_bytes()
        return self.submit(self.open("/upload/"), "/upload/", file=SimpleUploadedFile("八月.xlsx", content, XLSX))


def desk_with_trio(unit: Unit) -> Desk:
    """The handler of the worked scenario's employer, whose three members start in July."""
    add_trio(unit)
    with durable(SYSTEM):
        UnitAccount.objects.filter(pk=unit.unit_account_id).update(active_count=3)
    return Desk(unit, browser(unit))


def said(page: Page) -> str:
    """What a person reads on a page, without the spaces."""
    body = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page.html, flags=re.DOTALL)
    return re.sub(r"\s+", "", body)


def latest_sheet() -> Sheet:
    with reading(SYSTEM):
        return Sheet.objects.select_related("case").latest("pk")


def latest_case() -> Case:
    with reading(SYSTEM):
        return Case.objects.latest("number")


def account_number(base_yuan: int) -> str:
    """The number of the member with this base."""
    with reading(SYSTEM):
        return Account.objects.get(base_fen=base_yuan * 100).number


def events(center: Any, act: str) -> list[str]:
    """The subjects of the events of one act."""
    with center.connect("superuser") as admin:
        rows = admin.execute("SELECT subject FROM evidence_event WHERE act = %s ORDER BY id", [act]).fetchall()
    return [subject for (subject,) in rows]


def row_counts(center: Any) -> dict[str, int]:
    """How many rows every table of the center holds."""
    with center.connect("superuser") as admin:
        tables = admin.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema::regnamespace AND relkind IN ('r', 'p')"
        ).fetchall()
        return {table: admin.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for (table,) in tables}
