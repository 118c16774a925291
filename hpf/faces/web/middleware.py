"""What every request passes through: a reference number, and the translation of outcomes into pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import Resolver404, resolve

from hpf.faces.web import pages
from hpf.faces.web.door import is_in
from hpf.faces.web.reference import reference_of
from hpf.hall_access.rules import Stage
from hpf.kernel import Refused

LARGEST_BODY = 65 * 1024 * 1024
ORDINARY_BODY = 2 * 1024 * 1024
STRANGERS_BODY = 256 * 1024
"""More than any form that asks for no login can hold."""
_UPLOADS = frozenset({"portal:upload"})
"""Where handlers send files; at the counter many pages take one."""
_MOST_DIGITS = 12

_log = structlog.get_logger(__name__)


class RequestReference:
    """Middleware: names the request and binds the name to everything that is logged while it runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reference = reference_of(request)
        with structlog.contextvars.bound_contextvars(reference=reference):
            response = _too_large(request) or self.get_response(request)
        response.headers["X-Reference"] = reference
        return response


def _too_large(request: HttpRequest) -> HttpResponseBase | None:
    """Before anyone reads the body: a large one is taken only where files are sent, and from a browser that is in.

    Only who announces a large one costs a look into the database.
    """
    said = request.META.get("CONTENT_LENGTH") or "0"
    is_number = said.isascii() and said.isdigit() and len(said) < _MOST_DIGITS
    length = int(said) if is_number else LARGEST_BODY + 1
    if length <= STRANGERS_BODY:
        return None
    try:
        most = _most_taken(request, length)
    except (OperationalError, InterfaceError) as error:
        _log.error("database unavailable", exc_info=error, path=request.path)
        return pages.unavailable(request)
    if length <= most:
        return None
    return pages.too_large(request, most, takes_files=most == LARGEST_BODY)


class Forgery(CsrfViewMiddleware):
    """Middleware: every form brings its page's token; what a machine signs, at a door that asks for it, needs none."""

    def process_view(
        self, request: HttpRequest, callback: Callable[..., Any], callback_args: Any, callback_kwargs: Any
    ) -> Any:
        signed = getattr(callback, "signed", None)
        if request.method == "POST" and signed is not None and signed(request):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


def _most_taken(request: HttpRequest, length: int) -> int:
    """The largest body that an address takes from this browser; ``length`` is what it announces."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return STRANGERS_BODY
    who = getattr(match.func, "who", None)
    if who is None or who.side == "public":
        return STRANGERS_BODY
    takes_files = who.side == "counter" or match.view_name in _UPLOADS
    if length <= ORDINARY_BODY or not takes_files or who.stages != frozenset((Stage.OPEN,)):
        return ORDINARY_BODY
    return LARGEST_BODY if is_in(request, who) else ORDINARY_BODY


class Outcomes:
    """Middleware: turns what a view did not catch into its page.

    ``Refused`` is an outcome and becomes 422 with its list. A database that does not answer becomes 503. Everything
    else is a bug and is left to Django: logged, answered with 500.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, Refused):
            return pages.refused_response(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            _log.error("database unavailable", exc_info=exception, path=request.path)
            return pages.unavailable(request)
        return None
