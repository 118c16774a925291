"""Versions of the agreement and of the special rules: drafted, reviewed by a second person, published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf import policy
from hpf.agreement import publishing, queries, rules
from hpf.agreement.differences import difference
from hpf.agreement.files import read_upload
from hpf.agreement.queries import Draft
from hpf.agreement.recognition import recognised
from hpf.agreement.rules import LONGEST_TEXT, Version
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.faces.counter.permissions import PUBLISHER
from hpf.faces.counter.reviews import Decision, Seen, view_of
from hpf.faces.web import certificates, forms, version_rows
from hpf.faces.web.answers import posted, told
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import Reader, ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.agreements import DraftForm, DraftPage, DraftRow, VersionsPage
from hpf.kernel import Key, Refusal, Refused
from hpf.kernel.loss import loss
from hpf.kernel.wording import bare_clause, wording
from hpf.registry.clauses import typed_numbers
from hpf.registry.codes import AgreementDocument
from hpf.registry.models import AgreementVersion, Center
from hpf.storage import reading

EDIT, SHOW = "counter/agreement_edit.html", "counter/agreement_draft.html"
_BACK = (ReviewState.RETURNED, ReviewState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class VersionForm:
    """A version as it is typed."""

    document: str = ask("文件", forms.choice(AgreementDocument.choices))
    number: str = ask("版本号", forms.text(40), hint="如 2026-1")
    effective_on: date = ask("生效日期", forms.day())
    summary: str = ask("变更说明", forms.text(500, kind="textarea"), hint="改了什么、为什么改，用户会看到这段话")
    file: UploadedFile | None = ask(
        "选择文件，或拖到这里", forms.file(), required=False, hint="Word 文档（.docx）、Markdown 或纯文本"
    )
    text: str | None = ask(
        "或粘贴正文",
        Reader(str, kind="textarea", max_length=LONGEST_TEXT, style="long"),
        required=False,
        hint="第一行写标题；以下按章（一、…）和条（1.1 …、第一条 …、(1) …）识别；选择了文件的，以文件为准",
    )
    binding: str | None = ask(
        "约束单位的条款",
        Reader(str, kind="textarea", max_length=5_000),
        required=False,
        hint="只有违反这些条款，才可以限制使用。写条号，如 2.2(1)、第三条（一）；留空的按用词推定，提交后请核对",
    )
    loss_confirmed: bool = ask("我已核对新文本：原文的一半以上确实不再需要", forms.tick(), required=False)

    @property
    def version(self) -> Version:
        """What was typed as a version. Raises ``Refused`` for a file that cannot be read."""
        text = read_upload(self.file.chunks()).text if self.file else recognised(self.text or "").text
        binding = typed_numbers(self.binding) if self.binding else None
        return Version(AgreementDocument(self.document), self.number, self.effective_on, self.summary, text, binding)


@dataclass(frozen=True, slots=True)
class Loss:
    """What the second person means too, where most of the former text is gone."""

    loss_confirmed: bool = ask("我已核对：原文的一半以上确实不再需要", forms.tick(), required=False)


def agreements(request: HallRequest) -> HttpResponse:
    """What is in force, what comes, what was, and the drafts on the way."""
    drafts = tuple(_row(one) for one in queries.open_drafts())
    shape = VersionsPage(drafts, version_rows.documents(request.today), bool(request.actor.roles & PUBLISHER.roles))
    return page(request, "counter/agreements.html", shape)


def version(request: HallRequest, version_id: int) -> HttpResponse:
    """The whole text of a published version."""
    shape = version_rows.version_page(version_id, request.today, text_href="")
    return page(request, "counter/agreement_version.html", shape)


def certificate(request: HallRequest, acceptance_id: int) -> HttpResponse:
    """协议签署凭证 of any employer's acceptance, as PDF."""
    return certificates.certificate(request, acceptance_id)


def new(request: HallRequest) -> HttpResponse:
    """Draft a version; it goes to a second person at once."""
    if request.method != "POST":
        return page(request, EDIT, _form(request, forms.inputs(VersionForm, _proposal())))
    return _hand_over(request, publishing.draft)


def draft(request: HallRequest, draft_id: int) -> HttpResponse:
    """A draft, with what it changes against the version in force."""
    return page(request, SHOW, _draft_page(request, draft_id))


def edit(request: HallRequest, draft_id: int) -> HttpResponse:
    """Change a draft that came back, and hand it over again."""
    if request.method != "POST":
        found = _draft(draft_id)
        given = {name: getattr(found, name) for name in ("document", "number", "effective_on", "summary", "text")}
        given["binding"] = "、".join(found.clauses.binding)
        return page(request, EDIT, _form(request, forms.inputs(VersionForm, given), draft_id))
    return _hand_over(request, partial(publishing.redraft, draft_id), draft_id)


def withdraw(request: HallRequest, draft_id: int) -> HttpResponse:
    """Take one's own draft back before it is decided."""
    return _done(
        request, draft_id, lambda key: publishing.withdraw(draft_id, by=request.actor, today=request.today, key=key)
    )


def decide(request: HallRequest, draft_id: int) -> HttpResponse:
    """The second person's word; approved, the version is published."""

    def operate(key: Key) -> Receipt:
        form, seen = forms.read(Decision, request.POST), forms.read(Seen, request.POST)
        return publishing.decide(
            draft_id,
            form.state,
            note=form.note or "",
            by=request.actor,
            today=request.today,
            key=key,
            turn=seen.turn,
            loss_confirmed=forms.read(Loss, request.POST).loss_confirmed,
        )

    return _done(request, draft_id, operate)


def _hand_over(request: HallRequest, save: Callable[..., Receipt], draft_id: int | None = None) -> HttpResponse:
    """Read the form and save it. What came back has the file's text in it, so that the file is chosen once."""
    typed: Mapping[str, Any] = request.POST
    try:
        form = forms.read(VersionForm, request.POST, request.FILES)
        version = form.version
        typed = asdict(version) | {"binding": form.binding, "loss_confirmed": form.loss_confirmed}
        done = save(
            version,
            loss_confirmed=form.loss_confirmed,
            by=request.actor,
            today=request.today,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        inputs = forms.inputs(VersionForm, typed, refused.refusals)
        with reading(request.actor):
            return refused_page(request, EDIT, _form(request, inputs, draft_id, refused.refusals))
    return told(_address("draft", done.result["draft_id"]), done)


def _row(found: Draft) -> DraftRow:
    last = review.latest(publishing.REVIEW, found.id)
    return DraftRow(
        found.id, found.document.label, found.number, found.effective_on, found.drafted_by, last.state if last else None
    )


def _proposal() -> dict[str, object]:
    return {"document": AgreementDocument.AGREEMENT}


def _form(
    request: HallRequest,
    inputs: dict[str, forms.Input],
    draft_id: int | None = None,
    refusals: tuple[Refusal, ...] = (),
) -> DraftForm:
    days = policy.law_on(request.today, Center.objects.get().place).agreement_notice_days
    back = reverse("counter:agreement-draft", args=[draft_id]) if draft_id else reverse("counter:agreements")
    return DraftForm(
        inputs=inputs,
        key=Key.fresh(),
        action=reverse("counter:agreement-edit", args=[draft_id]) if draft_id else reverse("counter:agreement-new"),
        back=back,
        earliest=rules.earliest_effect(request.today, days),
        notice_days=days,
        is_new=draft_id is None,
        asks_loss=bool(inputs["loss_confirmed"].error or inputs["loss_confirmed"].value),
        refusals=refusals,
    )


def _done(request: HallRequest, draft_id: int, operate: Callable[[Key], Receipt]) -> HttpResponse:
    """Carry an act out on a draft and show it, or it again with what speaks against the act."""
    return posted(
        request,
        operate,
        lambda _: _address("draft", draft_id),
        lambda found: page(request, SHOW, _draft_page(request, draft_id, tuple(found))),
    )


def _draft_page(request: HallRequest, draft_id: int, refusals: tuple[Refusal, ...] = ()) -> DraftPage:
    found, last = _draft(draft_id), review.latest(publishing.REVIEW, draft_id)
    text = wording(found.text)
    published = AgreementVersion.objects.filter(draft_id=draft_id).values_list("pk", flat=True).first()
    before = queries.former(found.document, found.effective_on)
    lost = loss(before.text, found.text) if before else None
    own = last is not None and last.is_made_by(request.actor)
    return DraftPage(
        document=found.document.label,
        number=found.number,
        effective_on=found.effective_on,
        summary=found.summary,
        digest=found.digest,
        title=text.title,
        chapters=text.chapters,
        clause_count=text.clause_count,
        compared_with=before.number if before else "",
        difference=difference(before.text, found.text) if before else None,
        binding=tuple((number, bare_clause(words)) for number, words in found.clauses.binding.items()),
        loss=lost.sentence if lost and lost.is_heavy else "",
        loss_confirmed=queries.confirmed_loss(draft_id),
        asked=forms.inputs(Loss, None, refusals)["loss_confirmed"] if lost and lost.is_heavy else None,
        review=view_of(publishing.REVIEW, draft_id, request.actor, refusals),
        key=Key.fresh(),
        edit=_address("edit", draft_id) if last and last.state in _BACK and _may_draft(request) else "",
        withdraw=_address("withdraw", draft_id) if own and last and last.state is ReviewState.PENDING else "",
        published=_address("version", published) if published else "",
        refusals=refusals,
    )


def _address(name: str, draft_id: int) -> str:
    return reverse(f"counter:agreement-{name}", args=[draft_id])


def _may_draft(request: HallRequest) -> bool:
    return bool(request.actor.roles & PUBLISHER.roles)


def _draft(draft_id: int) -> Draft:
    found = queries.draft(draft_id)
    if found is None:
        raise Http404
    return found
