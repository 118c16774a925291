"""Asking the center, and what it answered (咨询建议)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from hpf.evidence import Receipt
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.inquiries import row_of, turns_of
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.inquiries import InquiriesPage, InquiryPage
from hpf.inquiries import operations
from hpf.inquiries.models import Inquiry
from hpf.inquiries.rules import LONGEST_TEXT, LONGEST_TITLE, LONGEST_WORD, RATINGS, InquiryKind, InquiryState
from hpf.kernel import Key, Refusal
from hpf.storage import reading

ROWS = 50
LIST, ONE = "portal/inquiries.html", "portal/inquiry.html"


@dataclass(frozen=True, slots=True)
class AskForm:
    kind: str = ask("类别", forms.choice([(one.value, one.label) for one in InquiryKind], kind="radio"))
    title: str = ask("标题", forms.text(LONGEST_TITLE), hint="一句话说明，如：新职工从哪个月开始缴存")
    text: str = ask("内容", forms.text(LONGEST_TEXT, kind="textarea"), hint="请不要写密码、验证码和完整的证件号码")


@dataclass(frozen=True, slots=True)
class AgainForm:
    text: str = ask("哪里没有说清", forms.text(LONGEST_TEXT, kind="textarea"), hint="同一件可以再问一次")


@dataclass(frozen=True, slots=True)
class RateForm:
    rating: str = ask(
        "这次答复",
        forms.choice([(str(points), f"{points}分 {label}") for points, label in RATINGS.items()], kind="radio"),
    )
    word: str | None = ask("说明", forms.text(LONGEST_WORD, kind="textarea"), required=False)


def inquiries(request: HallRequest) -> HttpResponse:
    """The employer's inquiries, and asking another one."""
    if request.method != "POST":
        return page(request, LIST, _list(request))

    def operate(key: Key) -> Receipt:
        form = forms.read(AskForm, request.POST)
        return operations.ask(InquiryKind(form.kind), form.title, form.text, **_act(request), key=key)

    return posted(
        request, operate, _there, lambda found: page(request, LIST, _list(request, request.POST, tuple(found)))
    )


def inquiry(request: HallRequest, inquiry_id: int) -> HttpResponse:
    """One of them, with its answer."""
    return page(request, ONE, _page(request, inquiry_id))


def again(request: HallRequest, inquiry_id: int) -> HttpResponse:
    """Ask again what was not made clear."""

    def operate(key: Key) -> Receipt:
        form = forms.read(AgainForm, request.POST)
        return operations.ask_again(inquiry_id, form.text, **_act(request), key=key)

    return _on_one(request, inquiry_id, operate)


def rate(request: HallRequest, inquiry_id: int) -> HttpResponse:
    """Rate the answer."""

    def operate(key: Key) -> Receipt:
        form = forms.read(RateForm, request.POST)
        return operations.rate(inquiry_id, int(form.rating), form.word or "", **_act(request), key=key)

    return _on_one(request, inquiry_id, operate)


def _on_one(request: HallRequest, inquiry_id: int, operate: Callable[[Key], Receipt]) -> HttpResponse:
    with reading(request.actor):
        _found(inquiry_id)
    return posted(
        request,
        operate,
        _there,
        lambda found: page(request, ONE, _page(request, inquiry_id, request.POST, tuple(found))),
    )


def _there(receipt: Receipt) -> str:
    return reverse("portal:inquiry", args=[receipt.result["inquiry_id"]])


def _act(request: HallRequest) -> dict[str, Any]:
    return {"by": request.actor, "today": request.today, "now": request.visit.now}


def _found(inquiry_id: int) -> Inquiry:
    found = Inquiry.objects.select_related("branch").filter(pk=inquiry_id).first()
    if found is None:
        raise Http404
    return found


def _list(request: HallRequest, given: QueryDict | None = None, refusals: tuple[Refusal, ...] = ()) -> InquiriesPage:
    found = Inquiry.objects.select_related("branch").order_by("-pk")[:ROWS]
    return InquiriesPage(
        rows=tuple(row_of(one, reverse("portal:inquiry", args=[one.pk]), request.today) for one in found),
        inputs=forms.inputs(AskForm, given or {"kind": InquiryKind.QUESTION.value}, refusals),
        key=Key.fresh(),
        refusals=refusals,
    )


def _page(
    request: HallRequest, inquiry_id: int, given: QueryDict | None = None, refusals: tuple[Refusal, ...] = ()
) -> InquiryPage:
    found = _found(inquiry_id)
    answered = found.state == InquiryState.ANSWERED.value
    return InquiryPage(
        row=row_of(found, reverse("portal:inquiry", args=[found.pk]), request.today),
        turns=turns_of(found, names=False),
        inputs={**forms.inputs(AgainForm, given, refusals), **forms.inputs(RateForm, given, refusals)},
        again=reverse("portal:inquiry-again", args=[found.pk]) if answered and not found.reopened else "",
        rate=reverse("portal:inquiry-rate", args=[found.pk]) if answered and found.rating is None else "",
        key=Key.fresh(),
        refusals=refusals,
    )
