"""A hall of one's own for a benchmark: the embedded server with its durable settings, in a folder that goes away."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Ground:
    """A running server with a migrated, empty center."""

    folder: Path
    server: Any

    def analyze(self) -> None:
        """What autovacuum would have done by the time a person comes back."""
        import psycopg

        with psycopg.connect(self.server.url(), autocommit=True) as admin:
            admin.execute("VACUUM ANALYZE")


@contextmanager
def ground() -> Iterator[Ground]:
    """Start a server, make a center, set Django up on it; end everything afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hall-bench-"))
    folder.chmod(0o755)
    os.environ.update(
        HPF_DATA=str(folder), HPF_STATEMENT_SECONDS="600", DJANGO_SETTINGS_MODULE="config.settings", HPF_CENTER="demo"
    )
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from hpf.storage.center import create_center, migrate_center
    from hpf.storage.embedded import EmbeddedServer

    server = EmbeddedServer(folder)
    try:
        with server.running():
            create_center("demo", server.url())
            migrate_center("demo", server.url())
            yield Ground(folder, server)
    finally:
        from django.db import connections

        connections.close_all()
        shutil.rmtree(folder, ignore_errors=True)


def timed(act: Callable[[], T]) -> tuple[T, float]:
    """What an act gives, and the seconds it took."""
    start = time.perf_counter()
    result = act()
    return result, time.perf_counter() - start


def report(what: str, figure: float, unit: str, limit: float | None = None, *, at_least: bool = False) -> bool:
    """Print one figure; with a limit also their ratio and whether the goal is met. Answers whether it is."""
    line = f"{what:<62} {figure:>10.2f} {unit}"
    if limit is None:
        print(line)
        return True
    ratio = limit / figure if at_least else figure / limit
    met = ratio <= 1
    print(f"{line:<82} goal {'≥' if at_least else '≤'} {limit:g}   ratio {ratio:.2f}   {'met' if met else 'NOT MET'}")
    return met
