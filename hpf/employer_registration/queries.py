"""Applications as they stand, and what speaks against one, before and while it is registered."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet

from hpf.casework.models import Attachment
from hpf.employer_registration import rules
from hpf.employer_registration.models import KIND, PAPERS, Application, ApplicationState, Material
from hpf.employer_registration.numbers import typed_number
from hpf.employer_registration.rules import DECLARATIONS, EmployerApplication, Registration
from hpf.kernel import Refusal, compact, normalise_name
from hpf.kernel.identity import organisation_code
from hpf.policy import Law, law_on
from hpf.registry.models import Branch, Center, Employer, organisation_of

NAME_TAKEN = Refusal(
    "REGISTER-NAME-TAKEN",
    "已有同名单位登记",
    "一个单位只登记一次",
    "请先查询该单位；确为不同单位的，请与证照上的全称核对",
    where="name",
)
CODE_TAKEN = Refusal(
    "REGISTER-CODE-TAKEN",
    "该统一社会信用代码或其中的组织机构代码已登记",
    "一个单位只登记一次，换发代码后仍是同一单位",
    "请先查询该单位；要增设单位账户或更换经办人的，请办理相应事项",
    where="credit_code",
)
NAME_UNDER_WAY = Refusal(
    "REGISTER-NAME-UNDER-WAY",
    "同名单位的登记申请正在办理",
    "一个单位同时只有一份登记申请",
    "请在单位登记中查找该申请，接着办理或先撤回",
    where="name",
)
CODE_UNDER_WAY = Refusal(
    "REGISTER-CODE-UNDER-WAY",
    "该统一社会信用代码或其中的组织机构代码的登记申请正在办理",
    "一个单位同时只有一份登记申请",
    "请在单位登记中查找该申请，接着办理或先撤回",
    where="credit_code",
)
_LAST_ID = 2**63 - 1
_Row = TypeVar("_Row", Application, Employer)


def examination(
    form: EmployerApplication, today: date, application_id: int | None = None
) -> tuple[Registration | None, list[Refusal]]:
    """The registration that a form asks for, ``None`` if anything refuses it; and all refusals and hints.

    ``application_id`` is the application that the form is of: it is not in its own way. Shown beside the form, and
    asked again at every step.
    """
    registration, refusals = examined(form, today)
    taken = _taken(form, application_id)
    return (None if taken else registration), refusals + taken


def examined(form: EmployerApplication, today: date) -> tuple[Registration | None, list[Refusal]]:
    """The same without a look at other employers: what anybody may be told."""
    branches = {branch.code: branch for branch in Branch.objects.all()}
    branch = branches.get(form.branch)
    law = _law_of_first_month(form, branch)
    law_today = law_on(today, branch.place if branch else Center.objects.get().place)
    return rules.examine(form, {code: branch.name for code, branch in branches.items()}, law, law_today)


def form_of(application: Application) -> EmployerApplication:
    """An application as its form says it."""
    own = {one.name: getattr(application, one.name, "") for one in fields(EmployerApplication)}
    texts = {name: str(value) for name, value in own.items()}
    rates = {name: getattr(application, name).percent.rstrip("%") for name in ("unit_rate", "personal_rate")}
    return EmployerApplication(
        **{**texts, **rates, "branch": application.branch.code, **dict.fromkeys(DECLARATIONS, "1")}
    )


def scans_of(application_id: int) -> list[Attachment]:
    """What was scanned of an application's papers, in the order in which it came; an employer's by its application."""
    return list(Attachment.objects.filter(subject_kind=KIND, subject_id=application_id).order_by("pk"))


def lacking(application_id: int) -> tuple[Material, ...]:
    """The papers of an application that nothing was scanned of."""
    scanned = {one.paper for one in scans_of(application_id)}
    return tuple(paper for paper in PAPERS if paper not in scanned)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: an application's number, a whole code, a part of the name; in a state or any."""

    words: str = ""
    state: str = ""

    def count(self) -> int:
        return self._found().count()

    def after(self, application_id: int, limit: int) -> list[Application]:
        """The newest ones after (that is, older than) an application; 0 begins with the newest."""
        return list(self._found().filter(pk__lt=application_id or _LAST_ID).order_by("-pk")[:limit])

    def before(self, application_id: int, limit: int) -> list[Application]:
        """Those just before an application, in the same order."""
        return list(reversed(self._found().filter(pk__gt=application_id).order_by("pk")[:limit]))

    def _found(self) -> QuerySet[Application]:
        found = Application.objects.select_related("branch")
        if self.state:
            found = found.filter(state=self.state)
        if not self.words:
            return found
        by_name = Q(name__contains=normalise_name(self.words))
        by_code = Q(organisation=organisation_code(compact(self.words)))
        found = found.alias(organisation=organisation_of("credit_code"))
        return found.filter(by_name | by_code | Q(number=typed_number(self.words) or ""))


def _law_of_first_month(form: EmployerApplication, branch: Branch | None) -> Law | None:
    month = rules.first_month(form)
    return law_on(month.first_day, branch.place) if month and branch else None


def _taken(form: EmployerApplication, application_id: int | None) -> list[Refusal]:
    name, credit_code = rules.names(form)
    organisation = organisation_code(credit_code)
    others = Application.objects.filter(state__in=ApplicationState.under_way()).exclude(pk=application_id or 0)
    return [
        refusal
        for refusal, value, holders in (
            (NAME_TAKEN, name, Employer.objects.filter(name=name)),
            (CODE_TAKEN, organisation, _of(Employer.objects.all(), organisation)),
            (NAME_UNDER_WAY, name, others.filter(name=name)),
            (CODE_UNDER_WAY, organisation, _of(others, organisation)),
        )
        if value and holders.exists()
    ]


def _of(rows: QuerySet[_Row], organisation: str) -> QuerySet[_Row]:
    """Those whose code is, or holds, an organisation code."""
    return rows.alias(organisation=organisation_of("credit_code")).filter(organisation=organisation)
