"""登录安全: what everybody does about his own access once he is in. Each face puts it under its addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest
from hpf.faces.web.entering import Side
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import own_address, page, refused_page
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.shapes.public import ConfirmPage, LookingPage, SecurityPage
from hpf.hall_access import operations, passwords, queries
from hpf.hall_access.looking import confirm_looking
from hpf.hall_access.models import SessionEnd
from hpf.hall_access.rules import SessionLine
from hpf.kernel import Key, Refusal, Refused
from hpf.storage import reading

_CHANGE, _DROP = "public/change_password.html", "public/drop_authenticator.html"
_LOOKING = "public/looking.html"


@dataclass(frozen=True, slots=True)
class ChangeForm:
    old: str = ask("现在的密码", forms.password(), autocomplete="current-password")
    password: str = ask("新密码", forms.password(), autocomplete="new-password")
    again: str = ask("再输入一次新密码", forms.password(), autocomplete="new-password")


@dataclass(frozen=True, slots=True)
class DropForm:
    old: str = ask("登录密码", forms.password(), autocomplete="current-password")


@dataclass(frozen=True, slots=True)
class LookingForm:
    reason: str = ask("用途", forms.text(200), hint="例如：核对全年缴存，准备审计材料")
    old: str = ask("登录密码", forms.password(), autocomplete="current-password")


def security(request: HallRequest, template: str, *, has_pack: bool = False) -> HttpResponse:
    """Password, authenticator, and the latest of one's own logins, newest first."""
    lines = _as_they_are(queries.sessions(request.token), request)
    shape = SecurityPage(
        own=queries.own_security(request.token, request.actor, request.visit),
        lines=lines,
        last=queries.last_login(lines),
        now=request.visit.now,
        has_pack=has_pack,
    )
    return page(request, template, shape)


def _as_they_are(lines: list[SessionLine], request: HallRequest) -> tuple[SessionLine, ...]:
    """A login that nobody has used for as long as one may rest is over, though nobody has come back to be told so."""
    own = next((line for line in lines if line.is_this), None)
    if own is None or request.principal is None:
        return tuple(lines)
    rest = request.principal.idle_at - own.seen_at
    return tuple(
        replace(line, ended_at=line.seen_at + rest, ended_why=SessionEnd.IDLE.label)
        if line.ended_at is None and line.seen_at + rest <= request.visit.now
        else line
        for line in lines
    )


def change_password(request: HallRequest, side: Side) -> HttpResponse:
    """Another password; all other browsers are logged out."""
    if request.method != "POST":
        return page(request, _CHANGE, _change_page(side))
    try:
        form = forms.read(ChangeForm, request.POST)
        passwords.change_password(
            old=form.old,
            new=form.password,
            again=form.again,
            by=request.actor,
            token=request.token,
            visit=request.visit,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, _CHANGE, _change_page(side, refused.refusals))
    return HttpResponseRedirect(reverse(side.security))


def drop_authenticator(request: HallRequest, side: Side) -> HttpResponse:
    """No authenticator any more: the text message alone."""
    if request.method != "POST":
        return page(request, _DROP, _drop_page(side))
    try:
        form = forms.read(DropForm, request.POST)
        key = forms.read_key(request.POST)
        passwords.drop_authenticator(form.old, by=request.actor, visit=request.visit, key=key)
    except Refused as refused:
        return refused_page(request, _DROP, _drop_page(side, refused.refusals))
    return HttpResponseRedirect(reverse(side.security))


def end_session(request: HallRequest, side: Side, session_id: int | None) -> HttpResponse:
    """Log another browser out, or with ``None`` all others. One that has ended meanwhile stays as it is."""
    operations.end_own_sessions(session_id, token=request.token, by=request.actor, visit=request.visit)
    return HttpResponseRedirect(reverse(side.security))


def looking(request: HallRequest, side: Side) -> HttpResponse:
    """What so many records are needed for; then on to where it was asked."""
    if request.method != "POST":
        return page(request, _LOOKING, _looking_page(request, side))
    try:
        form, key = forms.read(LookingForm, request.POST), forms.read_key(request.POST)
        confirm_looking(form.reason, form.old, token=request.token, by=request.actor, visit=request.visit, key=key)
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, _LOOKING, _looking_page(request, side, refused.refusals))
    return HttpResponseRedirect(own_address(request, request.POST.get("next", ""), reverse(side.home)))


def keep(request: HallRequest) -> HttpResponse:
    """Still here: the door has renewed the session by now."""
    del request
    return HttpResponse(status=204)


def _looking_page(request: HallRequest, side: Side, refusals: tuple[Refusal, ...] = ()) -> LookingPage:
    given = request.POST if request.method == "POST" else request.GET
    return LookingPage(
        inputs=forms.inputs(LookingForm, request.POST if request.method == "POST" else None, refusals),
        key=Key.fresh(),
        action=reverse(f"{side.name}:looking"),
        next=own_address(request, given.get("next", ""), reverse(side.home)),
        back=Link("返回首页", reverse(side.home)),
        refusals=refusals,
    )


def _change_page(side: Side, refusals: tuple[Refusal, ...] = ()) -> ConfirmPage:
    return ConfirmPage(
        inputs=forms.inputs(ChangeForm, None, refusals),
        key=Key.fresh(),
        action=reverse(side.change),
        back=Link("返回登录安全", reverse(side.security)),
        rules=passwords.password_rules(),
        refusals=refusals,
    )


def _drop_page(side: Side, refusals: tuple[Refusal, ...] = ()) -> ConfirmPage:
    return ConfirmPage(
        inputs=forms.inputs(DropForm, None, refusals),
        key=Key.fresh(),
        action=reverse("portal:drop-authenticator"),
        back=Link("返回登录安全", reverse(side.security)),
        refusals=refusals,
    )
