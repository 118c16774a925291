"""An employer gives up the hall: 附件2 at the counter (agreement §2.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, QueryDict

from hpf.faces.counter.access import act_of, case_of, employer_of, scans_in
from hpf.faces.web import forms
from hpf.faces.web.answers import PDF, file_response, posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import day
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page
from hpf.faces.web.papers import center_shape, imprint
from hpf.faces.web.shapes.access import TerminationPage
from hpf.hall_access.access_grant import grants_of
from hpf.hall_access.models import GrantState, Termination
from hpf.hall_access.termination import LABELS, TerminationForm, open_business, terminate
from hpf.inquiries.queries import left_open
from hpf.kernel import Key, Refusal, Severity
from hpf.papers import forms as papers
from hpf.papers import shapes
from hpf.registry.codes import Duty
from hpf.registry.handlers import handler_of
from hpf.registry.models import Employer, Handler
from hpf.storage import reading


# How the form is shown. It is read by the rules alone, which say everything that is wrong at once.
@dataclass(frozen=True, slots=True)
class Form:
    reason: str = ask(LABELS["reason"], forms.text(255, kind="textarea"))
    responsible: str = ask(LABELS["responsible"], forms.name())
    filled_by: str = ask(LABELS["filled_by"], forms.name())
    filled_on: str = ask(LABELS["filled_on"], forms.day())
    form_seen: bool = ask("已收到加盖公章的《单位终止使用申请表》一式二份", forms.tick())
    scans: tuple[UploadedFile, ...] = ask(
        "扫描件", forms.file(), required=False, many=True, hint="申请表的扫描件，PDF 或图片，每个不超过 10 MB"
    )
    confirmed: bool = ask("以上各项已当面向单位说明，现在终止", forms.tick())


def termination(request: HallRequest, employer_id: int) -> HttpResponse:
    """What must be ended first; then the form."""
    if request.method != "POST":
        return page(request, "counter/termination.html", _page(request, employer_id))
    with reading(request.actor):
        employer_of(employer_id)
    given = request.POST
    typed = TerminationForm(
        **{name: given.get(name, "") for name in LABELS},
        form_seen=bool(given.get("form_seen")),
        confirmed=bool(given.get("confirmed")),
    )
    return posted(
        request,
        lambda key: terminate(employer_id, typed, tuple(scans_in(request)), **act_of(request, key)),
        case_of,
        lambda refusals: page(request, "counter/termination.html", _page(request, employer_id, given, tuple(refusals))),
    )


def termination_paper(request: HallRequest, termination_id: int) -> HttpResponse:
    """附件2 in duplicate, as a PDF."""
    found = Termination.objects.select_related("handler").filter(pk=termination_id).first()
    if found is None:
        raise Http404
    employer = Employer.objects.get(pk=found.employer_id)
    paper = papers.termination_form(
        shapes.TerminationForm(
            center=center_shape(),
            imprint=imprint(request, str(found.case_id)),
            number=str(found.case_id),
            name=employer.name,
            postcode=employer.postcode,
            address=employer.address,
            user_name=found.handler.user_name,
            reason=found.reason,
            responsible=found.responsible,
            filled_by=found.filled_by,
            filled_on=found.filled_on,
            ended_on=found.ended_on,
            ended_by=found.ended_by,
        )
    )
    return file_response(paper, f"单位终止使用申请表{found.case_id}.pdf", PDF, inline=True)


def _page(
    request: HallRequest, employer_id: int, given: QueryDict | None = None, refusals: tuple[Refusal, ...] = ()
) -> TerminationPage:
    employer, handler = employer_of(employer_id), handler_of(employer_id)
    if handler is None:
        raise Http404
    found = open_business(employer_id)
    return TerminationPage(
        employer_id=employer_id,
        employer=employer.name,
        user_name=handler.user_name,
        handler=handler.name,
        blocking=tuple(one for one in found if one.severity is Severity.REFUSED),
        hints=tuple([one for one in found if one.severity is not Severity.REFUSED] + left_open(employer_id)),
        consequences=tuple(_consequences(handler, request.today)),
        inputs=forms.inputs(Form, given, refusals),
        key=Key.fresh(),
        refusals=tuple(one for one in refusals if one not in found),
    )


def _consequences(handler: Handler, today: date) -> Iterator[str]:
    """What the last click does, in the order in which it is felt."""
    yield f"{handler.name}的用户名 {handler.user_name} 立即停用，已登录的随即退出，本人收到短信"
    grants = [one for one in grants_of(handler.employer_id) if one.state == GrantState.GRANTED]
    if grants:
        yield f"{'、'.join(Duty(one.duty).label + one.name for one in grants)}的办理权限同时终止"
    yield f"服务协议于 {day(today)} 终止；已办业务和资料中心仍可查阅"
    yield "不能撤销。单位今后再用网厅，须持介绍信到柜台重新登记经办人，重新签署协议"
