"""Answering what employers ask and suggest (咨询建议), in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from hpf.evidence import Receipt
from hpf.faces.counter.permissions import ANSWERING, PUBLISHER
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.inquiries import row_of, turns_of
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.frame import Fact, Link
from hpf.faces.web.shapes.inquiries import InquiryDeskPage, InquiryDeskView
from hpf.inquiries import operations, queries
from hpf.inquiries.models import Inquiry
from hpf.inquiries.queries import Search, Shelf
from hpf.inquiries.rules import LONGEST_TEXT, LONGEST_WORD, InquiryState
from hpf.kernel import Key, Refusal
from hpf.registry.models import Branch, Employer
from hpf.storage import reading

ROWS = 50
ONE = "counter/inquiry.html"


@dataclass(frozen=True, slots=True)
class AnswerForm:
    text: str = ask("答复", forms.text(LONGEST_TEXT, kind="textarea", style="long"), hint="经办人会看到，署名为中心")


@dataclass(frozen=True, slots=True)
class ForwardForm:
    branch: str = ask("转到的网点", forms.text(20, kind="select"))
    note: str | None = ask("说明", forms.text(LONGEST_WORD), required=False, hint="经办人也会看到")


def inquiries(request: HallRequest) -> HttpResponse:
    """What waits, what is late, what was answered; of one branch or all."""
    given = request.GET
    shelf = Shelf(given["shelf"]) if given.get("shelf") in list(Shelf) else Shelf.OPEN
    number = forms.record_number(given.get("branch", "")) or 0
    branch = str(number or "")
    keyset = Keyset.of(request, ROWS)
    search = Search(shelf, request.today, number)
    found = keyset.page(search.after, search.before)
    names = dict(Employer.objects.filter(pk__in={one.employer_id for one in found.rows}).values_list("pk", "name"))
    shape = InquiryDeskPage(
        rows=tuple(row_of(one, _href(one.pk), request.today, names[one.employer_id]) for one in found.rows),
        pager=keyset.pager(found, lambda one: one.pk),
        facts=_facts(request),
        tabs=tuple(Link(one.label, _tab(one, branch)) for one in Shelf),
        here=_tab(shelf, branch),
        shelf=shelf.value,
        branches=(("", "全部网点"), *_branches()),
        branch=branch,
    )
    return page(request, "counter/inquiries.html", shape)


def inquiry(request: HallRequest, inquiry_id: int) -> HttpResponse:
    """One of them."""
    return page(request, ONE, _page(request, inquiry_id))


def answer(request: HallRequest, inquiry_id: int) -> HttpResponse:
    """Answer it."""

    def operate(key: Key) -> Receipt:
        form = forms.read(AnswerForm, request.POST)
        return operations.answer(inquiry_id, form.text, **_act(request), key=key)

    return _on_one(request, inquiry_id, operate)


def forward(request: HallRequest, inquiry_id: int) -> HttpResponse:
    """Hand it to another branch."""

    def operate(key: Key) -> Receipt:
        form = forms.read(ForwardForm, request.POST)
        branch = int(form.branch) if form.branch in dict(_branches_now(request)) else 0
        return operations.forward(inquiry_id, branch, form.note or "", **_act(request), key=key)

    return _on_one(request, inquiry_id, operate)


def _on_one(request: HallRequest, inquiry_id: int, operate: Callable[[Key], Receipt]) -> HttpResponse:
    with reading(request.actor):
        _found(inquiry_id)
    return posted(
        request,
        operate,
        lambda receipt: _href(receipt.result["inquiry_id"]),
        lambda found: page(request, ONE, _page(request, inquiry_id, request.POST, tuple(found))),
    )


def _href(inquiry_id: int) -> str:
    return reverse("counter:inquiry", args=[inquiry_id])


def _tab(shelf: Shelf, branch: str) -> str:
    return f"{reverse('counter:inquiries')}?shelf={shelf.value}" + (f"&branch={branch}" if branch else "")


def _act(request: HallRequest) -> dict[str, Any]:
    return {"by": request.actor, "today": request.today, "now": request.visit.now}


def _branches() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Branch.objects.order_by("code").values_list("pk", "name")]


def _others(branch_id: int) -> tuple[tuple[str, str], ...]:
    return tuple(one for one in _branches() if one[0] != str(branch_id))


def _branches_now(request: HallRequest) -> list[tuple[str, str]]:
    with reading(request.actor):
        return _branches()


def _facts(request: HallRequest) -> tuple[Fact, ...]:
    found = queries.figures(request.today)
    average = "—" if found.average is None else f"{found.average:.1f}"
    return (
        Fact("待答复", f"{found.open:,}", "件", _tab(Shelf.OPEN, "")),
        Fact("其中已逾期", f"{found.overdue:,}", "件", _tab(Shelf.OVERDUE, "")),
        Fact("逾期才答复", f"{found.late_answers:,}", "件"),
        Fact(f"平均评分（{found.ratings:,} 次）", average, "分"),
    )


def _found(inquiry_id: int) -> Inquiry:
    found = Inquiry.objects.select_related("branch").filter(pk=inquiry_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HallRequest, inquiry_id: int, given: QueryDict | None = None, refusals: tuple[Refusal, ...] = ()
) -> InquiryDeskView:
    found = _found(inquiry_id)
    waits = found.state == InquiryState.OPEN.value
    may = waits and bool(ANSWERING.roles & request.actor.roles)
    forwarding = forms.inputs(ForwardForm, given, refusals)
    employer = Employer.objects.get(pk=found.employer_id)
    return InquiryDeskView(
        row=row_of(found, _href(found.pk), request.today),
        employer=Link(employer.name, reverse("counter:employer", args=[employer.pk])),
        turns=turns_of(found, names=True),
        inputs=forms.inputs(AnswerForm, given, refusals),
        forwarding={**forwarding, "branch": replace(forwarding["branch"], options=_others(found.branch_id))},
        answer=reverse("counter:inquiry-answer", args=[found.pk]) if may else "",
        forward=reverse("counter:inquiry-forward", args=[found.pk]) if may else "",
        publish=_publishing(request, found) if not waits else "",
        key=Key.fresh(),
        refusals=refusals,
    )


def _publishing(request: HallRequest, found: Inquiry) -> str:
    """To the editor, where the question becomes one of the frequent ones: written, reviewed and published as all is."""
    if not PUBLISHER.roles & request.actor.roles:
        return ""
    return f"{reverse('counter:publication-new', args=['question'])}?inquiry={found.pk}"
