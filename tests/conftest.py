"""Fixtures for tests that need a center's database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.house.source import is_said
from tests.server import clone, connect_as, drop, server_of


@dataclass(frozen=True)
class CenterDatabase:
    """A center's database of one's own, cloned from the migrated template. Everything in it is really committed."""

    server: Any
    name: str

    @property
    def admin_url(self) -> str:
        return str(self.server.url(database=self.name))

    def connect(self, role: str = "app") -> psycopg.Connection[Any]:
        """A plain connection as ``app``, ``owner`` or the server's superuser (``superuser``)."""
        from django.conf import settings

        from hpf.storage import role_name

        if role == "superuser":
            return connect_as(self.server, self.name, "postgres", settings.CENTER)
        if role == "app":
            return connect_as(self.server, self.name, role_name(settings.CENTER, "app"), settings.CENTER)
        connection = connect_as(self.server, self.name, "postgres", settings.CENTER)
        connection.execute(f"SET ROLE {role_name(settings.CENTER, role)}")  # type: ignore[call-overload]
        return connection


@pytest.fixture(scope="session")
def server() -> Any:
    return server_of(Path(os.environ["HPF_TEST_RUN"]))


@pytest.fixture
def center(server: Any) -> Iterator[CenterDatabase]:
    """A center of one's own for one test."""
    with own_center(server) as database:
        yield database


@pytest.fixture(scope="module")
def shared_center(server: Any) -> Iterator[CenterDatabase]:
    """A center for a module whose tests do not disturb each other."""
    with own_center(server) as database:
        yield database


@contextmanager
def own_center(server: Any) -> Iterator[CenterDatabase]:
    """Clone the template, let Django's connection work on the clone, drop it."""
    from django.db import connection, connections

    name = clone(server)
    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        database = CenterDatabase(server, name)
        yield database
        assert unnamed_acts(database) == set(), "acts without a word in hpf/faces/counter/acts.py"
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before
        drop(server, name)


def unnamed_acts(database: CenterDatabase) -> set[str]:
    """Acts of the program that happened and that pages have no word for."""
    from hpf.faces.counter.acts import ACTS

    with database.connect("superuser") as connection:
        happened = {act for (act,) in connection.execute("SELECT DISTINCT act FROM evidence_event").fetchall()}
    return {act for act in happened - ACTS.keys() if is_said(act)}


@pytest.fixture(autouse=True)
def _new_budgets() -> None:
    """Every test asks as if nobody had asked before: handlers of different centers share their numbers."""
    from hpf.faces.web.limits import limits

    limits.forget()
