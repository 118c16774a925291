"""Papers and workbooks: what the handler prints, files and hands on. Identity numbers come masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.http import Http404, HttpResponse

from hpf import ledger, policy
from hpf.casework import prepared
from hpf.casework.models import CaseState
from hpf.faces.portal import months
from hpf.faces.portal.addresses import sheet_href
from hpf.faces.web.answers import PDF, XLSX, file_response, see_other
from hpf.faces.web.door import HallRequest
from hpf.faces.web.exports import export_of, watermark_of
from hpf.faces.web.papers import center_shape, imprint, unit_shape
from hpf.kernel import Fen
from hpf.kernel.identity import mask_identity, with_check_characters
from hpf.papers import notices_and_receipts, rosters, shapes, workbooks
from hpf.papers.marks import grouped
from hpf.papers.workbooks import EVERY_ROW, Field, Kind, Sums, Value
from hpf.registry.models import Center
from hpf.remittance import queries
from hpf.remittance.models import Sheet
from hpf.treasury.queries import OwnLine

EVERY_LINE = 1_000_000
LINE_COLUMNS = (
    Field("个人账号", width=20),
    Field("姓名", width=16),
    Field("证件号码", width=22),
    Field("缴存基数", Kind.MONEY, total=True),
    Field("单位月缴存额", Kind.MONEY, total=True),
    Field("个人月缴存额", Kind.MONEY, total=True),
    Field("合计", Kind.MONEY, total=True),
)


def notice(request: HallRequest, case_no: int) -> HttpResponse:
    """汇缴通知单 of a month that waits for a transfer; where it waits for something else, its page, which says so."""
    sheet = _sheet_in(case_no, *months.AWAITING)
    if not months.is_to_transfer(sheet, request.today):
        return see_other(sheet_href(case_no))
    beside = queries.funds(sheet).beside
    hands = prepared.hands_of(case_no, sheet.declared_by)
    reference, account = with_check_characters(sheet.pk), months.collecting_account()
    paper = notices_and_receipts.payment_notice(
        shapes.PaymentNotice(
            center=center_shape(),
            imprint=imprint(request, str(case_no)),
            unit=unit_shape(sheet.unit_account),
            sheets=(_month_shape(sheet),),
            from_unallocated=sheet.reserved_fen,
            received=sheet.received_fen,
            beside=beside,
            unallocated_free=queries.unit_shape(sheet.unit_account).free - beside,
            reference=reference,
            remittance_note=grouped(reference),
            pay_to=shapes.BankAccountShape(account.name, account.number, account.bank),
            last_day=sheet.last_day,
            issued_at=sheet.declared_at,
            handler=hands.entered,
            approver=hands.approved,
            basis=(policy.law_on(sheet.declared_on, Center.objects.get().place).basis("remit_days_after_payday"),),
        )
    )
    return file_response(paper, f"汇缴通知单{sheet.month.compact}.pdf", PDF, inline=True)


def slip(request: HallRequest, case_no: int) -> HttpResponse:
    """汇缴回单 of a booked month. Printed again it says the same."""
    sheet = _sheet_in(case_no, CaseState.BOOKED)
    if sheet.booked_on is None or sheet.entry_id is None:
        raise Http404
    lines, hands = months.paying_lines(sheet), prepared.hands_of(case_no, sheet.declared_by)
    paper = notices_and_receipts.remittance_receipt(
        shapes.RemittanceReceipt(
            center=center_shape(),
            imprint=imprint(request, str(case_no)),
            unit=unit_shape(sheet.unit_account),
            month=sheet.month,
            people=sheet.people,
            unit_share=sheet.unit_fen,
            member_share=sheet.personal_fen,
            entry_no=str(sheet.entry_id),
            book_date=sheet.booked_on,
            reference=with_check_characters(sheet.pk),
            payments=tuple(map(_payment, lines)),
            from_unallocated=months.taken_from_unallocated(sheet),
            unallocated_balance=_unallocated_after(sheet),
            paid_through=sheet.month,
            handler=hands.entered,
            approver=hands.approved,
            channel="单位网厅",
        )
    )
    return file_response(paper, f"汇缴回单{sheet.month.compact}.pdf", PDF, inline=True)


def _payment(line: OwnLine) -> shapes.Payment:
    return shapes.Payment(line.payer_name or "—", line.payer_account or "—", line.flow_no, line.booked_on, line.amount)


def _unallocated_after(sheet: Sheet) -> Fen:
    """The unallocated money right after the month was booked."""
    account_id = sheet.unit_account.unallocated_account_id
    movements = ledger.member_movements(account_id, EVERY_LINE)
    return next(movement.balance for movement in movements if movement.entry_id == sheet.entry_id)


def sheet_lines_paper(request: HallRequest, case_no: int) -> HttpResponse:
    """汇缴清册 as PDF; ``?volume=`` chooses one of a long list."""
    sheet = months.sheet_of(case_no)
    hands = prepared.hands_of(case_no, sheet.declared_by)
    paper = shapes.RemittanceRoster(
        center=center_shape(),
        imprint=imprint(request, str(case_no), rows=sheet.people),
        unit=unit_shape(sheet.unit_account),
        month=sheet.month,
        unit_rate=sheet.unit_rate,
        member_rate=sheet.personal_rate,
        lines=[
            shapes.RosterLine(
                line.account_no, line.name, mask_identity(line.identity_number), line.base, line.unit, line.personal
            )
            for line in queries.sheet_lines(case_no, limit=EVERY_LINE)
        ],
        handler=hands.entered,
        approver=hands.approved,
        state="" if sheet.booked_on else CaseState(sheet.case.state).label,
        is_void=sheet.case.state in months.GIVEN_UP,
    )
    volume, volumes = request.GET.get("volume", "1"), rosters.volumes(paper)
    if not (volume.isascii() and volume.isdigit() and 1 <= int(volume[:9]) <= volumes):
        raise Http404
    name = f"汇缴清册{sheet.month.compact}" + (f"第{volume}册" if volumes > 1 else "")
    return file_response(rosters.remittance_roster(paper, int(volume)), f"{name}.pdf", PDF, inline=True)


def sheet_lines_workbook(request: HallRequest, case_no: int) -> HttpResponse:
    """汇缴清册 as a workbook."""
    sheet = months.sheet_of(case_no)
    rows = (
        (
            line.account_no,
            line.name,
            mask_identity(line.identity_number),
            line.base,
            line.unit,
            line.personal,
            line.total,
        )
        for line in queries.sheet_lines(case_no, limit=EVERY_LINE)
    )
    title = f"{sheet.unit_account.employer.name}{sheet.month.chinese}汇缴清册"
    return workbook(request, title, LINE_COLUMNS, rows)


def workbook(
    request: HallRequest,
    title: str,
    columns: Sequence[Field],
    rows: Iterable[Sequence[Value]],
    apart: str = "",
    sums: Sums = EVERY_ROW,
) -> HttpResponse:
    """A list as a workbook that says who took it, when and under what number (domain 6.3).

    Summed ``apart`` by the column so titled, and only the rows that ``sums`` counts.
    """
    export, counted = export_of(request, rows=0), _counted(request, rows)
    content = workbooks.table_workbook(
        title,
        columns,
        counted,
        watermark=watermark_of(request),
        trace=export.number,
        made_at=request.visit.now,
        apart=apart,
        sums=sums,
    )
    return file_response(content, f"{title}.xlsx", XLSX)


def _counted(request: HallRequest, rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    for number, row in enumerate(rows, 1):
        export_of(request, rows=number)
        yield row


def _sheet_in(case_no: int, *states: CaseState) -> Sheet:
    sheet = months.sheet_of(case_no)
    if sheet.case.state not in states:
        raise Http404
    return sheet


def _month_shape(sheet: Sheet) -> shapes.RemittanceSheet:
    return shapes.RemittanceSheet(
        month=sheet.month,
        unit_rate=sheet.unit_rate,
        member_rate=sheet.personal_rate,
        previous=shapes.Headcount(sheet.last_people, sheet.last_fen),
        added=shapes.Headcount(sheet.added_people, sheet.added_fen),
        removed=shapes.Headcount(sheet.removed_people, sheet.removed_fen),
        unit_share=sheet.unit_fen,
        member_share=sheet.personal_fen,
    )
