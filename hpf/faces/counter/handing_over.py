"""Handing user name and initial password to a handler (发放用户名和初始密码), on paper or by text message.

The password is made here, when it is handed out, and stands in the paper that answers the form, or in the message to
the bound mobile: on no page, in no address, not in the database. The same form sent again prints and sends nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.evidence import Receipt
from hpf.faces.counter.employers import HandOverForm, employer_page
from hpf.faces.web import forms
from hpf.faces.web.answers import PDF, file_response, told
from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import refused_page
from hpf.faces.web.papers import center_shape, imprint
from hpf.hall_access.passwords import reissue_initial_password
from hpf.hall_access.rules import CHINA
from hpf.kernel import Key, Refusal, Refused
from hpf.papers.shapes import InitialPasswordLetter, UnitShape
from hpf.papers.slips import initial_password_letter
from hpf.registry.codes import Duty
from hpf.registry.handlers import handler_of
from hpf.registry.models import Handler, UnitAccount
from hpf.storage import reading

PAPER, _MINUTE = "paper", 60
PRINTED = Refusal(
    "ACCESS-SLIP-PRINTED",
    "这份初始密码函已经打印过",
    "初始密码只打印一次，系统不保存",
    "本人没有拿到的，请重新勾选后再发放；那是新的密码，原来的随即失效",
)


def hand_over(request: HallRequest, employer_id: int) -> HttpResponse:
    """Make a new initial password; print it, once, on a sheet to be sealed, or send it to the bound mobile."""
    with reading(request.actor):
        handler = handler_of(employer_id)
    if handler is None:
        raise Http404

    def refused(refusals: tuple[Refusal, ...]) -> HttpResponse:
        with reading(request.actor):
            return refused_page(request, "counter/employer.html", employer_page(request, employer_id, refusals))

    return hand_to(request, handler, reverse("counter:employer", args=[employer_id]), refused)


def hand_to(
    request: HallRequest, user: Handler, then: str, otherwise: Callable[[tuple[Refusal, ...]], HttpResponse]
) -> HttpResponse:
    """Give a user of an employer's a new initial password; ``then`` is the page to go on from when it went by SMS."""
    try:
        forms.read(HandOverForm, request.POST)
        key = forms.read_key(request.POST)
        by_sms = request.POST.get("delivery") == "sms"
        receipt, password = reissue_initial_password(
            user.pk, by=request.actor, visit=request.visit, key=key, by_sms=by_sms
        )
    except Refused as refused:
        return otherwise(refused.refusals)
    if by_sms:
        return told(then, receipt)
    return _slip(request, user.pk, receipt, password, key) if password else otherwise((PRINTED,))


def _slip(request: HallRequest, handler_id: int, receipt: Receipt, password: str, key: Key) -> HttpResponse:
    with reading(request.actor):
        center = center_shape()
        handler = Handler.objects.select_related("employer").get(pk=handler_id)
        unit = UnitAccount.objects.filter(employer_id=handler.employer_id).earliest("pk")
    paper = initial_password_letter(
        InitialPasswordLetter(
            center=center,
            imprint=imprint(request, str(receipt.number)),
            unit=UnitShape(handler.employer.name, unit.number),
            duty=Duty(handler.duty).label,
            handler=handler.name,
            user_name=handler.user_name,
            password=password,
            valid_until=_expires_on(handler),
            hall_address=settings.HALL.public_url,
        )
    )
    response = file_response(paper, f"初始密码函{handler.user_name}.pdf", PDF)
    # The page that asked for it, and stays, reads that it has come (``hall.js``).
    response.set_cookie(
        PAPER, f"{key}:{receipt.number}", max_age=_MINUTE, samesite="Strict", secure=settings.CSRF_COOKIE_SECURE
    )
    return response


def _expires_on(handler: Handler) -> date:
    at = handler.initial_password_expires_at
    if at is None:
        raise ValueError(f"handler {handler.pk} was given no initial password")
    return at.astimezone(CHINA).date()
