"""Closing the hall or one of its functions for a time (停办与维护): planned by two persons, or at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.channels import operations
from hpf.channels.models import Closure
from hpf.channels.rules import (
    CLOSABLE,
    ClosureStanding,
    ClosureState,
    Plan,
    Standing,
    against_approving,
    how_stands,
)
from hpf.evidence import Receipt
from hpf.faces.counter.reviews import decided, view_of
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import moment
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.channels import ClosureDeskPage, ClosurePage, ClosureRow
from hpf.kernel import Channel, Key, Refusal
from hpf.registry.codes import HallFunction, Role

ROWS = 100
DESK_TEMPLATE, TEMPLATE = "counter/closures.html", "counter/closure.html"
_ALL = "all"
_FUNCTIONS = [(_ALL, "全部业务（维护）"), *((one.value, one.label) for one in HallFunction)]
_CHANNELS = [(channel.value, label) for channel, label in CLOSABLE.items()]


@dataclass(frozen=True, slots=True)
class PlanForm:
    function: str = ask("停办什么", forms.choice(_FUNCTIONS))
    channels: tuple[str, ...] = ask(
        "停办的渠道",
        forms.choice(_CHANNELS),
        many=True,
        hint="不勾选的照常办理。单项业务只停有这项业务的渠道，后台只能按全部业务停办",
    )
    starts_at: datetime = ask("开始时间", forms.moment(), hint="至少提前1小时")
    ends_at: datetime | None = ask(
        "预计恢复时间", forms.moment(), required=False, hint="到时自动恢复", when="停办全部业务的必填"
    )
    reason: str = ask("原因", forms.text(200, kind="textarea"), hint="写给经办人看，公告时一并显示")


@dataclass(frozen=True, slots=True)
class UrgentForm:
    function: str = ask("停办什么", forms.choice(_FUNCTIONS))
    channels: tuple[str, ...] = ask("停办的渠道", forms.choice(_CHANNELS), many=True)
    ends_at: datetime | None = ask(
        "预计恢复时间", forms.moment(), required=False, hint="到时自动恢复", when="停办全部业务的必填"
    )
    reason: str = ask("原因", forms.text(200, kind="textarea"), hint="写给经办人看，停办后马上显示")


def closures(request: HallRequest) -> HttpResponse:
    """What is closed, was and will be; proposing another one."""
    if request.method != "POST":
        return page(request, DESK_TEMPLATE, _desk(request))

    def operate(key: Key) -> Receipt:
        form = forms.read(PlanForm, request.POST)
        plan = Plan(_channels(form.channels), _function(form.function), form.reason, form.starts_at, form.ends_at)
        return operations.propose(plan, **_act(request), key=key)

    return _planned(request, operate)


def at_once(request: HallRequest) -> HttpResponse:
    """Close at once: the system's administrator, when something is wrong."""
    if request.method != "POST":
        return page(request, DESK_TEMPLATE, _desk(request))

    def operate(key: Key) -> Receipt:
        form, now = forms.read(UrgentForm, request.POST), request.visit.moment
        plan = Plan(_channels(form.channels), _function(form.function), form.reason, now, form.ends_at)
        return operations.close_at_once(plan, **_act(request), key=key)

    return _planned(request, operate)


def closure(request: HallRequest, closure_id: int) -> HttpResponse:
    """One closure with its review."""
    return page(request, TEMPLATE, _page(request, closure_id))


def decide(request: HallRequest, closure_id: int) -> HttpResponse:
    """The second person's word; approved, it is announced and comes by itself."""
    operation = partial(operations.decide, now=request.visit.moment)
    return decided(request, operations.REVIEW_KIND, closure_id, operation, TEMPLATE, _page)


def lift(request: HallRequest, closure_id: int) -> HttpResponse:
    """Open again before its time, or call off what was announced."""
    return posted(
        request,
        lambda key: operations.lift(closure_id, **_act(request), key=key),
        lambda _: reverse("counter:closure", args=[closure_id]),
        lambda found: page(request, TEMPLATE, _page(request, closure_id, tuple(found))),
    )


def _act(request: HallRequest) -> dict[str, Any]:
    return {"by": request.actor, "today": request.today, "now": request.visit.moment}


def _planned(request: HallRequest, operate: Callable[[Key], Receipt]) -> HttpResponse:
    return posted(
        request,
        operate,
        lambda receipt: reverse("counter:closure", args=[receipt.result["closure_id"]]),
        lambda found: page(request, DESK_TEMPLATE, _desk(request, tuple(found))),
    )


def _channels(given: tuple[str, ...]) -> tuple[Channel, ...]:
    return tuple(Channel(one) for one in given)


def _function(given: str) -> str:
    return "" if given == _ALL else given


def _desk(request: HallRequest, refusals: tuple[Refusal, ...] = ()) -> ClosureDeskPage:
    urgent = Role.SYSTEM_ADMIN in request.actor.roles
    given = request.POST if request.method == "POST" else {"function": _ALL, "channels": [Channel.PORTAL.value]}
    return ClosureDeskPage(
        rows=tuple(_row(one, request) for one in Closure.objects.order_by("-starts_at", "-pk")[:ROWS]),
        inputs=forms.inputs(UrgentForm if urgent else PlanForm, given, refusals),
        action=reverse("counter:closure-at-once" if urgent else "counter:closures"),
        urgent=urgent,
        key=Key.fresh(),
        now=request.visit.moment,
        refusals=refusals,
    )


def _page(request: HallRequest, closure_id: int, refusals: tuple[Refusal, ...] = ()) -> ClosurePage:
    found = Closure.objects.filter(pk=closure_id).first()
    if found is None:
        raise Http404
    row = _row(found, request)
    stands = row.state in (ClosureStanding.IN_FORCE, ClosureStanding.ANNOUNCED)
    urgent = "，立即停办" if found.urgent else ""
    against = against_approving(found.starts_at, request.visit.moment) if row.state is ClosureStanding.LATE else []
    review = None if found.urgent else view_of(operations.REVIEW_KIND, closure_id, request.actor, refusals)
    return ClosurePage(
        row=row,
        made=f"{found.maker_name} {moment(found.made_at)} 提出{urgent}",
        review=replace(review, too_late=against[0].sentence) if review and against else review,
        lift=reverse("counter:closure-lift", args=[closure_id]) if stands else "",
        key=Key.fresh(),
        refusals=refusals,
    )


def _row(one: Closure, request: HallRequest) -> ClosureRow:
    standing = Standing(one.pk, tuple(one.channels), one.function, one.reason, one.starts_at, one.ends_at)
    return ClosureRow(
        href=reverse("counter:closure", args=[one.pk]),
        what=standing.what,
        channels="、".join(_words(one)),
        reason=one.reason,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        state=how_stands(ClosureState(one.state), standing, one.lifted_at, request.visit.moment),
        lifted=f"{one.lifted_by} {moment(one.lifted_at)}" if one.lifted_at else "",
    )


def _words(one: Closure) -> Iterator[str]:
    return (label for channel, label in CLOSABLE.items() if channel.value in one.channels)
