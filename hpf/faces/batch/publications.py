"""What employers are told of once it is out."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hpf.faces.batch.app import RETRY, hall_moment
from hpf.kernel import Actor
from hpf.publications import operations, queries
from hpf.storage import reading


@app.periodic(cron="* * * * *")
@app.task(name="tell_of_publications", queueing_lock="tell_of_publications", retry=RETRY)
def tell_of_publications(timestamp: int) -> None:
    """Every minute: tell employers of the important things whose time has come and that still stand."""
    del timestamp
    now = hall_moment()
    with reading(Actor.SYSTEM):
        found = queries.untold(now)
    for version_id in found:
        operations.tell_of(version_id, by=Actor.SYSTEM, today=now.date(), now=now)
