"""Who acts for an employer in the hall: change of handler and of mobile (agreement §2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from hpf.casework.scans import Scan
from hpf.evidence import Receipt
from hpf.faces.web import forms
from hpf.faces.web.answers import PDF, file_response, posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page
from hpf.faces.web.papers import center_shape, imprint, unit_shape
from hpf.faces.web.shapes.access import HandlerPage
from hpf.hall_access.handler_change import PapersSeen, change_handler, change_mobile
from hpf.hall_access.models import ChangeKind, HandlerChange
from hpf.kernel import Key, Refusal
from hpf.kernel.identity import mask_mobile
from hpf.papers.shapes import CounterSlip
from hpf.papers.slips import counter_slip
from hpf.registry.handlers import LABELS, HandlerApplication, handler_of
from hpf.registry.models import Employer, Handler, UnitAccount
from hpf.storage import reading

SCANS_HINT = "介绍信、身份证的扫描件，PDF 或图片，每个不超过 10 MB，一次最多 20 个、共 60 MB"


# How the forms are shown. They are read by the rules alone, which say everything that is wrong at once.
@dataclass(frozen=True, slots=True)
class Papers:
    letter_seen: bool = ask("已核对加盖公章的单位介绍信", forms.tick())
    card_seen: bool = ask("已核对经办人身份证原件", forms.tick())
    scans: tuple[UploadedFile, ...] = ask("扫描件", forms.file(), required=False, many=True, hint=SCANS_HINT)


@dataclass(frozen=True, slots=True)
class HandlerForm(Papers):
    handler_name: str = ask(LABELS["handler_name"], forms.name())
    handler_identity_number: str = ask(LABELS["handler_identity_number"], forms.text(40))
    handler_mobile: str = ask(LABELS["handler_mobile"], forms.mobile(), hint="登录验证码发到这个号码")


@dataclass(frozen=True, slots=True)
class MobileForm(Papers):
    handler_mobile: str = ask("新手机号码", forms.mobile(), hint="登录验证码今后发到这个号码")


def handler(request: HallRequest, employer_id: int) -> HttpResponse:
    """Put another handler in the present one's place, or register one where there is none."""
    if request.method != "POST":
        return page(request, "counter/handler.html", _handler_page(employer_id))
    _must_exist(request, employer_id)
    application = HandlerApplication(**{name: request.POST.get(name, "") for name in LABELS})
    return posted(
        request,
        lambda key: change_handler(employer_id, application, papers_of(request), **act_of(request, key)),
        case_of,
        lambda refusals: page(
            request, "counter/handler.html", _handler_page(employer_id, request.POST, tuple(refusals))
        ),
    )


def mobile(request: HallRequest, employer_id: int) -> HttpResponse:
    """Bind another mobile to the handler."""
    if request.method != "POST":
        return page(request, "counter/mobile.html", _mobile_page(employer_id))
    _must_exist(request, employer_id)
    number = request.POST.get("handler_mobile", "")
    return posted(
        request,
        lambda key: change_mobile(employer_id, number, papers_of(request), **act_of(request, key)),
        case_of,
        lambda refusals: page(request, "counter/mobile.html", _mobile_page(employer_id, request.POST, tuple(refusals))),
    )


def case_of(receipt: Receipt) -> str:
    """The page of the case that an act left."""
    return reverse("counter:case", args=[receipt.result["case_no"]])


def change_slip(request: HallRequest, change_id: int) -> HttpResponse:
    """The 回执 of a change as a PDF. Printed again it says the same."""
    change = HandlerChange.objects.select_related("old_handler", "new_handler", "case").filter(pk=change_id).first()
    if change is None:
        raise Http404
    unit = UnitAccount.objects.select_related("employer").get(pk=change.case.unit_account_id)
    title = f"{ChangeKind(change.kind).label}回执"
    paper = counter_slip(
        CounterSlip(
            center=center_shape(),
            imprint=imprint(request, str(change.case_id)),
            unit=unit_shape(unit),
            title=title,
            facts=change_facts(change),
            notes=_NOTES[ChangeKind(change.kind)],
            handled_by=change.changed_by,
            done_at=change.changed_at,
        )
    )
    return file_response(paper, f"{title}{change.case_id}.pdf", PDF, inline=True)


def change_facts(change: HandlerChange) -> tuple[tuple[str, str], ...]:
    """What a change was, as slip and case page say it."""
    new, old = change.new_handler, change.old_handler
    if change.kind == ChangeKind.MOBILE:
        told = [
            ("经办人", new.name),
            ("原手机号码", change.old_mobile_masked),
            ("新手机号码", change.new_mobile_masked),
        ]
    else:
        told = [("原经办人", f"{old.name}（{change.old_mobile_masked}）")] if old else []
        told += [("新经办人", f"{new.name}（{change.new_mobile_masked}）"), ("新用户名", new.user_name)]
    return (*told, ("已核对", "单位介绍信、经办人身份证原件"))


def papers_of(request: HallRequest) -> PapersSeen:
    """What the clerk ticked and attached."""
    return PapersSeen(
        letter_seen=bool(request.POST.get("letter_seen")),
        card_seen=bool(request.POST.get("card_seen")),
        scans=scans_in(request),
    )


def scans_in(request: HallRequest) -> list[Scan]:
    """The files that came with a form."""
    return [Scan(file.name or "", file.chunks()) for file in request.FILES.getlist("scans")]


_NOTES = {
    ChangeKind.HANDLER: (
        "原经办人的用户名已停用，已登录的网厅、验证码同时失效；原经办人已开始的业务由新经办人接着办理。",
        "初始密码由另一名柜员核对介绍信和身份证后发放；新经办人用新用户名和初始密码登录，设置自己的密码，签署现行的服务协议后，先看交接清单。",
        "变更前原经办人办理的业务仍然有效。",
    ),
    ChangeKind.MOBILE: (
        "已登录的网厅、验证码已失效，请用原密码和新手机收到的验证码重新登录。",
        "登录过一次以后，才能用新手机找回密码；现在就不记得密码的，请由另一名柜员核对证件后发放初始密码。",
        "绑定手机只能到柜台变更，网上没有变更的途径。",
    ),
    ChangeKind.ANEW: (
        "初始密码由另一名柜员核对介绍信和身份证后发放；经办人用用户名和初始密码登录，设置自己的密码，签署现行的服务协议后，网厅重新开通。",
    ),
}


def _handler_page(employer_id: int, given: QueryDict | None = None, refusals: tuple[Refusal, ...] = ()) -> HandlerPage:
    employer, present = employer_of(employer_id), _present(employer_id)
    return HandlerPage(
        employer_id=employer_id,
        employer=employer.name,
        title="变更经办人" if present else "登记经办人",
        present=_told(present),
        inputs=forms.inputs(HandlerForm, given, refusals),
        key=Key.fresh(),
        refusals=refusals,
    )


def _mobile_page(employer_id: int, given: QueryDict | None = None, refusals: tuple[Refusal, ...] = ()) -> HandlerPage:
    employer, present = employer_of(employer_id), _present(employer_id)
    if present is None:
        raise Http404
    return HandlerPage(
        employer_id=employer_id,
        employer=employer.name,
        title="变更手机号码",
        present=_told(present),
        inputs=forms.inputs(MobileForm, given, refusals),
        key=Key.fresh(),
        refusals=refusals,
    )


def _told(present: Handler | None) -> str:
    return f"{present.name}，手机 {mask_mobile(present.mobile)}" if present else ""


def act_of(request: HallRequest, key: Key) -> Mapping[str, Any]:
    """Who does it, when, under which key: what every operation of the counter asks."""
    return {"by": request.actor, "today": request.today, "now": request.visit.now, "key": key}


def _must_exist(request: HallRequest, employer_id: int) -> None:
    with reading(request.actor):
        employer_of(employer_id)


def employer_of(employer_id: int) -> Employer:
    """An employer. ``Http404`` where there is none."""
    found = Employer.objects.filter(pk=employer_id).first()
    if found is None:
        raise Http404
    return found


def _present(employer_id: int) -> Handler | None:
    return handler_of(employer_id)
