"""The pages before the door."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from hpf.employer_registration.models import ApplicationState
from hpf.employer_registration.prefilling import CODE_DEAD as PREFILL_DEAD
from hpf.faces.web import forms
from hpf.faces.web.forms import ask
from hpf.faces.web.shapes import public
from hpf.faces.web.shapes.frame import Download, FieldGroup, Link
from hpf.hall_access.rules import CODE_DEAD
from hpf.kernel import Refusal
from tests.unit.pages.ground import (
    BAD_DIGIT,
    KEY,
    NOW,
    PROBE,
    PUBLIC_FRAME,
    TODAY,
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
class Looking:
    reason: str = ask("用途", forms.text(200), hint="例如：核对全年缴存，准备审计材料")
    old: str = ask("登录密码", forms.password(), autocomplete="current-password")


_CODE = {"code": forms.Input("code", "短信验证码", "text")}
_NUMBER = {"number": forms.Input("number", "申请编号", "text")}
_APPLY = (FieldGroup("验证", ("number",), readings=(Link(f"服务协议{PROBE}", "/agreements/1/"),)),)

SAMPLES: dict[str, Sample] = {
    "looking": Sample(
        "public/looking.html",
        public.LookingPage(forms.inputs(Looking), KEY, "/looking/", "/roster/", Link("返回首页", "/")),
        PUBLIC_FRAME,
    ),
    "apply": Sample("public/advance_form.html", public.AdvanceFormPage(_NUMBER | _CODE, _APPLY), PUBLIC_FRAME),
    "apply-sent": Sample(
        "public/advance_form.html",
        public.AdvanceFormPage(_NUMBER | _CODE, _APPLY, "138****1234", 5, (BAD_DIGIT,)),
        PUBLIC_FRAME,
    ),
    "branches": Sample(
        "public/branches.html",
        public.BranchesPage((public.BranchRow(PROBE, "公园路1号", "周一至周五 9:00—17:00", "0000-1", PROBE),)),
        PUBLIC_FRAME,
    ),
    "blank-forms": Sample(
        "public/blank_forms.html",
        public.FormsPage((public.FormRow("附件 1", PROBE, Download("下载空白表", "/forms/registration.pdf", "PDF")),)),
        PUBLIC_FRAME,
    ),
    "apply-done": Sample(
        "public/advance_done.html",
        public.AdvanceDonePage(
            "700000000063", PROBE, ApplicationState.PREFILLED, "市中区管理部", "公园路1号", "周一至周五", ("介绍信",)
        ),
        PUBLIC_FRAME,
    ),
    "apply-done-returned": Sample(
        "public/advance_done.html",
        public.AdvanceDonePage(
            "700000000063",
            PROBE,
            ApplicationState.RETURNED,
            "市中区管理部",
            "公园路1号",
            "周一至周五",
            (),
            "退回补正。",
            "0000-1",
        ),
        PUBLIC_FRAME,
    ),
    "apply-find": Sample("public/advance_find.html", public.AdvanceFindPage(_NUMBER), PUBLIC_FRAME),
    "apply-code": Sample(
        "public/advance_find.html", public.AdvanceFindPage(_CODE, asked=True, number="700000000063"), PUBLIC_FRAME
    ),
    "apply-code-dead": Sample(
        "public/advance_find.html",
        public.AdvanceFindPage(_CODE, asked=True, number="700000000063", refusals=(PREFILL_DEAD,)),
        PUBLIC_FRAME,
    ),
    "login": Sample(
        "public/login.html",
        public.LoginPage(
            forms.inputs(Login),
            "/roster/",
            coming=public.ComingVersion("服务协议", "2", TODAY, f"改了一条。{PROBE}", "/agreements/2/"),
        ),
        PUBLIC_FRAME,
    ),
    "login-lost": Sample("public/login.html", public.LoginPage(forms.inputs(Login), "/seal/", lost=True), PUBLIC_FRAME),
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
    "login-code-dead": Sample(
        "public/login_code.html",
        public.LoginCodePage(forms.inputs(Code), "138****1234", 5, 0, refusals=(CODE_DEAD,)),
        PUBLIC_FRAME,
    ),
    "login-code-none": Sample(
        "public/login_code.html", public.LoginCodePage(forms.inputs(Code), "138****1234", 0, 42, "/x/"), PUBLIC_FRAME
    ),
    "first-password": Sample(
        "public/first_password.html",
        public.PasswordPage(forms.inputs(NewPassword), KEY, ("至少 12 个字符", "不含单位名称、信用代码和用户名")),
        PUBLIC_FRAME,
    ),
    "demo-day": Sample("public/demo_day.html", public.DemoDayPage(TODAY, PROBE, "/roster/"), PUBLIC_FRAME),
    "demo-codes": Sample(
        "public/demo_codes.html",
        public.DemoCodesPage(
            (public.DemoCode(NOW, "138****1234", "登录验证码 123456，5 分钟内有效，请勿告知他人。", "123456", NOW),),
            (public.DemoUser(f"{PROBE} 经办人", "/login/", "511100000001", "correct horse"),),
        ),
        PUBLIC_FRAME,
    ),
}
