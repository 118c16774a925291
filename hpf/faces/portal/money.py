"""Money of the employer: what is unallocated and where it came from, and what was paid month by month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.http import HttpResponse
from django.urls import reverse

from hpf import ledger
from hpf.faces.portal import months
from hpf.faces.portal.addresses import sheet_href
from hpf.faces.portal.papers import workbook
from hpf.faces.portal.unit import unit_of
from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.frame import Link, Pager
from hpf.faces.web.shapes.portal import RecordRow, RecordsPage, UnallocatedPage, UnallocatedRow
from hpf.faces.web.states import tag_of
from hpf.kernel import Fen
from hpf.ledger import EntryKind
from hpf.ledger.accounts import Movement
from hpf.papers.workbooks import Field, Kind, Sums
from hpf.registry.models import UnitAccount
from hpf.remittance import queries
from hpf.remittance.models import Sheet
from hpf.remittance.rules import UnitShape

SHOWN_MOVEMENTS = 200
EVERY_SHEET = 10_000
_BOOKED_ON = 6
RECORD_COLUMNS = (
    Field("年月", Kind.MONTH),
    Field("办件号", width=18),
    Field("人数", Kind.COUNT),
    Field("金额（元）", Kind.MONEY, total=True),
    Field("暂存款付（元）", Kind.MONEY, total=True),
    Field("核定日期", Kind.DAY),
    Field("入账日期", Kind.DAY),
    Field("付款方式", width=16),
    Field("状态", width=12),
)
BOOKED = Sums("已入账合计", lambda row: row[_BOOKED_ON] is not None)


def unallocated(request: HallRequest) -> HttpResponse:
    """暂存款: the balance, what it can pay, every movement with its source."""
    unit = unit_of(request)
    money = queries.unit_shape(unit)
    rows = tuple(map(_movement, ledger.member_movements(unit.unallocated_account_id, SHOWN_MOVEMENTS)))
    shape = UnallocatedPage(
        balance_fen=money.unallocated,
        reserved_fen=money.reserved,
        free_fen=money.free,
        uses=tuple(_uses(unit, money)),
        rows=rows,
        pager=Pager(1 if rows else 0, len(rows), len(rows)),
    )
    return page(request, "portal/unallocated.html", shape)


def _uses(unit: UnitAccount, money: UnitShape) -> Iterator[Link]:
    if sheet := queries.live_sheet(unit.pk):
        if sheet.case.state in months.AWAITING and queries.funds(sheet).covers:
            yield Link(f"付{sheet.case.title}", sheet_href(sheet.pk))
    elif money.free:
        yield Link(f"用于{unit.due_month.chinese}汇缴", reverse("portal:declare"))


def _movement(movement: Movement) -> UnallocatedRow:
    link = Link("查看", sheet_href(movement.about)) if movement.about else None
    kind = "付汇缴" if movement.kind is EntryKind.REMITTANCE else movement.kind.label
    return UnallocatedRow(movement.book_date, kind, movement.narrative, movement.amount, movement.balance, link)


def records(request: HallRequest) -> HttpResponse:
    """All declared months of a year, newest first."""
    every = queries.sheets(unit_of(request).pk, EVERY_SHEET)
    years = sorted({sheet.month.year for sheet in every} | {request.today.year}, reverse=True)
    wanted = request.GET.get("year", "")
    year = next((one for one in years if str(one) == wanted), years[0])
    sheets = [sheet for sheet in every if sheet.month.year == year]
    taken = months.taken_of_each(sheets)
    shape = RecordsPage(
        year=year,
        years=tuple(years),
        rows=tuple(_record(sheet, taken.get(sheet.pk, Fen(0)), request.today) for sheet in sheets),
        booked_fen=Fen(sum(int(sheet.total_fen) for sheet in sheets if sheet.booked_on)),
        export_href=f"{reverse('portal:records-workbook')}?year={year}",
    )
    return page(request, "portal/records.html", shape)


def records_workbook(request: HallRequest) -> HttpResponse:
    """The declared months of a year as a workbook, or all of them; summed like the page, the booked ones alone."""
    unit, year = unit_of(request), request.GET.get("year", "")
    sheets = [sheet for sheet in queries.sheets(unit.pk, EVERY_SHEET) if year in ("", str(sheet.month.year))]
    taken = months.taken_of_each(sheets)
    rows = (
        (
            sheet.month,
            str(sheet.pk),
            sheet.people,
            sheet.total_fen,
            taken.get(sheet.pk),
            sheet.declared_on,
            sheet.booked_on,
            months.way_paid(sheet, taken.get(sheet.pk, Fen(0))),
            tag_of(months.shown_state(sheet, request.today)).label,
        )
        for sheet in sheets
    )
    return workbook(request, f"{unit.employer.name}缴存记录", RECORD_COLUMNS, rows, sums=BOOKED)


def _record(sheet: Sheet, taken: Fen, today: date) -> RecordRow:
    return RecordRow(
        case_no=str(sheet.pk),
        month=sheet.month,
        people=sheet.people,
        amount_fen=sheet.total_fen,
        declared_on=sheet.declared_on,
        booked_on=sheet.booked_on,
        way=months.way_paid(sheet, taken),
        state=months.shown_state(sheet, today),
        slip_href=reverse("portal:slip", args=[sheet.pk]) if sheet.entry_id else "",
    )
