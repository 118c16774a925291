"""The embedded server, started, killed and started again for real."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from hpf.storage.embedded import EmbeddedServer, Unstartable

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder with a space and Chinese characters in its path, open to pass through for any user."""
    top = Path(tempfile.mkdtemp(prefix="hpf "))
    top.chmod(0o755)
    yield top / "数据 目录"
    shutil.rmtree(top)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(folder)
    yield server
    server.stop()
    if server.socket_folder.exists():
        shutil.rmtree(server.socket_folder)


def write(server: EmbeddedServer, word: str) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
        connection.execute("INSERT INTO words VALUES (%s)", [word])


def words(server: EmbeddedServer) -> list[str]:
    with psycopg.connect(server.url()) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM words ORDER BY word")]


def value_of(server: EmbeddedServer, query: str) -> object:
    with psycopg.connect(server.url()) as connection:
        (value,) = connection.execute(query).fetchone() or (None,)
        return value


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_ordinary_user(act: Callable[[], object]) -> str:
    """What ``act`` returns, or its error, in a process of a user who is not root: of nobody when we are root."""
    answer, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                nobody = pwd.getpwnam("nobody")
                os.setgroups([])
                os.setgid(nobody.pw_gid)
                os.setuid(nobody.pw_uid)
            said = str(act())
        except Exception as error:  # noqa: BLE001 - the parent reads it
            said = f"{type(error).__name__}: {error}"
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(answer, encoding="utf-8") as reader:
        said = reader.read()
    os.waitpid(child, 0)
    return said


def test_data_are_there_on_the_next_start(server: EmbeddedServer) -> None:
    server.start()
    write(server, "缴存")
    server.stop()
    assert server.pid is None
    server.start()
    assert words(server) == ["缴存"]


def test_a_path_too_long_for_a_socket_works_too(folder: Path) -> None:
    server = EmbeddedServer(folder / ("很长的路径" * 12))
    with server.running():
        assert not server.socket_folder.is_relative_to(server.folder)
        write(server, "缴存")
        assert words(server) == ["缴存"]
    shutil.rmtree(server.socket_folder)


def test_what_was_committed_survives_kill_9_of_every_process(server: EmbeddedServer) -> None:
    server.start()
    for count in range(3):
        write(server, f"{count}")
        assert server.pid is not None
        postmaster = psutil.Process(server.pid)
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):  # it ended by itself in this instant
                process.kill()
        psutil.wait_procs(processes)
        assert server.pid is None
        server.stop()
        server.start()
        assert words(server) == [f"{each}" for each in range(count + 1)]


def test_what_a_killed_server_was_doing_does_not_keep_the_next_from_starting(server: EmbeddedServer) -> None:
    server.start()
    with closing(psycopg.connect(server.url(), autocommit=True)) as busy:
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000)")
        backend = psutil.Process(busy.info.backend_pid)
        assert server.pid is not None
        psutil.Process(server.pid).kill()
        server.stop()
        server.start()
        assert not backend.is_running()
    assert value_of(server, "SELECT 1") == 1


def test_a_note_whose_number_went_to_a_stranger_is_no_obstacle(server: EmbeddedServer) -> None:
    server.start()
    note = server.cluster / "postmaster.pid"
    left_behind = note.read_text().split("\n", 1)[1]
    server.stop()
    note.write_text(f"{os.getpid()}\n{left_behind}")
    server.start()
    assert server.pid is not None


def test_the_server_of_a_killed_hall_is_ended_and_replaced(server: EmbeddedServer, folder: Path) -> None:
    server.start()
    write(server, "缴存")
    orphan = server.pid
    assert server._lock is not None
    fcntl.flock(server._lock, fcntl.LOCK_UN)  # what the system does when a hall is killed
    heir = EmbeddedServer(folder)
    with heir.running() as joined:
        assert joined.pid is None  # it answers, so it is used as it is
    heir.start()
    assert heir.pid != orphan
    assert server.pid is None
    assert words(heir) == ["缴存"]
    heir.stop()


def test_the_server_goes_when_its_hall_is_killed(folder: Path) -> None:
    code = """
import os, signal, sys
from pathlib import Path
from hpf.storage.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", code, folder], cwd=REPOSITORY, capture_output=True, text=True)
    with suppress(psutil.NoSuchProcess):
        psutil.Process(int(killed.stdout)).wait(timeout=20)
    with EmbeddedServer(folder).running() as server:
        assert server.pid is not None


def test_a_second_hall_on_the_folder_is_refused(server: EmbeddedServer, folder: Path) -> None:
    server.start()
    with pytest.raises(Unstartable, match=r"另一个网厅正在使用.* / another hall is running on"):
        EmbeddedServer(folder).start()
    write(server, "still here")


def test_a_command_joins_the_server_of_the_running_hall(server: EmbeddedServer, folder: Path) -> None:
    server.start()
    with EmbeddedServer(folder).running() as joined:
        write(joined, "缴存")
    assert words(server) == ["缴存"]


def test_a_folder_of_another_version_is_refused(server: EmbeddedServer, folder: Path) -> None:
    with EmbeddedServer(folder, version=16).running() as old:
        assert str(value_of(old, "SHOW server_version")).startswith("16.")
    with pytest.raises(Unstartable, match=r"属于PostgreSQL 16.* / .* belongs to PostgreSQL 16"):
        server.start()
    with EmbeddedServer(folder, version=16).running():
        pass


def test_an_interrupted_first_start_leaves_nothing_in_the_way(server: EmbeddedServer, folder: Path) -> None:
    draft = folder / "postgres.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18")
    server.start()
    assert not draft.exists()


def test_killed_again_while_it_starts_it_says_so_in_one_line_and_starts_the_next_time(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed() -> None:
        ready()
        psutil.Process(server.pid).kill()

    ready = server._wait_until_ready
    with monkeypatch.context() as context:
        context.setattr(server, "_wait_until_ready", killed)
        with pytest.raises(Unstartable, match=r"\A.*the database did not start .*\Z"):
            server.start()
    server.start()
    write(server, "安然")


def test_a_log_that_cannot_be_opened_is_one_line(server: EmbeddedServer, folder: Path) -> None:
    folder.mkdir()
    (folder / "logs").write_text("in the way")
    with pytest.raises(Unstartable, match=r"the database did not start .*logs"):
        server.start()


def test_a_folder_that_cannot_be_written_is_one_line(folder: Path) -> None:
    folder.mkdir(mode=0o555)
    line = as_ordinary_user(EmbeddedServer(folder / "data").start)
    assert line.startswith("Unstartable: 数据目录不可写")
    assert "not writable" in line
    assert "\n" not in line


def test_an_ordinary_user_runs_it(folder: Path, server: EmbeddedServer) -> None:
    server.start()  # as root this opens the way to the programs
    mine = EmbeddedServer(folder.parent / "mine")
    mine.folder.mkdir()
    mine.folder.chmod(0o777)

    def count() -> object:
        with mine.running():
            return value_of(mine, "SELECT 6 * 7")

    assert as_ordinary_user(count) == "42"


def test_nobody_else_reaches_the_socket(server: EmbeddedServer) -> None:
    server.start()
    assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
    with pytest.raises(psycopg.OperationalError, match="requirepeer"):
        psycopg.connect(server.url(), requirepeer="somebody")
    if os.geteuid() == 0:
        assert "Permission denied" in as_ordinary_user(lambda: psycopg.connect(server.url()))


def test_a_socket_folder_that_others_may_enter_is_refused(folder: Path) -> None:
    server = EmbeddedServer(folder / ("很长的路径" * 12))
    server.socket_folder.mkdir()
    server.socket_folder.chmod(0o777)
    with pytest.raises(Unstartable, match="is not a folder of"):
        server.start()
    server.socket_folder.rmdir()


def test_it_writes_durably(server: EmbeddedServer) -> None:
    server.start()
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert value_of(server, f"SHOW {setting}") == "on"
    assert value_of(server, "SHOW listen_addresses") == ""
    assert value_of(server, "SHOW server_encoding") == "UTF8"
    assert value_of(server, "SELECT upper('é')") == "É"


@pytest.mark.parametrize("version", [16, 18])
def test_it_can_be_a_plain_server_with_a_port_and_a_password(folder: Path, version: int) -> None:
    server = EmbeddedServer(folder, version=version, port=free_port(), password="geheim @/:'")
    with server.running():
        assert value_of(server, "SELECT host(inet_server_addr())") == "127.0.0.1"
        assert str(value_of(server, "SHOW server_version")).startswith(f"{version}.")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.url(), password="wrong")


def test_a_port_in_use_is_one_line(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Unstartable, match=rf"端口{port}已被占用 / port {port} is in use"):
            EmbeddedServer(folder, port=port, password="x").start()
