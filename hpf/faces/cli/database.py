"""The database that a command works on: the one that the settings name, or the embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import psycopg
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

from hpf import evidence, policy
from hpf.faces.cli.demo.ground import GROUND
from hpf.hall_access.founding import FOUNDED
from hpf.kernel import Actor
from hpf.registry.models import Center
from hpf.storage import durable, role_name
from hpf.storage.center import create_center, migrate_center
from hpf.storage.embedded import EmbeddedServer, Unstartable

OLDEST, NEWEST = 16, 18


def embedded_server() -> EmbeddedServer | None:
    """The server of the data folder, ``None`` when the settings name a server elsewhere."""
    return None if settings.HALL.database_url else EmbeddedServer(settings.HALL.data)


@contextmanager
def database() -> Iterator[None]:
    """A database that answers for the length of a block: a running one is joined, a sleeping embedded one is woken."""
    server = embedded_server()
    with server.running() if server else nullcontext():
        yield


def make_center(name: str) -> None:
    """Make a center if there is none, and bring it to this version. Safe to repeat.

    Raises ``ValueError`` for a name that no center can have, ``Unstartable`` for a server of another version.
    """
    make_roles(name)
    migrate_center(name, settings.DATABASE_ADMIN_URL)


def ready_center() -> None:
    """The center that the settings name, made and brought to this version, with the law that this version has added.

    An application login alone may not make tables: then that is left to others, and only the law is looked after.
    """
    hall = settings.HALL
    if not hall.database_url or hall.is_demonstration or hall.database_admin_url != hall.database_url:
        make_center(hall.center)
    refuse_other_mode()
    load_new_law()


def refuse_other_mode() -> None:
    """Raises ``Unstartable`` where a real center would be shown as a demonstration, or a demonstration's users with
    their published passwords be let into production. In production no chosen day is left, whatever was played before.
    """
    center = settings.HALL.center
    with durable(Actor.SYSTEM):
        if settings.HALL.is_demonstration:
            if evidence.done(FOUNDED):
                raise Unstartable(
                    f"中心{center}是正式中心，请设置HPF_MODE=production / "
                    f"{center} is a real center: set HPF_MODE=production"
                )
            return
        if evidence.done(GROUND):
            raise Unstartable(
                f"中心{center}是演示中心，不能用于正式环境，请以HPF_CENTER另选一个中心名 / "
                f"{center} is a demonstration and no production: choose another HPF_CENTER"
            )
        policy.keep_to_the_real_day()


def load_new_law() -> None:
    """Give the served center, if it has been founded, the shipped parameters that it does not know yet."""
    with durable(Actor.SYSTEM):
        if center := Center.objects.first():
            policy.load_new(center.place)


def make_roles(name: str) -> None:
    """A center's roles and its schema, still without tables. Safe to repeat; raises as ``make_center``.

    Where DATABASE_URL logs in as the center's application role, that role gets the password that stands there.
    """
    check_version(settings.DATABASE_ADMIN_URL)
    login = conninfo_to_dict(settings.HALL.database_url or "")
    password = login.get("password") if login.get("user") == role_name(name, "app") else None
    create_center(name, settings.DATABASE_ADMIN_URL, app_password=str(password) if password else None)


def upgrade_center(name: str) -> None:
    """Bring a center that exists to this version. Raises ``Unstartable`` if there is none."""
    check_version(settings.DATABASE_ADMIN_URL)
    with psycopg.connect(settings.DATABASE_ADMIN_URL) as connection:
        if not connection.execute("SELECT FROM pg_namespace WHERE nspname = %s", [name]).fetchall():
            raise Unstartable(f"没有中心{name} / there is no center {name}")
    migrate_center(name, settings.DATABASE_ADMIN_URL)


def check_version(url: str) -> None:
    """Raises ``Unstartable`` unless the server at ``url`` is PostgreSQL 16–18."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        version = connection.info.server_version // 10_000
    if not OLDEST <= version <= NEWEST:
        raise Unstartable(
            f"数据库版本为PostgreSQL {version}，支持{OLDEST}至{NEWEST} / "
            f"the database is PostgreSQL {version}; supported are {OLDEST} to {NEWEST}"
        )
