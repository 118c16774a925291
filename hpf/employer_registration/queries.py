"""What speaks against an application, before and while it is registered."""

from __future__ import annotations

from datetime import date

from hpf.employer_registration import rules
from hpf.employer_registration.rules import EmployerApplication, Registration
from hpf.kernel import Refusal
from hpf.policy import Law, law_on
from hpf.registry.models import Branch, Center, Employer

NAME_TAKEN = Refusal(
    "REGISTER-NAME-TAKEN",
    "已有同名单位登记",
    "一个单位只登记一次",
    "请先查询该单位；确为不同单位的，请与证照上的全称核对",
    where="name",
)
CODE_TAKEN = Refusal(
    "REGISTER-CODE-TAKEN",
    "该统一社会信用代码已登记",
    "一个单位只登记一次",
    "请先查询该单位；要增设单位账户或更换经办人的，请办理相应事项",
    where="credit_code",
)


def examination(application: EmployerApplication, today: date) -> tuple[Registration | None, list[Refusal]]:
    """The registration that an application asks for, ``None`` if anything refuses it; and all refusals and hints.

    Shown beside the form, and asked again when it is submitted.
    """
    branches = {branch.code: branch for branch in Branch.objects.all()}
    branch = branches.get(application.branch)
    law = _law_of_first_month(application, branch)
    law_today = law_on(today, branch.place if branch else Center.objects.get().place)
    names = {code: branch.name for code, branch in branches.items()}
    registration, refusals = rules.examine(application, names, law, law_today)
    taken = _taken(application)
    return (None if taken else registration), refusals + taken


def _law_of_first_month(application: EmployerApplication, branch: Branch | None) -> Law | None:
    month = rules.first_month(application)
    return law_on(month.first_day, branch.place) if month and branch else None


def _taken(application: EmployerApplication) -> list[Refusal]:
    name, credit_code = rules.names(application)
    taken = []
    if name and Employer.objects.filter(name=name).exists():
        taken.append(NAME_TAKEN)
    if credit_code and Employer.objects.filter(credit_code=credit_code).exists():
        taken.append(CODE_TAKEN)
    return taken
