"""Transactions that know who acts.

The application's login owns nothing and may read nothing. ``durable`` and ``reading`` put a transaction into the role
of the actor: handlers and the public into the portal's role, with the employer set, so that row level security shows
them their own rows; staff and the system into the staff's role. Both settings are local to the transaction, so a
connection that goes back carries nothing over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from hpf.kernel import Actor, ActorKind

_ENTER = "SELECT set_config('role', %s, true), set_config('hpf.employer', %s, true)"
_ENTER_READ_ONLY = _ENTER + ", set_config('transaction_read_only', 'on', true)"


def role_name(center: str, role: str) -> str:
    """The database role of a center: ``owner``, ``portal``, ``staff`` or the login ``app``."""
    return f"hpf_{center}_{role}"


@contextmanager
def durable(by: Actor) -> Iterator[None]:
    """One transaction that is committed for good when the block ends, in the role of ``by``.

    Never nests: an operation is one thing that happens in the office, whole or not at all.
    """
    with transaction.atomic(durable=True):
        _enter(by, _ENTER)
        yield


@contextmanager
def reading(by: Actor) -> Iterator[None]:
    """One read-only transaction in the role of ``by``. A page that shows something runs in one."""
    with transaction.atomic(durable=True):
        _enter(by, _ENTER_READ_ONLY)
        yield


def assert_in_transaction() -> None:
    """For code that must not run on its own: raises outside ``durable``."""
    if not connection.in_atomic_block:
        raise RuntimeError("this must run inside hpf.storage.durable(by)")


def lock_key(key: str) -> None:
    """Let only one transaction at a time work under a key; held until the transaction ends."""
    assert_in_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(current_schema || %s, 0))", [key])


def _enter(by: Actor, statement: str) -> None:
    portal = by.kind in (ActorKind.HANDLER, ActorKind.PUBLIC)
    role = role_name(settings.CENTER, "portal" if portal else "staff")
    employer = str(by.employer_id) if portal and by.employer_id is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(statement, [role, employer])
