"""Pages take turns: in a process one is made after another, and a slow one is overtaken.

A page is ten short stretches of work between questions to the database. Threads that make several at once take the
interpreter from each other at every one of them and find their caches cold; one after another they are through sooner,
all of them. Whoever has waited as long as a few pages take goes ahead beside what is slow: a paper, a list, a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

PATIENCE_SECONDS = 0.05


class Turns:
    """A WSGI application that makes its answers one after another, as far as nobody waits longer than ``patience``."""

    def __init__(self, application: Callable[..., Iterable[bytes]], patience: float = PATIENCE_SECONDS) -> None:
        self._application = application
        self._patience = patience
        self._turn = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        has_turn = self._turn.acquire(timeout=self._patience)
        try:
            return self._application(environ, start_response)
        finally:
            if has_turn:
                self._turn.release()
