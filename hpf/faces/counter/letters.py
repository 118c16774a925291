"""信函: looked through, printed in batches, taken to the post, proved by the post's number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf import evidence
from hpf.evidence import Receipt
from hpf.faces.web import forms
from hpf.faces.web.answers import PDF, file_response, posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.message_words import paragraphs
from hpf.faces.web.pages import page
from hpf.faces.web.papers import center_shape, imprint
from hpf.faces.web.shapes.messages import BatchRow, LetterRow, LettersPage
from hpf.kernel import Key, Refusal
from hpf.messaging import operations, queries
from hpf.messaging.queries import WaitingLetter
from hpf.notices.models import Delivery, DeliveryState, Message
from hpf.notices.templates import Way
from hpf.papers import slips
from hpf.papers.shapes import Letter, LetterBatch

_TEMPLATE = "counter/letters.html"


@dataclass(frozen=True, slots=True)
class TakeOutForm:
    reason: str = ask("取出原因", forms.text(200), hint="例如：限制已解除；公告已撤回")


@dataclass(frozen=True, slots=True)
class PostForm:
    proof: str = ask("交寄凭据", forms.text(120), hint="挂号号码或交寄清单编号")


def letters(request: HallRequest) -> HttpResponse:
    """What waits to be printed, to whom and why, and what has been; printing takes what is ticked, up to 200."""
    if request.method != "POST":
        return page(request, _TEMPLATE, _page(request))

    def operate(key: Key) -> Receipt:
        letters, over = _chosen(request, "letter"), _chosen(request, "over")
        return operations.print_letters(letters, over, **_act(request), key=key)

    return _done(request, operate)


def take_out(request: HallRequest) -> HttpResponse:
    """Letters that have lost their purpose go nowhere."""

    def operate(key: Key) -> Receipt:
        form = forms.read(TakeOutForm, request.POST)
        return operations.take_out_letters(_chosen(request, "over"), form.reason, **_act(request), key=key)

    return _done(request, operate)


def _act(request: HallRequest) -> dict[str, Any]:
    visit = request.visit
    return {"by": request.actor, "today": visit.today, "now": visit.now, "moment": visit.moment}


def _done(request: HallRequest, operate: Callable[[Key], Receipt]) -> HttpResponse:
    """Carry an act out and show the list, or it again with what speaks against the act."""
    return posted(
        request,
        operate,
        lambda _: reverse("counter:letters"),
        lambda found: page(request, _TEMPLATE, _page(request, tuple(found))),
    )


def paper(request: HallRequest, batch: int) -> HttpResponse:
    """A batch as one PDF, by post code."""
    printed = evidence.event(batch)
    if printed is None or printed.act != "print_letters":
        raise Http404
    found, number = queries.letters(printed.result["letters"]), queries.batch_numbers()[batch]
    content = slips.letters(
        LetterBatch(center_shape(), imprint(request, number, rows=len(found)), tuple(map(_letter, found)))
    )
    return file_response(content, f"通知信函{number}.pdf", PDF, inline=True)


def post(request: HallRequest, batch: int) -> HttpResponse:
    """The post has taken a batch."""

    def operate(key: Key) -> Receipt:
        proof, visit = forms.read(PostForm, request.POST).proof, request.visit
        return operations.post_letters(batch, proof, by=request.actor, today=visit.today, now=visit.now, key=key)

    return _done(request, operate)


def _chosen(request: HallRequest, name: str) -> list[int]:
    return [number for raw in request.POST.getlist(name) if (number := forms.record_number(raw))]


def _page(request: HallRequest, refusals: tuple[Refusal, ...] = ()) -> LettersPage:
    printed = queries.batches()
    numbers = [number for one in printed for number in one.result["letters"]]
    known = {one.pk: one for one in Delivery.objects.filter(pk__in=numbers).only("pk", "state", "proof")}
    rows, said = [], queries.batch_numbers()
    for one in printed:
        first = known[one.result["letters"][0]]
        rows.append(
            BatchRow(
                number=said[one.number],
                at=one.at,
                by=one.actor_name,
                count=len(one.result["letters"]),
                state=DeliveryState(first.state),
                proof=first.proof,
                paper=reverse("counter:letters-paper", args=[one.number]),
                post=reverse("counter:letters-post", args=[one.number]),
                key=Key.fresh() if first.state == DeliveryState.PRINTED else None,
            )
        )
    return LettersPage(
        waiting=queries.count_waiting_letters(),
        at_once=operations.LETTERS_AT_ONCE,
        letters=tuple(map(_row, queries.waiting_letters(request.visit.moment, operations.LETTERS_AT_ONCE))),
        rows=tuple(rows),
        inputs=forms.inputs(PostForm, None, refusals) | forms.inputs(TakeOutForm, None, refusals),
        key=Key.fresh(),
        refusals=refusals,
    )


def _row(one: WaitingLetter) -> LetterRow:
    letter, message = one.delivery, one.delivery.message
    return LetterRow(
        id=letter.pk,
        employer=letter.employer.name,
        employer_href=reverse("counter:employer", args=[letter.employer_id]),
        title=message.title,
        message_href=reverse("counter:sent", args=[message.pk]),
        written_at=letter.sent_at,
        why=_why(message) + ("，单位已通过其他方式收到" if one.was_reached else ""),
        is_over=one.is_over,
        href=reverse("counter:delivery", args=[letter.pk]),
    )


def _why(message: Message) -> str:
    """What brought a message on paper: it goes by letter to all, or no other way has reached the employer."""
    if Way.LETTER not in message.ways:
        return "其他方式没有送达，补发"
    return "发送时选定寄信" if message.template == operations.GENERAL else "这类通知都寄信"


def _letter(one: Delivery) -> Letter:
    employer, message = one.employer, one.message
    return Letter(
        employer.name,
        employer.postcode,
        employer.address,
        message.title,
        paragraphs(message.text),
        str(message.pk),
        message.business_day,
        bytes(message.digest).hex(),
    )
