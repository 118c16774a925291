"""Named SQL: statements for sets live in ``sql/*.sql`` beside the code that uses them.

A file holds statements, each under a line ``-- name: the_name``. Parameters are psycopg's ``%(name)s``; a place for
another query is written ``({name})`` and filled by ``Query.over``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from django.db import connection

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Query:
    """One statement with its parameters, ready to run or to stand inside another statement."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def over(self, **subqueries: Query) -> Query:
        """This statement with other queries in the places ``({name})`` that it leaves for them."""
        text, params = self.text, dict(self.params)
        for name, query in subqueries.items():
            text = text.replace("({" + name + "})", f"({query.text})")
            params |= query.params
        return Query(text, params)

    def rows(self) -> list[tuple[Any, ...]]:
        """Run it and return all rows."""
        with connection.cursor() as cursor:
            cursor.execute(self.text, self.params)
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
        with connection.cursor() as cursor:
            cursor.execute(self.text, self.params)
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def execute(self) -> int:
        """Run it and return the number of rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(self.text, self.params)
            return int(cursor.rowcount)


class Statements:
    """The named statements of one package."""

    def __init__(self, package: str) -> None:
        self._package = package

    def __call__(self, name: str, **params: Any) -> Query:
        """The statement of that name with its parameters. Raises ``KeyError`` for a name that no file holds."""
        return Query(_load(self._package)[name], params)


@cache
def _load(package: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(resources.files(package).joinpath("sql").iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".sql"):
            continue
        pieces = _NAME.split(file.read_text(encoding="utf-8"))
        for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
            if name in found:
                raise ValueError(f"{package}: two statements are named {name}")
            found[name] = text.strip().rstrip(";")
    return found
