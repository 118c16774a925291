"""事件日志 and 追溯: the administrator of audit reads and exports the log. That he does is an event too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse

from hpf import evidence
from hpf.evidence.log import LogLine, LogSearch, line_of
from hpf.faces.counter.acts import ACTS, act_label
from hpf.faces.counter.event_words import Told, subject_words, told
from hpf.faces.web import forms
from hpf.faces.web.agents import browser_name
from hpf.faces.web.answers import file_response
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import moment, url
from hpf.faces.web.exports import subject_of
from hpf.faces.web.forms import ask
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.pages import page, refused_response
from hpf.faces.web.shapes.staff import EventRow, EventsPage, TracePage
from hpf.hall_access.queries import login_by_number
from hpf.kernel import Actor, Key, Refused, typed_day
from hpf.papers.workbooks import Field, Kind, csv_export
from hpf.registry.models import Employer
from hpf.storage import durable, reading

ROWS = 50
MOST_EXPORTED = 100_000
_MONTH = timedelta(days=30)
_CHANNELS = {"portal": "网厅", "counter": "柜面", "public": "公众页", "batch": "系统", "cli": "运维"}
_COLUMNS = (
    Field("事件号", width=12),
    Field("时间", width=18),
    Field("业务日期", Kind.DAY),
    Field("事项"),
    Field("办理人"),
    Field("渠道"),
    Field("网络地址"),
    Field("对象"),
    Field("内容", width=60),
    Field("对象编号"),
    Field("原始内容", width=60),
)
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class ExportForm:
    starts_on: date = ask("起始业务日期", forms.day())
    ends_on: date = ask("截止业务日期", forms.day())
    act: str | None = ask("事项", forms.text(60), required=False)
    actor_name: str | None = ask("办理人", forms.text(60), required=False)
    subject: str | None = ask("对象", forms.text(80), required=False)


def events(request: HallRequest) -> HttpResponse:
    """The events of the last month, or of the days asked for, newest first."""
    search, keyset = _search(request.GET, request.today), Keyset.of(request, ROWS)
    found = keyset.page(search.after, search.before)
    shape = EventsPage(
        rows=tuple(_row(one, search) for one in told(found.rows, request.actor)),
        pager=keyset.pager(found, lambda line: line.number),
        acts=(("", "全部"), *sorted(ACTS.items(), key=lambda one: one[1])),
        search=search,
        about=subject_words(search.subject, request.actor) if search.subject else "",
        key=Key.fresh(),
    )
    return page(request, "counter/events.html", shape)


def export(request: HallRequest) -> HttpResponse:
    """The same as CSV, up to 100,000 events; the export is recorded before the file leaves."""
    try:
        form, key = forms.read(ExportForm, request.POST), forms.read_key(request.POST)
    except Refused as refused:
        return refused_response(request, refused, back="/counter/events/")
    search = LogSearch(form.starts_on, form.ends_on, form.act or "", form.actor_name or "", form.subject or "")
    with durable(request.actor):
        asked = {name: getattr(search, name) for name in search.__dataclass_fields__}
        evidence.record("export_log", by=request.actor, today=request.today, key=key, content=asked, detail=asked)
    with reading(request.actor):
        content = csv_export(_COLUMNS, _lines(search.after(0, MOST_EXPORTED), request.actor))
    return file_response(content, f"事件日志{search.starts_on}至{search.ends_on}.csv", "text/csv; charset=utf-8")


def trace(request: HallRequest) -> HttpResponse:
    """Who took a file out, or looked at a page, by the number that stands on it."""
    number = request.GET.get("number", "").strip().upper()[:30]
    facts = _of_login(number) if number.isascii() and number.isdigit() else _of_export(number) if number else ()
    return page(request, "counter/trace.html", TracePage(number, tuple(facts)))


def _of_export(number: str) -> Iterator[tuple[str, str]]:
    for line in evidence.events_about(subject_of(number), 1):
        rows = line.result.get("rows")
        yield "导出、打印的内容", str(line.detail["what"])
        if rows is not None:
            yield "行数", f"{rows:,} 行"
        yield "时间", moment(line.at)
        yield from _whose(line.number)


def _whose(number: int) -> Iterator[tuple[str, str]]:
    found = line_of(number)
    if found is None:
        return
    yield "办理人", found.actor_name
    if found.employer_id is not None:
        yield "单位", Employer.objects.get(pk=found.employer_id).name
    yield "渠道", _channel(found)
    yield "网络地址", found.address
    yield "页面", str(found.detail.get("path", ""))
    yield "事件号", str(number)


def _of_login(number: str) -> Iterator[tuple[str, str]]:
    found = login_by_number(int(number[:18]))
    if found is None:
        return
    yield "登录人", f"{found.name}（{found.user_name}）"
    yield ("单位", found.employer) if found.employer else ("身份", "中心工作人员")
    yield "登录时间", moment(found.started_at)
    yield "结束时间", moment(found.ended_at)
    yield "网络地址", found.address
    yield "浏览器", browser_name(found.agent)


def _search(given: Mapping[str, Any], today: date) -> LogSearch:
    starts_on, ends_on = _day(given.get("starts_on", "")), _day(given.get("ends_on", ""))
    return LogSearch(
        starts_on or (ends_on or today) - _MONTH,
        ends_on or today,
        given.get("act", "").strip()[:60],
        given.get("actor_name", "").strip()[:60],
        given.get("subject", "").strip()[:80],
    )


def _day(text: str) -> date | None:
    try:
        return typed_day(text)
    except ValueError:
        return None


def _row(one: Told, search: LogSearch) -> EventRow:
    line, days = one.line, {"starts_on": search.starts_on.isoformat(), "ends_on": search.ends_on.isoformat()}
    related = url("counter:events", subject=line.subject, **days) if line.subject != search.subject else ""
    return EventRow(
        number=line.number,
        at=line.at,
        business_day=line.business_day,
        act=act_label(line.act),
        actor=line.actor_name,
        channel=_channel(line),
        address=line.address,
        subject=one.subject,
        related=related if line.subject else "",
        employer=one.employer,
        content=one.content,
    )


def _lines(found: list[LogLine], reader: Actor) -> Iterator[tuple[str | date, ...]]:
    for start in range(0, len(found), _AT_ONCE):
        yield from (_cells(one) for one in told(found[start : start + _AT_ONCE], reader))


def _cells(one: Told) -> tuple[str | date, ...]:
    line = one.line
    content = [("单位", one.employer.label.removeprefix("单位 "))] if one.employer else []
    return (
        str(line.number),
        moment(line.at),
        line.business_day,
        act_label(line.act),
        line.actor_name,
        _channel(line),
        line.address,
        one.subject.label,
        "；".join(f"{label}：{text}" for label, text in (*content, *one.content)),
        line.subject,
        json.dumps({**line.detail, **line.result}, ensure_ascii=False),
    )


def _channel(line: LogLine) -> str:
    return _CHANNELS.get(line.channel, line.channel)
