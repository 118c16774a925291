"""The center's queue: what is deferred is part of its transaction, and what a dead worker held is done after all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.db import OperationalError
from procrastinate.contrib.django import app

from hpf.faces.batch.app import MAX_ATTEMPTS, task
from hpf.faces.batch.worker import worker_connector
from hpf.kernel import Actor
from hpf.storage import durable
from hpf.storage.queue import defer

SEEN: list[object] = []


@task("test:remember")
def remember(*, word: str) -> None:
    SEEN.append(word)
    if word == "again" and SEEN.count(word) == 1:
        raise OperationalError("the connection was lost")
    if word == "bug":
        raise KeyError(word)


@task("test:defer_and_fail")
def defer_and_fail() -> None:
    with durable(Actor.SYSTEM):
        defer("test:remember", word="never")
        raise KeyError("after the deferral")


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    SEEN.clear()


def work() -> None:
    """Let a worker do all that is due, in a process of its own as far as the database can tell."""
    with app.replace_connector(worker_connector()) as worker:
        asyncio.run(_work(worker))


async def _work(worker: Any) -> None:
    async with worker.open_async():
        await worker.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)


def jobs(center: Any) -> list[tuple[str, str, int]]:
    with center.connect("superuser") as connection:
        query = (
            "SELECT task_name, status::text, attempts FROM procrastinate_jobs WHERE task_name LIKE 'test:%' ORDER BY id"
        )
        return [(name, state, attempts) for name, state, attempts in connection.execute(query)]


def test_a_deferred_job_is_done(center: Any) -> None:
    with durable(Actor.SYSTEM):
        defer("test:remember", word="缴存")
    work()
    assert SEEN == ["缴存"]


def test_a_job_is_gone_with_the_transaction_that_deferred_it(center: Any) -> None:
    def defer_and_change_ones_mind() -> None:
        with durable(Actor.SYSTEM):
            defer("test:remember", word="never")
            raise KeyError

    with pytest.raises(KeyError):
        defer_and_change_ones_mind()
    assert jobs(center) == []


def test_what_a_job_defers_is_part_of_its_own_transaction(center: Any) -> None:
    with durable(Actor.SYSTEM):
        defer("test:defer_and_fail")
    work()
    assert SEEN == []
    assert jobs(center) == [("test:defer_and_fail", "failed", 1)]


def test_a_lost_connection_is_tried_again_and_a_bug_is_not(center: Any) -> None:
    with durable(Actor.SYSTEM):
        defer("test:remember", word="again")
        defer("test:remember", word="bug")
    work()
    assert jobs(center) == [("test:remember", "todo", 1), ("test:remember", "failed", 1)]
    with center.connect("superuser") as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    work()
    assert SEEN == ["again", "bug", "again"]


def test_the_job_of_a_dead_worker_is_done_by_another(center: Any) -> None:
    leave_behind(center, attempts=0)
    sweep()
    assert jobs(center)[0] == ("test:remember", "succeeded", 2)
    assert SEEN == ["left behind"]


def test_a_job_that_kills_its_workers_is_given_up(center: Any) -> None:
    leave_behind(center, attempts=MAX_ATTEMPTS - 1)
    sweep()
    assert jobs(center)[0] == ("test:remember", "failed", MAX_ATTEMPTS)
    assert SEEN == []


def test_the_job_of_a_living_worker_is_left_alone(center: Any) -> None:
    leave_behind(center, attempts=0, silent_seconds=5)
    sweep()
    assert jobs(center)[0] == ("test:remember", "doing", 0)


def leave_behind(center: Any, attempts: int, silent_seconds: int = 60) -> None:
    """What the database looks like when a worker died in the middle of a job."""
    with durable(Actor.SYSTEM):
        defer("test:remember", word="left behind")
    with center.connect("superuser") as connection:
        connection.execute(
            """
            WITH worker AS (
                INSERT INTO procrastinate_workers (last_heartbeat)
                VALUES (now() - make_interval(secs => %s)) RETURNING id
            )
            UPDATE procrastinate_jobs SET status = 'doing', attempts = %s, worker_id = worker.id FROM worker
            """,
            [silent_seconds, attempts],
        )


def sweep() -> None:
    with durable(Actor.SYSTEM):
        defer("sweep_stalled_jobs", timestamp=0)
    work()
