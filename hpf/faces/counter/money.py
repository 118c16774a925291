"""The money desk: receipts without an owner (未识别款), and finding their owners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hpf.faces.counter.lines import reason
from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.counter import Candidate, MoneyDeskPage, OpenLine, WaitingLine
from hpf.kernel import Fen, Key, Refusal, Refused
from hpf.kernel.identity import mask_account
from hpf.registry.models import UnitAccount
from hpf.storage import reading
from hpf.treasury import operations, queries
from hpf.treasury.queries import BankLine
from hpf.treasury.rules import LineState

QUEUE = 50


@dataclass(frozen=True, slots=True)
class ClaimForm:
    number: str = ask("单位账号", forms.pattern("[0-9]{8,20}", "应为单位账号", "请按单位账号填写", inputmode="numeric"))


def desk(request: HallRequest) -> HttpResponse:
    """The queue, oldest first, and one line with its candidates. A line that was just claimed says so."""
    wanted = forms.record_number(request.GET.get("line", ""))
    chosen = _line(wanted) if wanted is not None else None
    if chosen and chosen.state is LineState.ASSIGNED:
        said = f"流水号 {chosen.line.flow_no} 的 {chosen.line.amount.yuan} 元已转入{chosen.employer_name}的暂存款。"
        request.frame = replace(request.frame, said=(said,))
    return page(request, "counter/money_desk.html", _page(chosen))


def claim(request: HallRequest, line_id: int) -> HttpResponse:
    """Move a line's money to the unit account whose number was chosen or typed."""
    with reading(request.actor):
        _line(line_id)
    try:
        number = forms.read(ClaimForm, request.POST).number
        operations.assign_line(
            line_id=line_id,
            unit_account_id=_unit(request, number),
            by=request.actor,
            today=request.today,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        with reading(request.actor):
            shape = _page(_line(line_id), forms.inputs(ClaimForm, request.POST, refused.refusals), refused.refusals)
            return refused_page(request, "counter/money_desk.html", shape)
    return HttpResponseRedirect(f"{reverse('counter:money')}?line={line_id}")


def _unit(request: HallRequest, number: str) -> int:
    with reading(request.actor):
        found = UnitAccount.objects.filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise Refused(Refusal("FORM-UNIT", f"没有单位账号{number}", remedy="请先查询单位，核对账号", where="number"))
    return found


def _line(line_id: int) -> BankLine:
    try:
        return queries.line(line_id)
    except LookupError:
        raise Http404 from None


def _page(
    chosen: BankLine | None, inputs: dict[str, forms.Input] | None = None, refusals: tuple[Refusal, ...] = ()
) -> MoneyDeskPage:
    state = LineState.UNIDENTIFIED
    total, fen = queries.outcomes(states=[state]).get(state, (0, Fen(0)))
    queue = queries.lines(states=[state], limit=QUEUE)
    if chosen is None or chosen.state is not state:
        chosen = queue[0] if queue else None
    return MoneyDeskPage(
        queue=tuple(
            WaitingLine(one.id, one.line.booked_on, one.line.payer_name, one.line.amount, _what(one)) for one in queue
        ),
        total=total,
        total_fen=fen,
        line=_open(chosen) if chosen else None,
        inputs=inputs or forms.inputs(ClaimForm),
        key=Key.fresh(),
        refusals=refusals,
    )


def _open(found: BankLine) -> OpenLine:
    line = found.line
    return OpenLine(
        id=found.id,
        flow_no=line.flow_no,
        on=line.booked_on,
        payer=line.payer_name,
        payer_account_masked=mask_account(line.payer_account) if line.payer_account else "（未提供）",
        payer_bank=line.payer_bank or "（未提供）",
        remark="；".join(filter(None, (line.summary, line.remark))),
        amount_fen=line.amount,
        reason=reason(found),
        candidates=tuple(_candidates(found)),
    )


def _candidates(found: BankLine) -> Iterator[Candidate]:
    """Whose money it might be, each unit account once: with its best case, or as the payer that it is known as."""
    seen = set()
    for candidate in queries.candidates().of(found.line):
        case = candidate.case
        if case.unit_account_id not in seen:
            seen.add(case.unit_account_id)
            due = f"办件 {case.case_no} 待缴 {case.due.yuan} 元"
            name = "、".join(sorted(case.employer_names))
            yield Candidate(case.unit_account_no, name, due, candidate.clues)
    for owner in queries.owners(found.line):
        if owner.unit_account_id not in seen:
            yield Candidate(owner.unit_account_no, owner.employer_name, "没有待缴的办件", owner.clues)


def _what(found: BankLine) -> str:
    return "；".join(finding.what for finding in found.findings)
