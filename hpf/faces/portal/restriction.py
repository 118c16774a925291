"""What is withheld from one's employer for breach, why, until when, and the appeal against it.

All that is left to a handler whose access is suspended or ended; he comes here after the right password and code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.access_restriction import appeals, queries
from hpf.access_restriction.models import Restriction
from hpf.access_restriction.operations import open_notices
from hpf.access_restriction.rules import ProposalState, Standing
from hpf.faces.web import forms, restrictions
from hpf.faces.web.answers import posted
from hpf.faces.web.door import APPEALING, HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.restrictions import AppealPage, RestrictionsToldPage, RestrictionTold
from hpf.hall_access.rules import Stage
from hpf.kernel import Key, Refusal
from hpf.notices.messages import are_unread
from hpf.policy import after_working_days
from hpf.storage import reading

_NOW = (Standing.COMING, Standing.IN_FORCE)


@dataclass(frozen=True, slots=True)
class AppealForm:
    text: str = ask(
        "申诉理由", forms.text(500, kind="textarea"), hint="写明事实和要求，最多 500 字；每项限制可以申诉一次"
    )


def restriction(request: HallRequest) -> HttpResponse:
    """All that was decided, what holds now first."""
    told = [_told(request, one) for one in queries.of_employer(request.actor.employer_id or 0)]
    now = tuple(one for one in told if one.facts.standing in _NOW)
    past = () if _alone(request) else tuple(one for one in told if one.facts.standing not in _NOW)
    _opens(request, *(one.facts.id for one in (*now, *past)))
    shape = RestrictionsToldPage(alone=_alone(request), now=now, past=past)
    return page(request, "portal/restriction.html", shape)


def notice(request: HallRequest, restriction_id: int) -> HttpResponse:
    """The notice as PDF."""
    found = _found(restriction_id)
    _opens(request, found.pk)
    return restrictions.notice(request, found)


def appeal(request: HallRequest, restriction_id: int) -> HttpResponse:
    """Write an appeal."""
    if request.method != "POST":
        return page(request, "portal/restriction_appeal.html", _appeal_page(request, restriction_id))
    with reading(request.actor):
        _found(restriction_id)
    text = request.POST.get("text", "")
    return posted(
        request,
        lambda key: appeals.appeal(
            restriction_id, text, by=request.actor, today=request.today, now=request.visit.now, key=key
        ),
        lambda _: reverse("portal:restriction"),
        lambda refusals: page(
            request, "portal/restriction_appeal.html", _appeal_page(request, restriction_id, tuple(refusals))
        ),
    )


def _appeal_page(request: HallRequest, restriction_id: int, refusals: tuple[Refusal, ...] = ()) -> AppealPage:
    found = _found(restriction_id)
    appeal_by, answer_days = queries.appeal_terms(found, request.today)
    return AppealPage(
        alone=_alone(request),
        facts=restrictions.facts_of(found, request.today),
        appeal_by=appeal_by,
        answer_by=after_working_days(request.today, answer_days),
        inputs=forms.inputs(AppealForm, request.POST or None, refusals),
        key=Key.fresh(),
        refusals=refusals,
    )


def _told(request: HallRequest, found: Restriction) -> RestrictionTold:
    facts, made = restrictions.facts_of(found, request.today), queries.appeal_of(found.pk)
    appeal_by, _ = queries.appeal_terms(found, request.today)
    return RestrictionTold(
        facts=facts,
        appeal=restrictions.appeal_view(made, request.today) if made else None,
        appeal_by=appeal_by,
        can_appeal=facts.standing in _NOW and made is None and request.today <= appeal_by and _acts(request),
    )


def _opens(request: HallRequest, *restriction_ids: int) -> None:
    """With the page who acts for the employer has these notices, if what told of them is still unread."""
    by, visit, told = request.actor, request.visit, queries.messages_of(*restriction_ids)
    if _acts(request) and are_unread(told, by.employer_id or 0):
        request.opened = partial(open_notices, restriction_ids, by=by, today=visit.today, now=visit.now)


def _acts(request: HallRequest) -> bool:
    return bool(APPEALING.duties & request.actor.roles)


def _found(restriction_id: int) -> Restriction:
    """One's own, once it is decided. ``Http404`` for everything else."""
    found = queries.one(restriction_id)
    if found is None or found.state != ProposalState.APPROVED.value:
        raise Http404
    return found


def _alone(request: HallRequest) -> bool:
    return request.principal is not None and request.principal.stage is Stage.SUSPENDED
