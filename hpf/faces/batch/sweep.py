"""Jobs whose worker died in the middle are put back into the queue."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog
from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from hpf.faces.batch.app import MAX_ATTEMPTS

_log = structlog.get_logger(__name__)


@app.periodic(cron="* * * * * */5")
@app.task(name="sweep_stalled_jobs", queueing_lock="sweep_stalled_jobs", priority=100, pass_context=True)
async def sweep_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Every 5 s: try again what a worker left behind whose heart has not beaten for HPF_WORKER_DEAD_SECONDS.

    A job that has taken so many workers with it that it is beyond its tries is failed, for a person to look at.
    """
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.HALL.worker_dead_seconds):
        if job.attempts + 1 < MAX_ATTEMPTS:
            _log.warning("job of a dead worker tried again", job=job.id, task=job.task_name, attempts=job.attempts)
            await manager.retry_job(job, retry_at=datetime.now(UTC))
        else:
            _log.error("job of a dead worker given up", job=job.id, task=job.task_name, attempts=job.attempts)
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
