"""The backend's connections: each wait for the server has an end, and a process that met silence says so at once.

The server ends a statement that takes too long (``statement_timeout``). A server that is itself stopped ends nothing,
and on a socket of this machine no TCP timer helps. So the client stops waiting a little later than the server should
have: the connection is given up, and for a moment every other request of the process is told so without a wait. Then
the next one tries anew, so that the hall comes back by itself.
"""

from __future__ import annotations

from select import POLLIN, poll
from time import monotonic
from typing import Any, TypeVar

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout, error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus

from hpf.storage.patient.arrays import ArrayDumper

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

    def said_something(self) -> bool:
        """Whether there is something to read where nothing was asked: the server's farewell, or some news of it."""
        listening = poll()
        listening.register(self.pgconn.socket, POLLIN)
        return bool(listening.poll(0))

    def begin(self, entrance: str) -> None:
        """Begin a transaction with some statements of settings: the server hears all of them in one message."""
        with self.lock:
            self.wait(self._began(entrance))

    def _began(self, entrance: str) -> PQGen[None]:
        self.pgconn.send_query(f"BEGIN; {entrance}".encode())
        for result in (yield from execute(self.pgconn)):
            if result.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(result)


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend itself. Its sessions are those of the settings, read committed."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> PatientConnection:
        self.isolation_level = IsolationLevel.READ_COMMITTED
        connection = PatientConnection.connect(**conn_params)
        connection.patience_seconds = settings.HALL.statement_seconds + GRACE_SECONDS
        connection.prepare_threshold = 0  # `Query` says which; Django's cursors prepare nothing
        connection.adapters.register_dumper(list, ArrayDumper)
        return connection

    def is_usable(self) -> bool:
        """Whether the connection still serves. A server that goes says so; only one that said something is asked."""
        here = self.connection is not None and not self.connection.closed
        return here and (not self.connection.said_something() or super().is_usable())
