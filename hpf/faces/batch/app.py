"""How a task of the center's queue is declared, and when it is tried again.

A task stands in a module that ``settings.PROCRASTINATE_IMPORT_PATHS`` lists. Whoever wants it done says its name to
``hpf.storage.queue.defer`` inside ``durable(by)``: the job is there if the transaction is, and gone if it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.tasks import Task

from hpf.channels.queries import standing
from hpf.channels.rules import stopping
from hpf.kernel import Actor, Channel
from hpf.policy import business_day
from hpf.storage import reading

MAX_ATTEMPTS = 8
CHINA = ZoneInfo("Asia/Shanghai")
_UNSAID = timedelta(minutes=10)

# What may pass by itself is tried again, after 2, 4, 8 … seconds: a database that went away, a lock not had in time.
# A refusal is an answer, and a bug does not go away by repeating it.
RETRY = RetryStrategy(
    max_attempts=MAX_ATTEMPTS, exponential_wait=2, retry_exceptions=(OperationalError, InterfaceError)
)


class Held(Exception):
    """The worker is closed for maintenance: the job waits ``wait`` and has done nothing."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"held for {wait}")


class HeldOrRetried(BaseRetryStrategy):
    """A job that was held begins when maintenance ends; everything else is tried again as ``RETRY`` says."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to go on with a job that ended in an exception, ``None`` for never."""
        if isinstance(exception, Held):
            return RetryDecision(retry_at=datetime.now(UTC) + exception.wait)
        return RETRY.get_retry_decision(exception=exception, job=job)


def task(name: str, *, is_business: bool = False) -> Callable[[Callable[..., Any]], Task[Any, Any, Any]]:
    """Declare a plain function as a task. Its arguments arrive by keyword, as ``defer`` was given them.

    ``is_business``: it changes what the hall is about, and waits while the worker is closed (`hpf.channels`).
    """

    def declare(function: Callable[..., Any]) -> Task[Any, Any, Any]:
        declared: Callable[[Callable[..., Any]], Task[Any, Any, Any]] = app.task(name=name, retry=HeldOrRetried())
        return declared(_waiting(function) if is_business else function)

    return declare


def hall_moment() -> datetime:
    """The business day at this time of day, as whoever sits before a page has it."""
    return datetime.combine(business_day(), datetime.now(CHINA).time(), CHINA)


def held() -> timedelta | None:
    """How long the worker stays closed for the business, ``None`` while it is open.

    What comes again by itself every few minutes asks this and lets its turn pass.
    """
    now = hall_moment()
    with reading(Actor.SYSTEM):
        closure = stopping(standing(now), Channel.BATCH, "", now)
    if closure is None:
        return None
    return closure.ends_at - now if closure.ends_at else _UNSAID


def _waiting(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def run(**arguments: Any) -> Any:
        if wait := held():
            raise Held(wait)
        return function(**arguments)

    return run
