"""Restricting an employer's use of the hall for breach: the desk, a proposal, one restriction with its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.access_restriction import operations, queries
from hpf.access_restriction.models import Appeal, Lifting, Restriction
from hpf.access_restriction.operations import scope_of
from hpf.access_restriction.rules import (
    LIFTING_KIND,
    REVIEW_KIND,
    AppealState,
    Proposal,
    ProposalState,
    RestrictionKind,
    Standing,
)
from hpf.agreement import queries as agreement
from hpf.agreement.queries import Agreement
from hpf.casework.attachments import content
from hpf.casework.scans import Scan
from hpf.evidence import Receipt, events_about
from hpf.faces.counter.access import act_of, employer_of
from hpf.faces.counter.acts import act_label
from hpf.faces.counter.permissions import DECIDING, RESTRICTING
from hpf.faces.counter.reviews import Decision, view_of
from hpf.faces.portal.functions import FUNCTIONS
from hpf.faces.web import forms, restrictions
from hpf.faces.web.answers import file_response, told
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import day, moment
from hpf.faces.web.exports import export_of
from hpf.faces.web.forms import Input, ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.frame import Download
from hpf.faces.web.shapes.restrictions import (
    AppealRow,
    LiftingView,
    RestrictionDeskPage,
    RestrictionNewPage,
    RestrictionPage,
    RestrictionRow,
)
from hpf.kernel import Key, Refusal, Refused
from hpf.kernel.wording import bare_clause
from hpf.registry.models import Employer
from hpf.storage import reading

ROWS = 100
ANSWERS = (AppealState.UPHELD, AppealState.REJECTED)
TEMPLATE = "counter/restriction.html"
_KINDS = [(one.value, one.label) for one in RestrictionKind]
_FUNCTIONS = [(one.value, one.label) for one in dict.fromkeys(FUNCTIONS.values())]


@dataclass(frozen=True, slots=True)
class ProposalForm:
    kind: str = ask("限制到什么程度", forms.choice(_KINDS, kind="radio"))
    functions: tuple[str, ...] = ask(
        "限制哪些业务",
        forms.choice(_FUNCTIONS),
        required=False,
        many=True,
        hint="所选之外的业务和查询照常",
        when="限制单项业务的必选",
    )
    clause: str = ask("违反的条款", forms.text(20, kind="select"))
    reason: str = ask("原因", forms.text(500, kind="textarea"), hint="写给单位看：什么时候、做了什么；最多 500 字")
    starts_on: date = ask("生效日期", forms.day(), hint="复核通过后，从这一天起执行")
    ends_on: date | None = ask("恢复日期", forms.day(), required=False, hint="这一天起自动恢复；不填的，到解除为止")
    scans: tuple[UploadedFile, ...] = ask(
        "证据材料", forms.file(), many=True, hint="截图、函件的扫描件，PDF 或图片，每个不超过 10 MB；单位看不到"
    )


@dataclass(frozen=True, slots=True)
class LiftingForm:
    reason: str = ask("解除原因", forms.text(500, kind="textarea"), hint="复核通过后马上恢复，短信告知经办人")


@dataclass(frozen=True, slots=True)
class PaperAppealForm:
    text: str = ask("申诉理由", forms.text(500, kind="textarea"), hint="按单位的书面申诉录入")


@dataclass(frozen=True, slots=True)
class AnswerForm:
    text: str = ask("答复内容", forms.text(500, kind="textarea"), hint="写给单位看；申诉成立的，限制随即解除")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an appeal is answered, from the button that was pressed; no button, no answer."""

    verdict: str = ask("答复结论", forms.choice([(one.value, one.label) for one in ANSWERS]))


def desk(request: HallRequest) -> HttpResponse:
    """What stands and what waits, the appeals with their clocks; or what is past."""
    over = request.GET.get("show") == "past"
    found = queries.desk(request.today, over=over, limit=ROWS)
    appeals = [] if over else queries.open_appeals()
    ids = {one.employer_id for one in found} | {one.employer_id for one in appeals}
    names = dict(Employer.objects.filter(pk__in=ids).values_list("pk", "name"))
    shape = RestrictionDeskPage(
        rows=tuple(_row(one, names, request.today) for one in found),
        appeals=tuple(_appeal_row(one, names, request.today) for one in appeals),
        over=over,
    )
    return page(request, "counter/restrictions.html", shape)


def new(request: HallRequest, employer_id: int) -> HttpResponse:
    """Propose a restriction."""
    if request.method != "POST":
        return page(request, "counter/restriction_new.html", _new_page(request, employer_id))
    with reading(request.actor):
        employer_of(employer_id)
        version = agreement.current(request.today)
    try:
        values, unread = forms.sift(ProposalForm, request.POST, request.FILES)
        receipt = operations.propose(
            employer_id,
            _proposal(values, version, request.today),
            [Scan(file.name or "", file.chunks()) for file in values["scans"]],
            unread=unread,
            by=request.actor,
            today=request.today,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        with reading(request.actor):
            shape = _new_page(request, employer_id, refused.refusals)
            return refused_page(request, "counter/restriction_new.html", shape)
    return told_of(int(receipt.result["restriction_id"]), receipt)


def restriction(request: HallRequest, restriction_id: int) -> HttpResponse:
    """One restriction: why, by which clause, the evidence, reviews, appeal, lifting, history."""
    return page(request, TEMPLATE, restriction_page(request, restriction_id))


def paper(request: HallRequest, restriction_id: int) -> HttpResponse:
    """通知书 as PDF."""
    found = queries.one(restriction_id)
    if found is None or found.state != ProposalState.APPROVED.value:
        raise Http404
    return restrictions.notice(request, found)


def evidence_file(request: HallRequest, restriction_id: int, place: int) -> HttpResponse:
    """A file of the evidence, as it came."""
    for one in queries.evidence_of(restriction_id):
        if one.place == place:
            export_of(request)
            return file_response(b"".join(content(bytes(one.digest))), one.name, one.media_type, inline=True)
    raise Http404


def withdraw(request: HallRequest, restriction_id: int) -> HttpResponse:
    """Take one's own proposal back."""
    must_exist(request, restriction_id)
    try:
        key = forms.read_key(request.POST)
        receipt = operations.withdraw(restriction_id, by=request.actor, today=request.today, key=key)
    except Refused as refused:
        return refused_restriction(request, restriction_id, refused)
    return told_of(restriction_id, receipt)


def decide(request: HallRequest, restriction_id: int) -> HttpResponse:
    """The second person's word; approved, it holds from its day on."""
    must_exist(request, restriction_id)
    try:
        form = forms.read(Decision, request.POST)
        given = act_of(request, forms.read_key(request.POST))
        receipt = operations.decide(restriction_id, form.state, note=form.note or "", **given)
    except Refused as refused:
        return refused_restriction(request, restriction_id, refused)
    return told_of(restriction_id, receipt)


def must_exist(request: HallRequest, restriction_id: int) -> None:
    """``Http404`` where there is no such restriction."""
    with reading(request.actor):
        if queries.one(restriction_id) is None:
            raise Http404


def refused_restriction(request: HallRequest, restriction_id: int, refused: Refused) -> HttpResponse:
    """The page of a restriction with what speaks against an act."""
    with reading(request.actor):
        return refused_page(request, TEMPLATE, restriction_page(request, restriction_id, refused.refusals))


def restriction_page(request: HallRequest, restriction_id: int, refusals: tuple[Refusal, ...] = ()) -> RestrictionPage:
    """A restriction's page. ``Http404`` where there is none."""
    found = queries.one(restriction_id)
    if found is None:
        raise Http404
    facts, made = restrictions.facts_of(found, request.today), queries.appeal_of(restriction_id)
    review = view_of(REVIEW_KIND, restriction_id, request.actor, refusals)
    stands = facts.standing in (Standing.COMING, Standing.IN_FORCE)
    proposes = bool(request.actor.roles & RESTRICTING.roles)
    liftings = queries.liftings_of(restriction_id)
    waits = any(one.state == ProposalState.PROPOSED.value for one in liftings)
    return RestrictionPage(
        facts=facts,
        employer_id=found.employer_id,
        employer=Employer.objects.get(pk=found.employer_id).name,
        version=found.version.number,
        proposed=f"{found.proposed_name} {day(found.proposed_on)}",
        evidence=tuple(_evidence(found)),
        has_paper=found.state == ProposalState.APPROVED.value,
        review=review,
        can_withdraw=review.own and facts.standing is Standing.PROPOSED,
        appeal=restrictions.appeal_view(made, request.today) if made else None,
        appeal_id=made.pk if made else 0,
        answering=_answering(request, found, made, refusals),
        appealing=_inputs(PaperAppealForm, request, refusals) if stands and proposes and made is None else {},
        liftings=tuple(_lifting(one, request, refusals) for one in liftings),
        lift=_inputs(LiftingForm, request, refusals) if stands and proposes and not waits else {},
        history=tuple(_history(restriction_id)),
        key=Key.fresh(),
        refusals=refusals,
    )


def _answering(
    request: HallRequest, found: Restriction, made: Appeal | None, refusals: tuple[Refusal, ...]
) -> dict[str, Input]:
    """The form of who may answer: he had no part in the restriction."""
    part = {one for turn in queries.parts_of(found.pk) for one in turn}
    may = bool(request.actor.roles & DECIDING.roles) and request.actor.id not in part
    return _inputs(AnswerForm, request, refusals) if made and made.answered_on is None and may else {}


def _inputs(form: type, request: HallRequest, refusals: tuple[Refusal, ...]) -> dict[str, Input]:
    return forms.inputs(form, request.POST or None, refusals)


def _lifting(one: Lifting, request: HallRequest, refusals: tuple[Refusal, ...]) -> LiftingView:
    proposed = f"{one.proposed_name} {day(one.proposed_on)} 提出"
    return LiftingView(one.reason, proposed, view_of(LIFTING_KIND, one.pk, request.actor, refusals))


def _evidence(found: Restriction) -> Iterator[Download]:
    for one in queries.evidence_of(found.pk):
        href = reverse("counter:restriction-evidence", args=[found.pk, one.place])
        yield Download(one.name, href, one.media_type.rpartition("/")[2].upper())


def _history(restriction_id: int) -> Iterator[tuple[str, str, str]]:
    for one in events_about(f"restriction:{restriction_id}"):
        yield moment(one.at), act_label(one.act), one.actor_name


def _proposal(values: Mapping[str, Any], version: Agreement, today: date) -> Proposal:
    """What was typed; where a field could not be read, something against which nothing more is to be said."""
    kind, clause = RestrictionKind(values.get("kind", RestrictionKind.SUSPENDED)), values.get("clause", "")
    return Proposal(
        kind=kind,
        functions=values.get("functions", ()) if kind is RestrictionKind.LIMITED else (),
        reason=values.get("reason", ""),
        version_id=version.id,
        clause=clause,
        clause_text=version.clauses.words.get(clause, ""),
        starts_on=values.get("starts_on", today),
        ends_on=values.get("ends_on"),
    )


def _new_page(request: HallRequest, employer_id: int, refusals: tuple[Refusal, ...] = ()) -> RestrictionNewPage:
    employer, version = employer_of(employer_id), agreement.current(request.today)
    given = request.POST or {"kind": RestrictionKind.LIMITED.value, "starts_on": request.today}
    inputs = forms.inputs(ProposalForm, given, refusals)
    clauses = tuple((number, f"{number}　{_short(text)}") for number, text in version.clauses.binding.items())
    inputs["clause"] = replace(inputs["clause"], options=clauses)
    return RestrictionNewPage(employer_id, employer.name, version.number, inputs, Key.fresh(), refusals)


def _short(text: str) -> str:
    bare = bare_clause(text)
    return bare if len(bare) <= 36 else f"{bare[:35]}…"


def _row(one: Restriction, names: dict[int, str], today: date) -> RestrictionRow:
    facts = restrictions.facts_of(one, today)
    return RestrictionRow(
        one.pk, names[one.employer_id], facts.scope, facts.clause, facts.until, facts.standing, one.proposed_name
    )


def _appeal_row(one: Appeal, names: dict[int, str], today: date) -> AppealRow:
    left = (one.answer_by - today).days
    scope = scope_of(one.restriction)
    return AppealRow(one.restriction_id, names[one.employer_id], scope, one.made_on, one.answer_by, left)


def told_of(restriction_id: int, receipt: Receipt) -> HttpResponse:
    """To the page of a restriction, which says what was done."""
    return told(reverse("counter:restriction", args=[restriction_id]), receipt)
