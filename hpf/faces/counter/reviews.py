"""What waits for a second person (待复核), and the form by which every item lets one decide.

An item's page of decision shows what was made and takes ``components/review.html``; its view reads `Decision` and calls
the item's own operation. The item's line in `DESKS` leads from the list to that page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.urls import reverse

from hpf.casework import review
from hpf.casework.review import Review, ReviewState
from hpf.evidence import Receipt
from hpf.faces.counter.permissions import WHO
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import Input, ask
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.counter import ReviewRow, ReviewsPage, ReviewTurn, ReviewView
from hpf.faces.web.shapes.frame import Link
from hpf.kernel import Actor, Key, Refusal
from hpf.registry.codes import Role
from hpf.registry.models import Branch

_SHOWN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Desk:
    """How one kind of review is reached: ``page`` shows what was made, ``decide`` takes the verdict (URL names)."""

    label: str
    page: str
    decide: str


DESKS: dict[str, Desk] = {
    "employer_registration": Desk("单位登记", "application", "decide-application"),
    "agreement_version": Desk("协议版本", "agreement-draft", "agreement-decide"),
    "access_restriction": Desk("限制使用", "restriction", "restriction-decide"),
    "access_lifting": Desk("解除限制", "lifting", "lifting-decide"),
    "closure": Desk("停办与维护", "closure", "closure-decide"),
    "center_details": Desk("网点和页脚", "details-change", "details-decide"),
    "timetable": Desk("办理时间", "timetable", "timetable-decide"),
    "looks": Desk("查询限额", "staff-looks-change", "staff-looks-decide"),
    "staff_roles": Desk("工作人员岗位", "staff-member", "staff-decide"),
    "access_grant": Desk("办理权限", "grant", "grant-decide"),
    "access_grant_end": Desk("终止办理权限", "grant", "grant-end-decide"),
    "mass_message": Desk("群发消息", "mass-message", "mass-decide"),
    "message_wording": Desk("消息模板", "wording", "wording-decide"),
    "bank_statement": Desk("对账单", "handed-in", "handed-in-decide"),
    "bank_line": Desk("款项认领、冲正", "line-proposal", "line-decide"),
    "publication": Desk("信息发布", "draft", "draft-decide"),
}
"""Kind of review: its desk. Both addresses stand in ``permissions.WHO`` and take the subject's number alone."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A second person's word. ``verdict`` comes from the button that was pressed."""

    verdict: str = ask("复核结论", forms.choice([(one.value, one.label) for one in review.VERDICTS]))
    note: str | None = ask(
        "复核意见",
        forms.text(500, kind="textarea"),
        required=False,
        hint="写明理由和需要补正的内容",
        when="退回或不予通过的必填",
    )

    @property
    def state(self) -> ReviewState:
        return ReviewState(self.verdict)


@dataclass(frozen=True, slots=True)
class Seen:
    """Which turn the second person looked at."""

    turn: int = ask("复核的内容", forms.number())


def reviews(request: HallRequest) -> HttpResponse:
    """What waits for somebody of one's roles, oldest first; one's own work is shown and cannot be opened to decide."""
    return page(
        request, "counter/reviews.html", ReviewsPage(_rows(review.pending(_kinds(request.actor)), request.actor))
    )


def waiting(actor: Actor) -> int:
    """How many reviews wait for somebody like the actor."""
    kinds = _kinds(actor)
    return review.count_pending(kinds, besides=actor) if kinds else 0


def waiting_for(actor: Actor) -> list[Link]:
    """The reviews that wait for somebody like the actor, each with its page: administrators have no list of them."""
    kinds = _kinds(actor)
    found = (one for one in review.pending(kinds) if not one.is_made_by(actor)) if kinds else ()
    return [
        Link(f"待复核：{one.title}", reverse(f"counter:{DESKS[one.kind].page}", args=[one.subject_id])) for one in found
    ]


def came_back(actor: Actor, now: datetime) -> list[Link]:
    """What others returned to the actor or refused him lately, each with the page that says why."""
    found = ((one, DESKS[one.kind]) for one in review.came_back(actor, now - _SHOWN))
    return [
        Link(f"{one.state.label}（{desk.label}）：{one.title}", reverse(f"counter:{desk.page}", args=[one.subject_id]))
        for one, desk in found
        if WHO[desk.page][0].roles & actor.roles
    ]


def by_command(actor: Actor, now: datetime) -> list[Link]:
    """What commands at the server handed over in the actor's name, each with the page where he may take it back."""
    found = ((one, DESKS[one.kind]) for one in review.by_command(actor, now - _SHOWN))
    return [
        Link(
            f"有人在服务器上以您的名义提交（{desk.label}，{one.state.label}）：{one.title}；不是您办的，请立即报告",
            reverse(f"counter:{desk.page}", args=[one.subject_id]),
        )
        for one, desk in found
        if WHO[desk.page][0].roles & actor.roles
    ]


def view_of(
    kind: str, subject_id: int, actor: Actor, refusals: Iterable[Refusal] = (), *, wrote: bool = False
) -> ReviewView:
    """The review of a subject as ``components/review.html`` shows it; with a form where the actor may decide.

    ``wrote``: the item itself knows that the actor had a hand in what was handed over.
    """
    turns = review.history(kind, subject_id)
    open_turn = turns[0] if turns and turns[0].state is ReviewState.PENDING else None
    own = open_turn is not None and open_turn.is_made_by(actor)
    asked = open_turn is not None and not own and kind in _kinds(actor)
    barred = asked and (wrote or review.has_written(kind, subject_id, actor))
    return ReviewView(
        turns=tuple(_turn(one) for one in turns),
        decide=reverse(f"counter:{DESKS[kind].decide}", args=[subject_id]) if asked and not barred else "",
        own=own,
        wrote=barred,
        deciders="、".join(role.label for role in Role if role in WHO[DESKS[kind].decide][0].roles),
        turn=open_turn.id if open_turn else 0,
        note=_note(refusals),
        key=Key.fresh(),
    )


def decided(
    request: HallRequest,
    kind: str,
    subject_id: int,
    operation: Callable[..., Receipt],
    template: str,
    shape: Callable[[HallRequest, int, tuple[Refusal, ...]], object],
) -> HttpResponse:
    """Give the second person's word to an item's operation: back to the page, or that page with what speaks against it.

    ``shape`` makes the page of the subject with its refusals, inside a reading transaction.
    """

    def operate(key: Key) -> Receipt:
        form = forms.read(Decision, request.POST)
        return operation(subject_id, form.state, note=form.note or "", by=request.actor, today=request.today, key=key)

    return posted(
        request,
        operate,
        lambda _: reverse(f"counter:{DESKS[kind].page}", args=[subject_id]),
        lambda found: page(request, template, shape(request, subject_id, tuple(found))),
    )


def _kinds(actor: Actor) -> list[str]:
    return [kind for kind, desk in DESKS.items() if WHO[desk.decide][0].roles & actor.roles]


def _rows(found: list[Review], actor: Actor) -> tuple[ReviewRow, ...]:
    branches = dict(Branch.objects.values_list("pk", "name"))
    return tuple(
        ReviewRow(
            href=reverse(f"counter:{DESKS[one.kind].page}", args=[one.subject_id]),
            item=DESKS[one.kind].label,
            title=one.title,
            branch=branches.get(one.branch_id or 0, ""),
            maker=one.maker_name,
            at=one.made_at,
            own=one.is_made_by(actor),
        )
        for one in found
    )


def _turn(one: Review) -> ReviewTurn:
    return ReviewTurn(
        one.state, one.maker_name, one.made_at, one.checker_name, one.decided_at, one.note, one.is_by_command
    )


def _note(refusals: Iterable[Refusal]) -> Input:
    return forms.inputs(Decision, None, refusals)["note"]
