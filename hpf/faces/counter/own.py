"""The staff's way in and out."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse

from hpf.faces.web import entering, forms, own_access
from hpf.faces.web.door import HallRequest, forget
from hpf.faces.web.entering import COUNTER, LoginForm
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.staff import UnreleasedPage
from hpf.hall_access import operations, queries
from hpf.kernel import Refused
from hpf.registry.codes import Role
from hpf.registry.models import Staff

TEMPLATE = "public/login.html"


def login(request: HallRequest) -> HttpResponse:
    """User name and password; then the authenticator, or, for who has none yet, the way to one."""
    if request.method != "POST":
        return entering.first_page(request, COUNTER)
    try:
        form = forms.read(LoginForm, request.POST)
        challenge, token = operations.start_staff_login(form.user_name, form.password, request.visit)
    except Refused as refused:
        return refused_page(request, TEMPLATE, entering.login_page(COUNTER, request.POST, refused.refusals))
    if challenge is None:
        return entering.let_in(request, COUNTER, token)
    return entering.hold(entering.onward(request, COUNTER.code), COUNTER, challenge.token)


def login_code(request: HallRequest) -> HttpResponse:
    """The code of the authenticator."""
    return entering.authenticator_code(request, COUNTER)


def password(request: HallRequest) -> HttpResponse:
    """A password of one's own in the place of the initial one."""
    return entering.first_password(request, COUNTER)


def enrol(request: HallRequest) -> HttpResponse:
    """An authenticator of one's own: nobody works at the counter without one."""
    return entering.enrol(request, COUNTER, COUNTER.home)


def unreleased(request: HallRequest) -> HttpResponse:
    """What somebody waits for whose authenticator nobody has released yet, and whom to go to."""
    assert request.actor.id is not None  # noqa: S101 - one of the staff
    own = queries.unreleased().get(request.actor.id)
    if own is None:  # released while he was on the way here
        return HttpResponseRedirect(reverse(COUNTER.home))
    in_charge = Staff.objects.filter(roles__contains=[Role.SECURITY_ADMIN], active=True)
    names = in_charge.exclude(pk__in=(request.actor.id, own.password_by or 0)).order_by("id")
    shape = UnreleasedPage(
        own.check_number,
        own.enrolled_at,
        request.actor.name,
        tuple(names.values_list("name", flat=True)),
        of_security=in_charge.filter(pk=request.actor.id).exists(),
    )
    return page(request, "public/unreleased.html", shape)


def security(request: HallRequest) -> HttpResponse:
    """How one's own access stands, and the latest of one's own logins."""
    return own_access.security(request, "counter/security.html")


def change_password(request: HallRequest) -> HttpResponse:
    """Another password."""
    return own_access.change_password(request, COUNTER)


def end_session(request: HallRequest, session_id: int) -> HttpResponse:
    """Log one other browser out."""
    return own_access.end_session(request, COUNTER, session_id)


def end_others(request: HallRequest) -> HttpResponse:
    """Log all other browsers out."""
    return own_access.end_session(request, COUNTER, None)


def looking(request: HallRequest) -> HttpResponse:
    """What many records are needed for."""
    return own_access.looking(request, COUNTER)


def leave(request: HallRequest) -> HttpResponse:
    """Log out (安全退出)."""
    operations.end_session(request.token, request.actor, request.visit)
    rotate_token(request)
    return forget(HttpResponseRedirect(reverse("counter:login")), "counter")
