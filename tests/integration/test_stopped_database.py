"""A database that stops answering without dying: whoever asks is told so in time, and the hall comes back by itself."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic

import psutil
import pytest

from tests.integration.test_hall import child, eventually
from tests.running import Hall, new_folder

PATIENCE_SECONDS = 5
AT_ONCE = 12


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    with new_folder() as folder:
        yield Hall(folder)


@pytest.fixture(scope="module")
def running(hall: Hall) -> Iterator[psutil.Process]:
    with hall.running() as process:
        yield process


@contextmanager
def stopped(running: psutil.Process) -> Iterator[None]:
    """All processes of the database, stopped as by SIGSTOP for the length of a block."""
    server = child(running, "postgres")
    server.suspend()  # the first, so that it starts no more
    family = [server, *server.children(recursive=True)]
    for process in family:
        process.suspend()
    try:
        yield
    finally:
        for process in family:
            process.resume()


def asked(hall: Hall, path: str = "/") -> tuple[int, str, float]:
    """Status, page and seconds of a request."""
    begun = monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", hall.port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), monotonic() - begun
    finally:
        connection.close()


def test_a_stopped_database_is_told_in_time_and_the_hall_comes_back_alone(hall: Hall, running: psutil.Process) -> None:
    eventually(lambda: asked(hall)[0] < 400, running)
    with stopped(running):
        status, page, seconds = asked(hall)
        assert (status, seconds < PATIENCE_SECONDS) == (503, True), seconds
        assert "网厅暂时不能办理" in page
        status, _, seconds = asked(hall)
        assert (status, seconds < PATIENCE_SECONDS) == (503, True), seconds
    eventually(lambda: asked(hall)[0] < 400, running)


def test_more_people_than_the_hall_has_threads_are_all_told_in_time(hall: Hall, running: psutil.Process) -> None:
    eventually(lambda: asked(hall)[0] < 400, running)
    with stopped(running), ThreadPoolExecutor(AT_ONCE) as people:
        answers = list(people.map(lambda _: asked(hall), range(AT_ONCE)))
    assert {status for status, _, _ in answers} == {503}
    assert max(seconds for *_, seconds in answers) < PATIENCE_SECONDS
    eventually(lambda: asked(hall)[0] < 400, running)
    assert hall.hpf("verify").returncode == 0
