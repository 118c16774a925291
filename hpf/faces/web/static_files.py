"""How static files travel: compressed, where the browser takes that."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressedStatic(GZipMiddleware):
    """Middleware: style and scripts go out as gzip. They are the same for everybody, so their size betrays nothing; of
    pages, which carry what is typed beside what is secret, that cannot be said (BREACH)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not request.path.startswith(settings.STATIC_URL):
            return response
        return super().process_response(request, response)
