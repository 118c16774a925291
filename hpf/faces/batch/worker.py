"""The process that runs the center's jobs: ``python -m hpf.faces.batch``."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from procrastinate import App
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from hpf.evidence import seal
from hpf.storage import role_name

CONCURRENCY = 2
# Notifications of the queue reach every center of the database; a look twice a second reaches our own alone.
POLLING_SECONDS = 0.5
SEALING_SECONDS = 2.0

_log = structlog.get_logger(__name__)


class WorkerConnector(PsycopgConnector):
    """The queue's own connections, in the staff's role. What a task defers goes over Django's connection instead.

    So a job that a task defers inside ``durable`` is part of that transaction, in the worker as in the web.
    """

    def get_sync_connector(self) -> BaseConnector:
        return DjangoConnector()


def worker_connector() -> WorkerConnector:
    """A connector to the database of the settings. Its sessions are staff from the first moment, in the one schema."""
    parameters: dict[str, Any] = connector_params()
    parameters["options"] += f" -c role={role_name(settings.CENTER, 'staff')}"
    return WorkerConnector(kwargs=parameters, min_size=1, max_size=4)


def main() -> None:
    """Run jobs and seal the event log until SIGTERM or SIGINT; then finish the jobs that run, for at most 20 s."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from procrastinate.contrib.django import app

    with app.replace_connector(worker_connector()) as worker:
        asyncio.run(_work(worker))


async def _work(worker: App) -> None:
    async with worker.open_async(), asyncio.TaskGroup() as tasks:
        sealing = tasks.create_task(_seal_for_ever())
        await worker.run_worker_async(
            concurrency=CONCURRENCY,
            listen_notify=False,
            fetch_job_polling_interval=POLLING_SECONDS,
            delete_jobs="successful",
            update_heartbeat_interval=settings.HALL.worker_dead_seconds / 4,
            stalled_worker_timeout=settings.HALL.worker_dead_seconds,
            shutdown_graceful_timeout=20.0,
        )
        sealing.cancel()


async def _seal_for_ever() -> None:
    """Link committed events to the chain, every 2 s. Not a job: there is nothing to try again but the next time."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        while True:
            await asyncio.get_running_loop().run_in_executor(thread, _seal)
            await asyncio.sleep(SEALING_SECONDS)


def _seal() -> None:
    close_old_connections()
    try:
        while seal():
            pass
    except (OperationalError, InterfaceError) as error:
        _log.warning("event log not sealed", error=str(error))
