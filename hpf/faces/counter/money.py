"""The money desk: receipts without an owner (未识别款), and proposing whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.faces.counter.access import scans_in
from hpf.faces.counter.lines import reason
from hpf.faces.counter.permissions import TREASURER
from hpf.faces.web import forms
from hpf.faces.web.answers import told
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.shapes.money import Candidate, MoneyDeskPage, OpenLine, WaitingLine
from hpf.kernel import Fen, Key, Refusal, Refused
from hpf.kernel.identity import mask_account
from hpf.money_desk.models import Proposal
from hpf.money_desk.operations import Wanted, propose
from hpf.money_desk.queries import waiting
from hpf.money_desk.rules import REASON_LENGTH, Act
from hpf.registry.models import UnitAccount
from hpf.storage import reading
from hpf.treasury import queries
from hpf.treasury.queries import BankLine
from hpf.treasury.rules import LineState

QUEUE = 50
SCANS_HINT = "付款凭证、单位来函等，PDF 或图片，每个不超过 10 MB"


@dataclass(frozen=True, slots=True)
class ClaimForm:
    number: str = ask("单位账号", forms.pattern("[0-9]{8,20}", "应为单位账号", "请按单位账号填写", inputmode="numeric"))
    reason: str = ask("认领原因", forms.text(REASON_LENGTH, kind="textarea"), hint="依据什么、与谁核实；复核人据此判断")
    scans: tuple[UploadedFile, ...] = ask("付款凭证", forms.file(), required=False, many=True, hint=SCANS_HINT)


def desk(request: HallRequest) -> HttpResponse:
    """The queue, oldest first, and one line with its candidates; a candidate that was chosen stands in the form."""
    wanted = forms.record_number(request.GET.get("line", ""))
    chosen = _line(wanted) if wanted is not None else None
    number = request.GET.get("unit", "")
    inputs = forms.inputs(ClaimForm, {"number": number} if number.isdigit() else None)
    return page(request, "counter/money_desk.html", _page(request, chosen, inputs))


def claim(request: HallRequest, line_id: int) -> HttpResponse:
    """Propose to move a line's money to the unit account whose number was chosen or typed."""
    with reading(request.actor):
        _line(line_id)
    try:
        form, key = forms.read(ClaimForm, request.POST, request.FILES), forms.read_key(request.POST)
        wanted = Wanted(Act.ASSIGN, form.reason, _unit(request, form.number))
        receipt = propose(line_id, wanted, scans_in(request), by=request.actor, today=request.today, key=key)
    except Refused as refused:
        with reading(request.actor):
            inputs = forms.inputs(ClaimForm, request.POST, refused.refusals)
            shape = _page(request, _line(line_id), inputs, refused.refusals)
            return refused_page(request, "counter/money_desk.html", shape)
    return told(reverse("counter:line-proposal", args=[receipt.result["proposal_id"]]), receipt)


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
    request: HallRequest,
    chosen: BankLine | None,
    inputs: dict[str, forms.Input],
    refusals: tuple[Refusal, ...] = (),
) -> MoneyDeskPage:
    state = LineState.UNIDENTIFIED
    total, fen = queries.outcomes(states=[state]).get(state, (0, Fen(0)))
    queue = queries.lines(states=[state], limit=QUEUE)
    taken_back = queries.lines(states=[LineState.TAKEN_BACK], limit=QUEUE)
    if chosen is None or chosen.state is not state:
        chosen = queue[0] if queue else None
    proposed = waiting([one.id for one in (*queue, *taken_back, *([chosen] if chosen else []))])
    may_propose = bool(request.actor.roles & TREASURER.roles)
    return MoneyDeskPage(
        queue=tuple(_waiting_line(one, proposed) for one in queue),
        taken_back=tuple(_waiting_line(one, proposed) for one in taken_back),
        total=total,
        total_fen=fen,
        line=_open(chosen, proposed.get(chosen.id)) if chosen else None,
        inputs=inputs if may_propose else {},
        key=Key.fresh(),
        refusals=refusals,
    )


def _waiting_line(found: BankLine, proposed: Mapping[int, Proposal]) -> WaitingLine:
    line = found.line
    return WaitingLine(found.id, line.booked_on, line.payer_name, line.amount, _what(found), found.id in proposed)


def _open(found: BankLine, proposed: Proposal | None) -> OpenLine:
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
        waiting=_waiting(proposed) if proposed else None,
    )


def _waiting(proposed: Proposal) -> Link:
    label = f"{Act(proposed.act).label}待复核，由{proposed.proposed_name}提出"
    return Link(label, reverse("counter:line-proposal", args=[proposed.pk]))


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
