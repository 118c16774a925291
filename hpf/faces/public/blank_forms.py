"""Forms to be printed and filled in by hand (表格下载), for everybody."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.faces.web.answers import PDF, file_response
from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import page
from hpf.faces.web.papers import center_shape
from hpf.faces.web.registration_form import blank_registration_paper
from hpf.faces.web.shapes.frame import Download
from hpf.faces.web.shapes.public import FormRow, FormsPage
from hpf.papers.forms import blank_termination_form
from hpf.papers.shapes import BlankForm

REGISTRATION, TERMINATION = "registration", "termination"
_FORMS = {
    REGISTRATION: ("附件 1 单位开户登记申请表", "单位登记、开通网厅时填写；带到柜台，由中心登记。"),
    TERMINATION: ("附件 2 单位终止使用申请表", "不再使用网厅时填写；在办业务办结后，带到柜台办理。"),
}


def blank_forms(request: HallRequest) -> HttpResponse:
    """The forms of the agreement, empty."""
    rows = tuple(
        FormRow(title, use, Download("下载空白表", reverse("blank-form", args=[name]), "PDF", "一式二份"))
        for name, (title, use) in _FORMS.items()
    )
    return page(request, "public/blank_forms.html", FormsPage(rows))


def blank_form(request: HallRequest, name: str) -> HttpResponse:
    """One of them as a PDF. ``Http404`` for a name that none has."""
    if name not in _FORMS:
        raise Http404
    center, of = center_shape(), request.visit.today
    if name == REGISTRATION:
        paper = blank_registration_paper(center, of)
    else:
        paper = blank_termination_form(BlankForm(center), of)
    title, _ = _FORMS[name]
    return file_response(paper, f"{title.replace(' ', '')}（空白）.pdf", PDF)
