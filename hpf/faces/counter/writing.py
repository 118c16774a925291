"""写消息: to one employer at once, to many when a second person has approved it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.faces.counter.announcements import announcement_of
from hpf.faces.counter.lacking import lacking, listed
from hpf.faces.counter.permissions import PUBLISHER
from hpf.faces.counter.reviews import decided, view_of
from hpf.faces.web import forms
from hpf.faces.web.answers import told
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import moment
from hpf.faces.web.forms import ask
from hpf.faces.web.message_words import paragraphs
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.messages import MassPage, WritePage
from hpf.kernel import Key, Refusal, Refused
from hpf.messaging import operations
from hpf.messaging.models import DraftState, MassMessage
from hpf.messaging.rules import LONGEST_TEXT, NO_BRANCH, NO_NUMBERS, Draft, typed_numbers
from hpf.notices.templates import Way, template
from hpf.notices.wording import switched_off
from hpf.publications.announcing import Announcing
from hpf.registry.models import Branch
from hpf.storage import reading

_WRITE, _MASS = "counter/write.html", "counter/mass_message.html"
_WAYS = [(way.value, way.label) for way in template(operations.GENERAL).ways]
_ALL = "all"


@dataclass(frozen=True, slots=True)
class WriteForm:
    title: str = ask("标题", forms.text(200), hint="不超过40个字；短信只发标题，并请单位登录查看")
    text: str = ask("正文", forms.text(LONGEST_TEXT * 2, kind="textarea", style="long"), hint="空一行是另起一段")
    ways: tuple[str, ...] = ask(
        "送达方式", forms.choice(_WAYS), many=True, hint="网页公告不登录也能看到，由发布岗位拟写，不能只发给选定的单位"
    )
    branch: str | None = ask("发给", forms.text(20), required=False)
    numbers: str | None = ask(
        "单位账号",
        forms.text(200_000, kind="textarea"),
        required=False,
        hint="一行一个，可以从表格粘贴；填写后只发给这些单位。只有一个的，当即发送；多个或不填的，经他人复核后发送",
    )


def write(request: HallRequest) -> HttpResponse:
    """A message of the staff's own."""
    if request.method != "POST":
        return page(request, _WRITE, _page(request))
    try:
        form = forms.read(WriteForm, request.POST)
        draft = Draft(
            form.title,
            form.text.replace("\r\n", "\n"),
            tuple(Way(way) for way in form.ways),
            *_addressees(form),
        )
        receipt = operations.send_message(
            draft,
            Announcing(request.visit.moment),
            by=request.actor,
            today=request.today,
            now=request.visit.now,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, _WRITE, _page(request, refused.refusals))
    if "draft" in receipt.result:
        return told(reverse("counter:mass-message", args=[receipt.result["draft"]]), receipt)
    return told(reverse("counter:sent", args=[receipt.result["message"]]), receipt)


def _addressees(form: WriteForm) -> tuple[tuple[str, ...], int | None]:
    """The numbers typed, and the branch chosen. Nothing but the choice of all means all."""
    numbers = typed_numbers(form.numbers or "")
    branch = forms.record_number(form.branch or "")
    if form.numbers and not numbers:
        raise Refused(NO_NUMBERS)
    if not numbers and branch is None and form.branch != _ALL:
        raise Refused(NO_BRANCH)
    return numbers, branch


def mass_message(request: HallRequest, draft_id: int) -> HttpResponse:
    """A message for many with its review."""
    return page(request, _MASS, _mass(request, draft_id))


def decide(request: HallRequest, draft_id: int) -> HttpResponse:
    """The second person's word; approved, it goes out."""
    announcing = Announcing(request.visit.moment)
    operation = partial(operations.decide_mass_message, announcing=announcing, now=request.visit.now)
    return decided(request, operations.MASS_MESSAGE, draft_id, operation, _MASS, _mass)


def _page(request: HallRequest, refusals: tuple[Refusal, ...] = ()) -> WritePage:
    proposed = {"ways": [Way.INBOX.value], "numbers": request.GET.get("number", ""), "branch": _ALL}
    given = request.POST if request.method == "POST" else proposed
    branches = tuple(
        (str(number), f"{name}的全部单位") for number, name in Branch.objects.order_by("code").values_list("pk", "name")
    )
    inputs = forms.inputs(WriteForm, given, refusals)
    kept_back = switched_off(operations.GENERAL)
    if not PUBLISHER.roles & request.actor.roles:
        kept_back.add(Way.ANNOUNCEMENT)
    offered = tuple(option for option in inputs["ways"].options if option[0] not in kept_back)
    inputs["ways"] = replace(inputs["ways"], options=offered)
    return WritePage(
        inputs=inputs,
        branches=((_ALL, "全部单位"), *branches),
        branch=str(given.get("branch", _ALL)),
        key=Key.fresh(),
        refusals=refusals,
    )


def _mass(request: HallRequest, draft_id: int, refusals: tuple[Refusal, ...] = ()) -> MassPage:
    found = MassMessage.objects.select_related("branch").filter(pk=draft_id).first()
    if found is None:
        raise Http404
    many = f"选定的{len(found.numbers)}个单位账号" if found.numbers else "全部单位"
    waits = found.state == DraftState.SUBMITTED
    every, lost = lacking(found) if waits else (0, ())
    return MassPage(
        title=found.title,
        paragraphs=paragraphs(found.text),
        audience=(f"{found.branch.name}的全部单位" if found.branch and not found.numbers else many)
        + (f"，现有{every:,}家" if waits else ""),
        numbers=tuple(found.numbers),
        ways="、".join(Way(way).label for way in found.ways),
        made=f"{found.made_by} {moment(found.made_at)}",
        state=DraftState(found.state),
        announcement=announcement_of(draft_id, request.visit.moment),
        lacking=lost,
        listed=listed(request, found) if waits else None,
        sent_href=reverse("counter:sent", args=[found.message_no]) if found.message_no else "",
        review=view_of(operations.MASS_MESSAGE, draft_id, request.actor, refusals),
        refusals=refusals,
    )
