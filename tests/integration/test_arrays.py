"""A list reaches the server as it is, whatever its elements hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DataError

from hpf.kernel import Fen, Key
from hpf.storage import Query, reading
from tests.office import SYSTEM

LISTS: tuple[tuple[str, list[Any]], ...] = (
    (
        "text",
        ["", "NULL", "null", "None", 'a"b', "a\\b", "\\", "{a,b}", " a ", "\n", "　", "𠮷", "it's", "%s $1", "\x01"],
    ),
    ("text", ["", None, "a"]),
    ("text", [Key("key:1234"), None, Key("key:5678")]),
    ("text", [None]),
    ("text", []),
    ("bigint", [0, -1, None, 2**63 - 1, -(2**63)]),
    ("bigint", [Fen(-5), None, Fen(10**14)]),
    ("bigint", [7, Fen(8)]),
    ("bigint", [[1, 2], [3, 4]]),
    ("boolean", [True, None, False]),
    ("bytea", [b"", None, b"\x00\xff'\"\\{}", bytes(range(256))]),
    ("date", [date.min, None, date(2026, 8, 10), date.max]),
)


def test_a_list_arrives_as_it_was_sent(center: Any) -> None:
    with reading(SYSTEM):
        for kind, sent in LISTS:
            assert Query(f"SELECT %(sent)s::{kind}[]", {"sent": sent}).row() == (sent,), kind


def test_a_text_that_no_column_can_hold_is_refused_and_not_cut(center: Any) -> None:
    with pytest.raises(DataError, match="NUL"), reading(SYSTEM):
        Query("SELECT %(sent)s::text[]", {"sent": ["a\0b"]}).row()
