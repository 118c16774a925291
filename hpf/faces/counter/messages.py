"""送达: what became of every message by every way, and what a person does about what did not arrive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hpf.faces.counter.announcements import announcement_of
from hpf.faces.counter.letters import TakeOutForm
from hpf.faces.counter.permissions import CLERK, WRITING
from hpf.faces.web import forms
from hpf.faces.web.answers import told
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import moment
from hpf.faces.web.forms import ask
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.message_words import paragraphs, said_reason
from hpf.faces.web.pages import page, refused_page, refused_response
from hpf.faces.web.shapes.messages import DeliveriesPage, DeliveryPage, DeliveryRow, SentPage, Tally
from hpf.kernel import Key, Refusal, Refused
from hpf.messaging import operations, queries
from hpf.messaging.models import MassMessage
from hpf.messaging.queries import DeliverySearch
from hpf.notices.models import Delivery, DeliveryState, Message
from hpf.notices.templates import Way, templates
from hpf.notices.wording import switched_off
from hpf.storage import reading

ROWS = 50
_TEMPLATE = "counter/delivery.html"
TAKE_OUT = "take-out"
_AGAIN = (DeliveryState.FAILED, DeliveryState.UNCLEAR)


@dataclass(frozen=True, slots=True)
class AgainForm:
    reason: str = ask("重发原因", forms.text(200), hint="例如：网关故障已恢复；已向运营商核实未发出")


def deliveries(request: HallRequest) -> HttpResponse:
    """All deliveries, newest first, with a search."""
    given = request.GET
    search = DeliverySearch(
        words=given.get("q", "").strip()[:60],
        way=given["way"] if given.get("way") in list(Way) else "",
        state=given["state"] if given.get("state") in DeliveryState.values else "",
        message_id=forms.record_number(given.get("message", "")),
    )
    keyset = Keyset.of(request, ROWS)
    found = keyset.page(search.after, search.before)
    shape = DeliveriesPage(
        rows=tuple(map(_row, found.rows)),
        pager=keyset.pager(found, lambda one: one.pk),
        ways=(("", "全部"), *((way.value, way.label) for way in Way if way is not Way.ANNOUNCEMENT)),
        states=(("", "全部"), *DeliveryState.choices),
        q=search.words,
        way=search.way,
        state=search.state,
        can_write=bool(request.actor.roles & WRITING.roles),
    )
    return page(request, "counter/deliveries.html", shape)


def sent(request: HallRequest, message_id: int) -> HttpResponse:
    """One message: what was said, to whom, and how it stands by each way."""
    found = Message.objects.filter(pk=message_id).first()
    if found is None:
        raise Http404
    may = bool(request.actor.roles & CLERK.roles)
    draft = MassMessage.objects.filter(message_no=message_id).first()
    shape = SentPage(
        number=found.pk,
        title=found.title,
        paragraphs=paragraphs(found.text),
        template=templates()[found.template].name if found.template in templates() else found.template,
        version=found.version,
        audience=found.audience,
        sender=found.sender,
        sent_at=found.sent_at,
        digest=bytes(found.digest).hex(),
        tallies=tuple(_tally(message_id, *line) for line in queries.tally(message_id)),
        unreached=queries.unreached(message_id, request.visit.moment),
        letters=reverse("counter:message-letters", args=[message_id]) if may else "",
        letters_off=Way.LETTER in switched_off(found.template),
        key=Key.fresh(),
        announcement=announcement_of(draft.pk, request.visit.moment) if draft else None,
    )
    return page(request, "counter/sent.html", shape)


def write_letters(request: HallRequest, message_id: int) -> HttpResponse:
    """Letters for those whom a message has reached by no other way."""
    try:
        operations.write_letters(
            message_id,
            by=request.actor,
            today=request.today,
            now=request.visit.now,
            moment=request.visit.moment,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        return refused_response(request, refused, back=reverse("counter:sent", args=[message_id]))
    return HttpResponseRedirect(reverse("counter:letters"))


def delivery(request: HallRequest, delivery_id: int) -> HttpResponse:
    """One delivery with its tries, receipt and reasons; one that failed is sent again with a reason, and a letter whose
    matter was over before it was printed taken out."""
    if request.method != "POST":
        return page(request, _TEMPLATE, _page(request, delivery_id))
    act: dict[str, Any] = {"by": request.actor, "today": request.today, "now": request.visit.now}
    try:
        key = forms.read_key(request.POST)
        if request.POST.get("act") == TAKE_OUT:
            out = forms.read(TakeOutForm, request.POST)
            receipt = operations.take_out_letters(
                [delivery_id], out.reason, moment=request.visit.moment, key=key, **act
            )
        else:
            again = forms.read(AgainForm, request.POST)
            receipt = operations.send_again(delivery_id, again.reason, key=key, **act)
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, _TEMPLATE, _page(request, delivery_id, refused.refusals))
    return told(reverse("counter:delivery", args=[delivery_id]), receipt)


def _page(request: HallRequest, delivery_id: int, refusals: tuple[Refusal, ...] = ()) -> DeliveryPage:
    found = Delivery.objects.select_related("message", "employer", "handler").filter(pk=delivery_id).first()
    if found is None:
        raise Http404
    lost = found.state == DeliveryState.UNREACHABLE and queries.outgoing(delivery_id) is not None
    waits = found.way == Way.LETTER and found.state == DeliveryState.UNPRINTED
    roles = request.actor.roles
    if waits:
        may = bool(roles & CLERK.roles) and queries.ended_letters([delivery_id], request.visit.moment) > 0
    else:
        may = bool(roles & WRITING.roles) and (found.state in _AGAIN or lost)
    typed = request.POST if request.method == "POST" else None
    return DeliveryPage(
        row=_row(found),
        details=tuple(_details(found)),
        act=TAKE_OUT if waits else "",
        inputs=forms.inputs(TakeOutForm if waits else AgainForm, typed, refusals),
        key=Key.fresh() if may else None,
        refusals=refusals,
    )


def _details(one: Delivery) -> Iterator[tuple[str, str]]:
    yield "收件人", f"{one.employer.name}{f'，{one.handler.name}' if one.handler else '（没有在职经办人）'}"
    yield "消息发出", moment(one.sent_at)
    if one.settled_at:
        who = f"（{one.settled_by}）" if one.settled_by else ""
        yield DeliveryState(one.state).label, f"{moment(one.settled_at)}{who}"
    if one.proof:
        yield "交寄凭据", one.proof
    if one.reason:
        yield "取出原因", one.reason
    out = queries.outgoing(one.pk)
    if out is None:
        return
    yield "已尝试", f"{out.attempts} 次" + (f"，最近一次 {moment(out.taken_at)}" if out.taken_at else "")
    if out.gateway:
        yield "网关", out.gateway + (f"，网关编号 {out.gateway_id}" if out.gateway_id else "")
    if out.state == DeliveryState.WAITING:
        yield "下次尝试", moment(out.due_at)
    for number, reason in enumerate(out.reasons, 1):
        yield f"经过 {number}", said_reason(reason)


def _row(one: Delivery) -> DeliveryRow:
    return DeliveryRow(
        href=reverse("counter:delivery", args=[one.pk]),
        sent_at=one.sent_at,
        employer=one.employer.name,
        employer_href=reverse("counter:employer", args=[one.employer_id]),
        title=one.message.title,
        message_href=reverse("counter:sent", args=[one.message_id]),
        way=Way(one.way).label,
        state=DeliveryState(one.state),
    )


def _tally(message_id: int, way: Way, state: DeliveryState, count: int) -> Tally:
    query = f"?message={message_id}&way={way.value}&state={state.value}"
    return Tally(way.label, state, count, reverse("counter:deliveries") + query)
