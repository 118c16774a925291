"""A handler's way in: user name and password, then the code from the telephone.

Between the two the browser holds the login's secret in a cookie of its own, good for these addresses alone.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import rotate_token
from django.urls import reverse

from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest, remember
from hpf.faces.web.forms import ask
from hpf.faces.web.login_form import LoginForm
from hpf.faces.web.pages import own_address, page, refused_page
from hpf.faces.web.shapes.public import LoginCodePage, LoginPage
from hpf.faces.web.version_rows import coming_version
from hpf.hall_access import operations, queries
from hpf.hall_access.rules import INITIAL_SPENT, LOGIN_OVER, ChallengeState
from hpf.kernel import Refusal, Refused
from hpf.storage import reading

UNDER_WAY_COOKIE = "login"
_UNDER_WAY = timedelta(minutes=10)
_MINUTE = timedelta(minutes=1)
_OVER = (LOGIN_OVER, INITIAL_SPENT)  # after these there is nothing to give a code to


@dataclass(frozen=True, slots=True)
class CodeForm:
    code: str = ask("6 位验证码", forms.text(20), autocomplete="one-time-code")


def login(request: HallRequest) -> HttpResponse:
    """User name and password; when they are right, a code is on its way."""
    if request.method != "POST":
        shape = replace(login_page(request.GET), coming=coming_version(request.today))
        return page(request, "public/login.html", shape)
    try:
        form = forms.read(LoginForm, request.POST)
        challenge = operations.start_login(form.user_name, form.password, request.visit)
    except Refused as refused:
        return refused_page(request, "public/login.html", login_page(request.POST, refused.refusals))
    with suppress(Refused):  # one a minute: the page that asks for the code says when another may be sent
        operations.issue_code(challenge.token, request.visit)
    response = _to_code(request)
    response.set_cookie(
        UNDER_WAY_COOKIE,
        challenge.token,
        max_age=_UNDER_WAY,
        path=reverse("login"),
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def login_code(request: HallRequest) -> HttpResponse:
    """The code; when it is right, the browser is in."""
    if request.method != "POST":
        try:
            state = queries.challenge_state(_under_way(request), request.visit)
        except Refused:
            return HttpResponseRedirect(reverse("login"))
        return page(request, "public/login_code.html", _code_page(request, state))
    try:
        form = forms.read(CodeForm, request.POST)
        token = operations.finish_login(_under_way(request), form.code, request.visit)
    except Refused as refused:
        return _code_refused(request, refused.refusals)
    rotate_token(request)
    response = HttpResponseRedirect(own_address(request, request.POST.get("next", "")))
    response.delete_cookie(UNDER_WAY_COOKIE, path=reverse("login"))
    return remember(response, "portal", token)


def resend(request: HallRequest) -> HttpResponse:
    """Another code for the login under way; the one before it is dead."""
    try:
        operations.issue_code(_under_way(request), request.visit)
    except Refused as refused:
        return _code_refused(request, refused.refusals)
    return _to_code(request)


def login_page(given: QueryDict, refusals: tuple[Refusal, ...] = ()) -> LoginPage:
    """The page that asks for user name and password, as it was filled in."""
    return LoginPage(forms.inputs(LoginForm, given, refusals), given.get("next", ""), refusals=refusals)


def _code_refused(request: HallRequest, refusals: tuple[Refusal, ...]) -> HttpResponse:
    """The page of the code again; where the login is over, that of the password."""
    if set(refusals) & set(_OVER):
        return refused_page(request, "public/login.html", login_page(QueryDict(), refusals))
    with reading(request.actor):
        try:
            state = queries.challenge_state(_under_way(request), request.visit)
        except Refused as over:
            return refused_page(request, "public/login.html", login_page(QueryDict(), over.refusals))
        return refused_page(request, "public/login_code.html", _code_page(request, state, refusals))


def _code_page(request: HallRequest, state: ChallengeState, refusals: tuple[Refusal, ...] = ()) -> LoginCodePage:
    given = request.POST if request.method == "POST" else request.GET
    left = max(state.code_until - request.visit.now, timedelta()) if state.code_until else timedelta()
    return LoginCodePage(
        inputs=forms.inputs(CodeForm, None, refusals),
        mobile_masked=state.mobile_masked,
        minutes_valid=-(-left // _MINUTE),
        resend_after=state.wait_seconds,
        next=given.get("next", ""),
        refusals=refusals,
    )


def _to_code(request: HallRequest) -> HttpResponse:
    wanted = request.POST.get("next", "")
    return HttpResponseRedirect(reverse("login-code") + (f"?{urlencode({'next': wanted})}" if wanted else ""))


def _under_way(request: HallRequest) -> str:
    return request.COOKIES.get(UNDER_WAY_COOKIE, "")
