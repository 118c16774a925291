"""What comes after a restriction: its lifting by two persons, an appeal from paper, the answer to an appeal."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from hpf.access_restriction import appeals, lifting, queries
from hpf.access_restriction.rules import AppealState
from hpf.faces.counter.access import act_of
from hpf.faces.counter.restrictions import TEMPLATE, Verdict, must_exist, refused_restriction, restriction_page, told_of
from hpf.faces.counter.reviews import Decision
from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import page
from hpf.kernel import Refused
from hpf.storage import reading


def propose_lifting(request: HallRequest, restriction_id: int) -> HttpResponse:
    """Propose to lift a restriction."""
    must_exist(request, restriction_id)
    try:
        reason, key = request.POST.get("reason", ""), forms.read_key(request.POST)
        receipt = lifting.propose_lifting(restriction_id, reason, by=request.actor, today=request.today, key=key)
    except Refused as refused:
        return refused_restriction(request, restriction_id, refused)
    return told_of(restriction_id, receipt)


def show_lifting(request: HallRequest, lifting_id: int) -> HttpResponse:
    """The restriction that is to be lifted, with the review of its lifting."""
    return page(request, TEMPLATE, restriction_page(request, _restriction_of(lifting_id)))


def decide_lifting(request: HallRequest, lifting_id: int) -> HttpResponse:
    """The second person's word; approved, everything opens again."""
    with reading(request.actor):
        restriction_id = _restriction_of(lifting_id)
    try:
        form = forms.read(Decision, request.POST)
        given = act_of(request, forms.read_key(request.POST))
        receipt = lifting.decide_lifting(lifting_id, form.state, note=form.note or "", **given)
    except Refused as refused:
        return refused_restriction(request, restriction_id, refused)
    return told_of(restriction_id, receipt)


def enter_appeal(request: HallRequest, restriction_id: int) -> HttpResponse:
    """Enter an appeal that came on paper."""
    must_exist(request, restriction_id)
    try:
        text, key = request.POST.get("text", ""), forms.read_key(request.POST)
        receipt = appeals.appeal(
            restriction_id, text, by=request.actor, today=request.today, now=request.visit.now, key=key
        )
    except Refused as refused:
        return refused_restriction(request, restriction_id, refused)
    return told_of(restriction_id, receipt)


def answer(request: HallRequest, appeal_id: int) -> HttpResponse:
    """Answer an appeal: the button that was pressed says how."""
    with reading(request.actor):
        made = queries.appeal(appeal_id)
    if made is None:
        raise Http404
    try:
        given = act_of(request, forms.read_key(request.POST))
        upheld = forms.read(Verdict, request.POST).verdict == AppealState.UPHELD
        receipt = appeals.answer(appeal_id, upheld=upheld, text=request.POST.get("text", ""), **given)
    except Refused as refused:
        return refused_restriction(request, made.restriction_id, refused)
    return told_of(made.restriction_id, receipt)


def _restriction_of(lifting_id: int) -> int:
    found = queries.lifting(lifting_id)
    if found is None:
        raise Http404
    return found.restriction_id
