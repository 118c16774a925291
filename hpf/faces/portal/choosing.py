"""选择单位: for which employer somebody acts who was granted several (代办人).

The choice is kept by the session. Forms that were shown for another employer are dead with it: their token is.
"""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse

from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import own_address, page, refused_page
from hpf.faces.web.shapes.access import ChoosePage
from hpf.hall_access.operations import choose_employer
from hpf.hall_access.queries import choices
from hpf.hall_access.rules import Stage
from hpf.kernel import Refusal, Refused
from hpf.storage import reading

_TEMPLATE = "portal/choose.html"


def choose(request: HallRequest) -> HttpResponse:
    """The employers to choose from; choosing one. Whose only one is put out for breach reads why instead."""
    if request.method != "POST":
        shape = _shape(request)
        is_out = request.principal is not None and request.principal.stage is Stage.SUSPENDED
        if is_out and len(shape.choices) == 1:
            return HttpResponseRedirect(reverse("portal:restriction"))
        return page(request, _TEMPLATE, shape)
    number = forms.record_number(request.POST.get("user_id", "")) or 0  # 0 is nobody
    try:
        choose_employer(number, token=request.token, visit=request.visit)
    except Refused as refused:
        with reading(request.actor):
            return refused_page(request, _TEMPLATE, _shape(request, refused.refusals))
    rotate_token(request)
    return HttpResponseRedirect(_next(request))


def _shape(request: HallRequest, refusals: tuple[Refusal, ...] = ()) -> ChoosePage:
    return ChoosePage(tuple(choices(request.token, request.today)), _next(request), refusals)


def _next(request: HallRequest) -> str:
    given = request.POST if request.method == "POST" else request.GET
    return own_address(request, given.get("next", ""), reverse("portal:home"))
