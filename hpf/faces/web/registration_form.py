"""附件1 as a form: at the counter and, before anybody is known, on the public page. The rules alone read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass, make_dataclass, replace
from datetime import date

from django.http import QueryDict

from hpf.employer_registration.rules import DECLARATIONS, LABELS, OPTIONAL, EmployerApplication, declarations
from hpf.faces.web import forms
from hpf.faces.web.forms import Input, Reader, ask
from hpf.faces.web.shapes.frame import FieldGroup
from hpf.kernel import Month, Rate, Refusal, Refused
from hpf.papers import shapes
from hpf.papers.forms import blank_registration_form, registration_form
from hpf.registry.codes import BOXES, Affiliation, EconomicType, FundDepartment, Industry, Nature
from hpf.registry.models import Branch, Center

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
    "industry": forms.choice(Industry.choices),
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
    **dict.fromkeys(DECLARATIONS, forms.tick()),
}
HINTS = {
    "name": "与营业执照或法人证书一致",
    "credit_code": "18 位；尚未换证的，填 9 位组织机构代码",
    "nature": "申请表合为一格的，请选具体的一种",
    "branch": "单位归属的管理部；业务可以到任一网点办理",
    "unit_rate": "百分数，如 8",
    "personal_rate": "百分数，如 8",
    "payday": "每月几日，1 至 31",
    "first_month": "从这个月起汇缴，最晚为下个月",
    "handler_mobile": "登录验证码发到这个号码，以后只能到柜台变更",
}
GROUPS = (
    FieldGroup("单位", tuple(READERS)[:13], ("name", "address")),
    FieldGroup("账户与比例", tuple(READERS)[13:20]),
    FieldGroup("经办人", tuple(READERS)[20:24]),
    FieldGroup("单位声明", DECLARATIONS, DECLARATIONS),
)

RegistrationForm = make_dataclass(
    "RegistrationForm",
    [
        (name, str, ask(LABELS[name], reader, required=name not in OPTIONAL, hint=HINTS.get(name, "")))
        for name, reader in READERS.items()
    ],
    frozen=True,
)


_BEYOND = ("credit_code", "founded_on", "handler_identity_number", "first_month", "payday")


def registration_paper(form: EmployerApplication, printed: shapes.Imprint) -> bytes:
    """附件1 in duplicate (PDF) of a form that holds, whose number is the paper's.

    Asks the center for its name, inside the page's transaction.
    """
    center, said = Center.objects.get(), in_words(form)
    box = Nature(form.nature).box
    return registration_form(
        shapes.RegistrationForm(
            center=shapes.CenterShape(center.name, center.hotline, center.address),
            imprint=printed,
            number=printed.number,
            name=form.name,
            postcode=form.postcode,
            address=form.address,
            legal_representative=form.legal_representative,
            legal_representative_phone=form.legal_representative_phone,
            economic_type=said["economic_type"],
            industry=said["industry"],
            affiliation=_boxes(dict(Affiliation.choices), form.affiliation),
            supervising_department=form.supervising_department,
            nature=tuple(shapes.Box(label, label == box) for label in BOXES),
            declared_member_count=int(form.declared_member_count),
            bank_name=form.bank_name,
            bank_account=form.bank_account,
            fund_department=_boxes(dict(FundDepartment.choices), form.fund_department),
            handler=form.handler_name,
            handler_mobile=form.handler_mobile,
            personal_rate=Rate.from_percent(form.personal_rate),
            unit_rate=Rate.from_percent(form.unit_rate),
            beyond=(
                *((LABELS[name], said[name]) for name in _BEYOND),
                ("办理管理部", said["branch"]),
            ),
            declarations=tuple(declarations(center.name).values()),
        )
    )


def blank_registration_paper(center: shapes.CenterShape, of: date) -> bytes:
    """附件1 in duplicate (PDF), to be filled in by hand."""
    return blank_registration_form(
        shapes.BlankForm(
            center=center,
            affiliation=tuple(map(str, Affiliation.labels)),
            nature=BOXES,
            fund_department=tuple(map(str, FundDepartment.labels)),
            beyond=(*(LABELS[name] for name in _BEYOND), "办理管理部"),
            declarations=tuple(declarations(center.name).values()),
        ),
        of,
    )


def in_words(form: EmployerApplication) -> dict[str, str]:
    """What a form that holds says, field by field, as people say it."""
    branches = dict(Branch.objects.values_list("code", "name"))
    choices = {name: dict(reader.options) for name, reader in READERS.items()} | {"branch": branches}
    units = {"unit_rate": "%", "personal_rate": "%", "declared_member_count": " 人"}
    words = {}
    for name in READERS:
        text = getattr(form, name)
        words[name] = choices[name].get(text, text) + (units.get(name, "") if text else "")
    return words | {"payday": f"每月 {form.payday} 日", "first_month": Month.parse(form.first_month).chinese}


def _boxes(choices: Mapping[str, str], chosen: str) -> tuple[shapes.Box, ...]:
    return tuple(shapes.Box(label, code == chosen) for code, label in choices.items())


def typed(given: QueryDict) -> EmployerApplication:
    """The form as it was sent. Raises ``Refused`` with every text that is longer than its field: nobody reads those."""
    if refusals := forms.too_long(RegistrationForm, given):
        raise Refused(refusals)
    return EmployerApplication(**{one.name: given.get(one.name, "").strip() for one in fields(EmployerApplication)})


def shown(
    given: EmployerApplication | QueryDict | Mapping[str, object], refusals: tuple[Refusal, ...] = ()
) -> dict[str, Input]:
    """The form as a page shows it. Asks the center for its branches and its name, inside the page's transaction."""
    found = forms.inputs(RegistrationForm, asdict(given) if is_dataclass(given) else given, refusals)
    branches = tuple(Branch.objects.order_by("code").values_list("code", "name"))
    declared = declarations(Center.objects.get().name)
    return {
        **found,
        "branch": replace(found["branch"], options=branches),
        **{name: replace(found[name], label=text) for name, text in declared.items()},
    }
