"""The desk of what is published (信息发布): the list, a publication's history, a draft and its review, taking down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.evidence import Receipt
from hpf.faces.counter.permissions import PUBLISHER
from hpf.faces.counter.reviews import Decision, Seen, view_of
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import day, moment
from hpf.faces.web.forms import ask
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.markdown import rendered
from hpf.faces.web.pages import page
from hpf.faces.web.publications import downloads, file_answer
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.shapes.publications import (
    DeskLine,
    DraftLine,
    DraftPage,
    PublicationDeskPage,
    PublicationHistoryPage,
    Reading,
    VersionRow,
)
from hpf.kernel import Key, Refusal
from hpf.kernel.loss import loss
from hpf.publications import operations, queries
from hpf.publications.models import Acknowledgement, Draft, Publication, Version
from hpf.publications.queries import Desk, DeskRow
from hpf.publications.rules import Content, DraftState, Kind

ROWS = 50
DRAFT_TEMPLATE = "counter/publication_draft.html"
HISTORY_TEMPLATE = "counter/publication.html"
_TURNS = {"submit": operations.submit, "take_back": operations.take_back, "drop": operations.drop}


@dataclass(frozen=True, slots=True)
class TakeDownForm:
    reason: str = ask("下线原因", forms.text(300, kind="textarea"), hint="下线后马上从网页上消失，历次版本也不再显示")


@dataclass(frozen=True, slots=True)
class TurnForm:
    turn: str = ask("办理", forms.choice([(name, name) for name in _TURNS]))


def publications(request: HallRequest) -> HttpResponse:
    """All that is drafted or published, the last touched first."""
    kind = request.GET["kind"] if request.GET.get("kind") in list(Kind) else ""
    keyset = Keyset.of(request, ROWS)
    desk = Desk(kind)
    found = keyset.page(desk.after, desk.before)
    shape = PublicationDeskPage(
        rows=tuple(_desk_line(one, request) for one in found.rows),
        pager=keyset.pager(found, lambda one: one.draft_id),
        kinds=(("", "全部"), *((one.value, one.label) for one in Kind)),
        kind=kind,
        write=tuple(_write(request)),
    )
    return page(request, "counter/publications.html", shape)


def publication(request: HallRequest, publication_id: int) -> HttpResponse:
    """One publication: its versions, its drafts, who has acknowledged it."""
    return page(request, HISTORY_TEMPLATE, _history(request, publication_id))


def take_down(request: HallRequest, publication_id: int) -> HttpResponse:
    """Take it down at once, with a reason."""

    def operate(key: Key) -> Receipt:
        form = forms.read(TakeDownForm, request.POST)
        return operations.take_down(publication_id, form.reason, **_act(request), key=key)

    return posted(
        request,
        operate,
        lambda _: reverse("counter:publication", args=[publication_id]),
        lambda found: page(request, HISTORY_TEMPLATE, _history(request, publication_id, tuple(found))),
    )


def draft(request: HallRequest, draft_id: int) -> HttpResponse:
    """A draft as it will be read, with its review."""
    return page(request, DRAFT_TEMPLATE, _draft(request, draft_id))


def draft_file(request: HallRequest, draft_id: int, place: int) -> HttpResponse:  # noqa: ARG001
    """A file of a draft."""
    return file_answer(queries.files_of(_found(draft_id)), place)


def turn(request: HallRequest, draft_id: int) -> HttpResponse:
    """Hand it in, take it back, give it up: what the writer's button says."""

    def operate(key: Key) -> Receipt:
        form = forms.read(TurnForm, request.POST)
        return _TURNS[form.turn](draft_id, by=request.actor, today=request.today, key=key)

    return _done(request, draft_id, operate)


def decide(request: HallRequest, draft_id: int) -> HttpResponse:
    """The second person's word; approved, it goes out."""

    def operate(key: Key) -> Receipt:
        form, seen = forms.read(Decision, request.POST), forms.read(Seen, request.POST)
        note, act = form.note or "", _act(request)
        return operations.decide(draft_id, form.state, note=note, turn=seen.turn, **act, key=key)

    return _done(request, draft_id, operate)


def _act(request: HallRequest) -> dict[str, Any]:
    return {"by": request.actor, "today": request.visit.today, "now": request.visit.moment}


def _done(request: HallRequest, draft_id: int, operate: Callable[[Key], Receipt]) -> HttpResponse:
    """Carry an act out on a draft and show it, or it again with what speaks against the act."""
    return posted(
        request,
        operate,
        lambda _: reverse("counter:draft", args=[draft_id]),
        lambda found: page(request, DRAFT_TEMPLATE, _draft(request, draft_id, tuple(found))),
    )


def preview_of(kind: Kind, content: Content, files: Iterable[str] = ()) -> Reading:
    """A content as it would be read, with the addresses of its files if it has some already."""
    return Reading(
        kind=kind.label,
        title=content.title,
        number=0,
        effective_on=content.effective_on,
        published_on=content.publish_at,
        body=rendered(content.text),
        change_summary=content.change_summary,
        digest="",
        downloads=downloads(content.files, list(files)),
    )


def may_write(request: HallRequest) -> bool:
    """Whether the reader is one of those who write."""
    return bool(PUBLISHER.roles & request.actor.roles)


def _write(request: HallRequest) -> Iterator[Link]:
    if may_write(request):
        for kind in Kind:
            yield Link(kind.label, reverse("counter:publication-new", args=[kind.value]))


def _desk_line(one: DeskRow, request: HallRequest) -> DeskLine:
    return DeskLine(
        href=reverse("counter:publication", args=[one.publication_id]),
        kind=one.kind.label,
        title=one.title,
        state=one.state,
        writer=one.writer,
        written_at=one.written_at,
        standing=_standing(one, request),
    )


def _standing(one: DeskRow, request: HallRequest) -> str:
    now = request.visit.moment
    if one.number is None or one.publish_at is None:
        return "未发布过"
    if one.taken_down_at or (one.take_down_at and one.take_down_at <= now):
        return f"第{one.number}版已下线"
    if one.publish_at > now:
        return f"第{one.number}版定于{moment(one.publish_at)}发布"
    return f"第{one.number}版" + ("，登录后须确认" if one.important else "")


def _history(
    request: HallRequest, publication_id: int, refusals: tuple[Refusal, ...] = ()
) -> PublicationHistoryPage:  # fmt: skip
    found = Publication.objects.filter(pk=publication_id).first()
    if found is None:
        raise Http404
    drafts = list(Draft.objects.filter(publication=found).order_by("-pk"))
    standing = queries.standing(publication_id, request.visit.moment)
    writes = may_write(request)
    stoppable = writes and queries.can_be_stopped(publication_id, request.visit.moment)
    is_open = drafts[0].state in (DraftState.WRITING, DraftState.SUBMITTED)
    return PublicationHistoryPage(
        kind=Kind(found.kind).label,
        title=drafts[0].title,
        versions=tuple(_version_row(one, standing) for one in found.version_set.order_by("-number")),
        drafts=tuple(_draft_line(one) for one in drafts),
        revise=reverse("counter:publication-revise", args=[publication_id]) if writes and not is_open else "",
        take_down=forms.inputs(TakeDownForm, request.POST or None, refusals) if stoppable else {},
        address=reverse("counter:publication-take-down", args=[publication_id]),
        key=Key.fresh(),
        acknowledged=_acknowledged(standing),
        refusals=refusals,
    )


def _acknowledged(standing: queries.Published | None) -> str:
    if standing is None or not standing.important:
        return ""
    count = Acknowledgement.objects.filter(version_id=standing.id).count()
    return f"现行第{standing.number}版已有 {count:,} 名经办人确认"


def _version_row(one: Version, standing: queries.Published | None) -> VersionRow:
    return VersionRow(
        href=reverse("counter:draft", args=[one.pk]),
        number=one.number,
        published_on=one.publish_at,
        effective_on=one.effective_on,
        change_summary=f"已下线：{one.taken_down_reason}" if one.taken_down_at else one.change_summary,
        current=standing is not None and standing.id == one.pk,
    )


def _draft_line(one: Draft) -> DraftLine:
    href = reverse("counter:draft", args=[one.pk])
    return DraftLine(href, one.title, DraftState(one.state), one.writer_name, one.written_at)


def _found(draft_id: int) -> Draft:
    found = Draft.objects.select_related("publication").filter(pk=draft_id).first()
    if found is None:
        raise Http404
    return found


def _draft(request: HallRequest, draft_id: int, refusals: tuple[Refusal, ...] = ()) -> DraftPage:
    found = _found(draft_id)
    state, content = DraftState(found.state), queries.content_of(found)
    files = [reverse("counter:draft-file", args=[draft_id, place]) for place in range(len(content.files))]
    wrote = request.actor.id in found.writers
    seen = view_of(found.review_kind, found.review_subject or draft_id, request.actor, refusals, wrote=wrote)
    message = reverse("counter:mass-message", args=[found.review_subject]) if found.review_subject else ""
    writing = may_write(request) and state is DraftState.WRITING
    former = queries.former_text(found.publication_id) if state is not DraftState.PUBLISHED else None
    lost = loss(former, found.text) if former else None
    return DraftPage(
        state=state,
        history=reverse("counter:publication", args=[found.publication_id]),
        reading=preview_of(Kind(found.publication.kind), content, files),
        details=tuple(_details(found, content)),
        message=message,
        review=replace(seen, decide="") if message else seen,
        edit=reverse("counter:draft-edit", args=[draft_id]) if writing else "",
        turn=reverse("counter:draft-turn", args=[draft_id]),
        turns=_turns(writing=writing, own=seen.own and not message),
        key=Key.fresh(),
        loss=lost.sentence if lost and lost.is_heavy else "",
        refusals=refusals,
    )


def _turns(*, writing: bool, own: bool) -> tuple[tuple[str, str], ...]:
    if writing:
        return (("submit", "提交复核"), ("drop", "作废"))
    return (("take_back", "撤回"),) if own else ()


def _details(found: Draft, content: Content) -> Iterator[tuple[str, str]]:
    yield "发布时间", moment(content.publish_at) if content.publish_at else "复核通过即发布"
    yield "生效日期", day(content.effective_on) if content.effective_on else "发布当日"
    yield "下线时间", moment(content.take_down_at) if content.take_down_at else "不下线"
    yield "经办人登录后", "须先确认" if content.important else "不须确认"
    yield "拟稿", f"{found.writer_name} {moment(found.written_at)}"
    yield "本版说明", content.change_summary or "首次发布"
