"""Many rows on their way into the database: loaded by COPY into a table of the transaction's own.

COPY is not possible into a table under row level security; from here one statement takes the rows where they belong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from hpf.storage.transactions import assert_in_transaction


def load_incoming(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Make a temporary table that ends with the transaction, and fill it. It takes the place of an earlier one.

    ``columns`` gives each column's type by its name; a row has its values in that order.
    """
    assert_in_transaction()
    definitions = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP TABLE IF EXISTS pg_temp.{table}; CREATE TEMPORARY TABLE {table} ({definitions}) ON COMMIT DROP"
        )
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(list(columns.values()))
            for row in rows:
                copy.write_row(row)
