"""What is closed and will be, for everybody; every page asks here again while something is announced."""

from __future__ import annotations

from django.http import HttpResponse

from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.channels import ClosuresPage


def closures(request: HallRequest) -> HttpResponse:
    """All of it stands in the frame."""
    return page(request, "public/closures.html", ClosuresPage())
