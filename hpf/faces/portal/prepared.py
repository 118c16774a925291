"""单位内部复核: what one of the employer's persons prepared, and what its approver says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf import evidence
from hpf.casework import prepared
from hpf.casework.models import Case, PreparedAct, PreparedState
from hpf.evidence import Receipt
from hpf.faces.portal.addresses import case_link
from hpf.faces.portal.submitting import SUBMISSIONS, carry_out
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import ACTING, APPROVING, HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.shapes.portal import Waiting
from hpf.faces.web.shapes.prepared import PreparedPage, PreparedRow, PreparedRowsPage
from hpf.kernel import Key, Refusal
from hpf.storage import reading

ROWS = 100
_RETURNED_SHOWN = timedelta(days=7)
_LONG_AGO = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ReturnForm:
    note: str = ask("退回原因", forms.text(500, kind="textarea"), hint="只在退回时填写，经办人会看到")


def acts(request: HallRequest) -> HttpResponse:
    """What was prepared in this employer, newest first."""
    return page(request, "portal/prepared.html", PreparedRowsPage(tuple(map(_row, prepared.latest(ROWS)))))


def act(request: HallRequest, prepared_id: int) -> HttpResponse:
    """One prepared act."""
    return _page(request, prepared_id)


def approve(request: HallRequest, prepared_id: int) -> HttpResponse:
    """The approver's click: the act is judged anew and carried out, in one transaction."""
    found = _read(request, prepared_id)
    return _answered(request, prepared_id, lambda _: carry_out(request, found))


def give_back(request: HallRequest, prepared_id: int) -> HttpResponse:
    """The approver returns it with a reason."""
    _read(request, prepared_id)
    note = request.POST.get("note", "")
    return _answered(
        request,
        prepared_id,
        lambda key: prepared.give_back(prepared_id, note, by=request.actor, today=request.today, key=key),
    )


def take_back(request: HallRequest, prepared_id: int) -> HttpResponse:
    """Who prepares takes it back before it is decided."""
    _read(request, prepared_id)
    return _answered(
        request,
        prepared_id,
        lambda key: prepared.take_back(prepared_id, by=request.actor, today=request.today, key=key),
    )


def waiting(request: HallRequest) -> Iterator[Waiting]:
    """What of it waits for whoever looks at the first page."""
    if not request.actor.in_two_steps:
        return
    for one in prepared.standing([PreparedState.WAITING], request.today - _LONG_AGO):
        if APPROVING.duties & request.actor.roles:
            yield Waiting(f"{one.title}，{one.preparer_name}提交，等您复核", Link("去复核", _href(one.pk)))
        else:
            yield Waiting(f"{one.title}，等本单位复核人通过", Link("查看", _href(one.pk)))
    if ACTING.duties & request.actor.roles:
        for one in prepared.standing([PreparedState.RETURNED], request.today - _RETURNED_SHOWN):
            yield Waiting(f"{one.title}，被退回：{one.note}", Link("查看", _href(one.pk)), urgent=True)


def _answered(request: HallRequest, prepared_id: int, operate: Callable[[Key], Receipt]) -> HttpResponse:
    return posted(
        request, operate, lambda _: _href(prepared_id), lambda refusals: _page(request, prepared_id, refusals)
    )


def _href(prepared_id: int) -> str:
    return reverse("portal:prepared-act", args=[prepared_id])


def _read(request: HallRequest, prepared_id: int) -> PreparedAct:
    with reading(request.actor):
        return _found(prepared_id)


def _found(prepared_id: int) -> PreparedAct:
    found = prepared.prepared_act(prepared_id)
    if found is None:
        raise Http404
    return found


def _page(request: HallRequest, prepared_id: int, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    found = _found(prepared_id)
    submission, given = SUBMISSIONS[found.act], prepared.arguments_of(found)
    is_open = found.state == PreparedState.WAITING
    approves = is_open and bool(APPROVING.duties & request.actor.roles)
    is_own = approves and prepared.is_own(found, request.actor.id or 0)
    shape = PreparedPage(
        id=prepared_id,
        row=_row(found),
        facts=submission.facts(given),
        look=submission.look(given),
        outcome=_outcome(request, found),
        may_decide=approves and not is_own,
        is_own=is_own,
        may_take_back=is_open and bool(ACTING.duties & request.actor.roles),
        inputs=forms.inputs(ReturnForm, request.POST if request.method == "POST" else None, refusals),
        key=Key.fresh(),
        refusals=tuple(refusals),
    )
    return page(request, "portal/prepared_act.html", shape)


def _outcome(request: HallRequest, found: PreparedAct) -> Link | None:
    """Where the act that was carried out is found; one that was returned, where it is filled in anew."""
    again = SUBMISSIONS[found.act].again
    if again and found.state == PreparedState.RETURNED and ACTING.duties & request.actor.roles:
        return Link("改好再提交", reverse(again))
    done = evidence.done(Key(found.key)) if found.state == PreparedState.APPROVED else None
    case = Case.objects.filter(pk=done.result["case_no"]).first() if done else None
    return Link("查看办理结果", case_link(case).href) if case else None


def _row(found: PreparedAct) -> PreparedRow:
    return PreparedRow(
        href=_href(found.pk),
        title=found.title,
        preparer=found.preparer_name,
        at=found.prepared_at,
        decider=found.decider_name,
        decided_at=found.decided_at,
        note=found.note,
        state=PreparedState(found.state),
    )
