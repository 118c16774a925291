"""联系方式: the bound mobile, which changes at the counter alone, and where mails go."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from hpf.evidence import events_about
from hpf.faces.web import forms
from hpf.faces.web.answers import say_done, told
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.messages import ContactPage
from hpf.kernel import Key, Refusal, Refused
from hpf.kernel.identity import mask_mobile
from hpf.messaging import own, queries
from hpf.messaging.rules import LONGEST_ADDRESS
from hpf.registry.codes import Duty
from hpf.registry.models import Handler
from hpf.storage import reading

TEMPLATE = "portal/contact.html"


@dataclass(frozen=True, slots=True)
class EmailForm:
    email: str = ask("电子邮箱", forms.text(LONGEST_ADDRESS, kind="email"), autocomplete="email")


@dataclass(frozen=True, slots=True)
class CodeForm:
    code: str = ask("邮件里的 6 位验证码", forms.digits(6), autocomplete="one-time-code")


def contact(request: HallRequest) -> HttpResponse:
    """How the center reaches the handler; a new address gets a code first."""
    if request.method != "POST":
        say_done(request, events_about(f"handler:{request.actor.id}", 1))
        return page(request, TEMPLATE, _page(request))
    try:
        form = forms.read(EmailForm, request.POST)
        receipt = own.ask_email(
            form.email,
            by=request.actor,
            today=request.today,
            now=request.visit.now,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        return _again(request, refused.refusals)
    return told(reverse("portal:contact"), receipt)


def confirm(request: HallRequest) -> HttpResponse:
    """The code from the mail."""
    try:
        form = forms.read(CodeForm, request.POST)
        receipt = own.confirm_email(
            form.code,
            by=request.actor,
            today=request.today,
            now=request.visit.now,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        return _again(request, refused.refusals)
    return told(reverse("portal:contact"), receipt)


def drop(request: HallRequest) -> HttpResponse:
    """No more mails."""
    key = forms.read_key(request.POST)
    receipt = own.drop_email(by=request.actor, today=request.today, now=request.visit.now, key=key)
    return told(reverse("portal:contact"), receipt)


def _again(request: HallRequest, refusals: tuple[Refusal, ...]) -> HttpResponse:
    with reading(request.actor):
        return refused_page(request, TEMPLATE, _page(request, refusals))


def _page(request: HallRequest, refusals: tuple[Refusal, ...] = ()) -> ContactPage:
    handler = Handler.objects.get(pk=request.actor.id or 0)
    asked = queries.asked_email(handler.pk, request.visit.now)
    given = request.POST if request.method == "POST" else {}
    return ContactPage(
        mobile_masked=mask_mobile(handler.mobile),
        email=handler.email or "",
        gets_mail=handler.duty == Duty.HANDLER,
        asked=asked,
        minutes=own.CODE_MINUTES,
        inputs=forms.inputs(EmailForm, given, refusals) | forms.inputs(CodeForm, None, refusals),
        key=Key.fresh(),
        code_key=Key.fresh(),
        drop_key=Key.fresh(),
        refusals=refusals,
    )
