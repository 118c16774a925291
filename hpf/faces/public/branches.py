"""Where the center can be visited and called (网点), for everybody."""

from __future__ import annotations

from django.http import HttpResponse

from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.public import BranchesPage, BranchRow
from hpf.registry.models import Branch


def branches(request: HallRequest) -> HttpResponse:
    """All branches by their numbers, with address and hours."""
    rows = tuple(
        BranchRow(one.name, one.address, one.hours, one.phone, one.services) for one in Branch.objects.order_by("code")
    )
    return page(request, "public/branches.html", BranchesPage(rows))
