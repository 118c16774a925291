"""Where the center's own SMS gateway brings its delivery receipts: a machine's address, known by its signature."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException

from hpf.faces.web.door import REFUSED, HallRequest
from hpf.notices.gateways.pushed import LARGEST_BODY, Untrusted, receipts_in
from hpf.notices.receipts import take_receipts
from hpf.notices.settings import HttpGateway, PushedReceipts

_log = structlog.get_logger(__name__)


def is_signed(request: HttpRequest) -> bool:
    """Whether a request says that it is the gateway's; no page of another site can make a browser say so."""
    pushed = _settings()
    return pushed is not None and pushed.signing.header in request.headers


def receipts(request: HallRequest) -> HttpResponse:
    """What became of messages. Answered with nothing, are their numbers known or not; or refused without why."""
    pushed = _settings()
    if pushed is None:
        return HttpResponse(status=REFUSED)
    try:
        kind = request.content_type or ""
        found = receipts_in(pushed, request.headers, _body(request), kind, request.visit.now)
    except Untrusted as why:
        _log.warning("a delivery receipt was not taken", why=str(why), address=request.visit.address)
        return HttpResponse(status=REFUSED)
    take_receipts(found, settings.HALL.notices.kind, request.visit.now)
    return HttpResponse(status=204)


def _settings() -> PushedReceipts | None:
    gateway = settings.HALL.notices.gateway
    return gateway.receipts if isinstance(gateway, HttpGateway) else None


def _body(request: HttpRequest) -> bytes:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        raise Untrusted("too large")
    try:
        return request.body
    except RawPostDataException as error:
        raise Untrusted("neither JSON nor a form") from error
