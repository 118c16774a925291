"""The hall as its operators see it: a command line, a data folder, processes and a port."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from hpf.storage.embedded import EmbeddedServer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def new_folder() -> Iterator[Path]:
    """A folder with a short path that any user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="hall-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


_BARE = {"HPF_DEMONSTRATION_DATA": "none"}


class Hall:
    """A hall on a data folder, spoken to by its commands. ``variables`` go into its environment."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.port = free_port()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("HPF_")}
        self.environ = {**inherited, "HPF_DATA": str(folder), "HPF_WEB_WORKERS": "1", **_BARE, **variables}

    def hpf(self, *words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = [sys.executable, "-m", "hpf", *map(str, words)]
        return subprocess.run(command, env={**self.environ, **variables}, capture_output=True, text=True)

    @contextmanager
    def running(self, errors: int | None = None) -> Iterator[psutil.Process]:
        """``hpf run``, from the moment in which it says that it is open. ``errors`` is where its errors go."""
        command = [sys.executable, "-m", "hpf", "run", "--port", str(self.port)]
        with subprocess.Popen(command, env=self.environ, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
            try:
                assert process.stdout is not None
                assert "the hall is open" in process.stdout.readline()
                yield psutil.Process(process.pid)
            finally:
                if process.poll() is None:
                    process.terminate()

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True

    def query(self, statement: str) -> object:
        """Run a statement on the embedded server as its superuser; its first value."""
        with psycopg.connect(EmbeddedServer(self.folder).url(), options="-c search_path=demo") as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            return cursor.fetchone()[0] if cursor.description else None
