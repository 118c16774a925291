"""One line of the bank: what was proposed for its money, the second person's word on it, and proposing a correction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from hpf.evidence import Receipt, events_about
from hpf.faces.counter.access import scans_in
from hpf.faces.counter.acts import act_label
from hpf.faces.counter.lines import reason
from hpf.faces.counter.money import SCANS_HINT
from hpf.faces.counter.permissions import TREASURER
from hpf.faces.counter.reviews import decided, view_of
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import day, moment
from hpf.faces.web.forms import Input, ask
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.frame import Download, Link
from hpf.faces.web.shapes.money import BankLinePage, ProposalView, ReceiptRow
from hpf.kernel import Fen, Key, Refusal
from hpf.kernel.identity import mask_account
from hpf.ledger.accounts import unallocated
from hpf.money_desk import operations
from hpf.money_desk import queries as proposals
from hpf.money_desk.models import Proposal
from hpf.money_desk.operations import Wanted
from hpf.money_desk.rules import REASON_LENGTH, REVIEW_KIND, Act, ProposalState, beyond_reach
from hpf.registry.models import UnitAccount
from hpf.storage import reading
from hpf.treasury import queries
from hpf.treasury.queries import BankLine
from hpf.treasury.rules import LineState

TEMPLATE = "counter/bank_line.html"


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    reason: str = ask("更正原因", forms.text(REASON_LENGTH, kind="textarea"), hint="错在哪里、依据什么；复核人据此判断")
    scans: tuple[UploadedFile, ...] = ask("凭证", forms.file(), required=False, many=True, hint=SCANS_HINT)


@dataclass(frozen=True, slots=True)
class TakenBackForm:
    """``receipt`` is the number of the line that is taken back, or ``0``: the center paid."""

    receipt: int = ask("这笔支出是什么", forms.number())
    reason: str = ask("依据", forms.text(REASON_LENGTH, kind="textarea"), hint="与银行怎样核对的；复核人据此判断")
    scans: tuple[UploadedFile, ...] = ask("凭证", forms.file(), required=False, many=True, hint=SCANS_HINT)


def line(request: HallRequest, line_id: int) -> HttpResponse:
    """A line with all that was proposed for it and done."""
    return page(request, TEMPLATE, _page(request, line_id))


def proposal(request: HallRequest, proposal_id: int) -> HttpResponse:
    """The line of a proposal: where the second person looks."""
    return page(request, TEMPLATE, _page_of(request, proposal_id))


def correct(request: HallRequest, line_id: int) -> HttpResponse:
    """Propose that an assignment be taken back."""
    with reading(request.actor):
        _found(line_id)

    def operate(key: Key) -> Receipt:
        form = forms.read(CorrectionForm, request.POST, request.FILES)
        wanted = Wanted(Act.UNASSIGN, form.reason)
        return operations.propose(line_id, wanted, scans_in(request), by=request.actor, today=request.today, key=key)

    return _done(request, line_id, operate)


def take_back(request: HallRequest, line_id: int) -> HttpResponse:
    """Propose which receipt the bank took back, or that it took back none."""
    with reading(request.actor):
        _found(line_id)

    def operate(key: Key) -> Receipt:
        form = forms.read(TakenBackForm, request.POST, request.FILES)
        act = Act.REVERSE if form.receipt else Act.PAY_OUT
        wanted = Wanted(act, form.reason, receipt_id=form.receipt or None)
        return operations.propose(line_id, wanted, scans_in(request), by=request.actor, today=request.today, key=key)

    return _done(request, line_id, operate)


def withdraw(request: HallRequest, proposal_id: int) -> HttpResponse:
    """Take one's own proposal back."""
    with reading(request.actor):
        line_id = _line_of(proposal_id)
    return _done(
        request,
        line_id,
        lambda key: operations.withdraw(proposal_id, by=request.actor, today=request.today, key=key),
    )


def decide(request: HallRequest, proposal_id: int) -> HttpResponse:
    """The second person's word; approved, the money moves."""
    with reading(request.actor):
        _line_of(proposal_id)
    return decided(request, REVIEW_KIND, proposal_id, operations.decide, TEMPLATE, _page_of)


def _done(request: HallRequest, line_id: int, operate: Callable[[Key], Receipt]) -> HttpResponse:
    """Carry an act out and show the line, or the line with what speaks against it."""
    return posted(
        request,
        operate,
        lambda _: reverse("counter:bank-line", args=[line_id]),
        lambda found: page(request, TEMPLATE, _page(request, line_id, tuple(found))),
    )


def _line_of(proposal_id: int) -> int:
    found = proposals.one(proposal_id)
    if found is None:
        raise Http404
    return found.line_id


def _found(line_id: int) -> BankLine:
    try:
        return queries.line(line_id)
    except LookupError:
        raise Http404 from None


def _page_of(request: HallRequest, proposal_id: int, refusals: tuple[Refusal, ...] = ()) -> BankLinePage:
    return _page(request, _line_of(proposal_id), refusals)


def _page(request: HallRequest, line_id: int, refusals: tuple[Refusal, ...] = ()) -> BankLinePage:
    found, made = _found(line_id), proposals.of_line(line_id)
    waits = any(one.state == ProposalState.PROPOSED.value for one in made)
    may_propose = bool(request.actor.roles & TREASURER.roles) and not waits
    given = request.POST if request.method == "POST" else None
    alike = queries.receipts_like(found) if found.state is LineState.TAKEN_BACK else []
    return BankLinePage(
        id=line_id,
        title=f"{found.line.payer_name or '（无户名）'} {found.line.amount.yuan} 元",
        state=found.state,
        reason=reason(found),
        details=tuple(_details(found)),
        proposals=tuple(_proposal(request, one, refusals) for one in made),
        receipts=tuple(_receipt(one) for one in alike),
        correcting=(
            forms.inputs(CorrectionForm, given, refusals) if may_propose and found.state is LineState.ASSIGNED else {}
        ),
        taking_back=_taking_back(given, refusals, alike) if may_propose and found.state is LineState.TAKEN_BACK else {},
        history=tuple(
            (moment(one.at), act_label(one.act), one.actor_name) for one in events_about(f"bank-line:{line_id}")
        ),
        key=Key.fresh(),
        refusals=refusals,
    )


def _taking_back(given: QueryDict | None, refusals: tuple[Refusal, ...], alike: Sequence[BankLine]) -> dict[str, Input]:
    found = forms.inputs(TakenBackForm, given, refusals)
    options = [(str(one.id), f"冲正流水号{one.line.flow_no}（{day(one.line.booked_on)}）的到账") for one in alike]
    options.append(("0", "不是冲正，是本中心的付款"))
    return {**found, "receipt": replace(found["receipt"], kind="radio", options=tuple(options))}


def _receipt(one: BankLine) -> ReceiptRow:
    free = unallocated(one.unit_account_id)[1] if one.unit_account_id else Fen(0)
    hindrance = beyond_reach(one.line.flow_no, one.state, covered=free >= one.line.amount)
    return ReceiptRow(
        flow_no=one.line.flow_no,
        on=one.line.booked_on,
        payer=one.line.payer_name,
        employer=one.employer_name or "（未识别）",
        state=one.state,
        hindrance=hindrance.sentence if hindrance else "",
        href=reverse("counter:bank-line", args=[one.id]),
    )


def _details(found: BankLine) -> Iterator[tuple[str, str]]:
    line = found.line
    yield "银行流水号", line.flow_no
    yield "入账日期", day(line.booked_on)
    yield "付款账号", mask_account(line.payer_account) if line.payer_account else "（未提供）"
    yield "付款银行", line.payer_bank or "（未提供）"
    yield "摘要、附言", "；".join(filter(None, (line.summary, line.remark))) or "（无）"
    if found.state is LineState.ASSIGNED:
        yield "认领到", found.employer_name or ""


def _proposal(request: HallRequest, one: Proposal, refusals: tuple[Refusal, ...]) -> ProposalView:
    review = view_of(REVIEW_KIND, one.pk, request.actor, refusals)
    return ProposalView(
        id=one.pk,
        title=Act(one.act).label,
        about=_about(one),
        reason=one.reason,
        proposed=f"{one.proposed_name} {day(one.proposed_on)} 提出",
        papers=tuple(_papers(one.pk)),
        review=review,
        can_withdraw=review.own,
    )


def _about(one: Proposal) -> Link | None:
    """Where the money goes, or which receipt is reversed; nothing for a payment."""
    if one.receipt_id:
        receipt = queries.line(one.receipt_id).line
        told = f"红冲流水号{receipt.flow_no}（{day(receipt.booked_on)}）的到账 {receipt.amount.yuan} 元"
        return Link(told, reverse("counter:bank-line", args=[one.receipt_id]))
    unit = UnitAccount.objects.select_related("employer").filter(pk=one.unit_account_id or 0).first()
    if unit is None:
        return None
    where = f"{unit.employer.name}（{unit.number}）"
    told = f"转入{where}" if one.act == Act.ASSIGN else f"从{where}转回未识别款"
    return Link(told, reverse("counter:employer", args=[unit.employer_id]))


def _papers(proposal_id: int) -> Iterator[Download]:
    for one in proposals.papers_of(proposal_id):
        yield Download(one.name, reverse("counter:scan", args=[one.pk]), one.media_type.rpartition("/")[2].upper())
