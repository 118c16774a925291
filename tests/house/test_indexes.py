"""No index does what another one does: each costs every insert of a roster's hundred thousand rows."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from hpf.storage.access import LIBRARY_TABLES

_COVERED = """
SELECT narrow.indexrelid::regclass::text, wide.indexrelid::regclass::text
FROM pg_index narrow
JOIN pg_class c ON c.oid = narrow.indrelid AND c.relnamespace = %s::regnamespace AND c.relname <> ALL(%s)
JOIN pg_index wide ON wide.indrelid = narrow.indrelid AND wide.indexrelid <> narrow.indexrelid
WHERE NOT narrow.indisunique AND num_nulls(narrow.indpred, narrow.indexprs, wide.indpred, wide.indexprs) = 4
  AND (wide.indkey::int2[])[0:narrow.indnkeyatts - 1] = (narrow.indkey::int2[])[0:narrow.indnkeyatts - 1]
  AND (wide.indclass::oid[])[0:narrow.indnkeyatts - 1] = (narrow.indclass::oid[])[0:narrow.indnkeyatts - 1]
"""
"""Indexes whose columns begin another one on the same table, both over all rows."""


def test_no_index_begins_another(shared_center: Any) -> None:
    with shared_center.connect("superuser") as superuser:
        assert superuser.execute(_COVERED, [settings.CENTER, list(LIBRARY_TABLES)]).fetchall() == []
