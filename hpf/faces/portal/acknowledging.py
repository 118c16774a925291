"""Important notices that a handler acknowledges before anything else opens (公告确认)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import own_address, page, refused_page
from hpf.faces.web.publications import addresses_of_files, reading_of
from hpf.faces.web.shapes.publications import AcknowledgePage
from hpf.kernel import Key, Refusal, Refused
from hpf.publications import operations, queries
from hpf.storage import reading

TEMPLATE = "portal/acknowledge.html"


@dataclass(frozen=True, slots=True)
class AcknowledgementForm:
    version: int = ask("公告", forms.number())
    digest: str = ask("公告摘要", forms.text(64))
    read: bool = ask("我已阅读以上内容，并会告知本单位有关人员", forms.tick())


def acknowledge(request: HallRequest) -> HttpResponse:
    """The oldest that waits. What is acknowledged is the text that was shown: its digest travels with the form."""
    if request.method != "POST":
        return page(request, TEMPLATE, _page(request))
    try:
        form = forms.read(AcknowledgementForm, request.POST)
        visit = request.visit
        operations.acknowledge(
            form.version,
            form.digest,
            by=request.actor,
            today=visit.today,
            now=visit.moment,
            at=visit.now,
            address=visit.address,
            agent=visit.agent,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        with reading(request.actor):
            if not queries.to_acknowledge(_handler_id(request), request.visit.moment):
                return HttpResponseRedirect(_next(request))
            return refused_page(request, TEMPLATE, _page(request, refused.refusals))
    return HttpResponseRedirect(_next(request))


def _page(request: HallRequest, refusals: tuple[Refusal, ...] = ()) -> AcknowledgePage:
    first, *others = queries.to_acknowledge(_handler_id(request), request.visit.moment)
    return AcknowledgePage(
        inputs=forms.inputs(AcknowledgementForm, None, refusals),
        key=Key.fresh(),
        reading=reading_of(first, addresses_of_files(first)),
        version_id=first.id,
        left=len(others),
        next=_next(request),
        refusals=refusals,
    )


def _next(request: HallRequest) -> str:
    given = request.POST if request.method == "POST" else request.GET
    return own_address(request, given.get("next", ""), reverse("portal:home"))


def _handler_id(request: HallRequest) -> int:
    if request.actor.id is None:
        raise ValueError("a handler has a number")
    return request.actor.id
