"""The staff's way in and out."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse

from hpf.faces.web import entering, forms, own_access
from hpf.faces.web.door import HallRequest, forget
from hpf.faces.web.entering import COUNTER, LoginForm
from hpf.faces.web.pages import page, refused_page
from hpf.hall_access import operations
from hpf.kernel import Refused

TEMPLATE = "public/login.html"


def login(request: HallRequest) -> HttpResponse:
    """User name and password; then the authenticator, or, for who has none yet, the way to one."""
    if request.method != "POST":
        return page(request, TEMPLATE, entering.login_page(COUNTER, request.GET))
    try:
        form = forms.read(LoginForm, request.POST)
        challenge, token = operations.start_staff_login(form.user_name, form.password, request.visit)
    except Refused as refused:
        return refused_page(request, TEMPLATE, entering.login_page(COUNTER, request.POST, refused.refusals))
    if challenge is None:
        return entering.let_in(request, COUNTER, token)
    return entering.hold(entering.onward(request, COUNTER.code), COUNTER, challenge.token)


def login_code(request: HallRequest) -> HttpResponse:
    """The code of the authenticator."""
    return entering.authenticator_code(request, COUNTER)


def password(request: HallRequest) -> HttpResponse:
    """A password of one's own in the place of the initial one."""
    return entering.first_password(request, COUNTER)


def enrol(request: HallRequest) -> HttpResponse:
    """An authenticator of one's own: nobody works at the counter without one."""
    return entering.enrol(request, COUNTER, COUNTER.home)


def security(request: HallRequest) -> HttpResponse:
    """How one's own access stands, and the latest of one's own logins."""
    return own_access.security(request, "counter/security.html")


def change_password(request: HallRequest) -> HttpResponse:
    """Another password."""
    return own_access.change_password(request, COUNTER)


def end_session(request: HallRequest, session_id: int) -> HttpResponse:
    """Log one other browser out."""
    return own_access.end_session(request, COUNTER, session_id)


def end_others(request: HallRequest) -> HttpResponse:
    """Log all other browsers out."""
    return own_access.end_session(request, COUNTER, None)


def looking(request: HallRequest) -> HttpResponse:
    """What many records are needed for."""
    return own_access.looking(request, COUNTER)


def leave(request: HallRequest) -> HttpResponse:
    """Log out (安全退出)."""
    operations.end_session(request.token, request.actor, request.visit)
    rotate_token(request)
    return forget(HttpResponseRedirect(reverse("counter:login")), "counter")
