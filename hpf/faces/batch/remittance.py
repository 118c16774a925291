"""Declared months that need no bank line, and notices that end."""

from __future__ import annotations

import structlog
from procrastinate.contrib.django import app

from hpf.faces.batch.app import RETRY, held, task
from hpf.faces.batch.treasury import note_ends
from hpf.kernel import Actor
from hpf.policy import business_day
from hpf.remittance import operations

_log = structlog.get_logger(__name__)


@task("book_sheet", is_business=True)
def book_sheet(*, case_no: int) -> None:
    """Book a month that is paid from unallocated money. Safe to repeat."""
    for booking in operations.book(case_nos=[case_no], by=Actor.SYSTEM, today=business_day()):
        if booking.refusal:
            _log.warning("case not booked", case=booking.case_no, code=booking.refusal.code)
    note_ends()


@app.periodic(cron="5 * * * *")
@app.task(name="lapse_notices", queueing_lock="lapse_notices", retry=RETRY)
def lapse_notices(timestamp: int) -> None:
    """Every hour, since the business day can be chosen: end the notices whose last day is over and known.

    Employers whose notices end soon are told. While the worker is closed neither happens.
    """
    del timestamp
    if held():
        return
    operations.remind(by=Actor.SYSTEM, today=business_day())
    operations.lapse(by=Actor.SYSTEM, today=business_day())
    note_ends()
