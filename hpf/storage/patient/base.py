"""The backend's connections: each wait for the server has an end, and a process that met silence says so at once.

The server ends a statement that takes too long (``statement_timeout``). A server that is itself stopped ends nothing,
and on a socket of this machine no TCP timer helps. So the client stops waiting a little later than the server should
have: the connection is given up, and for a moment every other request of the process is told so without a wait. Then
the next one tries anew, so that the hall comes back by itself.
"""

from __future__ import annotations

from time import monotonic
from typing import Any, TypeVar

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout

GRACE_SECONDS = 0.5
PAUSE_SECONDS = 1.0
_LOOK_SECONDS = 0.1

T = TypeVar("T")


class Silent(psycopg.OperationalError):
    """The server has not answered in time."""


class _Silence:
    """What this process knows of the server's silence. All threads share it; a race costs one more wait."""

    def __init__(self) -> None:
        self.until = 0.0

    def begins(self) -> None:
        self.until = monotonic() + PAUSE_SECONDS

    def refuse(self) -> None:
        if monotonic() < self.until:
            raise Silent("the database did not answer a moment ago")


_silence = _Silence()


class PatientConnection(psycopg.Connection[Any]):
    """A connection whose every wait ends: ``patience_seconds`` after a statement was sent."""

    patience_seconds: float | None = None

    @classmethod
    def connect(cls, conninfo: str = "", **parameters: Any) -> PatientConnection:
        """Raises ``Silent`` without a try while the server is known to be silent."""
        _silence.refuse()
        try:
            return super().connect(conninfo, **parameters)
        except psycopg.errors.ConnectionTimeout:
            _silence.begins()
            raise

    def wait(self, gen: PQGen[T], interval: float = _LOOK_SECONDS, timeout: float | None = None) -> T:
        """Raises ``Silent`` when the server has not answered in time; the connection is closed then."""
        _silence.refuse()
        try:
            return super().wait(gen, interval, self.patience_seconds if timeout is None else timeout)
        except _WaitTimeout:
            _silence.begins()
            self.pgconn.finish()
            raise Silent("the database does not answer") from None


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend itself. Its sessions are those of the settings, read committed."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> PatientConnection:
        self.isolation_level = IsolationLevel.READ_COMMITTED
        connection = PatientConnection.connect(**conn_params)
        connection.patience_seconds = settings.HALL.statement_seconds + GRACE_SECONDS
        return connection
