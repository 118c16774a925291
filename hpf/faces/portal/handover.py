"""交接清单: what a new handler finds, whoever began it. On his first page until he puts it away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from hpf.casework.models import Case, CaseKind, CaseState
from hpf.faces.portal import months
from hpf.faces.portal.addresses import case_link
from hpf.faces.portal.unit import law_of, unit_of
from hpf.faces.web import forms
from hpf.faces.web.answers import PDF, file_response, see_other
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import day
from hpf.faces.web.pages import page
from hpf.faces.web.papers import center_shape, imprint, unit_shape
from hpf.faces.web.shapes.access import HandoverCase, HandoverPage
from hpf.hall_access.handler_change import put_away
from hpf.hall_access.models import HandlerChange
from hpf.hall_access.queries import handed_over
from hpf.kernel import Key, Month, deadline
from hpf.papers.shapes import HandoverLine, HandoverPack
from hpf.papers.slips import handover_pack
from hpf.policy import Law
from hpf.registry.models import UnitAccount
from hpf.remittance import queries
from hpf.remittance.rules import remit_by

MONTHS_OF_HISTORY = 12
ROWS, ROWS_ON_PAPER = 60, 1_000


def handover(request: HallRequest) -> HttpResponse:
    """The pack as a page."""
    return page(request, "portal/handover.html", _pack(request, ROWS))


def handover_paper(request: HallRequest) -> HttpResponse:
    """The pack as a PDF, to be signed by both."""
    pack, unit = _pack(request, ROWS_ON_PAPER), unit_of(request)
    paper = handover_pack(
        HandoverPack(
            center=center_shape(),
            imprint=imprint(request, unit.number),
            unit=unit_shape(unit),
            lead=pack.lead,
            open_cases=tuple(map(_line, pack.open_cases)),
            dues=pack.dues,
            money=pack.money,
            history=tuple(map(_line, pack.history)),
        )
    )
    return file_response(paper, f"交接清单{unit.number}.pdf", PDF, inline=True)


def away(request: HallRequest) -> HttpResponse:
    """Put the pack away."""
    put_away(by=request.actor, today=request.today, now=request.visit.now, key=forms.read_key(request.POST))
    return see_other(reverse("portal:home"))


def taken_over(request: HallRequest) -> str:
    """The sentence for the first page of who has taken over, "" once the pack is put away."""
    change = handed_over(request.actor.id) if request.actor.id else None
    return _lead(change) if change else ""


def _pack(request: HallRequest, rows: int) -> HandoverPage:
    change = handed_over(request.actor.id) if request.actor.id else None
    units = list(UnitAccount.objects.select_related("employer").order_by("pk"))
    law = law_of(request)
    since = (Month.of(request.today) - MONTHS_OF_HISTORY).first_day
    history = Case.objects.filter(business_day__gte=since).exclude(kind=CaseKind.ACCESS_GRANT).order_by("-number")
    return HandoverPage(
        lead=_lead(change),
        open_cases=tuple(_cases(Case.objects.exclude(state__in=CaseState.final()).order_by("number")[:rows])),
        dues=tuple(line for unit in units for line in _dues(unit, law, request.today)),
        money=tuple(line for unit in units for line in _money(unit)),
        history=tuple(_cases(history[:rows])),
        history_count=history.count(),
        key=Key.fresh() if change else None,
    )


def _lead(change: HandlerChange | None) -> str:
    if change is None:
        return "贵单位现在尚未办结的业务、期限、款项，和十二个月内的业务。"
    before = f"，前任经办人{change.old_handler.name}" if change.old_handler else ""
    return f"您自{day(change.changed_on)}起担任贵单位的网厅经办人{before}。尚未办结的业务可以直接接着办理。"


def _cases(found: QuerySet[Case]) -> Iterator[HandoverCase]:
    for case in found:
        item, state = CaseKind(case.kind).label, CaseState(case.state)
        yield HandoverCase(
            str(case.number),
            case.business_day,
            item,
            case.title,
            case.amount_fen,
            case.opened_by,
            state,
            case_link(case),
        )


def _dues(unit: UnitAccount, law: Law, today: date) -> Iterator[tuple[str, str]]:
    """The first accounts that are still to be opened, or the month that comes next and its last day; the last day of a
    notice that waits."""
    if not (unit.active_count or unit.sealed_count or unit.paid_through):
        open_by = deadline(unit.employer.registered_on, law.account_opening_days)
        yield f"职工账户设立期限（缴存登记后{law.account_opening_days}日内，还没有开户）", _last_day(open_by, today)
    yield f"单位账户 {unit.number} 应汇缴年月", unit.due_month.chinese
    days = law.remit_days_after_payday
    remittance = f"{unit.due_month.chinese}汇缴期限（发薪日每月{unit.payday}日，其后{days}日内）"
    yield remittance, _last_day(remit_by(unit.due_month, unit.payday, days), today)
    sheet = queries.live_sheet(unit.pk)
    if sheet and sheet.case.state in months.AWAITING:
        yield f"{sheet.case.title}通知单最后缴款日", _last_day(sheet.last_day, today)


def _last_day(on: date, today: date) -> str:
    late = months.overdue(on, today)
    return day(on) + (f"，{late}" if late else "")


def _money(unit: UnitAccount) -> Iterator[tuple[str, str]]:
    """Money that came and is not booked to members yet."""
    shape = queries.unit_shape(unit)
    yield f"单位账户 {unit.number} 暂存款余额", f"{shape.unallocated.yuan} 元"
    if shape.reserved:
        yield "其中已选定用于汇缴", f"{shape.reserved.yuan} 元"
    sheet = queries.live_sheet(unit.pk)
    if sheet and sheet.case.state in months.AWAITING:
        yield f"{sheet.case.title}已到账", f"{sheet.received_fen.yuan} 元"
        yield f"{sheet.case.title}尚缺", f"{queries.funds(sheet).rest.yuan} 元"


def _line(case: HandoverCase) -> HandoverLine:
    state = str(case.state.label)
    return HandoverLine(case.case_no, case.on, case.title, case.amount_fen, case.began_by, state)
