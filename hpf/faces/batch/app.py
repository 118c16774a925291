"""How a task of the center's queue is declared, and when it is tried again.

A task stands in a module that ``settings.PROCRASTINATE_IMPORT_PATHS`` lists. Whoever wants it done says its name to
``hpf.storage.queue.defer`` inside ``durable(by)``: the job is there if the transaction is, and gone if it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

MAX_ATTEMPTS = 8

# What may pass by itself is tried again, after 2, 4, 8 … seconds: a database that went away, a lock not had in time.
# A refusal is an answer, and a bug does not go away by repeating it.
RETRY = RetryStrategy(
    max_attempts=MAX_ATTEMPTS, exponential_wait=2, retry_exceptions=(OperationalError, InterfaceError)
)


def task(name: str) -> Callable[[Callable[..., Any]], Task[Any, Any, Any]]:
    """Declare a plain function as a task. Its arguments arrive by keyword, as ``defer`` was given them."""
    declare: Callable[[Callable[..., Any]], Task[Any, Any, Any]] = app.task(name=name, retry=RETRY)
    return declare
