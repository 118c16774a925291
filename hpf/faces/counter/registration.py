"""Registering an employer, and what is handed to its handler: user name and initial password.

The password stands in the answer to the form and nowhere else: not in an address, not in the database, not in a second
answer. The letter on paper is printed from that same answer, which carries it back sealed, good for some minutes.
"""

from __future__ import annotations

from dataclasses import fields, make_dataclass, replace
from datetime import date, timedelta

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.employer_registration.operations import register_employer
from hpf.employer_registration.rules import LABELS, EmployerApplication
from hpf.faces.counter.employers import ReissueForm, employer_page
from hpf.faces.web import forms
from hpf.faces.web.door import CHINA, HallRequest
from hpf.faces.web.forms import Input, Reader, ask
from hpf.faces.web.pages import page, refused_page, refused_response
from hpf.faces.web.shapes.counter import FieldGroup, RegisteredPage, RegisterEmployerPage
from hpf.faces.web.shapes.frame import Link
from hpf.hall_access.operations import reissue_initial_password
from hpf.kernel import Key, Refusal, Refused
from hpf.kernel.identity import mask_mobile
from hpf.papers.shapes import CenterShape, Imprint, InitialPasswordLetter, UnitShape
from hpf.papers.slips import initial_password_letter
from hpf.registry.codes import Affiliation, EconomicType, FundDepartment, Nature
from hpf.registry.models import Branch, Center, Handler, UnitAccount
from hpf.storage import reading

LETTER_GOOD_FOR = timedelta(minutes=15)
LETTER_OVER = Refusal(
    "REGISTER-LETTER-OVER",
    "初始密码函已不能打印",
    f"初始密码只在给出后{LETTER_GOOD_FOR // timedelta(minutes=1)}分钟内可以打印",
    "请为经办人重置初始密码后再打印",
)
_SEAL = "counter.letter"

READERS: dict[str, Reader] = {
    "name": forms.name(255),
    "credit_code": forms.text(40),
    "founded_on": forms.day(),
    "address": forms.text(255),
    "postcode": forms.digits(6),
    "legal_representative": forms.name(),
    "legal_representative_phone": forms.telephone(),
    "nature": forms.choice(Nature.choices),
    "economic_type": forms.choice(EconomicType.choices),
    "affiliation": forms.choice(Affiliation.choices),
    "supervising_department": forms.text(255),
    "declared_member_count": forms.number(),
    "branch": forms.choice(()),
    "unit_rate": forms.rate(),
    "personal_rate": forms.rate(),
    "payday": forms.number(),
    "first_month": forms.month(),
    "bank_name": forms.text(255),
    "bank_account": forms.text(60),
    "fund_department": forms.choice(FundDepartment.choices, kind="radio"),
    "handler_name": forms.name(),
    "handler_identity_number": forms.text(40),
    "handler_mobile": forms.mobile(),
}
HINTS = {
    "name": "与营业执照或法人证书一致",
    "unit_rate": "百分数，如 8",
    "personal_rate": "百分数，如 8",
    "payday": "每月几日，1 至 31",
    "first_month": "从这个月起汇缴",
    "handler_mobile": "登录验证码发到这个号码，以后只能到柜台变更",
}
GROUPS = (
    FieldGroup("单位", tuple(READERS)[:12], ("name", "address")),
    FieldGroup("账户与比例", tuple(READERS)[12:19]),
    FieldGroup("经办人", tuple(READERS)[19:]),
)

# How the form is shown. It is read by the rules alone, which say everything that is wrong at once.
RegistrationForm = make_dataclass(
    "RegistrationForm",
    [
        (name, str, ask(LABELS[name], reader, required=name != "supervising_department", hint=HINTS.get(name, "")))
        for name, reader in READERS.items()
    ],
    frozen=True,
)


def register(request: HallRequest) -> HttpResponse:
    """附件1, field by field; the answer to a form that holds is the page with user name and initial password."""
    if request.method != "POST":
        return page(request, "counter/register_employer.html", _form_page(forms.inputs(RegistrationForm)))
    application = EmployerApplication(
        **{one.name: request.POST.get(one.name, "") for one in fields(EmployerApplication)}
    )
    try:
        registered = register_employer(
            application,
            by=request.actor,
            today=request.today,
            now=request.visit.now,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        inputs = forms.inputs(RegistrationForm, request.POST, refused.refusals)
        with reading(request.actor):
            return refused_page(request, "counter/register_employer.html", _form_page(inputs, refused.refusals))
    result = registered.receipt.result
    return _handed_over(
        request,
        "登记办结，网厅已开通",
        result["handler_id"],
        registered.receipt.number,
        registered.initial_password,
        registered.hints,
    )


def reissue(request: HallRequest, employer_id: int) -> HttpResponse:
    """Give the employer's handler a new initial password, once the clerk has seen the person's papers."""
    with reading(request.actor):
        handler = Handler.objects.filter(employer_id=employer_id, active=True).first()
    if handler is None:
        raise Http404
    try:
        forms.read(ReissueForm, request.POST)
        receipt, password = reissue_initial_password(
            handler.pk, by=request.actor, visit=request.visit, key=forms.read_key(request.POST)
        )
    except Refused as refused:
        with reading(request.actor):
            shape = employer_page(request, employer_id, refused.refusals)
            return refused_page(request, "counter/employer.html", shape)
    return _handed_over(request, "初始密码已重置", handler.pk, receipt.number, password)


def letter(request: HallRequest) -> HttpResponse:
    """初始密码函 as a PDF, from what the page before carries sealed."""
    try:
        told = signing.loads(request.POST.get("letter", ""), salt=_SEAL, max_age=LETTER_GOOD_FOR)
    except signing.BadSignature:
        return refused_response(request, Refused(LETTER_OVER), back=reverse("counter:employers"))
    with reading(request.actor):
        center = Center.objects.get()
        handler = Handler.objects.select_related("employer").get(pk=told["handler_id"])
        unit = UnitAccount.objects.filter(employer_id=handler.employer_id).earliest("pk")
    paper = initial_password_letter(
        InitialPasswordLetter(
            center=CenterShape(center.name, center.hotline, center.address),
            imprint=Imprint(told["act_no"], request.visit.now, request.actor.name),
            unit=UnitShape(handler.employer.name, unit.number),
            handler=handler.name,
            user_name=handler.user_name,
            password=told["password"],
            valid_until=_expires_on(handler),
            hall_address=settings.HALL.public_url,
        )
    )
    response = HttpResponse(paper, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{handler.user_name}.pdf"'
    return response


def _form_page(inputs: dict[str, Input], refusals: tuple[Refusal, ...] = ()) -> RegisterEmployerPage:
    branches = tuple(Branch.objects.order_by("code").values_list("code", "name"))
    shown = inputs | {"branch": replace(inputs["branch"], options=branches)}
    return RegisterEmployerPage(shown, GROUPS, Key.fresh(), refusals)


def _handed_over(
    request: HallRequest,
    title: str,
    handler_id: int,
    act_no: int,
    password: str | None,
    hints: tuple[Refusal, ...] = (),
) -> HttpResponse:
    """The page that shows the initial password; the answer to a form sent twice has none."""
    with reading(request.actor):
        handler = Handler.objects.select_related("employer").get(pk=handler_id)
        unit = UnitAccount.objects.filter(employer_id=handler.employer_id).earliest("pk")
    told = {"handler_id": handler_id, "act_no": str(act_no), "password": password}
    shape = RegisteredPage(
        title=title,
        employer=handler.employer.name,
        credit_code=handler.employer.credit_code,
        unit_account_no=unit.number,
        handler=handler.name,
        mobile_masked=mask_mobile(handler.mobile),
        user_name=handler.user_name,
        password=password or "",
        expires_on=_expires_on(handler),
        hall_address=settings.HALL.public_url,
        act_no=str(act_no),
        next=Link("查看单位", reverse("counter:employer", args=[handler.employer_id])),
        letter=signing.dumps(told, salt=_SEAL) if password else "",
        hints=tuple(replace(hint, where=LABELS.get(hint.where, "")) for hint in hints),
    )
    return page(request, "counter/registered.html", shape)


def _expires_on(handler: Handler) -> date:
    at = handler.initial_password_expires_at
    if at is None:
        raise ValueError(f"handler {handler.pk} was given no initial password")
    return at.astimezone(CHINA).date()
