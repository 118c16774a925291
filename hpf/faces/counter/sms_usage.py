"""短信用量: what text messages cost, for the administrator of the system."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.messages import UsagePage
from hpf.notices import usage
from hpf.notices.sms import waiting_texts


def sms_usage(request: HallRequest) -> HttpResponse:
    """The texts of the last days and months, and whether a day has more than the center has set."""
    now = request.visit.now
    shape = UsagePage(
        most=settings.HALL.notices.daily_alarm,
        gateway=settings.HALL.notices.kind.value,
        waiting=waiting_texts(),
        days=tuple(usage.by_day(now)),
        months=tuple(usage.by_month(now)),
    )
    return page(request, "counter/sms_usage.html", shape)
