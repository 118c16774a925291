"""附件1 filled in at home (预填), before anybody is known: one page, kept only when it is sent.

The browser holds a secret in a cookie of these addresses; with it, for some minutes after the code was right, the form
can be read and printed. After that it takes the number and another code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hpf.agreement import queries as agreements
from hpf.employer_registration import prefilling
from hpf.employer_registration.models import Application, ApplicationState
from hpf.employer_registration.prefilling import Caller
from hpf.employer_registration.queries import form_of
from hpf.faces.public import proof
from hpf.faces.web import forms
from hpf.faces.web.answers import PDF, file_response
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import Input, ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.papers import imprint
from hpf.faces.web.registration_form import GROUPS, registration_paper, shown, typed
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.shapes.public import AdvanceDonePage, AdvanceFindPage, AdvanceFormPage
from hpf.hall_access.proofs import ProofPurpose
from hpf.kernel import Refusal, Refused
from hpf.publications.rules import Kind
from hpf.registry.codes import AgreementDocument
from hpf.storage import reading

COOKIE = "application"
BRING = ("经办人身份证原件", "身份证复印件 1 份", "单位介绍信，盖章", "申请表一式二份，负责人签字、单位签章")

NEXT_STEPS = {
    ApplicationState.ACCEPTED: "柜台已受理，正在核对材料。现在不用再来。",
    ApplicationState.UNDER_REVIEW: "柜台已受理，正在复核。现在不用再来。",
    ApplicationState.RETURNED: "复核后退回补正。请向受理网点问清要补正什么，由经办人带材料到柜台办理；不必重新填写。",
    ApplicationState.REGISTERED: "已经登记。请经办人带身份证到受理网点领取用户名和初始密码；领过的，可以登录网厅。",
    ApplicationState.REFUSED: "不予登记。请向受理网点询问原因；条件具备后可以重新申请。",
    ApplicationState.WITHDRAWN: "申请已经撤回。需要登记的，请重新填写。",
}
"""What the employer does next, once its form has come to the counter."""


@dataclass(frozen=True, slots=True)
class CodeForm:
    code: str = ask("短信验证码", forms.text(20), autocomplete="one-time-code")


@dataclass(frozen=True, slots=True)
class NumberForm:
    number: str = ask("申请编号", forms.text(40), hint="申请表右上方的 12 位数字")


def apply(request: HallRequest) -> HttpResponse:
    """The form. One button sends a code to the mobile, the other sends the form with it."""
    if request.method != "POST":
        return page(request, "public/advance_form.html", _form_page(request.today, shown({})))
    return _ask(request) if request.POST.get("act") == "code" else _send(request)


def done(request: HallRequest) -> HttpResponse:
    """What was kept: its number, and what to do with it."""
    found = prefilling.read(_token(request), _caller(request))
    if found is None:
        return HttpResponseRedirect(reverse("apply-find"))
    return page(request, "public/advance_done.html", _done_page(found))


def paper(request: HallRequest) -> HttpResponse:
    """附件1 in duplicate, to be signed and brought along."""
    found = prefilling.read(_token(request), _caller(request))
    if found is None:
        return HttpResponseRedirect(reverse("apply-find"))
    content = registration_paper(form_of(found), imprint(request, found.number, by="单位预填"))
    return file_response(content, f"单位开户登记申请表{found.number}.pdf", PDF)


def find(request: HallRequest) -> HttpResponse:
    """A form that was sent before: its number. Whether there is one of that number, nobody is told here."""
    if request.method != "POST":
        return page(request, "public/advance_find.html", _find_page())
    try:
        proof.take(request, ProofPurpose.PREFILL)
        asked = prefilling.ask_to_read(request.POST.get("number", ""), _caller(request))
    except Refused as refused:
        return refused_page(request, "public/advance_find.html", _find_page(refused.refusals, request))
    return _remember(HttpResponseRedirect(reverse("apply-code")), asked.token)


def code(request: HallRequest) -> HttpResponse:
    """The code that went to the form's mobile, if there is such a form."""
    if request.method != "POST":
        if not _token(request):
            return HttpResponseRedirect(reverse("apply-find"))
        return page(request, "public/advance_find.html", _code_page())
    try:
        prefilling.prove_reader(_token(request), request.POST.get("code", ""), _caller(request))
    except Refused as refused:
        return refused_page(request, "public/advance_find.html", _code_page(refused.refusals))
    return HttpResponseRedirect(reverse("apply-done"))


def _ask(request: HallRequest) -> HttpResponse:
    try:
        proof.take(request, ProofPurpose.PREFILL)
        asked = prefilling.ask_to_prefill(typed(request.POST), _caller(request))
    except Refused as refused:
        return _again(request, refused.refusals)
    with reading(request.actor):
        shape = _form_page(request.today, shown(request.POST), sent_to=asked.mobile_masked, minutes=asked.minutes)
        response = page(request, "public/advance_form.html", shape)
    return _remember(response, asked.token)


def _send(request: HallRequest) -> HttpResponse:
    try:
        prefilling.prefill(typed(request.POST), _token(request), request.POST.get("code", ""), _caller(request))
    except Refused as refused:
        return _again(request, refused.refusals)
    return HttpResponseRedirect(reverse("apply-done"))


def _again(request: HallRequest, refusals: tuple[Refusal, ...]) -> HttpResponse:
    with reading(request.actor):
        shape = _form_page(request.today, shown(request.POST, refusals), refusals)
        return refused_page(request, "public/advance_form.html", shape)


def _form_page(
    today: date, inputs: dict[str, Input], refusals: tuple[Refusal, ...] = (), *, sent_to: str = "", minutes: int = 0
) -> AdvanceFormPage:
    fields = inputs | forms.inputs(CodeForm, None, refusals)
    *groups, declared = GROUPS
    readings = tuple(_readings(today))
    return AdvanceFormPage(fields, (*groups, replace(declared, readings=readings)), sent_to, minutes, refusals)


def _readings(today: date) -> Iterator[Link]:
    """What the declarations speak of: the agreement in force, where there is one, and what the center publishes."""
    if found := agreements.newest(AgreementDocument.AGREEMENT, today):
        yield Link(f"服务协议（版本 {found.number}）", reverse("agreement-version", args=[found.id]))
    for kind in (Kind.POLICY, Kind.GUIDE, Kind.MANUAL):
        yield Link(kind.label, f"{reverse('publications')}?kind={kind}")


def _done_page(found: Application) -> AdvanceDonePage:
    return AdvanceDonePage(
        number=found.number,
        name=found.name,
        state=ApplicationState(found.state),
        next_step=NEXT_STEPS.get(ApplicationState(found.state), ""),
        branch=found.branch.name,
        branch_address=found.branch.address,
        branch_hours=found.branch.hours,
        bring=BRING if found.state == ApplicationState.PREFILLED else (),
    )


def _find_page(refusals: tuple[Refusal, ...] = (), request: HallRequest | None = None) -> AdvanceFindPage:
    return AdvanceFindPage(forms.inputs(NumberForm, request.POST if request else None, refusals), refusals=refusals)


def _code_page(refusals: tuple[Refusal, ...] = ()) -> AdvanceFindPage:
    return AdvanceFindPage(forms.inputs(CodeForm, None, refusals), asked=True, refusals=refusals)


def _caller(request: HallRequest) -> Caller:
    return Caller(request.visit.network, request.visit.now, request.today)


def _token(request: HallRequest) -> str:
    return request.COOKIES.get(COOKIE, "")


def _remember(response: HttpResponse, token: str) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        token,
        path=reverse("apply"),
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response
