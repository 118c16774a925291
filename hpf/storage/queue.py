"""Deferring work to the queue inside the present transaction: committed together with it, or not at all."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

from hpf.storage.transactions import assert_in_transaction


def defer(task: str, *, lock: str | None = None, **arguments: Any) -> None:
    """Let the worker run a task, named as ``hpf.faces.batch`` registers it, once this transaction has committed.

    Jobs with the same ``lock`` run one after another, in the order they were deferred. Arguments are kept in clear.
    """
    assert_in_transaction()
    app.configure_task(task, lock=lock, allow_unknown=True).defer(**arguments)
