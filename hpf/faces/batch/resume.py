"""Work whose job was given up: it is taken up again, and what fails once more goes back to whoever ordered it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import structlog
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from hpf.account_opening import operations as account_opening
from hpf.account_opening import queries as openings
from hpf.faces.batch.app import RETRY, held
from hpf.kernel import Actor
from hpf.policy import business_day
from hpf.remittance import operations as remittance
from hpf.remittance import queries as remittances
from hpf.storage import durable, reading
from hpf.storage.queue import defer
from hpf.treasury import queries as treasury

TRIES = 2

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Work that the state of the business says the worker has. Without ``give_back`` it is tried for ever."""

    task: str
    lock: str
    arguments: Mapping[str, int]
    give_back: Callable[[], object] | None = None


@app.periodic(cron="*/5 * * * *")
@app.task(name="resume_given_up", queueing_lock="resume_given_up", retry=RETRY)
def resume_given_up(timestamp: int) -> None:
    """Every 5 minutes: let work that has no job any more be done, or give it back. Safe to repeat.

    A job that finishes in this very moment costs one run that finds nothing to do. While the worker is closed, nothing
    is begun anew and nothing given back.
    """
    del timestamp
    if held():
        return
    with reading(Actor.SYSTEM):
        left = [(work, _failed(work)) for work in _unfinished() if not _jobs(work, "todo", "doing")]
    for work, failed in left:
        _log.warning("work without a job", task=work.task, failed=failed, **work.arguments)
        if failed < TRIES or work.give_back is None:
            with durable(Actor.SYSTEM):
                defer(work.task, lock=work.lock, **work.arguments)
        else:
            work.give_back()


def _unfinished() -> Iterator[Unfinished]:
    by, today = Actor.SYSTEM, business_day()
    for case in openings.with_the_worker():
        checking = case.state == "checking"
        yield Unfinished(
            "check_roster" if checking else "open_accounts",
            f"roster-{case.pk}" if checking else f"unit-{case.unit_account_id}",
            {"case_no": case.pk},
            partial(account_opening.hand_back, case_no=case.pk, by=by, today=today),
        )
    for sheet in remittances.with_the_worker():
        hand_back = partial(remittance.hand_back, case_no=sheet.pk, by=by, today=today)
        yield Unfinished("book_sheet", f"unit-{sheet.unit_account_id}", {"case_no": sheet.pk}, hand_back)
    if statement_id := treasury.last_unsettled():
        yield Unfinished("settle_statement", "treasury", {"statement_id": statement_id})


def _failed(work: Unfinished) -> int:
    return _jobs(work, "failed")


def _jobs(work: Unfinished, *statuses: str) -> int:
    found = ProcrastinateJob.objects.filter(task_name=work.task, args=dict(work.arguments), status__in=statuses)
    return int(found.count())
