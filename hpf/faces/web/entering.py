"""What handlers and staff share on their way in: the cookie between password and code, the code of an authenticator, a
password of one's own, an authenticator of one's own. Each face names its side and puts these under its addresses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import rotate_token
from django.urls import reverse

from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest, clear, cookie_name, remember
from hpf.faces.web.forms import ask
from hpf.faces.web.frames import LOST
from hpf.faces.web.pages import own_address, page, refused_page
from hpf.faces.web.shapes.public import (
    AuthenticatorCodePage,
    BackupCodesPage,
    ComingVersion,
    EnrolPage,
    LoginPage,
    PasswordPage,
)
from hpf.hall_access import authenticators, operations, passwords, queries
from hpf.hall_access.models import SessionEnd
from hpf.hall_access.rules import AUTHENTICATOR_TRIES, INITIAL_SPENT, LOGIN_OVER, for_staff
from hpf.kernel import Key, Refusal, Refused
from hpf.storage import reading

UNDER_WAY_COOKIE = "login"
PROMPTED_COOKIE = "prompted"
"""The last message that this browser was shown after its login; gone with the next one."""
GREETED_COOKIE = "greeted"
"""That this browser was told of the login before, once; gone with the next one."""
_UNDER_WAY = timedelta(minutes=10)
OVER = (LOGIN_OVER, INITIAL_SPENT, AUTHENTICATOR_TRIES)  # after these there is nothing to give a code to
_FAREWELLS: dict[str, str] = {
    SessionEnd.IDLE: "您较长时间没有操作，为了安全已自动退出。请重新登录。",
    SessionEnd.EXPIRED: "本次登录已到最长时间，请重新登录。",
    SessionEnd.REPLACED: "您的用户名在其他浏览器登录，本浏览器已退出。",
    SessionEnd.ENDED: "这个浏览器上的登录已由本人在别处结束。不是您本人操作的，请重新登录并修改密码。",
    SessionEnd.PASSWORD_CHANGED: "密码已修改，请用新密码登录。",
    SessionEnd.AUTHENTICATOR_CHANGED: "您的验证器已开通或更换，其他浏览器上的登录都已退出。请重新登录。",
    SessionEnd.GRANT_ENDED: "您在该单位的权限已终止，您的用户名已停用。如有疑问请联系该单位的经办人或中心网点。",
    SessionEnd.HANDLER_CHANGED: "本单位的经办人已在柜台变更，您的用户名已停用。请由新经办人登录。",
    SessionEnd.RESTRICTED: "贵单位的网厅使用已被中止或终止，您已退出。登录后可以看通知书和申诉方式。",
    SessionEnd.TERMINATED: "本单位的网厅服务已在柜台终止，您的用户名已停用。缴存业务请到网点柜台办理。",
    SessionEnd.MOBILE_CHANGED: "本单位绑定的手机号码已在柜台变更。请用原密码和新手机收到的验证码登录。",
}


@dataclass(frozen=True, slots=True)
class Side:
    """The addresses of one side's way in, by name."""

    name: str
    login: str
    code: str
    home: str
    password: str
    enrol: str
    security: str
    change: str

    @property
    def is_staff(self) -> bool:
        return self.name == "counter"


PORTAL = Side(
    "portal",
    login="login",
    code="login-app",
    home="portal:home",
    password="first-password",  # noqa: S106 - an address
    enrol="portal:enrol",
    security="portal:sessions",
    change="portal:change-password",
)
COUNTER = Side(
    "counter",
    login="counter:login",
    code="counter:login-code",
    home="counter:home",
    password="counter:password",  # noqa: S106 - an address
    enrol="counter:enrol",
    security="counter:security",
    change="counter:change-password",
)


@dataclass(frozen=True, slots=True)
class LoginForm:
    """User name and password."""

    user_name: str = ask("用户名", forms.text(60), autocomplete="username")
    password: str = ask("密码", forms.password(), autocomplete="current-password")


@dataclass(frozen=True, slots=True)
class AuthenticatorForm:
    code: str = ask("验证器上的 6 位数字", forms.text(20), autocomplete="one-time-code")


@dataclass(frozen=True, slots=True)
class OwnAuthenticatorForm:
    """An authenticator for who is at work already: the password is asked for once more."""

    old: str = ask("登录密码", forms.password(), autocomplete="current-password")
    code: str = ask("验证器上的 6 位数字", forms.text(20), autocomplete="one-time-code")


@dataclass(frozen=True, slots=True)
class FirstPasswordForm:
    password: str = ask("新密码", forms.password(), autocomplete="new-password")
    again: str = ask("再输入一次", forms.password(), autocomplete="new-password")


def login_page(side: Side, given: QueryDict, refusals: tuple[Refusal, ...] = ()) -> LoginPage:
    """The page that asks for user name and password, as it was filled in."""
    inputs = forms.inputs(LoginForm, given, refusals)
    said = tuple(one if one.where in inputs else replace(one, where="") for one in _told(side, refusals))
    return LoginPage(inputs, given.get("next", ""), staff=side.is_staff, refusals=said)


def first_page(request: HallRequest, side: Side, coming: ComingVersion | None = None) -> HttpResponse:
    """The empty form. A browser whose session is over is told why until the next login: in each of its windows."""
    why = queries.farewell(request.COOKIES.get(cookie_name(side.name), ""), request.visit)
    empty, told = login_page(side, request.GET), _FAREWELLS.get(why, "")
    shape = replace(empty, coming=coming, farewell=told, lost=LOST in request.GET)
    response = page(request, "public/login.html", shape)
    return clear(response) if shape.farewell else response


def hold(response: HttpResponse, side: Side, challenge: str) -> HttpResponse:
    """Give the browser the secret of its login under way, for the addresses of the way in alone."""
    response.set_cookie(
        UNDER_WAY_COOKIE,
        challenge,
        max_age=_UNDER_WAY,
        path=reverse(side.login),
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def under_way(request: HallRequest) -> str:
    """The secret of the login that this browser has begun, ``""`` if there is none."""
    return request.COOKIES.get(UNDER_WAY_COOKIE, "")


def onward(request: HallRequest, name: str) -> HttpResponse:
    """To the next step of the way in, with the address that waits behind it."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    return HttpResponseRedirect(reverse(name) + (f"?{urlencode({'next': wanted})}" if wanted else ""))


def let_in(request: HallRequest, side: Side, token: str) -> HttpResponse:
    """The browser is in: its session's token, and on to where it wanted to go."""
    rotate_token(request)
    home = "/" if side.name == "portal" else reverse(side.home)
    response = HttpResponseRedirect(own_address(request, request.POST.get("next", ""), home))
    response.delete_cookie(UNDER_WAY_COOKIE, path=reverse(side.login))
    response.delete_cookie(PROMPTED_COOKIE)
    response.delete_cookie(GREETED_COOKIE)
    return remember(response, side.name, token)


def authenticator_code(request: HallRequest, side: Side) -> HttpResponse:
    """The code of the authenticator; when it is right, the browser is in."""
    if request.method != "POST":
        try:
            state = queries.challenge_state(under_way(request), request.visit)
        except Refused:
            return HttpResponseRedirect(reverse(side.login))
        if not state.has_authenticator:
            return HttpResponseRedirect(reverse(side.login))
        return page(request, "public/authenticator_code.html", _authenticator_page(request, side))
    try:
        form = forms.read(AuthenticatorForm, request.POST)
        token = operations.finish_by_authenticator(under_way(request), form.code, request.visit)
    except Refused as refused:
        return _code_refused(request, side, refused.refusals)
    return let_in(request, side, token)


def first_password(request: HallRequest, side: Side) -> HttpResponse:
    """A password of one's own in the place of the initial one."""
    if request.method != "POST":
        return page(request, "public/first_password.html", _password_page(side))
    try:
        form = forms.read(FirstPasswordForm, request.POST)
        passwords.change_password(
            old="",  # the initial one has just opened this session, and is spent
            new=form.password,
            again=form.again,
            by=request.actor,
            token=request.token,
            visit=request.visit,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, "public/first_password.html", _password_page(side, refused.refusals))
    return HttpResponseRedirect(reverse(side.home))  # what comes next stands before it


def enrol(request: HallRequest, side: Side, back: str) -> HttpResponse:
    """An authenticator of one's own: the QR code, the first code that proves it, then the backup codes, once."""
    if request.method != "POST":
        return page(request, "public/enrol.html", _enrol_page(request, side, back))
    assert request.principal is not None  # noqa: S101 - the door lets nobody else in
    try:
        if side.is_staff:
            form: AuthenticatorForm | OwnAuthenticatorForm = forms.read(AuthenticatorForm, request.POST)
        else:
            form = forms.read(OwnAuthenticatorForm, request.POST)
            passwords.prove_password(form.old, by=request.actor, visit=request.visit)
        _, codes = authenticators.enrol(
            request.POST.get("sealed", ""),
            form.code,
            principal=request.principal,
            token=request.token,
            visit=request.visit,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, "public/enrol.html", _enrol_page(request, side, back, refused.refusals))
    if not codes:  # a second click: the codes went out with the first
        return HttpResponseRedirect(reverse(back))
    return page(request, "public/backup_codes.html", BackupCodesPage(tuple(codes), reverse(back)))


def _code_refused(request: HallRequest, side: Side, refusals: tuple[Refusal, ...]) -> HttpResponse:
    """The page of the code again; where the login is over, that of the password."""
    is_over = bool(set(refusals) & set(OVER))
    if not is_over:
        with reading(request.actor):
            try:
                queries.challenge_state(under_way(request), request.visit)
            except Refused as over:
                refusals, is_over = (*refusals, *over.refusals), True
    if is_over:
        return refused_page(request, "public/login.html", login_page(side, QueryDict(), refusals))
    return refused_page(request, "public/authenticator_code.html", _authenticator_page(request, side, refusals))


def _told(side: Side, refusals: tuple[Refusal, ...]) -> tuple[Refusal, ...]:
    """Refusals as the one who reads them can act on them."""
    return tuple(for_staff(one) for one in refusals) if side.is_staff else refusals


def _authenticator_page(request: HallRequest, side: Side, refusals: tuple[Refusal, ...] = ()) -> AuthenticatorCodePage:
    given = request.POST if request.method == "POST" else request.GET
    refusals = _told(side, refusals)
    return AuthenticatorCodePage(
        inputs=forms.inputs(AuthenticatorForm, None, refusals),
        action=reverse(side.code),
        start=reverse(side.login),
        next=given.get("next", ""),
        staff=side.is_staff,
        refusals=refusals,
    )


def _password_page(side: Side, refusals: tuple[Refusal, ...] = ()) -> PasswordPage:
    return PasswordPage(
        forms.inputs(FirstPasswordForm, None, refusals),
        Key.fresh(),
        passwords.password_rules(),
        staff=side.is_staff,
        refusals=refusals,
    )


def _enrol_page(request: HallRequest, side: Side, back: str, refusals: tuple[Refusal, ...] = ()) -> EnrolPage:
    assert request.principal is not None  # noqa: S101 - the door lets nobody else in
    center = request.frame.center
    own = None if side.is_staff else queries.own_security(request.token, request.actor, request.visit)
    shown = authenticators.new_enrolment(request.principal, center.hall, request.POST.get("sealed", ""))
    return EnrolPage(
        inputs=forms.inputs(AuthenticatorForm if side.is_staff else OwnAuthenticatorForm, None, refusals),
        key=Key.fresh(),
        action=reverse(side.enrol),
        back="" if side.is_staff else reverse(back),
        replaces=own is not None and own.authenticator_since is not None,
        picture=segno.make(shown.uri, error="m").svg_data_uri(scale=5, border=2),
        secret=shown.secret,
        sealed=shown.sealed,
        refusals=refusals,
    )
