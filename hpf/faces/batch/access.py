"""What access keeps for a time: codes, logins under way, counters, proofs of work, looks, old sessions."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from hpf.faces.batch.app import RETRY
from hpf.hall_access.operations import forget


@app.periodic(cron="20 2 * * *")
@app.task(name="forget_access", queueing_lock="forget_access", retry=RETRY)
def forget_access(timestamp: int) -> None:
    """Every night: delete what access needs no longer; the event log keeps what happened. Safe to repeat."""
    del timestamp
    forget(datetime.now(UTC))
