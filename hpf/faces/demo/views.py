"""The demonstration's users and text messages, and its business day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hpf import evidence, policy
from hpf.faces.cli.demo.days import doubt_about
from hpf.faces.cli.demo.plan import plan
from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import own_address, page, refused_response
from hpf.faces.web.shapes.public import DemoCode, DemoCodesPage, DemoDayPage, DemoMail, DemoUser
from hpf.hall_access.authenticators import usable_code
from hpf.hall_access.founding import FOUNDED
from hpf.hall_access.models import PrincipalKind
from hpf.kernel import Refused
from hpf.kernel.identity import mask_mobile
from hpf.notices.sms import mailbox, outbox
from hpf.registry.codes import Duty, Role
from hpf.registry.models import Handler, Staff
from hpf.storage import durable


@dataclass(frozen=True, slots=True)
class DayForm:
    day: date = ask("业务日期", forms.day())


def codes(request: HallRequest) -> HttpResponse:
    """As whom the demonstration can be entered, and the text messages and mails that it did not send."""
    _hide_from_real_centers()
    messages = tuple(
        DemoCode(one.created_at, mask_mobile(one.mobile), one.text, one.code, one.valid_until) for one in outbox()
    )
    mails = tuple(DemoMail(one.created_at, one.address, one.subject, one.text) for one in mailbox())
    return page(request, "public/demo_codes.html", DemoCodesPage(messages, tuple(_users(request.visit.now)), mails))


def day(request: HallRequest) -> HttpResponse:
    """Let everything happen on another day from now on; comes back to the page on which it was chosen, by way of
    what does not go on that day."""
    here = own_address(request, request.POST.get("here", ""))
    if here == reverse("demo:day"):  # this very page, which nobody can be sent back to
        here = "/"
    try:
        chosen = forms.read(DayForm, request.POST).day
    except Refused as refused:
        return refused_response(request, refused, back=here)
    with durable(request.actor):
        _hide_from_real_centers()
        policy.choose_business_day(chosen)
        evidence.record("choose_business_day", by=request.actor, today=request.today, detail={"chosen": chosen})
        doubt = doubt_about(chosen)
    if doubt is not None:
        return page(request, "public/demo_day.html", DemoDayPage(chosen, doubt.chinese, here))
    return HttpResponseRedirect(here)


def _hide_from_real_centers() -> None:
    """A center that was founded has real users, whatever mode a process was started in. Raises ``Http404``."""
    if evidence.done(FOUNDED):
        raise Http404


def _users(now: datetime) -> Iterator[DemoUser]:
    """Those of the demonstration's plan who are there, with the passwords that the plan gave them."""
    faces = settings.HALL.faces
    if "counter" in faces:
        yield from _staff(now)
    if "portal" in faces:
        yield from _handlers(now)


def _staff(now: datetime) -> Iterator[DemoUser]:
    known = {person.user_name: person for person in plan().center.staff}
    for person in Staff.objects.filter(user_name__in=known, active=True).order_by("id"):
        roles = "、".join(Role(role).label for role in person.roles)
        code, seconds = usable_code(PrincipalKind.STAFF, person.pk, now) or ("", 0)
        who, password = f"{roles} {person.name}", known[person.user_name].password
        yield DemoUser(who, reverse("counter:login"), person.user_name, password, code, seconds)


def _handlers(now: datetime) -> Iterator[DemoUser]:
    """The plan's own; whoever came in somebody's place has a password of his own."""
    known = {one.application.credit_code: one for one in (*plan().employers, plan().newcomer)}
    handlers = Handler.objects.filter(employer__credit_code__in=known, duty=Duty.HANDLER, active=True)
    for handler in handlers.select_related("employer").order_by("id"):
        planned = known[handler.employer.credit_code]
        if handler.name != planned.application.handler_name:
            continue
        code, seconds = usable_code(PrincipalKind.HANDLER, handler.pk, now) or ("", 0)
        who = f"{handler.employer.name} 经办人 {handler.name}"
        yield DemoUser(who, reverse("login"), handler.user_name, planned.password, code, seconds)
