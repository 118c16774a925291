"""A handler's way in: user name and password, then the code from the telephone or from an authenticator.

Between the two the browser holds the login's secret in a cookie of its own, good for these addresses alone.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from hpf.faces.public import proof
from hpf.faces.web import entering, forms
from hpf.faces.web.door import HallRequest
from hpf.faces.web.entering import PORTAL, LoginForm, under_way
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.public import LoginCodePage
from hpf.faces.web.version_rows import coming_version
from hpf.hall_access import operations, queries
from hpf.hall_access.proofs import ProofPurpose
from hpf.hall_access.rules import ChallengeState
from hpf.kernel import Refusal, Refused
from hpf.storage import reading

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CodeForm:
    code: str = ask("6 位验证码", forms.text(20), autocomplete="one-time-code")


def login(request: HallRequest) -> HttpResponse:
    """User name and password; when they are right, a code is on its way."""
    if request.method != "POST":
        return entering.first_page(request, PORTAL, coming_version(request.today))
    try:
        form = forms.read(LoginForm, request.POST)
        proof.take(request, ProofPurpose.LOGIN)
        challenge = operations.start_login(form.user_name, form.password, request.visit)
    except Refused as refused:
        return refused_page(request, "public/login.html", entering.login_page(PORTAL, request.POST, refused.refusals))
    with suppress(Refused):  # one a minute: the page that asks for the code says when another may be sent
        operations.issue_code(challenge.token, request.visit)
    return entering.hold(entering.onward(request, "login-code"), PORTAL, challenge.token)


def login_code(request: HallRequest) -> HttpResponse:
    """The code; when it is right, the browser is in."""
    if request.method != "POST":
        try:
            state = queries.challenge_state(under_way(request), request.visit)
        except Refused:
            return HttpResponseRedirect(reverse("login"))
        return page(request, "public/login_code.html", _code_page(request, state))
    try:
        form = forms.read(CodeForm, request.POST)
        token = operations.finish_login(under_way(request), form.code, request.visit)
    except Refused as refused:
        return _code_refused(request, refused.refusals)
    return entering.let_in(request, PORTAL, token)


def login_app(request: HallRequest) -> HttpResponse:
    """The code of the handler's authenticator in the place of the one sent to the mobile."""
    return entering.authenticator_code(request, PORTAL)


def resend(request: HallRequest) -> HttpResponse:
    """Another code for the login under way; the one before it is dead."""
    try:
        proof.take(request, ProofPurpose.CODE)
        operations.issue_code(under_way(request), request.visit)
    except Refused as refused:
        return _code_refused(request, refused.refusals)
    return entering.onward(request, "login-code")


def _code_refused(request: HallRequest, refusals: tuple[Refusal, ...]) -> HttpResponse:
    """The page of the code again; where the login is over, that of the password."""
    if set(refusals) & set(entering.OVER):
        return refused_page(request, "public/login.html", entering.login_page(PORTAL, QueryDict(), refusals))
    with reading(request.actor):
        try:
            state = queries.challenge_state(under_way(request), request.visit)
        except Refused as over:
            said = (*refusals, *over.refusals)
            return refused_page(request, "public/login.html", entering.login_page(PORTAL, QueryDict(), said))
        return refused_page(request, "public/login_code.html", _code_page(request, state, refusals))


def _code_page(request: HallRequest, state: ChallengeState, refusals: tuple[Refusal, ...] = ()) -> LoginCodePage:
    given = request.POST if request.method == "POST" else request.GET
    left = max(state.code_until - request.visit.now, timedelta()) if state.code_until else timedelta()
    return LoginCodePage(
        inputs=forms.inputs(CodeForm, None, refusals),
        mobile_masked=state.mobile_masked,
        minutes_valid=-(-left // _MINUTE),
        resend_after=state.wait_seconds,
        has_authenticator=state.has_authenticator,
        next=given.get("next", ""),
        refusals=refusals,
    )
