"""One application as its page shows it: what it says, what the rules say of it, what can be done with it now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse

from hpf.casework.models import Attachment
from hpf.employer_registration.models import KIND, PAPERS, Application, ApplicationState, Material
from hpf.employer_registration.queries import examination, form_of, scans_of
from hpf.employer_registration.rules import LABELS, EmployerApplication, masked
from hpf.faces.counter.permissions import CLERK, DESK
from hpf.faces.counter.reviews import view_of
from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import day
from hpf.faces.web.forms import Input, ask
from hpf.faces.web.registration_form import GROUPS, in_words
from hpf.faces.web.shapes.counter import ApplicationPage, PaperRow
from hpf.faces.web.shapes.frame import Download, Link
from hpf.kernel import Key, Refusal, deadline
from hpf.policy import law_on

_GROUPS = GROUPS[:3]  # the declarations are what makes it an application, and stand on the paper

_SIGNED = "负责人已签字、单位已签章的一份"
_SCANNED = "须附，或在提交时写明原因"


@dataclass(frozen=True, slots=True)
class MaterialsForm:
    materials: tuple[str, ...] = ask("已收到并核对", forms.choice(Material.choices), many=True)
    waiver: str | None = ask("没有附扫描件的原因", forms.text(200), required=False, when="扫描件没有附齐的必填")


@dataclass(frozen=True, slots=True)
class ScansForm:
    """What is scanned, a field for each of ``PAPERS``."""

    identity_copy: tuple[UploadedFile, ...] = ask(
        PAPERS[Material.IDENTITY_COPY], forms.file(), required=False, many=True, hint="正反两面", when=_SCANNED
    )
    letter: tuple[UploadedFile, ...] = ask(
        PAPERS[Material.LETTER], forms.file(), required=False, many=True, when=_SCANNED
    )
    form: tuple[UploadedFile, ...] = ask(
        PAPERS[Material.FORM], forms.file(), required=False, many=True, hint=_SIGNED, when=_SCANNED
    )


def application_page(
    request: HallRequest, found: Application, refusals: tuple[Refusal, ...] = (), *, whole: bool = False
) -> ApplicationPage:
    """The page of an application for whoever asks; ``refusals`` are those of the act that was just tried.

    ``whole``: numbers of people in full, for who has just said that he looks at them.
    """
    form, state = form_of(found), ApplicationState(found.state)
    may = frozenset(_may(request, state))
    registration, findings = (None, []) if state in _OVER else examination(form, request.today, found.pk)
    review = view_of(KIND, found.pk, request.actor, refusals)
    if review.own and "submit" not in may:
        may |= {"take_back"}
    return ApplicationPage(
        id=found.pk,
        number=found.number,
        name=found.name,
        state=state,
        accepted=f"{day(found.accepted_on)} {found.accepted_by} 受理" if found.accepted_on else "",
        groups=tuple((group.title, tuple(_said(form, group.names, whole=whole))) for group in _GROUPS),
        findings=tuple(replace(one, where=LABELS.get(one.where, "")) for one in findings),
        passed=tuple(_passed(request, found, bool(registration))),
        materials_seen=tuple(one.label for one in Material if one in found.materials),
        inputs=_inputs(request, found, refusals) if "submit" in may else {},
        papers=papers_of(found.pk),
        waived=found.scans_waived,
        uploads=forms.inputs(ScansForm, None, refusals) if "attach" in may else {},
        may=may,
        keys={act: Key.fresh() for act in sorted(may)},
        review=review,
        employer=_employer(request, found.employer_id) if found.employer_id else None,
        whole=whole,
        refusals=refusals,
    )


def _employer(request: HallRequest, employer_id: int) -> Link:
    """The new employer: where the clerk hands out the password, and others look at it."""
    label = "发放用户名和初始密码" if request.actor.roles & CLERK.roles else "查看单位"
    return Link(label, reverse("counter:employer", args=[employer_id]))


_OVER = (ApplicationState.REGISTERED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN)


def _may(request: HallRequest, state: ApplicationState) -> Iterator[str]:
    """The acts that the reader's roles and the application's state allow."""
    roles = request.actor.roles
    if roles & DESK.roles:
        yield from ("print", "read")
    if roles & CLERK.roles and state in ApplicationState.at_the_clerk():
        yield from ("open", "withdraw")
        if state == ApplicationState.ACCEPTED:
            yield from ("attach", "take_off", "submit")


def _inputs(request: HallRequest, found: Application, refusals: tuple[Refusal, ...]) -> dict[str, Input]:
    """What was ticked and written just now, or the last time that it was submitted."""
    kept = {"materials": tuple(found.materials), "waiver": found.scans_waived}
    return forms.inputs(MaterialsForm, request.POST if "waiver" in request.POST else kept, refusals)


def papers_of(application_id: int) -> tuple[PaperRow, ...]:
    """The papers of an application with what was scanned of each."""
    scans = scans_of(application_id)
    return tuple(
        PaperRow(label, tuple((one.pk, scan_link(one)) for one in scans if one.paper == paper))
        for paper, label in PAPERS.items()
    )


def scan_link(one: Attachment) -> Download:
    """Where a scan of an application is looked at."""
    address = reverse("counter:application-scan", args=[one.pk])
    return Download(one.name, address, one.media_type.rpartition("/")[2].upper())


def _said(form: EmployerApplication, names: tuple[str, ...], *, whole: bool) -> Iterator[tuple[str, str]]:
    """What a part of the form says, numbers of people masked unless ``whole``."""
    words = in_words(form)
    for name in names:
        yield LABELS[name], (words[name] if whole else masked(name, words[name])) or "（未填）"


def _passed(request: HallRequest, found: Application, holds: bool) -> Iterator[str]:
    """What was looked at and found right, and the days that count from here."""
    law = law_on(request.today, found.branch.place)
    if holds:
        yield "统一社会信用代码、身份证号码的校验位相符" if len(found.credit_code) == 18 else "身份证号码的校验位相符"
        yield "没有同名或同代码的单位，也没有同名或同代码的在办申请"
        yield f"缴存比例在 {law.rate_min} 至 {law.rate_max} 之间"
    register_by = deadline(found.founded_on, law.employer_registration_days)
    yield f"{day(found.founded_on)} 设立，登记期限至 {day(register_by)}（设立后 {law.employer_registration_days} 日内）"
    yield f"登记办结后 {law.account_opening_days} 日内须为职工开户"
