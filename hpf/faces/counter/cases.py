"""Looking up cases (办件)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib.auth.hashers import is_password_usable
from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.casework import queries
from hpf.casework.models import Case, CaseKind, CaseState
from hpf.casework.queries import Search
from hpf.faces.counter.lines import line_row
from hpf.faces.counter.permissions import CLERK
from hpf.faces.counter.scans import scans_of
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import day, moment, month, yuan
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.counter import CasePage, CaseRow, CasesPage
from hpf.faces.web.shapes.frame import Download, Link
from hpf.hall_access.models import HandlerChange, Termination
from hpf.hall_access.queries import bound_by
from hpf.kernel.identity import with_check_characters
from hpf.registry.models import UnitAccount
from hpf.remittance.models import Sheet
from hpf.treasury.queries import case_lines

ROWS = 50


def cases(request: HallRequest) -> HttpResponse:
    """The cases of the center, newest first, with a search."""
    given = request.GET
    search = Search(
        words=given.get("q", "").strip()[:60],
        kind=given["item"] if given.get("item") in CaseKind.values else "",
        state=given["state"] if given.get("state") in CaseState.values else "",
    )
    keyset = Keyset.of(request, ROWS)
    found = keyset.page(search.after, search.before)
    shape = CasesPage(
        rows=case_rows(found.rows),
        pager=keyset.pager(found, lambda case: case.number),
        items=(("", "全部"), *CaseKind.choices),
        states=(("", "全部"), *CaseState.choices),
        q=search.words,
        item=search.kind,
        state=search.state,
    )
    return page(request, "counter/cases.html", shape)


def case(request: HallRequest, case_no: int) -> HttpResponse:
    """One case, with the money that came for it."""
    found = Case.objects.filter(pk=case_no).first()
    if found is None:
        raise Http404
    unit = UnitAccount.objects.select_related("employer").get(pk=found.unit_account_id)
    shape = CasePage(
        case_no=str(found.number),
        title=found.title,
        state=CaseState(found.state),
        employer=Link(unit.employer.name, reverse("counter:employer", args=[found.employer_id])),
        details=(*_details(found, unit), *_sheet_details(found)),
        lines=tuple(line_row(line) for line in case_lines(case_no)),
        files=(*_slips(found), *scans_of(case_no)),
        pays=found.kind == CaseKind.REMITTANCE,
        next=_next(request, found),
    )
    return page(request, "counter/case.html", shape)


def _next(request: HallRequest, found: Case) -> Link | None:
    """Where the clerk goes on: a new handler is still to be given his password."""
    change = HandlerChange.objects.select_related("new_handler").filter(case_id=found.pk).first()
    if change is None or is_password_usable(change.new_handler.password_hash):
        return None
    if not request.actor.roles & CLERK.roles:
        return None
    label = "发放用户名和初始密码"
    if bound_by(change.new_handler_id, request.actor):
        label = f"请另一名柜员{label}"
    return Link(label, reverse("counter:employer", args=[found.employer_id]))


def _slips(found: Case) -> tuple[Download, ...]:
    """The paper that the counter hands out for a case."""
    change = HandlerChange.objects.filter(case_id=found.pk).first()
    if change:
        return (Download("回执", reverse("counter:change-slip", args=[change.pk]), "PDF"),)
    ended = Termination.objects.filter(case_id=found.pk).first()
    if ended is None:
        return ()
    return (Download("单位终止使用申请表（一式二份）", reverse("counter:termination-paper", args=[ended.pk]), "PDF"),)


def case_rows(found: Sequence[Case]) -> tuple[CaseRow, ...]:
    """Cases as lists show them."""
    names = queries.employer_names(found)
    return tuple(
        CaseRow(
            case_no=str(case.number),
            at=case.opened_at,
            item=CaseKind(case.kind).label,
            employer=names[case.employer_id],
            content=case.title,
            amount_fen=case.amount_fen,
            state=CaseState(case.state),
        )
        for case in found
    )


def _details(found: Case, unit: UnitAccount) -> Iterator[tuple[str, str]]:
    yield "事项", CaseKind(found.kind).label
    yield "单位账号", unit.number
    if found.month:
        yield "年月", month(found.month)
    if found.people is not None:
        yield "人数", f"{found.people:,} 人"
    if found.amount_fen is not None:
        yield "金额", f"{yuan(found.amount_fen)} 元"
    yield "业务日期", day(found.business_day)
    yield "提交", f"{found.opened_by} {moment(found.opened_at)}"
    yield "最近变动", moment(found.changed_at)


def _sheet_details(found: Case) -> Iterator[tuple[str, str]]:
    """What a declared month asks for, and what has come of it."""
    sheet = Sheet.objects.filter(pk=found.pk).first()
    if sheet is None:
        return
    yield "缴款码", with_check_characters(found.number)
    yield "用暂存款", f"{yuan(sheet.reserved_fen)} 元"
    yield "应到账", f"{yuan(sheet.due_fen)} 元"
    if not sheet.booked_on:
        yield "已到账", f"{yuan(sheet.received_fen)} 元"
    yield "最后缴款日", day(sheet.last_day)
    if sheet.booked_on:
        yield "入账日期", day(sheet.booked_on)
