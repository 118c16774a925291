"""The whole hall under its supervisor: started, hurt, ended and started again as a person would."""

from __future__ import annotations

import json
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from time import monotonic

import psutil
import psycopg
import pytest

from tests.running import Hall, free_port, new_folder

BACK_SECONDS = 30


def child(hall: psutil.Process, word: str) -> psutil.Process:
    """The child of the supervisor whose command line holds a word."""
    (found,) = [child for child in hall.children() if any(word in part for part in child.cmdline())]
    return found


def eventually(truth: Callable[[], bool], hall: psutil.Process) -> None:
    """Wait until something is so, as long as the hall lives and not longer than it may take."""
    end = monotonic() + BACK_SECONDS
    while not truth():
        assert monotonic() < end, "it did not come back"
        with pytest.raises(psutil.TimeoutExpired):
            hall.wait(0.1)


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    with new_folder() as folder:
        yield Hall(folder)


def test_it_opens_ends_on_ctrl_c_and_finds_its_data_again(hall: Hall) -> None:
    with hall.running() as process:
        assert hall.answers()
        hall.query("CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.kept AS SELECT 42 AS number")
        family = [process, *process.children(recursive=True)]
        process.send_signal(signal.SIGINT)
        assert process.wait(BACK_SECONDS) == 0
    _gone, alive = psutil.wait_procs(family, timeout=5)
    assert not alive
    begun = monotonic()
    with hall.running() as process:
        assert monotonic() - begun < 10
        assert hall.query("SELECT number FROM elsewhere.kept") == 42
        process.terminate()
        assert process.wait(BACK_SECONDS) == 0


@pytest.mark.parametrize("word", ["granian", "hpf.faces.batch", "postgres"])
def test_what_is_killed_comes_back(hall: Hall, word: str) -> None:
    with hall.running() as process:
        victim = child(process, word)
        family = [victim, *victim.children(recursive=True)]
        for member in family:
            member.kill()
        psutil.wait_procs(family)
        eventually(lambda: any(word in part for child in process.children() for part in child.cmdline()), process)
        eventually(hall.answers, process)
        eventually(lambda: working(hall), process)


def test_the_terminal_is_the_halls_and_logs_go_to_a_file(hall: Hall) -> None:
    log = hall.folder / "logs" / "hall.log"
    log.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as errors:
        with hall.running(errors.fileno()) as process:
            child(process, "hpf.faces.batch").kill()
            eventually(lambda: log.exists() and "started again" in log.read_text(), process)
        errors.seek(0)
        assert errors.read() == b""
    assert all(json.loads(line)["logger"] for line in log.read_text().splitlines())
    assert log.stat().st_mode & 0o777 == 0o600


def test_what_the_hall_starts_knows_its_port(hall: Hall) -> None:
    with hall.running() as process:
        for word in ("granian", "hpf.faces.batch"):
            assert child(process, word).environ()["HPF_PORT"] == str(hall.port)


def test_somebody_elses_table_in_the_center_is_named_in_one_line(hall: Hall) -> None:
    with hall.running():
        hall.query("CREATE TABLE demo.stray (number integer)")
        ended = hall.hpf("center", "migrate")
        hall.query("DROP TABLE demo.stray")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "demo.stray (postgres)" in ended.stderr


def working(hall: Hall) -> bool:
    """Whether a worker has shown signs of life within the last seconds."""
    try:
        return bool(
            hall.query("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '3 s'")
        )
    except psycopg.OperationalError:
        return False


def test_killed_without_a_word_it_leaves_nothing_in_the_way(hall: Hall) -> None:
    with hall.running() as process:
        family = process.children(recursive=True)
        process.kill()
    _gone, alive = psutil.wait_procs(family, timeout=BACK_SECONDS)
    assert not alive
    with hall.running():
        assert hall.answers()


def test_a_port_in_use_is_one_line(hall: Hall) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ended = hall.hpf("run", "--port", str(other.getsockname()[1]))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert "端口" in ended.stderr


def test_a_port_that_is_none_is_answered_in_both_languages(hall: Hall) -> None:
    for text in ("abc", "70000"):
        refused = hall.hpf("run", "--port", text)
        assert refused.returncode == 2
        assert f"“{text}”不是端口，应为1至65535的整数 / {text} is no port from 1 to 65535" in refused.stderr


def test_a_second_hall_on_the_data_is_one_line(hall: Hall) -> None:
    with hall.running():
        ended = hall.hpf("run", "--port", str(free_port()))
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "另一个网厅" in ended.stderr


def test_a_database_that_does_not_answer_is_one_line(hall: Hall) -> None:
    nowhere = f"postgresql://hall@127.0.0.1:{free_port()}/hpf"
    ended = hall.hpf("center", "migrate", DATABASE_URL=nowhere)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "数据库不可用" in ended.stderr


def test_help_speaks_both_languages(hall: Hall) -> None:
    for words in (["--help"], ["run", "--help"], ["center", "create", "--help"]):
        text = hall.hpf(*words).stdout
        assert "启动" in text or "端口" in text or "中心" in text
        assert "/" in text
