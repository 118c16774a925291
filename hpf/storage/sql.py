"""Named SQL: statements for sets live in ``sql/*.sql`` beside the code that uses them.

A file holds statements, each under a line ``-- name: the_name``. Parameters are psycopg's ``%(name)s``; a place for
another query is written ``({name})`` and filled by ``Query.over``.

``-- name: the_name, prepared`` is for what every page asks: each connection plans it once, for each role anew. The
server has to know the types of its parameters without seeing them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import psycopg
from django.db import connection

_NAME = re.compile(r"^-- name: (\w+)(, prepared)?\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Query:
    """One statement with its parameters, ready to run or to stand inside another statement."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    is_prepared: bool = False

    def over(self, **subqueries: Query) -> Query:
        """This statement with other queries in the places ``({name})`` that it leaves for them."""
        text, params = self.text, dict(self.params)
        for name, query in subqueries.items():
            text = text.replace("({" + name + "})", f"({query.text})")
            params |= query.params
        return Query(text, params, self.is_prepared)

    def rows(self) -> list[tuple[Any, ...]]:
        """Run it and return all rows."""
        with self._run() as cursor:
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def row(self) -> tuple[Any, ...]:
        """Run it and return its one row; raises ``LookupError`` if it gives none or several."""
        rows = self.rows()
        if len(rows) != 1:
            raise LookupError(f"one row expected, {len(rows)} found")
        return rows[0]

    def records(self) -> list[dict[str, Any]]:
        """Run it and return its rows by column name."""
        with self._run() as cursor:
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def execute(self) -> int:
        """Run it and return the number of rows it touched."""
        with self._run() as cursor:
            return int(cursor.rowcount)

    @contextmanager
    def _run(self) -> Iterator[Any]:
        if self.is_prepared:
            with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
                yield cursor.execute(self.text, self.params, prepare=True)
        else:
            with connection.cursor() as cursor:
                cursor.execute(self.text, self.params)
                cursor.set_result(-1)
                yield cursor


class Statements:
    """The named statements of one package."""

    def __init__(self, package: str) -> None:
        self._package = package

    def __call__(self, name: str, **params: Any) -> Query:
        """The statement of that name with its parameters. Raises ``KeyError`` for a name that no file holds."""
        text, is_prepared = _load(self._package)[name]
        return Query(text, params, is_prepared)


@cache
def _load(package: str) -> dict[str, tuple[str, bool]]:
    found: dict[str, tuple[str, bool]] = {}
    for file in sorted(resources.files(package).joinpath("sql").iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".sql"):
            continue
        pieces = _NAME.split(file.read_text(encoding="utf-8"))
        for name, prepared, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            if name in found:
                raise ValueError(f"{package}: two statements are named {name}")
            found[name] = text.strip().rstrip(";"), prepared is not None
    return found
