"""The pages of the second factor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from hpf.faces.web import forms
from hpf.faces.web.forms import ask
from hpf.faces.web.shapes import public
from hpf.faces.web.shapes.frame import Link, SessionClock
from hpf.hall_access.rules import (
    CODES_USED_UP,
    OLD_PASSWORD_WRONG,
    OwnSecurity,
    ResetStep,
    SessionLine,
    code_wrong,
    password_sentences,
    reset_too_often,
)
from tests.unit.pages.ground import COUNTER_FRAME, KEY, NOW, PORTAL_FRAME, PROBE, PUBLIC_FRAME, Sample


@dataclass(frozen=True, slots=True)
class Code:
    code: str = ask("6 位验证码", forms.digits(6), autocomplete="one-time-code")


@dataclass(frozen=True, slots=True)
class Forgot:
    user_name: str = ask("用户名", forms.text(60), autocomplete="username")
    credit_code: str = ask("单位统一社会信用代码", forms.text(40))


@dataclass(frozen=True, slots=True)
class NewPassword:
    password: str = ask("新密码", forms.password(), autocomplete="new-password")
    again: str = ask("再输入一次", forms.password(), autocomplete="new-password")


@dataclass(frozen=True, slots=True)
class ChangePassword(NewPassword):
    old: str = ask("现在的密码", forms.password(), autocomplete="current-password")


CLOCK = SessionClock(900, 28_800, "/keep/")


def security(since: datetime | None) -> public.SecurityPage:
    """Somebody's own access, with an authenticator since a moment."""
    lines = (
        SessionLine(3, NOW, NOW, None, "", "203.0.113.7", PROBE, is_this=True),
        SessionLine(2, NOW, NOW, None, "", "203.0.113.8", "", is_this=False),
        SessionLine(1, NOW, NOW, NOW, "长时间未操作", "203.0.113.7", "Firefox/140", is_this=False),
    )
    return public.SecurityPage(OwnSecurity(NOW, 365, since is None, since, 7), lines, lines[1], NOW)


def _authenticator(*refusals, **where) -> public.AuthenticatorCodePage:
    return public.AuthenticatorCodePage(forms.inputs(Code, None, refusals), refusals=refusals, **where)


SAMPLES: dict[str, Sample] = {
    "login-code-with-authenticator": Sample(
        "public/login_code.html",
        public.LoginCodePage(forms.inputs(Code), "138****1234", 5, 60, has_authenticator=True, next="/roster/"),
        PUBLIC_FRAME,
    ),
    "authenticator-code": Sample(
        "public/authenticator_code.html",
        _authenticator(code_wrong(3), action="/login/app/", start="/login/", next="/roster/"),
        PUBLIC_FRAME,
    ),
    "authenticator-code-staff": Sample(
        "public/authenticator_code.html",
        _authenticator(CODES_USED_UP, action="/counter/login/code/", start="/counter/login/", staff=True),
        PUBLIC_FRAME,
    ),
    "forgot": Sample(
        "public/forgot.html", public.ForgotPage(forms.inputs(Forgot), (reset_too_often(120),)), PUBLIC_FRAME
    ),
    "reset-code": Sample(
        "public/reset.html",
        public.ResetPage(
            ResetStep.CODE, forms.inputs(Code, None, (code_wrong(3),)), refusals=(code_wrong(3),), resent=True
        ),
        PUBLIC_FRAME,
    ),
    "reset-authenticator": Sample(
        "public/reset.html", public.ResetPage(ResetStep.AUTHENTICATOR, forms.inputs(Code)), PUBLIC_FRAME
    ),
    "reset-password": Sample(
        "public/reset.html",
        public.ResetPage(ResetStep.PASSWORD, forms.inputs(NewPassword), password_sentences(dengbao=True)),
        PUBLIC_FRAME,
    ),
    "recovered": Sample("public/recovered.html", None, PUBLIC_FRAME),
    "sessions": Sample("portal/sessions.html", security(NOW), replace(PORTAL_FRAME, session=CLOCK)),
    "sessions-without-authenticator": Sample("portal/sessions.html", security(None), PORTAL_FRAME),
    "security": Sample("counter/security.html", security(NOW), replace(COUNTER_FRAME, session=CLOCK)),
    "change-password": Sample(
        "public/change_password.html",
        public.ConfirmPage(
            forms.inputs(ChangePassword, None, (OLD_PASSWORD_WRONG,)),
            KEY,
            "/sessions/password/",
            Link("返回登录安全", "/sessions/"),
            password_sentences(dengbao=False),
            (OLD_PASSWORD_WRONG,),
        ),
        PUBLIC_FRAME,
    ),
    "drop-authenticator": Sample(
        "public/drop_authenticator.html",
        public.ConfirmPage(
            forms.inputs(ChangePassword), KEY, "/sessions/authenticator/drop/", Link("返回登录安全", "/sessions/")
        ),
        PUBLIC_FRAME,
    ),
    "enrol": Sample(
        "public/enrol.html",
        public.EnrolPage(
            forms.inputs(Code),
            KEY,
            "/authenticator/",
            "/security/",
            "data:image/svg+xml,%3Csvg/%3E",
            "JBSW" * 8,
            "s",
            True,
        ),
        PUBLIC_FRAME,
    ),
    "enrol-staff": Sample(
        "public/enrol.html",
        public.EnrolPage(
            forms.inputs(Code), KEY, "/counter/authenticator/", "", "data:image/svg+xml,%3Csvg/%3E", "JBSW" * 8, "s"
        ),
        PUBLIC_FRAME,
    ),
    "backup-codes": Sample(
        "public/backup_codes.html",
        public.BackupCodesPage(tuple(f"ABCDE2345{number}" for number in range(10)), "/counter/"),
        PUBLIC_FRAME,
    ),
    "demo-codes-of-staff": Sample(
        "public/demo_codes.html",
        public.DemoCodesPage(
            (public.DemoCode(NOW, "138****1234", "登录验证码 123456，5 分钟内有效，请勿告知他人。", "123456", NOW),),
            (
                public.DemoUser(f"{PROBE} 柜员", "/counter/login/", "clerk", "clerk-demo-2026", "123456", 45),
                public.DemoUser("资金 钱进", "/counter/login/", "treasurer", "treasurer-demo-2026", "", 12),
            ),
        ),
        PUBLIC_FRAME,
    ),
}
