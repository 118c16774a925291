"""What a handler does about his own access: the first password, leaving."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse

from hpf.faces.web import entering
from hpf.faces.web.door import HallRequest, forget
from hpf.faces.web.entering import PORTAL
from hpf.hall_access import operations


def first_password(request: HallRequest) -> HttpResponse:
    """A password of one's own in the place of the initial one."""
    return entering.first_password(request, PORTAL)


def leave(request: HallRequest) -> HttpResponse:
    """Log out (安全退出)."""
    operations.end_session(request.token, request.actor, request.visit)
    rotate_token(request)
    return forget(HttpResponseRedirect(reverse("login")), "portal")
