"""Lists of thousands of rows: a few at a time in each process, so that one reader cannot keep all others waiting."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from django.http import HttpResponse

from hpf.faces.web import pages

AT_ONCE = 2
_places = BoundedSemaphore(AT_ONCE)


def heavy(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that makes a large paper or workbook; answers 503 with Retry-After while others are being made."""

    @wraps(view)
    def answer(request: Any, **arguments: Any) -> HttpResponse:
        if not _places.acquire(blocking=False):
            return pages.unavailable(request)
        try:
            return view(request, **arguments)
        finally:
            _places.release()

    return answer
