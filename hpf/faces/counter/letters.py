"""信函: printed in batches, taken to the post, proved by the post's number."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hpf import evidence
from hpf.faces.web import forms
from hpf.faces.web.answers import PDF, file_response
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.message_words import paragraphs
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.papers import center_shape, imprint
from hpf.faces.web.shapes.messages import BatchRow, LettersPage
from hpf.kernel import Key, Refusal, Refused
from hpf.messaging import operations, queries
from hpf.notices.models import Delivery, DeliveryState
from hpf.papers import slips
from hpf.papers.shapes import Letter, LetterBatch
from hpf.storage import reading

_TEMPLATE = "counter/letters.html"


@dataclass(frozen=True, slots=True)
class PostForm:
    proof: str = ask("交寄凭据", forms.text(120), hint="挂号号码或交寄清单编号")


def letters(request: HallRequest) -> HttpResponse:
    """What waits to be printed and what has been; printing takes up to 200 at once."""
    if request.method != "POST":
        return page(request, _TEMPLATE, _page())
    try:
        key = forms.read_key(request.POST)
        operations.print_letters(by=request.actor, today=request.today, now=request.visit.now, key=key)
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, _TEMPLATE, _page(refused.refusals))
    return HttpResponseRedirect(reverse("counter:letters"))


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
    try:
        form = forms.read(PostForm, request.POST)
        operations.post_letters(
            batch,
            form.proof,
            by=request.actor,
            today=request.today,
            now=request.visit.now,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, _TEMPLATE, _page(refused.refusals))
    return HttpResponseRedirect(reverse("counter:letters"))


def _page(refusals: tuple[Refusal, ...] = ()) -> LettersPage:
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
        waiting=queries.waiting_letters(),
        at_once=operations.LETTERS_AT_ONCE,
        rows=tuple(rows),
        inputs=forms.inputs(PostForm, None, refusals),
        key=Key.fresh(),
        refusals=refusals,
    )


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
