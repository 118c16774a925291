"""Looking up employers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.hashers import is_password_usable
from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.access_restriction import queries as restrictions
from hpf.access_restriction.models import Restriction
from hpf.access_restriction.operations import scope_of
from hpf.access_restriction.rules import RestrictionKind, until_of
from hpf.agreement import queries as agreement
from hpf.casework import queries as casework
from hpf.employer_registration.models import PAPERS
from hpf.employer_registration.queries import scans_of
from hpf.employer_registration.rules import LABELS
from hpf.faces.counter.access_history import access_of, acts_for, handed_out, history_of
from hpf.faces.counter.application import scan_link
from hpf.faces.counter.cases import case_rows
from hpf.faces.counter.masks import masked_phone
from hpf.faces.counter.permissions import CLERK, REGISTRY
from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import day, moment
from hpf.faces.web.forms import ask
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.counter import AcceptanceRow, EmployerPage, EmployerRow, EmployersPage, GrantRow, UnitRow
from hpf.faces.web.shapes.frame import Download, Link
from hpf.hall_access.access_grant import grants_of
from hpf.hall_access.models import ChangeKind, GrantState
from hpf.hall_access.queries import bound_by, unproved
from hpf.kernel import Key, Refusal, deadline
from hpf.kernel.identity import mask_account, mask_identity, mask_mobile
from hpf.ledger.accounts import unallocated
from hpf.policy import law_on
from hpf.registry.codes import (
    Affiliation,
    AgreementDocument,
    Duty,
    EconomicType,
    FundDepartment,
    Industry,
    Nature,
    UnitState,
)
from hpf.registry.employers import Search, UnitLine
from hpf.registry.handlers import handler_of
from hpf.registry.models import Employer, Handler, UnitAccount

ROWS = 50
_CASES = 10


@dataclass(frozen=True, slots=True)
class HandOverForm:
    seen: bool = ask("已核对经办人身份证原件，当面发放", forms.tick())


def employers(request: HallRequest) -> HttpResponse:
    """The unit accounts of the center, newest first, with a search."""
    search = Search(request.GET.get("q", "").strip()[:60], _known_state(request.GET.get("state", "")))
    keyset = Keyset.of(request, ROWS)
    lines = keyset.page(search.after, search.before)
    shape = EmployersPage(
        rows=tuple(_row(line) for line in lines.rows),
        pager=keyset.pager(lines, lambda line: line.id, search.count()),
        can_register=bool(request.actor.roles & CLERK.roles),
        q=search.words,
        state=search.state,
        states=(("", "全部"), *UnitState.choices),
    )
    return page(request, "counter/employers.html", shape)


def employer(request: HallRequest, employer_id: int) -> HttpResponse:
    """One employer: registration, unit accounts, handler, latest cases."""
    return page(request, "counter/employer.html", employer_page(request, employer_id))


def employer_page(request: HallRequest, employer_id: int, refusals: tuple[Refusal, ...] = ()) -> EmployerPage:
    """An employer's page. ``Http404`` where there is none."""
    found = Employer.objects.select_related("branch").filter(pk=employer_id).first()
    if found is None:
        raise Http404
    handler = handler_of(employer_id)
    units = list(UnitAccount.objects.filter(employer_id=employer_id).order_by("pk"))
    standing = restrictions.standing(employer_id, request.today)
    withheld = {RestrictionKind(one.kind) for one in standing if one.starts_on <= request.today}
    is_ended = RestrictionKind.ENDED in withheld
    may_hand_out = handler is not None and bool(request.actor.roles & CLERK.roles) and not is_ended
    return EmployerPage(
        id=employer_id,
        name=found.name,
        units=tuple(_unit(unit) for unit in units),
        details=_details(found, units),
        handler=_handler(handler, request.today) if handler else (),
        access=access_of(handler, withheld),
        cases=case_rows(casework.Search(employer_id=employer_id).after(0, _CASES)),
        inputs=forms.inputs(HandOverForm, None, refusals) if may_hand_out else {},
        handed_out=handler is not None and is_password_usable(handler.password_hash),
        key=Key.fresh(),
        history=history_of(employer_id),
        acts=() if is_ended else acts_for(request.actor, employer_id, handler),
        ended_for_breach=is_ended,
        refusals=refusals,
        restrictions=tuple(_restrictions(request, standing)),
        scans=_scans(request, found),
        bound=_bound(handler),
        bound_by_reader=handler is not None and bound_by(handler.pk, request.actor),
        acceptances=tuple(
            AcceptanceRow(one.id, one.document.label, one.version, one.handler_name, one.accepted_at, one.ended_on)
            for one in agreement.acceptances(employer_id)
        ),
        grants=tuple(
            GrantRow(
                reverse("counter:grant", args=[one.pk]),
                Duty(one.duty).label,
                one.name,
                one.starts_on,
                GrantState(one.state),
            )
            for one in grants_of(employer_id)
        ),
    )


def _bound(handler: Handler | None) -> str:
    """The change at the counter after which a handler has not come in yet."""
    change = unproved(handler.pk) if handler else None
    return f"{change.changed_by}于{moment(change.changed_at)}办理{ChangeKind(change.kind).label}" if change else ""


def _restrictions(request: HallRequest, standing: list[Restriction]) -> Iterator[Link]:
    """What is withheld for breach; who may look at it is led there."""
    may_look = bool(request.actor.roles & REGISTRY.roles)
    for one in standing:
        until = until_of(one.starts_on, one.ends_on, RestrictionKind(one.kind))
        href = reverse("counter:restriction", args=[one.pk]) if may_look else ""
        yield Link(f"{scope_of(one)}，{until}", href)


def _scans(request: HallRequest, found: Employer) -> tuple[Download, ...]:
    """What came with the application by which it was registered, for who may look at applications."""
    if found.application_id is None or not request.actor.roles & REGISTRY.roles:
        return ()
    scans = scans_of(found.application_id)
    papers: dict[str, str] = {paper.value: label for paper, label in PAPERS.items()}
    return tuple(replace(scan_link(one), note=papers.get(one.paper, "")) for one in scans)


def _known_state(state: str) -> str:
    return state if state in UnitState.values else ""


def _row(line: UnitLine) -> EmployerRow:
    return EmployerRow(
        line.employer_id,
        line.name,
        line.credit_code,
        line.number,
        line.branch,
        line.people,
        line.paid_through,
        line.state,
    )


def _unit(unit: UnitAccount) -> UnitRow:
    return UnitRow(
        number=unit.number,
        state=UnitState(unit.state),
        unit_rate=unit.unit_rate,
        personal_rate=unit.personal_rate,
        payday=unit.payday,
        first_month=unit.first_month,
        paid_through=unit.paid_through,
        people=unit.active_count,
        sealed=unit.sealed_count,
        unallocated_fen=unallocated(unit.pk)[1],
    )


def _details(found: Employer, units: list[UnitAccount]) -> tuple[tuple[str, str], ...]:
    told = {
        "credit_code": found.credit_code,
        "branch": found.branch.name,
        "address": found.address,
        "postcode": found.postcode,
        "legal_representative": found.legal_representative,
        "legal_representative_phone": masked_phone(found.legal_representative_phone),
        "economic_type": EconomicType(found.economic_type).label,
        "affiliation": Affiliation(found.affiliation).label,
        "supervising_department": found.supervising_department or "（无）",
        "nature": Nature(found.nature).label,
        "industry": Industry(found.industry).label if found.industry else "（未填）",
        "declared_member_count": f"{found.declared_member_count:,} 人",
        "founded_on": day(found.founded_on),
    }
    banks = [(LABELS["bank_account"], f"{unit.bank_name} {mask_account(unit.bank_account)}") for unit in units]
    departments = {FundDepartment(unit.fund_department).label for unit in units}
    return (
        *((LABELS[name], value) for name, value in told.items()),
        (LABELS["fund_department"], "、".join(sorted(departments))),
        *banks,
        ("登记日期", day(found.registered_on)),
        *_deadlines(found),
    )


def _deadlines(found: Employer) -> Iterator[tuple[str, str]]:
    """The days that count from foundation and registration (条例 §14)."""
    law = law_on(found.registered_on, found.branch.place)
    register_by = deadline(found.founded_on, law.employer_registration_days)
    late = "，登记时已逾期" if found.registered_on > register_by else ""
    yield "缴存登记期限", f"{day(register_by)}{late}"
    yield "职工开户期限", day(deadline(found.registered_on, law.account_opening_days))


def _handler(handler: Handler, today: date) -> tuple[tuple[str, str], ...]:
    facts = (
        ("经办人", handler.name),
        ("身份证号码", mask_identity(handler.identity_number)),
        ("绑定手机", mask_mobile(handler.mobile)),
        ("用户名", handler.user_name),
        ("登记日期", day(handler.registered_on)),
        ("已接受协议", _accepted(handler, today)),
    )
    if not handler.must_change_password or not is_password_usable(handler.password_hash):
        return facts
    return (*facts, ("初始密码", handed_out(handler)))


def _accepted(handler: Handler, today: date) -> str:
    """The version that a handler accepted last; where another is in force, he comes in only once he accepts that."""
    if not handler.agreement_version:
        return "（尚未接受）"
    found = agreement.newest(AgreementDocument.AGREEMENT, today)
    if found is None or found.number == handler.agreement_version:
        return handler.agreement_version
    return f"{handler.agreement_version}（现行 {found.number} 尚未接受）"
