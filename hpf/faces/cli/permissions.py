"""``hpf permissions``: who may do what at the center, as ``docs/permissions.md`` prints it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from hpf.registry.codes import Role


def arguments(parser: argparse.ArgumentParser) -> None:
    """``hpf permissions`` takes none."""


def run(options: argparse.Namespace) -> int:
    """Print the table in Markdown."""
    del options
    print("\n".join(table()))
    return 0


def table() -> Iterator[str]:
    """The counter's addresses, what is done there, and who may."""
    from hpf.faces.counter.permissions import WHO  # views know every item: not loaded for other commands

    yield "# 谁可以办什么 / Who may do what at the center"
    yield ""
    yield "Printed by `hpf permissions`; the table itself is `hpf/faces/counter/permissions.py`."
    yield ""
    yield "| 事项 | 岗位 | URL name |"
    yield "|---|---|---|"
    for name, (who, what) in WHO.items():
        roles = "、".join(role.label for role in Role if role in who.roles)
        yield f"| {what} | {roles or who.label} | `counter:{name}` |"
