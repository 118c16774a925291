"""登录记录: where and when one has been logged in of late."""

from __future__ import annotations

from django.http import HttpResponse

from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.portal import SessionsPage
from hpf.hall_access import queries


def sessions(request: HallRequest) -> HttpResponse:
    """The latest of one's own logins, newest first."""
    return page(request, "portal/sessions.html", SessionsPage(tuple(queries.sessions(request.token))))
