"""消息模板: what each message says, a center's own words for it, and the ways by which it is not sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.faces.counter.permissions import PUBLISHER
from hpf.faces.counter.reviews import decided, view_of
from hpf.faces.web import forms
from hpf.faces.web.answers import told
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import moment
from hpf.faces.web.forms import ask
from hpf.faces.web.message_words import paragraphs
from hpf.faces.web.pages import page, refused_page, refused_response
from hpf.faces.web.shapes.messages import (
    Preview,
    Switch,
    TemplatePage,
    TemplateRow,
    TemplatesPage,
    VersionLine,
    WordingEditPage,
    WordingPage,
)
from hpf.kernel import Key, Refusal, Refused
from hpf.messaging import wordings
from hpf.messaging.models import DraftState, Wording
from hpf.messaging.rules import LONGEST_TEXT
from hpf.notices.models import PublishedVersion
from hpf.notices.own import own_values
from hpf.notices.places import examples, said_places
from hpf.notices.rendering import Unfilled, render, segments
from hpf.notices.templates import OWN_PLACES, Template, Version, Way, templates
from hpf.notices.wording import switched_off, template_on
from hpf.storage import reading

_EDIT, _DRAFT = "counter/wording_edit.html", "counter/wording.html"


@dataclass(frozen=True, slots=True)
class WordingForm:
    effective_on: date = ask("生效日期", forms.day(), hint="明天或以后；此前的消息仍按原来的文字")
    title: str | None = ask("标题", forms.text(80), required=False)
    sms: str | None = ask("短信内容", forms.text(500, kind="textarea"), required=False, hint="不含签名")
    text: str | None = ask("正文", forms.text(LONGEST_TEXT, kind="textarea"), required=False, hint="空一行是另起一段")


def all_templates(request: HallRequest) -> HttpResponse:
    """Every kind of message, with its ways and its version."""
    rows = []
    for one in templates().values():
        _, version = template_on(one.code, request.today)
        off = switched_off(one.code)
        rows.append(
            TemplateRow(
                reverse("counter:template", args=[one.code]),
                one.name,
                "、".join(way.label for way in one.ways if way not in off),
                "、".join(way.label for way in one.ways if way in off),
                version.number,
                version.effective_on,
            )
        )
    return page(request, "counter/templates.html", TemplatesPage(tuple(rows)))


def one_template(request: HallRequest, code: str) -> HttpResponse:
    """One kind of message: as it reads now, its versions, its ways."""
    one = _known(code)
    _, version = template_on(code, request.today)
    may, off = bool(request.actor.roles & PUBLISHER.roles), switched_off(code)
    own = tuple(
        VersionLine(
            row.number, row.effective_on, f"{row.drafted_by}拟，{row.approved_by}复核 {moment(row.published_at)}"
        )
        for row in wordings.published(code)
    )
    shape = TemplatePage(
        name=one.name,
        places=said_places((*one.values, *sorted(OWN_PLACES))),
        preview=preview(one, version),
        versions=(*own, *(VersionLine(row.number, row.effective_on, "随程序提供") for row in one.versions)),
        switches=tuple(Switch(way.value, way.label, on=way not in off, key=Key.fresh()) for way in one.switchable),
        fixed="、".join(way.label for way in one.ways if way not in one.switchable),
        edit=reverse("counter:template-edit", args=[code]) if may else "",
        switch=reverse("counter:template-switch", args=[code]) if may else "",
    )
    return page(request, "counter/template.html", shape)


def edit(request: HallRequest, code: str) -> HttpResponse:
    """Another wording: looked at with examples, then handed to a second person."""
    one = _known(code)
    if request.method != "POST":
        return page(request, _EDIT, _edit_page(request, one))
    try:
        form = forms.read(WordingForm, request.POST)
        version = _version(form)
        if request.POST.get("act") == "preview":
            with reading(request.actor):
                return page(request, _EDIT, _edit_page(request, one, (), version))
        receipt = wordings.draft_wording(
            code,
            version,
            by=request.actor,
            today=request.today,
            now=request.visit.now,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, _EDIT, _edit_page(request, one, refused.refusals))
    return told(reverse("counter:wording", args=[receipt.result["draft"]]), receipt)


def switch(request: HallRequest, code: str) -> HttpResponse:
    """A way left out, or taken again."""
    here = reverse("counter:template", args=[_known(code).code])
    try:
        way = request.POST.get("way", "")
        receipt = wordings.switch_way(
            code,
            Way(way) if way in list(Way) else Way.INBOX,
            request.POST.get("reason", "")[:200],
            on=bool(request.POST.get("on")),
            by=request.actor,
            today=request.today,
            now=request.visit.now,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        return refused_response(request, refused, back=here)
    return told(here, receipt)


def wording(request: HallRequest, draft_id: int) -> HttpResponse:
    """A wording with its review."""
    return page(request, _DRAFT, _draft_page(request, draft_id))


def decide(request: HallRequest, draft_id: int) -> HttpResponse:
    """The second person's word; approved, it holds from its day on."""
    operation = partial(wordings.decide_wording, now=request.visit.now)
    return decided(request, wordings.WORDING, draft_id, operation, _DRAFT, _draft_page)


def preview(one: Template, version: Version) -> Preview:
    """A version as somebody reads it, with examples. A place that nobody fills stands as it was typed."""
    values = {**examples(one.values), **own_values()}
    sms = _filled(version.sms, values)
    return Preview(
        _filled(version.title, values), sms, segments(sms) if sms else 0, paragraphs(_filled(version.text, values))
    )


def _filled(text: str, values: dict[str, str]) -> str:
    try:
        return render(text, values)
    except Unfilled:
        return text


def _made(row: PublishedVersion) -> str:
    return f"{row.drafted_by}拟，{row.approved_by}复核，{moment(row.published_at)}"


def _known(code: str) -> Template:
    if code not in templates():
        raise Http404
    return templates()[code]


def _version(form: WordingForm) -> Version:
    text = (form.text or "").replace("\r\n", "\n")
    return Version(0, form.effective_on, form.title or "", form.sms or "", text)


def _edit_page(
    request: HallRequest, one: Template, refusals: tuple[Refusal, ...] = (), shown: Version | None = None
) -> WordingEditPage:
    _, present = template_on(one.code, request.today)
    now = {"title": present.title, "sms": present.sms, "text": present.text}
    inputs = forms.inputs(WordingForm, request.POST if request.method == "POST" else now, refusals)
    wanted = ["effective_on"]
    wanted += ["sms"] if Way.SMS in one.ways else []
    wanted += ["title", "text"] if set(one.ways) - {Way.SMS} else []
    return WordingEditPage(
        name=one.name,
        href=reverse("counter:template", args=[one.code]),
        action=reverse("counter:template-edit", args=[one.code]),
        places=said_places((*one.values, *sorted(OWN_PLACES))),
        inputs={name: inputs[name] for name in wanted},
        preview=preview(one, shown) if shown else None,
        key=Key.fresh(),
        refusals=refusals,
    )


def _draft_page(request: HallRequest, draft_id: int, refusals: tuple[Refusal, ...] = ()) -> WordingPage:
    found = Wording.objects.filter(pk=draft_id).first()
    if found is None:
        raise Http404
    one = _known(found.code)
    _, present = template_on(found.code, request.today)
    return WordingPage(
        name=one.name,
        href=reverse("counter:template", args=[found.code]),
        state=DraftState(found.state),
        effective_on=found.effective_on,
        made=f"{found.made_by} {moment(found.made_at)}",
        before=preview(one, present),
        after=preview(one, Version(0, found.effective_on, found.title, found.sms, found.text)),
        review=view_of(wordings.WORDING, draft_id, request.actor, refusals),
        refusals=refusals,
    )
