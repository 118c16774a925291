"""The staff's way in and out."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import rotate_token
from django.urls import reverse

from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest, forget, remember
from hpf.faces.web.login_form import LoginForm
from hpf.faces.web.pages import own_address, page, refused_page
from hpf.faces.web.shapes.public import LoginPage
from hpf.hall_access import operations
from hpf.kernel import Refusal, Refused

TEMPLATE = "public/login.html"


def login(request: HallRequest) -> HttpResponse:
    """User name and password."""
    if request.method != "POST":
        return page(request, TEMPLATE, _page(request.GET))
    try:
        form = forms.read(LoginForm, request.POST)
        token = operations.login_staff(form.user_name, form.password, request.visit)
    except Refused as refused:
        return refused_page(request, TEMPLATE, _page(request.POST, refused.refusals))
    rotate_token(request)
    address = own_address(request, request.POST.get("next", ""), reverse("counter:home"))
    return remember(HttpResponseRedirect(address), "counter", token)


def leave(request: HallRequest) -> HttpResponse:
    """Log out (安全退出)."""
    operations.end_session(request.token, request.actor, request.visit)
    rotate_token(request)
    return forget(HttpResponseRedirect(reverse("counter:login")), "counter")


def _page(given: QueryDict, refusals: tuple[Refusal, ...] = ()) -> LoginPage:
    return LoginPage(forms.inputs(LoginForm, given, refusals), given.get("next", ""), staff=True, refusals=refusals)
