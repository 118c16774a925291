"""网点和页脚: what everybody reads about the center, proposed by one and approved by another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.center_details import operations, rules
from hpf.center_details.models import Change
from hpf.evidence import Receipt
from hpf.faces.counter.permissions import PUBLISHER
from hpf.faces.counter.reviews import decided, view_of
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import moment
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.details import BranchLine, ChangeLine, DetailsChangePage, DetailsFormPage, DetailsPage
from hpf.kernel import Key, Refusal
from hpf.registry.models import Branch
from hpf.storage import reading

LIST, FORM, CHANGE = "counter/details.html", "counter/details_form.html", "counter/details_change.html"
ROWS = 50
_WHY = ask("变更原因", forms.text(200), hint="例如搬迁、更换备案号，写明依据")


@dataclass(frozen=True, slots=True)
class CenterForm:
    name: str = ask("主办单位", forms.text(60))
    hotline: str = ask("服务热线", forms.text(30))
    address: str | None = ask("地址", forms.text(100), required=False)
    icp_record: str | None = ask("ICP备案号", forms.text(60), required=False)
    police_record: str | None = ask("公安备案号", forms.text(60), required=False)
    site_code: str | None = ask("网站标识码", forms.text(20), required=False, hint="10位数字")
    reason: str = _WHY


@dataclass(frozen=True, slots=True)
class BranchForm:
    name: str = ask("名称", forms.text(60))
    phone: str | None = ask("电话", forms.telephone(), required=False)
    address: str | None = ask("地址", forms.text(100), required=False)
    hours: str | None = ask("办公时间", forms.text(100), required=False, hint="例如周一至周五 9:00—17:00")
    services: str | None = ask("办理业务", forms.text(200), required=False)
    reason: str = _WHY


@dataclass(frozen=True, slots=True)
class NewBranchForm:
    code: str = ask("编号", forms.digits(2))
    place: str = ask("行政区划代码", forms.digits(6), hint="决定适用的缴存规定")
    name: str = ask("名称", forms.text(60))
    phone: str | None = ask("电话", forms.telephone(), required=False)
    address: str | None = ask("地址", forms.text(100), required=False)
    hours: str | None = ask("办公时间", forms.text(100), required=False, hint="例如周一至周五 9:00—17:00")
    services: str | None = ask("办理业务", forms.text(200), required=False)
    reason: str = ask("设立原因", forms.text(200), hint="写明批准设立的依据")


def details(request: HallRequest) -> HttpResponse:
    """What is published now, and what was proposed."""
    edits = bool(request.actor.roles & PUBLISHER.roles)
    held = operations.now_held(Change())
    branches = tuple(
        BranchLine(
            one.name,
            one.address,
            one.hours,
            one.phone,
            reverse("counter:details-branch", args=[one.pk]) if edits else "",
        )
        for one in Branch.objects.order_by("code")
    )
    facts = tuple((label, held[name]) for name, label in rules.CENTER_LABELS.items())
    return page(request, LIST, DetailsPage(facts, branches, tuple(_lines()), edits))


def center(request: HallRequest) -> HttpResponse:
    """Propose other details of the center."""
    return _edited(
        request,
        "更正页脚和中心信息",
        CenterForm,
        reverse("counter:details-center"),
        lambda: operations.now_held(Change()),
        lambda after, reason, key: operations.propose_center(
            after, reason, by=request.actor, today=request.today, key=key
        ),
    )


def branch(request: HallRequest, branch_id: int) -> HttpResponse:
    """Propose other details of a branch."""
    with reading(request.actor) if request.method == "POST" else nullcontext():  # a GET reads already
        if not Branch.objects.filter(pk=branch_id).exists():
            raise Http404
    return _edited(
        request,
        "更正网点",
        BranchForm,
        reverse("counter:details-branch", args=[branch_id]),
        lambda: operations.now_held(Change(branch_id=branch_id)),
        lambda after, reason, key: operations.propose_branch(
            branch_id, after, reason, by=request.actor, today=request.today, key=key
        ),
    )


def new_branch(request: HallRequest) -> HttpResponse:
    """Propose a new branch."""
    return _edited(
        request,
        "新增网点",
        NewBranchForm,
        reverse("counter:details-new"),
        dict,
        lambda after, reason, key: operations.propose_new_branch(
            after, reason, by=request.actor, today=request.today, key=key
        ),
    )


def change(request: HallRequest, details_id: int) -> HttpResponse:
    """One change, before and after, with its review."""
    return page(request, CHANGE, _page(request, details_id))


def decide(request: HallRequest, details_id: int) -> HttpResponse:
    """The second person's word; approved, it is in force at once."""
    return decided(request, operations.REVIEW_KIND, details_id, operations.decide, CHANGE, _page)


def _edited(
    request: HallRequest,
    title: str,
    form_of: type,
    action: str,
    held: Callable[[], Mapping[str, str]],
    propose: Callable[[dict[str, str], str, Key], Receipt],
) -> HttpResponse:
    """A form that holds what stands now; sent, it becomes a proposal."""
    if request.method != "POST":
        return page(request, FORM, DetailsFormPage(title, forms.inputs(form_of, held()), action, Key.fresh()))

    def operate(key: Key) -> Receipt:
        given = {name: value or "" for name, value in asdict(forms.read(form_of, request.POST)).items()}
        return propose(given, given.pop("reason"), key)

    def again(refusals: Sequence[Refusal]) -> HttpResponse:
        inputs = forms.inputs(form_of, request.POST, refusals)
        return page(request, FORM, DetailsFormPage(title, inputs, action, Key.fresh(), tuple(refusals)))

    return posted(
        request, operate, lambda done: reverse("counter:details-change", args=[done.result["change_id"]]), again
    )


def _lines() -> list[ChangeLine]:
    return [
        ChangeLine(
            reverse("counter:details-change", args=[one.pk]),
            operations.title_of(one),
            one.reason,
            one.maker_name,
            one.made_at,
            one.applied_at,
        )
        for one in Change.objects.order_by("-pk")[:ROWS]
    ]


def _page(request: HallRequest, details_id: int, refusals: tuple[Refusal, ...] = ()) -> DetailsChangePage:
    found = Change.objects.filter(pk=details_id).first()
    if found is None:
        raise Http404
    labels = (
        rules.NEW_BRANCH_LABELS
        if found.adds_branch
        else rules.BRANCH_LABELS
        if found.branch_id
        else rules.CENTER_LABELS
    )
    pairs = ((label, found.before.get(name, ""), found.after[name]) for name, label in labels.items())
    return DetailsChangePage(
        title=operations.title_of(found),
        rows=tuple((label, before, after, before != after) for label, before, after in pairs),
        reason=found.reason,
        made=f"{found.maker_name} {moment(found.made_at)} 提出",
        review=view_of(operations.REVIEW_KIND, details_id, request.actor, refusals),
        refusals=refusals,
    )
