"""The process that runs the center's jobs: ``python -m hpf.faces.batch``."""

from __future__ import annotations

import os
from typing import Any

import django
from django.conf import settings
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from hpf.storage import role_name

CONCURRENCY = 2
# Notifications of the queue reach every center of the database; a look twice a second reaches our own alone.
POLLING_SECONDS = 0.5


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
    """Run jobs until SIGTERM or SIGINT; then finish those that run, for at most 20 s."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from procrastinate.contrib.django import app

    from hpf.faces.batch.sweep import DEAD_AFTER_SECONDS, HEARTBEAT_SECONDS

    with app.replace_connector(worker_connector()) as worker:
        worker.run_worker(
            concurrency=CONCURRENCY,
            listen_notify=False,
            fetch_job_polling_interval=POLLING_SECONDS,
            delete_jobs="successful",
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=DEAD_AFTER_SECONDS,
            shutdown_graceful_timeout=20.0,
        )
