"""Sets Django up for every test, on a data folder of this run. The server starts with the first test that asks."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

RUN_FOLDER = "HPF_TEST_RUN"
_ROOM_BYTES = 4 * 1024**3


def pytest_configure(config: pytest.Config) -> None:
    if RUN_FOLDER not in os.environ:
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="hall-tests-", dir=_in_memory())
        Path(os.environ[RUN_FOLDER]).chmod(0o755)
        config.add_cleanup(_end_run)
    for name in [name for name in os.environ if name.startswith("HPF_") and name != RUN_FOLDER] + ["DATABASE_URL"]:
        os.environ.pop(name, None)
    os.environ["HPF_DATA"] = os.environ[RUN_FOLDER]
    os.environ["HPF_STATEMENT_SECONDS"] = "60"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    import hypothesis

    django.setup()
    # how fast a machine invents examples is no finding: figures live in the benchmarks
    hypothesis.settings.register_profile("hall", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
    hypothesis.settings.load_profile("hall")


def _in_memory() -> Path | None:
    """A file system in memory, if it has room for the run's databases: hundreds are cloned and dropped."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= _ROOM_BYTES
    return memory if roomy else None


def _end_run() -> None:
    from tests.server import stop_server

    folder = Path(os.environ[RUN_FOLDER])
    stop_server(folder)
    shutil.rmtree(folder, ignore_errors=True)
