"""查询预警: who looked up so many records that he was asked or stopped; security lets him go on (agreement §3.2(6))."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from hpf.evidence import Receipt
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.staff import HeldBackPage, HeldBackRow
from hpf.hall_access import looking, queries
from hpf.hall_access.models import LookingState
from hpf.kernel import Key, Refusal

_TEMPLATE = "counter/staff_looking.html"


@dataclass(frozen=True, slots=True)
class ResumeForm:
    reason: str = ask("核实情况", forms.text(200), hint="例如：已电话核实，本人在准备审计材料")


def held_back(request: HallRequest) -> HttpResponse:
    """Those who are stopped, and those who were asked lately."""
    return page(request, _TEMPLATE, _page())


def resume(request: HallRequest, tally_id: int) -> HttpResponse:
    """Let one of them look again, with what was found."""

    def operate(key: Key) -> Receipt:
        form = forms.read(ResumeForm, request.POST)
        return looking.resume_looking(tally_id, form.reason, by=request.actor, visit=request.visit, key=key)

    return posted(
        request,
        operate,
        lambda _: reverse("counter:staff-looking"),
        lambda found: page(request, _TEMPLATE, _page(tuple(found))),
    )


def _page(refusals: tuple[Refusal, ...] = ()) -> HeldBackPage:
    rows = tuple(
        HeldBackRow(
            one.id,
            one.name,
            one.user_name,
            one.employer or "中心工作人员",
            LookingState(one.state),
            one.in_hour,
            one.in_day,
            one.since,
            one.purpose,
        )
        for one in queries.held_back()
    )
    return HeldBackPage(rows, forms.inputs(ResumeForm, None, refusals), Key.fresh(), refusals)
