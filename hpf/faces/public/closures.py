"""What is closed and will be, for everybody; every page asks here again while something is announced."""

from __future__ import annotations

from django.http import HttpResponse

from hpf.channels.rules import FOR_EMPLOYERS
from hpf.faces.web.door import HallRequest
from hpf.faces.web.hours import hours_of
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.channels import ClosuresPage


def closures(request: HallRequest) -> HttpResponse:
    """What is closed stands in the frame; besides, when each function takes acts."""
    day, tables = request.visit.moment.date(), request.frame.timetables
    return page(request, "public/closures.html", ClosuresPage(hours_of(tables, day, FOR_EMPLOYERS, "全天办理")))
