"""Lists on their way to the server, each written as an array at one go: psycopg looks at every element by itself.

A statement about 20,000 lines takes a dozen lists of them. What is not here psycopg still writes: lists of lists, of
types of our own, of texts that no column can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import NoneType
from typing import Any

from psycopg.types.array import ListDumper


class ArrayDumper(ListDumper):
    """psycopg's own way to write a list as an array, with a quicker one for those that are large in the hall."""

    def dump(self, obj: list[Any]) -> Any:
        """The array's text."""
        kinds = set(map(type, obj)) - {NoneType}
        write = _WRITERS.get(kinds.pop()) if len(kinds) == 1 else None
        text = write(obj) if write else "\0"
        return super().dump(obj) if "\0" in text else f"{{{text}}}".encode()


def _numbers(items: list[Any]) -> str:
    return str(items)[1:-1].replace("None", "NULL")


def _texts(items: list[Any]) -> str:
    return ",".join("NULL" if item is None else f'"{_escaped(item)}"' for item in items)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _binaries(items: list[Any]) -> str:
    return ",".join("NULL" if item is None else f'"\\\\x{item.hex()}"' for item in items)


def _days(items: list[Any]) -> str:
    return ",".join("NULL" if item is None else item.isoformat() for item in items)


_WRITERS: Mapping[type, Callable[[list[Any]], str]] = {
    int: _numbers,
    bool: _numbers,
    str: _texts,
    bytes: _binaries,
    date: _days,
}
