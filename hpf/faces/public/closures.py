"""What is closed and will be, for everybody; every page asks here again while something is announced."""

from __future__ import annotations

from django.http import HttpResponse

from hpf.channels.hours import in_force
from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.channels import ClosuresPage, FunctionHours
from hpf.registry.codes import HallFunction


def closures(request: HallRequest) -> HttpResponse:
    """What is closed stands in the frame; besides, when each function takes acts."""
    day, tables = request.visit.moment.date(), request.frame.timetables
    found = ((function, in_force(tables, function, day)) for function in HallFunction)
    hours = tuple(FunctionHours(function.label, table.sentence if table else "全天办理") for function, table in found)
    return page(request, "public/closures.html", ClosuresPage(hours))
