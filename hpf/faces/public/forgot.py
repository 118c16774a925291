"""忘记密码: a handler recovers the password with the telephone, and with the authenticator where there is one.

Nothing on the way tells whether there is such a user: the first page always leads to the second, and a wrong code is a
wrong code. The browser holds the recovery's secret in a cookie that is good for these addresses alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from hpf.faces.public import proof
from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest
from hpf.faces.web.entering import AuthenticatorForm
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.public import ForgotPage, ResetPage
from hpf.hall_access import passwords, queries
from hpf.hall_access.proofs import ProofPurpose
from hpf.hall_access.rules import AUTHENTICATOR_TRIES, RESET_OVER, ResetStep
from hpf.kernel import Refusal, Refused
from hpf.storage import reading

COOKIE = "reset"
_UNDER_WAY = timedelta(minutes=10)
_TEMPLATE, _START = "public/reset.html", "public/forgot.html"


@dataclass(frozen=True, slots=True)
class ForgotForm:
    user_name: str = ask("用户名", forms.text(60), autocomplete="username")
    credit_code: str = ask(
        "单位统一社会信用代码", forms.text(40), hint="18位，见营业执照或法人证书；登记时填的是9位组织机构代码的，填9位"
    )


@dataclass(frozen=True, slots=True)
class ResetCodeForm:
    code: str = ask("6 位验证码", forms.text(20), autocomplete="one-time-code")


@dataclass(frozen=True, slots=True)
class NewPasswordForm:
    password: str = ask("新密码", forms.password(), autocomplete="new-password")
    again: str = ask("再输入一次", forms.password(), autocomplete="new-password")


_FORMS = {
    ResetStep.CODE: ResetCodeForm,
    ResetStep.AUTHENTICATOR: AuthenticatorForm,
    ResetStep.PASSWORD: NewPasswordForm,
}


def forgot(request: HallRequest) -> HttpResponse:
    """User name and credit code; a code is on its way if they belong together."""
    if request.method != "POST":
        return page(request, _START, _start_page(request.GET))
    try:
        form = forms.read(ForgotForm, request.POST)
        proof.take(request, ProofPurpose.RESET)
        secret = passwords.ask_reset(form.user_name, form.credit_code, request.visit)
    except Refused as refused:
        return refused_page(request, _START, _start_page(request.POST, refused.refusals))
    response = HttpResponseRedirect(reverse("reset"))
    response.set_cookie(
        COOKIE,
        secret,
        max_age=_UNDER_WAY,
        path=reverse("forgot"),
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def reset(request: HallRequest) -> HttpResponse:
    """The step that comes next: the code, the authenticator, the new password. One address for all of them."""
    secret = request.COOKIES.get(COOKIE, "")
    if request.method != "POST":
        try:
            step = queries.reset_step(secret, request.visit)
        except Refused:
            return HttpResponseRedirect(reverse("forgot"))
        return page(request, _TEMPLATE, replace(_step_page(step), resent="resent" in request.GET))
    with reading(request.actor):
        try:
            step = queries.reset_step(secret, request.visit)
        except Refused as over:
            return refused_page(request, _START, _start_page(QueryDict(), over.refusals))
    try:
        _take(request, step, secret)
    except Refused as refused:
        if {RESET_OVER, AUTHENTICATOR_TRIES} & set(refused.refusals):
            return refused_page(request, _START, _start_page(QueryDict(), refused.refusals))
        with reading(request.actor):
            return refused_page(request, _TEMPLATE, _step_page(step, refused.refusals))
    if step is not ResetStep.PASSWORD:
        return HttpResponseRedirect(reverse("reset"))
    response = HttpResponseRedirect(reverse("recovered"))
    response.delete_cookie(COOKIE, path=reverse("forgot"))
    return response


def recovered(request: HallRequest) -> HttpResponse:
    """What comes after the last step."""
    return page(request, "public/recovered.html", None)


def resend(request: HallRequest) -> HttpResponse:
    """Another code; whether one was sent is not said."""
    try:
        proof.take(request, ProofPurpose.CODE)
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, _TEMPLATE, _step_page(ResetStep.CODE, refused.refusals))
    passwords.resend_reset_code(request.COOKIES.get(COOKIE, ""), request.visit)
    return HttpResponseRedirect(reverse("reset") + "?resent=1")


def _take(request: HallRequest, step: ResetStep, secret: str) -> None:
    """Read the step's form and do what it asks for."""
    if step is ResetStep.CODE:
        passwords.prove_reset(secret, forms.read(ResetCodeForm, request.POST).code, request.visit)
    elif step is ResetStep.AUTHENTICATOR:
        code = forms.read(AuthenticatorForm, request.POST).code
        passwords.prove_reset_by_authenticator(secret, code, request.visit)
    else:
        form = forms.read(NewPasswordForm, request.POST)
        passwords.recover_password(secret, form.password, form.again, request.visit)


def _start_page(given: QueryDict, refusals: tuple[Refusal, ...] = ()) -> ForgotPage:
    return ForgotPage(forms.inputs(ForgotForm, given, refusals), refusals)


def _step_page(step: ResetStep, refusals: tuple[Refusal, ...] = ()) -> ResetPage:
    rules = passwords.password_rules() if step is ResetStep.PASSWORD else ()
    return ResetPage(step, forms.inputs(_FORMS[step], None, refusals), rules, refusals)
