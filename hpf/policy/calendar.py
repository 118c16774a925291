"""The business day: the real day in China, or in demonstration the day that someone chose."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from hpf.kernel import Actor, Refusal, Refused
from hpf.storage import Statements, asked, assert_in_transaction

CHINA = ZoneInfo("Asia/Shanghai")
statements = Statements(__package__)

DAY_IS_REAL = Refusal(
    code="POLICY-DAY-IS-REAL",
    what="业务日期不能选择",
    why="只有演示环境可以选择业务日期，正式环境以当天日期为准",
)


def business_day() -> date:
    """The day on which everything now happens. Asked once by the face, then passed down.

    Asks in a transaction of its own where none is open.
    """
    return (_chosen_day() if settings.HALL.is_demonstration else None) or datetime.now(CHINA).date()


def choose_business_day(day: date | None) -> None:
    """Let all of the demonstration happen on ``day``; ``None`` goes back to the real day.

    Runs inside a durable transaction of staff or the system. Raises ``Refused`` (POLICY-DAY-IS-REAL) in production.
    """
    if not settings.HALL.is_demonstration:
        raise Refused(DAY_IS_REAL)
    assert_in_transaction()
    statements("choose_day", day=day).execute()


def keep_to_the_real_day() -> None:
    """Go back to the real day for good, as the guards of the database see it too. Runs inside a durable transaction."""
    assert_in_transaction()
    statements("choose_day", day=None).execute()


def _chosen_day() -> date | None:
    query = statements("chosen_day")
    rows = query.rows() if connection.in_atomic_block else asked(Actor.SYSTEM, query)
    return rows[0][0] if rows else None
