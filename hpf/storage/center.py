"""A center is a schema with four roles of its own: owner, portal, staff, and the login that runs the hall."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from hpf.storage import access
from hpf.storage.transactions import role_name

_NAME = re.compile(r"^[a-z][a-z0-9_]{1,30}$")


class Unmigratable(Exception):
    """What a center holds does not fit this version. The message is one line, Chinese / English, with the way out."""


def create_center(name: str, admin_url: str, app_password: str | None = None) -> None:
    """Make the schema and the roles of a center. Safe to repeat; changes nothing that exists.

    ``admin_url`` is a login that may create roles and, in its database, schemas. Raises ``ValueError`` for a name that
    is not 2–31 lower-case letters, digits and underscores.
    """
    if not _NAME.match(name) or name.startswith("pg_"):
        raise ValueError(f"a center's name has 2–31 lower-case letters, digits and underscores: {name!r}")
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for role, options in (
            ("owner", "NOLOGIN"),
            ("portal", "NOLOGIN"),
            ("staff", "NOLOGIN"),
            ("app", "LOGIN NOINHERIT"),
        ):
            _ensure_role(admin, role_name(name, role), options)
        owner, app = sql.Identifier(role_name(name, "owner")), sql.Identifier(role_name(name, "app"))
        groups = [sql.Identifier(role_name(name, role)) for role in ("portal", "staff")]
        for group in groups:
            admin.execute(sql.SQL("GRANT {} TO {}").format(group, app))
        if app_password is not None:
            admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(app, sql.Literal(app_password)))
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))
        admin.execute(sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"))
        schema = sql.Identifier(name)
        admin.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(schema, owner))
        for group in groups:
            admin.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, group))


def migrate_center(name: str, admin_url: str, verbosity: int = 0) -> None:
    """Bring a center's schema to this version: tables, then guards (functions and triggers), then rights.

    Run as the center's owner. Guards and rights are not migrations: they are declared whole and laid anew each time.
    Raises ``ForeignTables``, before anything is changed, if the schema holds what its owner did not make.
    """
    with owner_connection(name, admin_url) as alias:
        with connections[alias].cursor() as cursor:
            access.refuse_foreign_tables(cursor, name)
        call_command("migrate", database=alias, verbosity=verbosity, interactive=False)
        with connections[alias].cursor() as cursor:
            packages = [config.name for config in apps.get_app_configs() if config.name.startswith("hpf.")]
            for package in ("hpf.storage", *packages):
                for guards in _guards(package):
                    cursor.execute(guards.replace("{center}", name))
            access.apply(cursor, name)


def _guards(package: str) -> list[str]:
    """The text of a package's ``guards.sql``, and of ``guards_….sql`` where one file would be too long."""
    files = [file for file in resources.files(package).iterdir() if re.fullmatch(r"guards(_\w+)?\.sql", file.name)]
    return [file.read_text(encoding="utf-8") for file in sorted(files, key=lambda file: file.name)]


@contextmanager
def owner_connection(name: str, admin_url: str) -> Iterator[str]:
    """A database alias that works as the owner of a center; yields the alias."""
    alias = "owner"
    info = psycopg.conninfo.conninfo_to_dict(admin_url)
    options: dict[str, Any] = {key: value for key, value in info.items() if key not in _DJANGO_NAMES}
    options["options"] = f"-c search_path={name} -c role={role_name(name, 'owner')}"
    connections.databases[alias] = {
        **connections.databases["default"],
        **{django: info.get(native, "") for native, django in _DJANGO_NAMES.items()},
        "OPTIONS": options,
    }
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


_DJANGO_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def _ensure_role(admin: psycopg.Connection[Any], role: str, options: str) -> None:
    exists = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if exists is None:
        admin.execute(
            sql.SQL("CREATE ROLE {} NOSUPERUSER NOBYPASSRLS {}").format(sql.Identifier(role), sql.SQL(options))
        )
