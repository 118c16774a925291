"""汇缴: the month before it is declared, the declaration, and the declared month until it is booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf import evidence, policy
from hpf.casework import prepared
from hpf.casework.models import CaseState
from hpf.faces.portal import months
from hpf.faces.portal.addresses import sheet_downloads, sheet_href
from hpf.faces.portal.submitting import Arguments, submitted
from hpf.faces.portal.unit import unit_of
from hpf.faces.web import forms
from hpf.faces.web.answers import see_other
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.shapes.portal import (
    BridgeRow,
    DeclarePage,
    Notice,
    PayChoice,
    SheetLine,
    SheetLinesPage,
    SheetPage,
)
from hpf.kernel import Fen, Key, Month, Refusal
from hpf.kernel.identity import with_check_characters
from hpf.registry.models import Center, UnitAccount
from hpf.remittance import queries
from hpf.remittance.models import Sheet
from hpf.remittance.rules import BASE_ON_FLOOR, Part
from hpf.storage import reading

TRANSFER, UNALLOCATED = "transfer", "unallocated"
FLOOR = "FLOOR"
"""Beside the parts: whose base stands on the floor."""
PAGE_ROWS = 50
_ON_ITS_WAY_SECONDS, _AWAITED_SECONDS = 2, 5


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the page of 核定 sends. ``digest`` is that of the rows which the person saw."""

    month: Month = ask("年月", forms.month())
    digest: str = ask(
        "试算摘要", forms.pattern(r"([0-9A-F]{2}){0,64}", "已失效", "请刷新页面后重新核对", max_length=128)
    )
    way: str = ask("怎么付", forms.choice([(TRANSFER, "转账"), (UNALLOCATED, "暂存款")], kind="radio"))


def declare(request: HallRequest) -> HttpResponse:
    """Preview the month that is due and declare it."""
    if request.method == "POST":
        return _submit(request)
    unit = unit_of(request)
    if sheet := queries.live_sheet(unit.pk):
        return see_other(sheet_href(sheet.pk))
    return _declare_page(request, unit)


def _submit(request: HallRequest) -> HttpResponse:
    with reading(request.actor):
        unit = unit_of(request)

    def read() -> Arguments:
        form = forms.read(Declaration, request.POST)
        return {
            "unit_account_id": unit.pk,
            "month": form.month,
            "digest": bytes.fromhex(form.digest),
            "use_unallocated": form.way == UNALLOCATED,
        }

    return submitted(
        request,
        "submit_sheet",
        read,
        lambda receipt: sheet_href(receipt.result["case_no"]),
        partial(_declare_page, request, unit),
    )


def _declare_page(request: HallRequest, unit: UnitAccount, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    place, month = Center.objects.get().place, unit.due_month
    preview = queries.preview(unit, month, request.today, place)
    sheet = preview.sheet
    shape = DeclarePage(
        month=month,
        bridge=_bridge(preview),
        people=sheet.people,
        due_fen=sheet.total,
        unit_fen=sheet.unit_fen,
        personal_fen=sheet.personal_fen,
        lines_href=reverse("portal:declare-lines"),
        checks=preview.hints,
        checked_href=_checked_href(preview),
        ways=_ways(preview.unit.free, sheet.total, request.POST.get("way", "")),
        dry_run=preview.digest.hex(),
        basis=policy.law_on(request.today, place).basis("remit_days_after_payday"),
        key=Key.fresh(),
        refusals=_without_repeats([*refusals, *preview.reasons]),
        blocked=bool(preview.reasons) or any(one.case_no is not None for one in refusals),
    )
    return page(request, "portal/declare.html", shape)


def _checked_href(preview: queries.Preview) -> str:
    """Where those are listed whom the pre-check asks about (H-07)."""
    asked = any(hint.code == BASE_ON_FLOOR for hint in preview.hints)
    return f"{reverse('portal:declare-lines')}?part={FLOOR}" if asked else ""


def _without_repeats(refusals: Sequence[Refusal]) -> tuple[Refusal, ...]:
    """A refused submit names what the preview names too."""
    return tuple(dict.fromkeys(refusals))


def _bridge(preview: queries.Preview) -> tuple[BridgeRow, ...]:
    sheet = preview.sheet
    lines = reverse("portal:declare-lines")
    last = BridgeRow(f"上月汇缴 {sheet.month.previous}", sheet.last_people, sheet.last_fen, first=True)
    parts = (
        BridgeRow(line.part.value, line.people or None, line.fen, Link("看名单", f"{lines}?part={line.part.name}"))
        for line in sheet.bridge
    )
    return (last, *parts)


def _ways(free: Fen, total: Fen, wanted: str) -> tuple[PayChoice, ...]:
    covers = 0 < total <= free
    chosen = wanted or (UNALLOCATED if covers else TRANSFER)
    note = "全部用暂存款付，提交后马上入账" if covers else f"其余 {(total - free).yuan} 元转账"
    return (
        PayChoice(
            UNALLOCATED,
            f"用暂存款付（可用 {free.yuan} 元）",
            note,
            chosen == UNALLOCATED and bool(free),
            "" if free else "没有可用的暂存款",
        ),
        PayChoice(TRANSFER, "转账", f"按通知单从单位账户转 {total.yuan} 元", chosen == TRANSFER or not free),
    )


def declare_lines(request: HallRequest) -> HttpResponse:
    """Who is in the month that is about to be declared, whole or one part."""
    unit, part = unit_of(request), _part_of(request)
    month = unit.due_month
    roll = _on_floor(request, queries.coming_roll(unit, month, Center.objects.get().place, part), month)
    return _lines_page(request, month, Link(f"{month.chinese}汇缴核定", reverse("portal:declare")), roll, "")


def sheet_lines(request: HallRequest, case_no: int) -> HttpResponse:
    """The 清册 of a declared month, whole or one part of the way from the month before."""
    sheet, part = months.sheet_of(case_no), _part_of(request)
    back = Link(f"{sheet.month.chinese}汇缴", sheet_href(case_no))
    export = reverse("portal:sheet-lines-workbook", args=[case_no])
    roll = _on_floor(request, queries.declared_roll(sheet, part), sheet.month)
    return _lines_page(request, sheet.month, back, roll, export)


def _on_floor(request: HallRequest, roll: queries.Roll, month: Month) -> queries.Roll:
    if request.GET.get("part") != FLOOR:
        return roll
    return queries.on_floor(roll, month, Center.objects.get().place)


def _part_of(request: HallRequest) -> Part | None:
    name = request.GET.get("part", "")
    if name and name != FLOOR and name not in Part.__members__:
        raise Http404
    return Part[name] if name and name != FLOOR else None


def _lines_page(request: HallRequest, month: Month, back: Link, roll: queries.Roll, export_href: str) -> HttpResponse:
    people, unit_fen, personal_fen = roll.sums()
    keyset = Keyset.of(request, PAGE_ROWS)
    found = keyset.page(
        lambda after, limit: roll.people(after=after, limit=limit),
        lambda before, limit: roll.people(before=before, limit=limit),
    )
    shape = SheetLinesPage(
        month=month,
        back=back,
        part=request.GET.get("part", ""),
        parts=(("", "全部"), *((one.name, one.value) for one in Part), (FLOOR, "基数等于下限")),
        lines=tuple(SheetLine(line.account_no, line.name, line.base, line.unit, line.personal) for line in found.rows),
        people=people,
        unit_fen=unit_fen,
        personal_fen=personal_fen,
        pager=keyset.pager(found, lambda line: line.account_id, people),
        export_href=export_href,
    )
    return page(request, "portal/sheet_lines.html", shape)


def sheet(request: HallRequest, case_no: int) -> HttpResponse:
    """A declared month: what to pay and where to, what came, what became of it."""
    return _sheet_page(request, case_no)


def withdraw(request: HallRequest, case_no: int) -> HttpResponse:
    """Withdraw a declared month while no money has come."""
    return _act_on_sheet(request, case_no, "withdraw_sheet")


def pay_unallocated(request: HallRequest, case_no: int) -> HttpResponse:
    """Pay a declared month from unallocated money."""
    return _act_on_sheet(request, case_no, "pay_from_unallocated")


def _act_on_sheet(request: HallRequest, case_no: int, act: str) -> HttpResponse:
    with reading(request.actor):
        months.sheet_of(case_no)
    return submitted(
        request,
        act,
        lambda: {"case_no": case_no},
        lambda _: sheet_href(case_no),
        partial(_sheet_page, request, case_no),
    )


def _sheet_page(request: HallRequest, case_no: int, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    sheet, today = months.sheet_of(case_no), request.today
    history = evidence.events_about(f"case:{case_no}")
    hands = prepared.hands_of(case_no, sheet.declared_by)
    state = CaseState(sheet.case.state)
    waits, arrivals = state in months.AWAITING, months.arrivals(sheet)
    coming = state is CaseState.WORKING or months.is_money_on_its_way(sheet)
    funds = queries.funds(sheet) if waits else None
    to_transfer = months.is_to_transfer(sheet, today)
    seen = f"{state}-{len(arrivals)}-{coming:d}-{funds.beside.yuan if funds else 0}"
    shape = SheetPage(
        case_no=str(case_no),
        month=sheet.month,
        state=state,
        steps=months.sheet_steps(sheet, today),
        people=sheet.people,
        due_fen=sheet.total_fen,
        reserved_fen=sheet.reserved_fen,
        missing_fen=funds.rest if funds else Fen(0),
        notice=_notice(sheet, funds.rest, (sheet.last_day - today).days) if funds and to_transfer else None,
        overdue=months.is_overdue(sheet, today) and not coming,
        waits_because=months.last_refusal(history) if waits else "",
        arrivals=arrivals,
        coming=coming,
        poll_seconds=_ON_ITS_WAY_SECONDS if coming else _AWAITED_SECONDS if waits else 0,
        seen=seen,
        declared_on=sheet.declared_on,
        declared_by=hands.entered,
        approved_by=hands.approved,
        dry_run=bytes(sheet.lines_digest).hex(),
        lines_href=reverse("portal:sheet-lines", args=[case_no]),
        downloads=sheet_downloads(sheet, to_transfer=to_transfer),
        key=Key.fresh(),
        can_withdraw=months.can_withdraw(sheet),
        funds=funds,
        over=months.over(sheet) if funds and funds.covers else None,
        is_unclaimed=months.is_unclaimed(sheet),
        to_declare_again=months.is_to_declare_again(sheet),
        booked_on=sheet.booked_on,
        entry_no=str(sheet.entry_id or ""),
        refusals=tuple(refusals),
    )
    response = page(request, "portal/sheet.html", shape)
    if request.GET.get("seen", seen) != seen:
        response.headers["HX-Refresh"] = "true"  # the region asks for itself; what happened concerns the whole page
    return response


def _notice(sheet: Sheet, amount: Fen, days_left: int) -> Notice:
    account = months.collecting_account()
    return Notice(
        reference=with_check_characters(sheet.pk),
        amount_fen=amount,
        account_name=account.name,
        account_no=account.number,
        bank=account.bank,
        last_day=sheet.last_day,
        days_left=days_left,
    )
