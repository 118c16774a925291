"""The pages before the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from hpf.faces.web import forms
from hpf.faces.web.forms import ask
from hpf.faces.web.shapes import public
from hpf.kernel import Refusal
from tests.unit.pages.ground import (
    KEY,
    NOW,
    PROBE,
    PUBLIC_FRAME,
    Sample,
)


@dataclass(frozen=True, slots=True)
class Login:
    user_name: str = ask("用户名", forms.text(40), autocomplete="username")
    password: str = ask("密码", forms.password(), autocomplete="current-password")


@dataclass(frozen=True, slots=True)
class Code:
    code: str = ask("6 位验证码", forms.digits(6), autocomplete="one-time-code")


@dataclass(frozen=True, slots=True)
class NewPassword:
    password: str = ask("新密码", forms.password(), autocomplete="new-password")
    again: str = ask("再输入一次", forms.password(), autocomplete="new-password")


@dataclass(frozen=True, slots=True)
class Accept:
    accepted: bool = ask("我已阅读并代表本单位接受以上协议，特别注意到免除或限制责任的条款", forms.tick())


SAMPLES: dict[str, Sample] = {
    "login": Sample("public/login.html", public.LoginPage(forms.inputs(Login), "/roster/"), PUBLIC_FRAME),
    "login-staff-refused": Sample(
        "public/login.html",
        public.LoginPage(
            forms.inputs(Login, QueryDict("user_name=5111")),
            staff=True,
            refusals=(Refusal("ACCESS-DENIED", "用户名或密码不对", remedy="请核对后再试"),),
        ),
        PUBLIC_FRAME,
    ),
    "login-code": Sample(
        "public/login_code.html", public.LoginCodePage(forms.inputs(Code), "138****1234", 5, 60), PUBLIC_FRAME
    ),
    "login-code-none": Sample(
        "public/login_code.html", public.LoginCodePage(forms.inputs(Code), "138****1234", 0, 42, "/x/"), PUBLIC_FRAME
    ),
    "first-password": Sample(
        "public/first_password.html",
        public.PasswordPage(forms.inputs(NewPassword), KEY, ("至少 12 个字符", "不含单位名称、信用代码和用户名")),
        PUBLIC_FRAME,
    ),
    "agreement": Sample(
        "public/agreement.html",
        public.AgreementPage(
            forms.inputs(Accept),
            KEY,
            "单位公积金缴存网上业务大厅服务协议",
            "1",
            date(2026, 7, 1),
            "首次公布",
            "66c7f0f4" * 8,
            tuple(
                public.Clause(f"{number}、协议的范围", ("用户应当阅读并遵守本协议。" * 12,) * 4) for number in "一二三"
            ),
        ),
        PUBLIC_FRAME,
    ),
    "agreement-accepted": Sample(
        "public/agreement.html",
        public.AgreementPage(
            {},
            KEY,
            "服务协议",
            "1",
            date(2026, 7, 1),
            "",
            "66c7f0f4" * 8,
            (
                public.Clause("", ("前言",)),
                public.Clause("一、协议的范围", ("用户应当遵守本协议。",)),
            ),
            accepted_at=NOW,
            accepted_by="陈思远",
        ),
        PUBLIC_FRAME,
    ),
    "demo-codes": Sample(
        "public/demo_codes.html",
        public.DemoCodesPage(
            (public.DemoCode(NOW, "138****1234", "登录验证码 123456，5 分钟内有效，请勿告知他人。", "123456", NOW),),
            (public.DemoUser(f"{PROBE} 经办人", "/login/", "511100000001", "correct horse"),),
        ),
        PUBLIC_FRAME,
    ),
}
