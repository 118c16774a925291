"""The service agreement and the special rules: read, compared, accepted or refused, and read again later."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse

from hpf.agreement import operations, queries
from hpf.agreement.differences import difference
from hpf.faces.web import certificates, forms, version_rows
from hpf.faces.web.door import HallRequest, forget
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import own_address, page, refused_page, refused_response
from hpf.faces.web.shapes.public import (
    AgreementPage,
    AgreementRefusedPage,
    AgreementsPage,
)
from hpf.hall_access.operations import end_session
from hpf.kernel import Key, Refusal, Refused
from hpf.kernel.wording import wording
from hpf.registry.codes import AgreementDocument
from hpf.registry.models import Branch
from hpf.storage import reading

TEMPLATE = "public/agreement.html"
TEXT = "text/markdown; charset=utf-8"


@dataclass(frozen=True, slots=True)
class AcceptanceForm:
    accepted: bool = ask("我已阅读并代表本单位接受以上协议，特别注意到免除或限制责任的条款", forms.tick())


def agreement(request: HallRequest) -> HttpResponse:
    """The agreement in force. What is accepted is the text that was shown: its digest travels with the form."""
    return _accepting(request, AgreementDocument.AGREEMENT, reverse("agreement"))


def rule(request: HallRequest, document: str) -> HttpResponse:
    """A special rule at the first use of its function; once accepted, the function that was asked for goes on."""
    if document not in AgreementDocument or document == AgreementDocument.AGREEMENT:
        raise Http404
    return _accepting(request, AgreementDocument(document), reverse("agreement-rule", args=[document]))


def refuse(request: HallRequest) -> HttpResponse:
    """Not to accept leads out: it is put on record, the session ends, and a page says how to go on."""
    try:
        visit = request.visit
        operations.refuse(
            request.POST.get("version", ""),
            request.POST.get("digest", ""),
            by=request.actor,
            today=visit.today,
            address=visit.address,
            agent=visit.agent,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        return refused_response(request, refused, back=reverse("agreement"))
    end_session(request.token, request.actor, request.visit)
    rotate_token(request)
    return forget(HttpResponseRedirect(reverse("agreement-refused")), "portal")


def refused(request: HallRequest) -> HttpResponse:
    """What becomes of an employer that has not accepted: its data, its business, its way back."""
    branches = Branch.objects.order_by("code").values_list("name", "address", "hours")
    return page(request, "public/agreement_refused.html", AgreementRefusedPage(tuple(branches)))


def certificate(request: HallRequest, acceptance_id: int) -> HttpResponse:
    """协议签署凭证 of an acceptance for one's own employer, as PDF."""
    return certificates.certificate(request, acceptance_id)


def agreements(request: HallRequest) -> HttpResponse:
    """Every version of every document, with its digest: in force, coming, former. Anybody reads them."""
    return page(request, "public/agreements.html", AgreementsPage(version_rows.documents(request.today)))


def version(request: HallRequest, version_id: int) -> HttpResponse:
    """The whole text of one version."""
    href = reverse("agreement-text", args=[version_id])
    shape = version_rows.version_page(version_id, request.today, text_href=href)
    return page(request, "public/agreement_version.html", shape)


def text(request: HallRequest, version_id: int) -> HttpResponse:
    """The text of a version byte for byte, for those who work out its digest themselves."""
    del request
    shown = queries.version(version_id)
    if shown is None:
        raise Http404
    response = HttpResponse(shown.text.encode(), content_type=TEXT)
    response.headers["Content-Disposition"] = f'attachment; filename="{shown.document}-{shown.id}.md"'
    return response


def _accepting(request: HallRequest, document: AgreementDocument, here: str) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    then = own_address(request, given.get("next", ""))
    try:
        if request.method != "POST":
            return page(request, TEMPLATE, _page(request, document, here, then))
        forms.read(AcceptanceForm, request.POST)
        visit = request.visit
        operations.accept(
            request.POST.get("version", ""),
            request.POST.get("digest", ""),
            document=document,
            by=request.actor,
            today=visit.today,
            now=visit.now,
            address=visit.address,
            agent=visit.agent,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        if refused.refusals[0].code == "AGREEMENT-NONE":
            return refused_response(request, refused)
        with reading(request.actor):
            return refused_page(request, TEMPLATE, _page(request, document, here, then, refused.refusals))
    return HttpResponseRedirect(then)


def _page(
    request: HallRequest,
    document: AgreementDocument,
    here: str,
    then: str,
    refusals: tuple[Refusal, ...] = (),
) -> AgreementPage:
    shown, handler_id = queries.in_force(document, request.today), request.actor.id
    if handler_id is None:
        raise Http404
    accepted = queries.acceptance(handler_id, shown.id)
    before = None if accepted else queries.accepted_before(handler_id, document)
    body = wording(shown.text)
    return AgreementPage(
        inputs=forms.inputs(AcceptanceForm, None, refusals),
        key=Key.fresh(),
        refusal_key=Key.fresh(),
        document=document,
        action=here,
        next=then,
        title=body.title,
        version=shown.number,
        effective_on=shown.effective_on,
        summary=shown.summary,
        digest=shown.digest,
        chapters=body.chapters,
        compared_with=before.number if before else "",
        difference=difference(before.text, shown.text) if before else None,
        accepted_at=accepted.accepted_at if accepted else None,
        accepted_by=accepted.handler_name if accepted else "",
        certificate=reverse("agreement-certificate", args=[accepted.id]) if accepted else "",
        refusals=refusals,
    )
