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
from statistics import median
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


class Bare:
    """The least that a posting to so many accounts must do: balances moved and postings inserted, with primary keys and
    nothing else. It is the peer of the posting, and a measure of the machine for all that is given in seconds."""

    def __init__(self, place: Ground, count: int = 100_000) -> None:
        import psycopg

        self.admin = psycopg.connect(place.server.url(), options="-c search_path=demo")
        self.admin.execute(
            "CREATE TABLE bare_account AS TABLE ledger_account WITH NO DATA;"
            "ALTER TABLE bare_account ADD PRIMARY KEY (id);"
            "CREATE TABLE bare_posting (id bigint GENERATED ALWAYS AS IDENTITY, account_id bigint NOT NULL,"
            " book_date date NOT NULL, amount_fen bigint NOT NULL, PRIMARY KEY (account_id, book_date, id))"
        )
        self.admin.execute(
            "INSERT INTO bare_account (id, kind, subject, employer_id, unit_account_id, current_fen, carried_fen,"
            " moment, keeps_balance, opened_on, segment_starts_on)"
            " SELECT i, 'member', '201', 1, 1, 0, 0, 0, true, '2026-07-01', '2026-07-01' FROM generate_series(1, %s) i",
            [count],
        )
        self.admin.commit()

    def run(self) -> float:
        """Once, committed; the seconds it took."""

        def bare() -> None:
            self.admin.execute(
                "WITH moved AS (UPDATE bare_account SET current_fen = current_fen + 96000 WHERE kind = 'member'"
                " RETURNING id) INSERT INTO bare_posting (account_id, book_date, amount_fen)"
                " SELECT id, '2026-08-10', 96000 FROM moved"
            )
            self.admin.commit()

        return timed(bare)[1]


def report_in_bare_statements(place: Ground, what: str, seconds: float) -> None:
    """Print how many bare statements of 100,000 rows a work takes: a figure that two machines can compare."""
    bare = Bare(place)
    place.analyze()
    least = median(bare.run() for _ in range(3))
    print(f"the bare statement takes {least:.2f} s on this machine")
    report(f"{what}, in bare statements", seconds / least, "times")


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
