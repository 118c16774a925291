"""What a handler does about his own access: the first password, leaving."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse

from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest, forget
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.public import PasswordPage
from hpf.hall_access import operations
from hpf.hall_access.rules import PASSWORD_RULES
from hpf.kernel import Key, Refusal, Refused


@dataclass(frozen=True, slots=True)
class FirstPasswordForm:
    password: str = ask("新密码", forms.password(), autocomplete="new-password")
    again: str = ask("再输入一次", forms.password(), autocomplete="new-password")


def first_password(request: HallRequest) -> HttpResponse:
    """A password of one's own in the place of the initial one."""
    if request.method != "POST":
        return page(request, "public/first_password.html", _password_page())
    try:
        form = forms.read(FirstPasswordForm, request.POST)
        operations.change_password(
            old="",  # the initial one has just opened this session, and is spent
            new=form.password,
            again=form.again,
            by=request.actor,
            token=request.token,
            visit=request.visit,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        return refused_page(request, "public/first_password.html", _password_page(refused.refusals))
    return HttpResponseRedirect(reverse("agreement"))


def leave(request: HallRequest) -> HttpResponse:
    """Log out (安全退出)."""
    operations.end_session(request.token, request.actor, request.visit)
    rotate_token(request)
    return forget(HttpResponseRedirect(reverse("login")), "portal")


def _password_page(refusals: tuple[Refusal, ...] = ()) -> PasswordPage:
    return PasswordPage(forms.inputs(FirstPasswordForm, None, refusals), Key.fresh(), PASSWORD_RULES, refusals)
