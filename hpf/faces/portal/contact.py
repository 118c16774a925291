"""联系方式: the bound mobile, which changes at the counter alone, and where mails go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from hpf.evidence import Receipt
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.messages import ContactPage
from hpf.kernel import Key, Refusal
from hpf.kernel.identity import mask_mobile
from hpf.messaging import own, queries
from hpf.messaging.rules import LONGEST_ADDRESS
from hpf.registry.codes import Duty
from hpf.registry.models import Handler

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
        return page(request, TEMPLATE, _page(request))

    def operate(key: Key) -> Receipt:
        return own.ask_email(forms.read(EmailForm, request.POST).email, **_act(request), key=key)

    return _done(request, operate)


def confirm(request: HallRequest) -> HttpResponse:
    """The code from the mail."""

    def operate(key: Key) -> Receipt:
        return own.confirm_email(forms.read(CodeForm, request.POST).code, **_act(request), key=key)

    return _done(request, operate)


def drop(request: HallRequest) -> HttpResponse:
    """No more mails."""
    return _done(request, lambda key: own.drop_email(**_act(request), key=key))


def _act(request: HallRequest) -> dict[str, Any]:
    return {"by": request.actor, "today": request.today, "now": request.visit.now}


def _done(request: HallRequest, operate: Callable[[Key], Receipt]) -> HttpResponse:
    return posted(
        request,
        operate,
        lambda _: reverse("portal:contact"),
        lambda found: page(request, TEMPLATE, _page(request, tuple(found))),
    )


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
