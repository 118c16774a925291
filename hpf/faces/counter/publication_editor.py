"""Writing what is to be published: a new one, a new version, a draft under way; with a preview that saves nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from hpf.evidence import Receipt
from hpf.faces.counter.publications import preview_of
from hpf.faces.web import forms
from hpf.faces.web.answers import told
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.publications import EditorPage
from hpf.inquiries.queries import answered
from hpf.kernel import Key, Refusal, Refused
from hpf.publications import operations, queries
from hpf.publications.files import take_in
from hpf.publications.models import Draft, Publication
from hpf.publications.rules import LONGEST_TEXT, LONGEST_TITLE, Content, FileEntry, Kind
from hpf.storage import reading

TEMPLATE = "counter/publication_editor.html"


@dataclass(frozen=True, slots=True)
class ContentForm:
    title: str = ask("标题", forms.text(LONGEST_TITLE))
    text: str = ask(
        "正文",
        forms.text(LONGEST_TEXT, kind="textarea", style="long"),
        hint="用Markdown书写：“## 小标题”，“1. ”或“- ”开头为列表，“**加粗**”，“[文字](/publications/)”链到本网厅的页面",
    )
    change_summary: str | None = ask("本版改动", forms.text(300, kind="textarea"), required=False, hint="新版必填")
    important: bool = ask("重要：经办人登录后须先确认，才能办理其他业务", forms.tick(), required=False)
    publish_at: datetime | None = ask("发布时间", forms.moment(), required=False, hint="留空则复核通过即发布")
    effective_on: date | None = ask("生效日期", forms.day(), required=False, hint="留空则为发布当日")
    take_down_at: datetime | None = ask("下线时间", forms.moment(), required=False, hint="留空则不下线")
    loss_confirmed: bool = ask("我已核对正文：上一版的一半以上确实不再需要", forms.tick(), required=False)
    file: UploadedFile | None = ask(
        "添加附件", forms.file(), required=False, hint="PDF、Excel或Word，每次一个；预览不保存附件，请在保存时选择"
    )


@dataclass(frozen=True, slots=True)
class _Task:
    """What is written: its heading, where the form goes, where it came from, what it starts from, what saving does.

    ``save`` is given the content and whether it is meant that most of the former text is gone.
    """

    heading: str
    action: str
    back: str
    kind: Kind
    given: Content | None
    save: Callable[..., Receipt]


def new(request: HallRequest, kind: str) -> HttpResponse:
    """Something new of a kind."""
    if kind not in list(Kind):
        raise Http404
    return _answer(
        request,
        _Task(
            f"新拟{Kind(kind).label}",
            reverse("counter:publication-new", args=[kind]),
            reverse("counter:publications"),
            Kind(kind),
            _answered(request) if kind == Kind.QUESTION else None,
            lambda content, _, **rest: operations.start(Kind(kind), content, **rest),
        ),
    )


def _answered(request: HallRequest) -> Content | None:
    """What an employer asked and the center answered, as the beginning of a frequent question (``?inquiry=``)."""
    number = forms.record_number(request.GET.get("inquiry", ""))
    if number is None:
        return None
    with _looking(request):
        said = answered(number)
    return Content(said[0], said[1]) if said else None


def revise(request: HallRequest, publication_id: int) -> HttpResponse:
    """A new version, beginning with the words of the last draft."""
    with _looking(request):
        last = Draft.objects.select_related("publication").filter(publication_id=publication_id).order_by("-pk").first()
    if last is None:
        raise Http404
    given = replace(queries.content_of(last), change_summary="", effective_on=None, publish_at=None, take_down_at=None)
    return _answer(
        request,
        _Task(
            f"修订《{last.title}》",
            reverse("counter:publication-revise", args=[publication_id]),
            reverse("counter:publication", args=[publication_id]),
            _kind(last.publication),
            given,
            lambda content, meant, **rest: operations.revise(publication_id, content, loss_confirmed=meant, **rest),
        ),
    )


def edit(request: HallRequest, draft_id: int) -> HttpResponse:
    """A draft that is being written."""
    with _looking(request):
        found = Draft.objects.select_related("publication").filter(pk=draft_id).first()
    if found is None:
        raise Http404
    return _answer(
        request,
        _Task(
            f"修改《{found.title}》",
            reverse("counter:draft-edit", args=[draft_id]),
            reverse("counter:draft", args=[draft_id]),
            _kind(found.publication),
            queries.content_of(found),
            lambda content, meant, **rest: operations.rewrite(draft_id, content, loss_confirmed=meant, **rest),
        ),
    )


def _answer(request: HallRequest, task: _Task) -> HttpResponse:
    if request.method != "POST":
        return page(request, TEMPLATE, _page(task, None if task.given is None else _shown(task.given)))
    kept = _kept(task, request.POST)
    try:
        form = forms.read(ContentForm, request.POST, request.FILES)
        if request.POST.get("preview"):
            seen = preview_of(task.kind, _content(form, kept), [""] * len(kept))
            return page(request, TEMPLATE, replace(_page(task, request.POST), preview=seen))
        added = () if form.file is None else (take_in(form.file.chunks(), form.file.name or ""),)
        receipt = task.save(
            _content(form, (*kept, *added)),
            form.loss_confirmed,
            by=request.actor,
            today=request.today,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        return refused_page(request, TEMPLATE, _page(task, request.POST, refused.refusals))
    return told(reverse("counter:draft", args=[receipt.result["draft_id"]]), receipt)


def _content(form: ContentForm, files: tuple[FileEntry, ...]) -> Content:
    return Content(
        title=form.title,
        text=form.text,
        change_summary=form.change_summary or "",
        important=form.important,
        effective_on=form.effective_on,
        publish_at=form.publish_at,
        take_down_at=form.take_down_at,
        files=files,
    )


def _shown(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in forms.questions(ContentForm) if hasattr(content, name)}


def _kept(task: _Task, given: QueryDict) -> tuple[FileEntry, ...]:
    """Of the files that the draft has, those that stay ticked."""
    had = task.given.files if task.given else ()
    return tuple(file for file in had if file.digest in given.getlist("keep"))


def _page(task: _Task, given: QueryDict | dict[str, Any] | None, refusals: tuple[Refusal, ...] = ()) -> EditorPage:
    had = task.given.files if task.given else ()
    inputs = forms.inputs(ContentForm, given, refusals)
    ticked = given.getlist("keep") if isinstance(given, QueryDict) else [file.digest for file in had]
    return EditorPage(
        heading=task.heading,
        action=task.action,
        back=task.back,
        inputs=inputs,
        keep=tuple((file.digest, file.name, file.digest in ticked) for file in had),
        key=Key.fresh(),
        asks_loss=bool(inputs["loss_confirmed"].error or inputs["loss_confirmed"].value),
        refusals=refusals,
    )


def _kind(found: Publication) -> Kind:
    return Kind(found.kind)


def _looking(request: HallRequest) -> AbstractContextManager[None]:
    """A GET has its transaction already; a POST looks at what it starts from in one of its own."""
    return reading(request.actor) if request.method == "POST" else nullcontext()
