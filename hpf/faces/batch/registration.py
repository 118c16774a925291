"""What is forgotten of applications: forms that nobody brought to the counter, scans of what came to nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from hpf.employer_registration.prefilling import forget_prefilled
from hpf.employer_registration.scans import forget_scans
from hpf.faces.batch.app import RETRY
from hpf.policy import business_day


@app.periodic(cron="40 2 * * *")
@app.task(name="forget_prefilled", queueing_lock="forget_prefilled", retry=RETRY)
def forget(timestamp: int) -> None:
    """Every night: delete what has waited longer than the center keeps it. Safe to repeat."""
    del timestamp
    forget_prefilled(now=datetime.now(UTC), today=business_day())


@app.periodic(cron="45 2 * * *")
@app.task(name="forget_scans", queueing_lock="forget_scans", retry=RETRY)
def forget_papers(timestamp: int) -> None:
    """Every night: delete scans of applications that came to nothing long ago. Safe to repeat."""
    del timestamp
    forget_scans(today=business_day(), now=datetime.now(UTC))
