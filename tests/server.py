"""One PostgreSQL server for a whole run of the tests, shared by its parallel workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import fasteners
import psutil
import psycopg
from django.conf import settings
from django.db import connection

from hpf.storage import role_name
from hpf.storage.center import create_center, migrate_center
from hpf.storage.embedded import EmbeddedServer

TEMPLATE = "hall_template"
# The databases of a test are thrown away: what would survive a power cut does not matter here.
QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "120",
    "max_wal_size": "512MB",
}


def server_of(folder: Path) -> EmbeddedServer:
    """The server of a run: started by whoever asks first, with a migrated center to clone as ``hall_template``."""
    server = EmbeddedServer(folder, settings=QUICK)
    with fasteners.InterProcessLock(folder / "tests.lock"):
        if not (folder / "server.json").exists():
            keeper = _start_keeper(folder)
            try:
                _await_ready(keeper)
                _make_template(server)
            except BaseException:  # nobody would know of the keeper: it goes, and its server with it
                keeper.terminate()
                keeper.wait(30)
                raise
            (folder / "server.json").write_text(json.dumps({"keeper": keeper.pid}))
    return server


def _start_keeper(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _KEEPER, str(folder), json.dumps(QUICK)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _await_ready(keeper: subprocess.Popen[bytes]) -> None:
    assert keeper.stdout is not None
    if keeper.stdout.readline().strip() != b"ready":
        raise RuntimeError("the test server did not start")


# The keeper owns the server, so that it outlives the worker that happened to ask first.
_KEEPER = """
import json, signal, sys
from pathlib import Path
from hpf.storage.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]), settings=json.loads(sys.argv[2]))
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
with server.running():
    print("ready", flush=True)
    signal.pause()
"""


def stop_server(folder: Path) -> None:
    """End the server of a run, if one was started."""
    note = folder / "server.json"
    if note.exists():
        keeper = psutil.Process(json.loads(note.read_text())["keeper"])
        keeper.terminate()
        keeper.wait(30)


def clone(server: EmbeddedServer, template: str = TEMPLATE) -> str:
    """A fresh database like the template; returns its name."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")  # type: ignore[call-overload]
    return name


def drop(server: EmbeddedServer, name: str) -> None:
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def _make_template(server: EmbeddedServer) -> None:
    from django.conf import settings

    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {TEMPLATE}")
    create_center(settings.CENTER, server.url(database=TEMPLATE))
    migrate_center(settings.CENTER, server.url(database=TEMPLATE))


def as_owner() -> psycopg.Connection[Any]:
    """The owner of the center on whose database Django works: for what nobody in the hall may do."""
    name, server = connection.settings_dict["NAME"], server_of(Path(os.environ["HPF_TEST_RUN"]))
    raw = connect_as(server, name, "postgres", settings.CENTER)
    raw.execute(f"SET ROLE {role_name(settings.CENTER, 'owner')}")  # type: ignore[call-overload]
    return raw


def connect_as(server: EmbeddedServer, database: str, role: str, center: str) -> psycopg.Connection[Any]:
    """A plain connection for attacks: as any role, on the center's schema."""
    return psycopg.connect(server.url(role, database), options=f"-c search_path={center}", autocommit=True)
