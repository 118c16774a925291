"""When each channel's functions take acts and how often a day (办理时间): proposed by one, approved by another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.channels import queries
from hpf.channels import timetables as operations
from hpf.channels.hours import COUNTED, LATE_TO_APPROVE, Timetable, TimetableStanding, how_stands, in_force, read_hours
from hpf.channels.models import TimetableRow
from hpf.channels.rules import CLOSABLE, OFFERED, ClosureState
from hpf.evidence import Receipt
from hpf.faces.counter.reviews import decided, view_of
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import moment
from hpf.faces.web.forms import Reader, Unreadable, ask
from hpf.faces.web.hours import hours_of
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.channels import TimetableDeskPage, TimetableLine, TimetablePage
from hpf.kernel import Channel, Key, Refusal

ROWS = 100
DESK_TEMPLATE, TEMPLATE = "counter/timetables.html", "counter/timetable.html"
_FUNCTIONS = {
    f"{channel.value}:{function.value}": (channel, function) for channel in OFFERED for function in OFFERED[channel]
}
_CHOICES = [(value, f"{CLOSABLE[channel]} · {function.label}") for value, (channel, function) in _FUNCTIONS.items()]
_HOW = "例如8:30-17:30；整天办理写“全天”，不办理写“不办理”"
_COUNTED = "；".join(f"{function.label}数“{label}”" for function, (_, label) in COUNTED.items())
_ALWAYS = "每天全天办理"


def _hours(raw: str) -> str:
    try:
        return read_hours(raw)
    except ValueError:
        raise Unreadable("TIMETABLE-HOURS", "不能识别", _HOW) from None


@dataclass(frozen=True, slots=True)
class TimetableForm:
    function: str = ask("业务", forms.choice(_CHOICES))
    starts_on: date = ask("开始执行", forms.day(), hint="最早从明天起")
    working_hours: str = ask("工作日", Reader(_hours, max_length=20, style="short"), hint=_HOW)
    resting_hours: str = ask("休息日和节假日", Reader(_hours, max_length=20, style="short"))
    most: int | None = ask(
        "每个单位每天最多几次", forms.number(), required=False, hint=f"不限次数的留空。只有网厅限次数：{_COUNTED}"
    )
    reason: str = ask("原因", forms.text(200, kind="textarea"), hint="写给经办人看，公告时一并显示")


def timetables(request: HallRequest) -> HttpResponse:
    """What holds now and what is to come of each function; proposing a change."""
    if request.method != "POST":
        return page(request, DESK_TEMPLATE, _desk(request))

    def operate(key: Key) -> Receipt:
        form = forms.read(TimetableForm, request.POST)
        of = _FUNCTIONS[form.function]
        plan = Timetable(*of, form.starts_on, form.working_hours, form.resting_hours, form.most)
        return operations.propose(plan, form.reason, by=request.actor, today=request.today, key=key)

    return posted(
        request,
        operate,
        lambda receipt: reverse("counter:timetable", args=[receipt.result["timetable_id"]]),
        lambda found: page(request, DESK_TEMPLATE, _desk(request, tuple(found))),
    )


def timetable(request: HallRequest, timetable_id: int) -> HttpResponse:
    """One timetable with its review."""
    return page(request, TEMPLATE, _page(request, timetable_id))


def decide(request: HallRequest, timetable_id: int) -> HttpResponse:
    """The second person's word; approved, it is announced and holds from its day on."""
    return decided(request, operations.REVIEW_KIND, timetable_id, operations.decide, TEMPLATE, _page)


def _desk(request: HallRequest, refusals: tuple[Refusal, ...] = ()) -> TimetableDeskPage:
    given = request.POST if request.method == "POST" else {"working_hours": "8:30-17:30", "resting_hours": "不办理"}
    rows, holding = TimetableRow.objects.order_by("-starts_on", "-pk")[:ROWS], queries.holding(request.today)
    return TimetableDeskPage(
        channels=hours_of(request.frame.timetables, request.today, OFFERED, _ALWAYS),
        rows=tuple(_line(one, request.today, holding) for one in rows),
        inputs=forms.inputs(TimetableForm, given, refusals),
        key=Key.fresh(),
        refusals=refusals,
    )


def _page(request: HallRequest, timetable_id: int, refusals: tuple[Refusal, ...] = ()) -> TimetablePage:
    found = TimetableRow.objects.filter(pk=timetable_id).first()
    if found is None:
        raise Http404
    before = in_force(request.frame.timetables, Channel(found.channel), found.function, request.today)
    waits = found.state == ClosureState.PROPOSED.value
    row = _line(found, request.today, queries.holding(request.today))
    review = view_of(operations.REVIEW_KIND, timetable_id, request.actor, refusals)
    too_late = LATE_TO_APPROVE.sentence if row.state is TimetableStanding.LATE else ""
    return TimetablePage(
        row=row,
        now=(before.sentence if before else _ALWAYS) if waits else "",
        made=f"{found.maker_name} {moment(found.made_at)} 提出",
        review=replace(review, too_late=too_late),
        refusals=refusals,
    )


def _line(one: TimetableRow, today: date, holding: frozenset[int]) -> TimetableLine:
    return TimetableLine(
        href=reverse("counter:timetable", args=[one.pk]),
        what=f"{CLOSABLE[Channel(one.channel)]} · {one.table.function.label}",
        sentence=one.table.sentence,
        starts_on=one.starts_on,
        reason=one.reason,
        state=how_stands(ClosureState(one.state), one.starts_on, today, holds=one.pk in holding),
    )
