"""A center's own PostgreSQL instead of the embedded one: version 16, over TCP, with a password, two centers in it."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from hpf.storage.embedded import EmbeddedServer
from tests.running import Hall, free_port, new_folder

CENTERS = ("leshan", "meishan")

PRODUCTION = {
    "HPF_MODE": "production",
    "HPF_SECRET_KEY": "a secret of fifty characters and of nobody's hall at all",
    "HPF_DATA_KEYS": "1:" + base64.b64encode(bytes(range(32))).decode(),
    "HPF_ALLOWED_HOSTS": "hall.example.org",
    "HPF_PUBLIC_URL": "https://hall.example.org",
}


class Elsewhere:
    """A server that only its address is known of, and the hall's commands pointed at it."""

    def __init__(self, server: EmbeddedServer) -> None:
        self.server = server

    def login(self, center: str) -> str:
        """The address with which a hall logs in: as the center's application role, with a password of its own."""
        return self.address(user=f"hpf_{center}_app", password=f"of {center}")

    def address(self, **parts: str) -> str:
        """The server's address with other parts, as an operator would write it."""
        return make_conninfo(self.server.url(), **parts)

    def hpf(self, center: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        hall = Hall(self.server.folder / "hall", HPF_CENTER=center, DATABASE_URL=self.login(center))
        return hall.hpf(*words, **{"DATABASE_ADMIN_URL": self.server.url(), **variables})

    def connect(self, center: str, schema: str) -> psycopg.Connection[tuple[object, ...]]:
        """A session as a center's hall has it, in the role of its staff, but looking at any schema."""
        options = f"-c search_path={schema} -c role=hpf_{center}_staff"
        return psycopg.connect(self.login(center), options=options, autocommit=True)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with (
        new_folder() as folder,
        EmbeddedServer(folder, version=16, port=free_port(), password="of the administrator").running() as server,
    ):
        here = Elsewhere(server)
        for center in CENTERS:
            made = here.hpf(center, "center", "create", center)
            assert (made.returncode, made.stderr) == (0, "")
        yield here


def test_a_center_is_a_schema_that_its_hall_sees_alone(elsewhere: Elsewhere) -> None:
    for center, other in zip(CENTERS, reversed(CENTERS), strict=True):
        with elsewhere.connect(center, center) as own:
            assert own.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)
        with elsewhere.connect(center, other) as foreign:
            with pytest.raises(psycopg.errors.UndefinedTable):
                foreign.execute("SELECT FROM django_migrations")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                foreign.execute(f"SELECT FROM {other}.django_migrations")  # type: ignore[call-overload]


def test_a_hall_cannot_take_another_centers_role(elsewhere: Elsewhere) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied to set role"):
        psycopg.connect(elsewhere.login("leshan"), options="-c role=hpf_meishan_staff")


def test_the_application_login_alone_may_do_nothing(elsewhere: Elsewhere) -> None:
    with psycopg.connect(elsewhere.login("leshan"), options="-c search_path=leshan") as session:
        (superuser, bypasses) = session.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone() or (None, None)
        assert (superuser, bypasses) == (False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SELECT FROM leshan.django_migrations")


def test_an_administrator_need_not_be_superuser(elsewhere: Elsewhere) -> None:
    with psycopg.connect(elsewhere.server.url(), autocommit=True) as superuser:
        superuser.execute("CREATE ROLE dba LOGIN CREATEROLE PASSWORD 'of dba'")
        superuser.execute("CREATE DATABASE ours OWNER dba")
    address = {"dbname": "ours", "user": "dba", "password": "of dba"}
    made = elsewhere.hpf("zigong", "center", "create", "zigong", DATABASE_ADMIN_URL=elsewhere.address(**address))
    assert (made.returncode, made.stderr) == (0, "")


def test_making_a_center_again_changes_nothing(elsewhere: Elsewhere) -> None:
    again = elsewhere.hpf("leshan", "center", "create", "leshan")
    assert (again.returncode, again.stderr) == (0, "")
    upgraded = elsewhere.hpf("leshan", "center", "migrate")
    assert (upgraded.returncode, upgraded.stderr) == (0, "")


def test_a_center_is_founded_from_a_file_that_the_command_itself_prints(elsewhere: Elsewhere, tmp_path: Path) -> None:
    file = tmp_path / "center.yaml"
    file.write_text(elsewhere.hpf("meishan", "center", "found", "--example").stdout, encoding="utf-8")
    played = elsewhere.hpf("meishan", "center", "found", str(file))
    assert (played.returncode, played.stderr.count("\n")) == (2, 1)
    assert "HPF_MODE=production" in played.stderr
    founded = elsewhere.hpf("meishan", "center", "found", str(file), **PRODUCTION)
    assert (founded.returncode, founded.stderr) == (0, "")
    again = elsewhere.hpf("meishan", "run", "--port", str(free_port()))
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "中心meishan是正式中心" in again.stderr
    assert all(name in founded.stdout for name in ("sysadmin", "secadmin", "auditor"))
    with elsewhere.connect("meishan", "meishan") as own, elsewhere.connect("leshan", "leshan") as other:
        assert own.execute("SELECT count(*) FROM registry_staff").fetchone() == (3,)
        assert other.execute("SELECT count(*) FROM registry_center").fetchone() == (0,)


def test_a_center_that_is_not_there_is_one_line(elsewhere: Elsewhere) -> None:
    ended = elsewhere.hpf("leshan", "center", "migrate", "zigong")
    assert (ended.returncode, ended.stderr) == (2, "没有中心zigong / there is no center zigong\n")


def test_a_name_that_no_center_can_have_is_one_line(elsewhere: Elsewhere) -> None:
    ended = elsewhere.hpf("leshan", "center", "create", "Leshan; DROP")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
