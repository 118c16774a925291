"""查询限额: the limits of looking up, changed by the administrator of security with a second one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.evidence import Receipt
from hpf.faces.counter.reviews import decided, view_of
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import moment
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.staff import LooksChangePage, LooksLine, LooksPage
from hpf.hall_access import look_limits as operations
from hpf.hall_access.look_limits import LookLimits
from hpf.hall_access.models import LooksChange
from hpf.kernel import Key, Refusal

DESK_TEMPLATE, TEMPLATE = "counter/staff_looks.html", "counter/staff_looks_change.html"
ROWS = 50
PEOPLE = (10, 200, 5000)
"""Sizes of employers for which a page shows what the limits come to."""


@dataclass(frozen=True, slots=True)
class LooksForm:
    looks_an_hour: int = ask("经办人每小时（条）", forms.number())
    looks_percent_an_hour: int = ask("另按职工人数每小时加（%）", forms.number())
    looks_a_day: int = ask("经办人每天（条）", forms.number())
    looks_percent_a_day: int = ask("另按职工人数每天加（%）", forms.number())
    staff_looks_an_hour: int = ask("中心工作人员每小时（条）", forms.number())
    staff_looks_a_day: int = ask("中心工作人员每天（条）", forms.number())
    looks_stop_factor: int = ask("超过几倍暂停查询", forms.number(), hint="超过限额先要求说明用途，超过这个倍数暂停")
    reason: str = ask("原因", forms.text(200))


def looks(request: HallRequest) -> HttpResponse:
    """The limits in force, and what was proposed; proposing others."""
    if request.method != "POST":
        return page(request, DESK_TEMPLATE, _desk(request))

    def operate(key: Key) -> Receipt:
        given = asdict(forms.read(LooksForm, request.POST))
        reason = given.pop("reason")
        return operations.propose(LookLimits(**given), reason, by=request.actor, today=request.today, key=key)

    return posted(
        request,
        operate,
        lambda receipt: reverse("counter:staff-looks-change", args=[receipt.result["looks_id"]]),
        lambda found: page(request, DESK_TEMPLATE, _desk(request, tuple(found))),
    )


def change(request: HallRequest, looks_id: int) -> HttpResponse:
    """One change with its review."""
    return page(request, TEMPLATE, _page(request, looks_id))


def decide(request: HallRequest, looks_id: int) -> HttpResponse:
    """The second administrator's word; approved, the limits hold at once."""
    return decided(request, operations.REVIEW_KIND, looks_id, operations.decide, TEMPLATE, _page)


def _desk(request: HallRequest, refusals: tuple[Refusal, ...] = ()) -> LooksPage:
    held = operations.in_force()
    return LooksPage(
        limits=tuple(_said(held)),
        changes=tuple(
            LooksLine(
                reverse("counter:staff-looks-change", args=[one.pk]),
                one.reason,
                one.maker_name,
                one.made_at,
                one.applied_at,
            )
            for one in LooksChange.objects.order_by("-pk")[:ROWS]
        ),
        inputs=forms.inputs(LooksForm, request.POST if request.method == "POST" else asdict(held), refusals),
        key=Key.fresh(),
        refusals=refusals,
    )


def _page(request: HallRequest, looks_id: int, refusals: tuple[Refusal, ...] = ()) -> LooksChangePage:
    found = LooksChange.objects.filter(pk=looks_id).first()
    if found is None:
        raise Http404
    wanted, held = _said(operations.of_change(found)), _said(operations.in_force())
    return LooksChangePage(
        rows=tuple((label, now, then) for (label, then), (_, now) in zip(wanted, held, strict=True)),
        reason=found.reason,
        made=f"{found.maker_name} {moment(found.made_at)} 提出",
        applied_at=found.applied_at,
        review=view_of(operations.REVIEW_KIND, looks_id, request.actor, refusals),
        refusals=refusals,
    )


def _said(limits: LookLimits) -> Iterator[tuple[str, str]]:
    """What limits come to, by who looks."""
    for people in PEOPLE:
        hour, day = limits.of_handler(people)
        yield f"{people:,}名职工的单位，经办人", f"每小时{hour:,}条，每天{day:,}条"
    yield "中心工作人员", f"每小时{limits.staff_looks_an_hour:,}条，每天{limits.staff_looks_a_day:,}条"
    yield "暂停查询", f"超过限额的{limits.looks_stop_factor}倍"
