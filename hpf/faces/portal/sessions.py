"""登录安全: the handler's own password, authenticator and logins."""

from __future__ import annotations

from django.http import HttpResponse

from hpf.faces.web import entering, own_access
from hpf.faces.web.door import HallRequest
from hpf.faces.web.entering import PORTAL
from hpf.hall_access.queries import came_by


def sessions(request: HallRequest) -> HttpResponse:
    """How one's own access stands, and the latest of one's own logins."""
    return own_access.security(request, "portal/sessions.html", has_pack=came_by(request.actor.id or 0) is not None)


def change_password(request: HallRequest) -> HttpResponse:
    """Another password."""
    return own_access.change_password(request, PORTAL)


def enrol(request: HallRequest) -> HttpResponse:
    """An authenticator beside the text message, or another in the place of the one there is."""
    return entering.enrol(request, PORTAL, PORTAL.security)


def drop_authenticator(request: HallRequest) -> HttpResponse:
    """The text message alone again."""
    return own_access.drop_authenticator(request, PORTAL)


def end_session(request: HallRequest, session_id: int) -> HttpResponse:
    """Log one other browser out."""
    return own_access.end_session(request, PORTAL, session_id)


def end_others(request: HallRequest) -> HttpResponse:
    """Log all other browsers out."""
    return own_access.end_session(request, PORTAL, None)


def looking(request: HallRequest) -> HttpResponse:
    """What many records are needed for."""
    return own_access.looking(request, PORTAL)
