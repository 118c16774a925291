"""``docs/agreement.md`` tells of every clause which tests show it: each clause is there, each test exists."""

from __future__ import annotations

import re

from tests.house.source import ROOT

CLAUSES = [
    "导言",
    *(f"1.{n}" for n in range(1, 5)),
    *(f"2.{n}" for n in range(1, 7)),
    *(f"2.7({n})" for n in range(1, 6)),
    "3.1",
    *(f"3.2({n})" for n in range(1, 11)),
    *(f"4.1({n})" for n in range(1, 5)),
    "4.2",
    *(f"5.{n}" for n in range(1, 5)),
    *(f"6.{n}" for n in range(1, 5)),
    "7",
    *(f"8.{n}" for n in range(1, 5)),
    *(f"9.{n}" for n in range(1, 7)),
    "附件1",
    "附件2",
]
# What nothing answers yet: nothing.
OPEN: set[str] = set()
_ROW = re.compile(r"^\| (?P<clause>\S+) \| [^|]+ \| (?P<features>[^|]*) \| (?P<shown>[^|]+) \|$", re.MULTILINE)
_TEST = re.compile(r"`([\w/]+\.py)(?:::(\w+))?`")


def _rows() -> list[tuple[str, str, str]]:
    page = (ROOT / "docs" / "agreement.md").read_text(encoding="utf-8")
    return [(row["clause"], row["features"].strip(), row["shown"].strip()) for row in _ROW.finditer(page)][1:]


def test_every_clause_has_its_row_in_order() -> None:
    assert [clause for clause, _, _ in _rows()] == CLAUSES


def test_every_clause_names_features_and_tests_or_asks_nothing() -> None:
    bare = [
        clause
        for clause, features, shown in _rows()
        if not (features and shown) and shown != "asks nothing of a program"
    ]
    assert bare == []


def test_what_is_open_is_counted() -> None:
    assert {clause for clause, _, shown in _rows() if shown == "open"} == OPEN


def test_every_test_that_is_named_exists() -> None:
    named = [(clause, path, name) for clause, _, shown in _rows() for path, name in _TEST.findall(shown)]
    gone = [
        (clause, path, name)
        for clause, path, name in named
        if not (file := ROOT / "tests" / path).is_file()
        or (name and not re.search(rf"^\s*def {name}\(", file.read_text(encoding="utf-8"), re.MULTILINE))
    ]
    assert gone == []
    assert len(named) > len(CLAUSES) / 2
