"""The service agreement: read, accepted, and read again later."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect

from hpf.agreement import operations, queries
from hpf.agreement.queries import Acceptance, Agreement
from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.public import AgreementPage, Clause
from hpf.kernel import Key, Refusal, Refused
from hpf.storage import reading

TEMPLATE = "public/agreement.html"


@dataclass(frozen=True, slots=True)
class AcceptanceForm:
    accepted: bool = ask("我已阅读并代表本单位接受以上协议，特别注意到免除或限制责任的条款", forms.tick())


def agreement(request: HallRequest) -> HttpResponse:
    """The agreement in force. What is accepted is the text that was shown: its digest travels with the form."""
    if request.method != "POST":
        return page(request, TEMPLATE, _page(request))
    try:
        forms.read(AcceptanceForm, request.POST)
        visit = request.visit
        operations.accept(
            request.POST.get("version", ""),
            request.POST.get("digest", ""),
            by=request.actor,
            today=visit.today,
            now=visit.now,
            address=visit.address,
            agent=visit.agent,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, TEMPLATE, _page(request, refused.refusals))
    return HttpResponseRedirect("/")


def clauses(text: str) -> tuple[str, tuple[Clause, ...]]:
    """The title and the clauses of an agreement's Markdown. What stands before the first heading has none.

    >>> clauses("# 协议\\n\\n前言\\n\\n## 一、范围\\n\\n甲\\n乙\\n\\n丙")
    ('协议', (Clause(heading='', paragraphs=('前言',)), Clause(heading='一、范围', paragraphs=('甲乙', '丙'))))
    """
    title, found = "服务协议", [("", list[str]())]
    for block in text.replace("\r\n", "\n").split("\n\n"):
        paragraph = "".join(line.strip() for line in block.splitlines())
        if paragraph.startswith("# "):
            title = paragraph.removeprefix("# ")
        elif paragraph.startswith("## "):
            found.append((paragraph.removeprefix("## "), []))
        elif paragraph:
            found[-1][1].append(paragraph)
    return title, tuple(Clause(heading, tuple(body)) for heading, body in found if heading or body)


def _page(request: HallRequest, refusals: tuple[Refusal, ...] = ()) -> AgreementPage:
    shown = queries.current(request.today)
    actor = request.actor
    accepted = queries.acceptance(actor.id, shown.number) if actor.id is not None else None
    return _shape(shown, accepted, refusals)


def _shape(shown: Agreement, accepted: Acceptance | None, refusals: tuple[Refusal, ...]) -> AgreementPage:
    title, body = clauses(shown.text)
    return AgreementPage(
        inputs=forms.inputs(AcceptanceForm, None, refusals),
        key=Key.fresh(),
        title=title,
        version=shown.number,
        effective_on=shown.effective_on,
        summary=shown.summary,
        digest=shown.digest,
        clauses=body,
        accepted_at=accepted.accepted_at if accepted else None,
        accepted_by=accepted.handler_name if accepted else "",
        refusals=refusals,
    )
