"""登录预警: the refused logins of the last day by address, and which of them are somebody who guesses (§3.2(8))."""

from __future__ import annotations

from django.http import HttpResponse

from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.staff import AttemptsPage, AttemptsRow
from hpf.hall_access.guessing import guessing


def attempts(request: HallRequest) -> HttpResponse:
    """The addresses, those with the most refused logins first."""
    found = guessing(request.visit.now)
    rows = tuple(
        AttemptsRow(one.address, one.refused, one.accounts, one.last_at, found.is_suspicious(one))
        for one in found.addresses
    )
    return page(request, "counter/staff_attempts.html", AttemptsPage(rows, found.most, found.refused, found.is_wave))
