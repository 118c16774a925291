"""Forms that were filled in advance and never brought to the counter."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from hpf.employer_registration.prefilling import forget_prefilled
from hpf.faces.batch.app import RETRY
from hpf.policy import business_day


@app.periodic(cron="40 2 * * *")
@app.task(name="forget_prefilled", queueing_lock="forget_prefilled", retry=RETRY)
def forget(timestamp: int) -> None:
    """Every night: delete what has waited longer than the center keeps it. Safe to repeat."""
    del timestamp
    forget_prefilled(now=datetime.now(UTC), today=business_day())
