"""工作人员: the administrator of the system proposes, that of security decides and can stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.faces.counter.permissions import SECURITY, SYSTEM
from hpf.faces.counter.reviews import Decision, Seen, view_of
from hpf.faces.web import forms
from hpf.faces.web.answers import told
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import moment
from hpf.faces.web.forms import Input, ask
from hpf.faces.web.pages import page, refused_page, refused_response
from hpf.faces.web.shapes.staff import NewStaffPage, StaffMemberPage, StaffPage, StaffPasswordPage, StaffRow
from hpf.hall_access import queries
from hpf.hall_access import staff as operations
from hpf.hall_access.models import StaffProposal
from hpf.kernel import Key, Refusal, Refused
from hpf.registry.codes import Role
from hpf.registry.models import Branch, Staff
from hpf.storage import reading

_NEW, _MEMBER = "counter/staff_new.html", "counter/staff_member.html"
_ROLES = forms.choice(Role.choices, kind="ticks")


@dataclass(frozen=True, slots=True)
class NewStaffForm:
    user_name: str = ask("用户名", forms.text(30), hint="3至30个小写字母、数字、点或横线")
    name: str = ask("姓名", forms.name())
    branch: str = ask("管理部", forms.text(20, kind="select"))
    roles: tuple[str, ...] = ask("岗位", _ROLES, many=True)


@dataclass(frozen=True, slots=True)
class ProposalForm:
    branch: str = ask("管理部", forms.text(20, kind="select"))
    roles: tuple[str, ...] = ask("岗位", _ROLES, many=True, required=False, hint="一个都不选：不再担任任何岗位")


@dataclass(frozen=True, slots=True)
class ReleaseForm:
    authenticator: str = ask("验证器", forms.text(20))
    met: bool = ask("已当面核对本人证件，本人页面上的核对号与上面一致", forms.tick())


def people(request: HallRequest) -> HttpResponse:
    """Everybody who works at the center, and what is proposed about them."""
    proposed = {one.subject_id for one in review.pending([operations.REVIEW])}
    unreleased = queries.unreleased()
    rows = tuple(
        StaffRow(
            one.pk,
            one.name,
            one.user_name,
            one.branch.name,
            _labels(one.roles),
            one.active,
            one.pk in proposed,
            unreleased[one.pk].enrolled_at if one.pk in unreleased else None,
        )
        for one in Staff.objects.select_related("branch").order_by("id")
    )
    return page(request, "counter/staff.html", StaffPage(rows, bool(request.actor.roles & SYSTEM.roles)))


def create(request: HallRequest) -> HttpResponse:
    """A new member of the staff."""
    if request.method != "POST":
        return page(request, _NEW, _new_page(request))
    try:
        form = forms.read(NewStaffForm, request.POST)
        receipt = operations.create_staff(
            form.user_name,
            form.name,
            forms.record_number(form.branch) or 0,
            form.roles,
            by=request.actor,
            visit=request.visit,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, _NEW, _new_page(request, refused.refusals))
    return told(_address(receipt.result["staff_id"]), receipt)


def member(request: HallRequest, staff_id: int) -> HttpResponse:
    """One of them."""
    return page(request, _MEMBER, _member_page(request, staff_id))


def propose(request: HallRequest, staff_id: int) -> HttpResponse:
    """Other roles or another branch."""

    def act() -> Receipt:
        form, key = forms.read(ProposalForm, request.POST), forms.read_key(request.POST)
        branch = forms.record_number(form.branch) or 0
        return operations.propose_roles(staff_id, branch, form.roles, by=request.actor, visit=request.visit, key=key)

    return _answered(request, staff_id, act)


def decide(request: HallRequest, staff_id: int) -> HttpResponse:
    """The second person's word on what is proposed."""

    def act() -> Receipt:
        form, seen = forms.read(Decision, request.POST), forms.read(Seen, request.POST)
        return operations.decide_roles(
            staff_id,
            form.state,
            form.note or "",
            by=request.actor,
            visit=request.visit,
            key=forms.read_key(request.POST),
            turn=seen.turn,
        )

    return _answered(request, staff_id, act)


def secure(request: HallRequest, staff_id: int) -> HttpResponse:
    """Stop or resume somebody, end his sessions, unlock him, take a lost authenticator away."""

    def act() -> Receipt:
        chosen, key = request.POST.get("act", ""), forms.read_key(request.POST)
        if chosen not in operations.SECURITY_ACTS:
            raise Refused(Refusal("FORM-CHOICE", "没有选择要办理的事项", remedy="请刷新页面后重新选择"))
        return operations.SECURITY_ACTS[chosen](staff_id, by=request.actor, visit=request.visit, key=key)

    return _answered(request, staff_id, act)


def release(request: HallRequest, staff_id: int) -> HttpResponse:
    """Somebody has come with his card, and the number on both pages is the same: his authenticator is his own."""

    def act() -> Receipt:
        form, key = forms.read(ReleaseForm, request.POST), forms.read_key(request.POST)
        number = forms.record_number(form.authenticator) or 0
        return operations.release_authenticator(staff_id, number, by=request.actor, visit=request.visit, key=key)

    return _answered(request, staff_id, act)


def password(request: HallRequest, staff_id: int) -> HttpResponse:
    """An initial password, shown this once."""
    try:
        key = forms.read_key(request.POST)
        _, text = operations.issue_staff_password(staff_id, by=request.actor, visit=request.visit, key=key)
    except Refused as refused:
        return refused_response(request, refused, back=reverse("counter:staff-member", args=[staff_id]))
    if text is None:
        return HttpResponseRedirect(_address(staff_id))
    with reading(request.actor):
        person = Staff.objects.get(pk=staff_id)
    assert person.initial_password_expires_at is not None  # noqa: S101 - it has just been given
    shape = StaffPasswordPage(person.pk, person.name, person.user_name, text, person.initial_password_expires_at)
    return page(request, "counter/staff_password.html", shape)


def _answered(request: HallRequest, staff_id: int, act: Callable[[], Receipt]) -> HttpResponse:
    try:
        receipt = act()
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, _MEMBER, _member_page(request, staff_id, refused.refusals))
    return told(_address(staff_id), receipt)


def _address(staff_id: int) -> str:
    return reverse("counter:staff-member", args=[staff_id])


def _new_page(request: HallRequest, refusals: tuple[Refusal, ...] = ()) -> NewStaffPage:
    given = request.POST if request.method == "POST" else None
    return NewStaffPage(_with_branches(forms.inputs(NewStaffForm, given, refusals)), Key.fresh(), refusals)


def _member_page(request: HallRequest, staff_id: int, refusals: tuple[Refusal, ...] = ()) -> StaffMemberPage:
    person = Staff.objects.select_related("branch").filter(pk=staff_id).first()
    if person is None:
        raise Http404
    mine = {"branch": str(person.branch_id), "roles": tuple(person.roles)}
    given = request.POST if "branch" in request.POST else mine
    may_propose = bool(request.actor.roles & SYSTEM.roles) and person.pk != request.actor.id
    return StaffMemberPage(
        id=person.pk,
        name=person.name,
        active=person.active,
        has_roles=bool(person.roles),
        details=tuple(_details(person)),
        proposed=_proposed(person),
        review=view_of(operations.REVIEW, person.pk, request.actor, refusals, wrote=person.pk == request.actor.id),
        inputs=_with_branches(forms.inputs(ProposalForm, given, refusals)) if may_propose else {},
        release=forms.inputs(ReleaseForm, None, refusals),
        unreleased=queries.unreleased().get(person.pk),
        secures=bool(request.actor.roles & SECURITY.roles) and person.pk != request.actor.id,
        key=Key.fresh(),
        refusals=refusals,
    )


def _details(person: Staff) -> Iterable[tuple[str, str]]:
    yield "用户名", person.user_name
    yield "管理部", person.branch.name
    yield "岗位", _labels(person.roles)
    if person.must_change_password:
        expires = person.initial_password_expires_at
        yield "密码", f"初始密码，有效期至 {moment(expires)}" if expires else "尚未发放初始密码"
    else:
        yield "密码", "本人已设置"


def _proposed(person: Staff) -> str:
    latest = review.latest(operations.REVIEW, person.pk)
    if latest is None or latest.state is not ReviewState.PENDING:
        return ""
    proposal = StaffProposal.objects.filter(staff_id=person.pk).latest("id")
    branch = Branch.objects.get(pk=proposal.branch_id)
    return f"{branch.name}，{_labels(proposal.roles)}"


def _with_branches(inputs: dict[str, Input]) -> dict[str, Input]:
    options = tuple((str(number), name) for number, name in Branch.objects.order_by("code").values_list("pk", "name"))
    return {**inputs, "branch": replace(inputs["branch"], options=options)}


def _labels(roles: Iterable[str]) -> str:
    return "、".join(Role(role).label for role in roles) or "（无）"
