"""``docs/security.md`` tells of every requirement of ASVS 5.0, chapters 6 to 8 at level 2, which test shows it."""

from __future__ import annotations

import re

from tests.house.source import PROGRAM, ROOT

# Level 1 and 2 of version 5.0.0: chapter.section, and the numbers in it.
REQUIREMENTS = {
    "6.1": range(1, 4),
    "6.2": range(1, 13),
    "6.3": range(1, 5),
    "6.4": range(1, 5),
    "6.5": range(1, 6),
    "6.6": range(1, 4),
    "6.8": range(1, 5),
    "7.1": range(1, 4),
    "7.2": range(1, 5),
    "7.3": range(1, 3),
    "7.4": range(1, 6),
    "7.5": range(1, 3),
    "7.6": range(1, 3),
    "8.1": range(1, 3),
    "8.2": range(1, 4),
    "8.3": range(1, 2),
    "8.4": range(1, 2),
}
OPEN: set[str] = set()
"""What nothing answers yet."""

_ROW = re.compile(r"^\| (?P<number>\d\.\d\.\d+) \| (?P<asks>[^|]+) \| (?P<shown>[^|]+) \|$", re.MULTILINE)
_TEST = re.compile(r"`([\w/]+\.py)(?:::(\w+))?`")


def rows() -> dict[str, str]:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    return {row["number"]: row["shown"].strip() for row in _ROW.finditer(page)}


def test_every_requirement_has_its_row_in_order() -> None:
    assert list(rows()) == [f"{section}.{n}" for section, numbers in REQUIREMENTS.items() for n in numbers]


def test_each_names_a_test_or_says_why_it_does_not_apply() -> None:
    bare = {number for number, shown in rows().items() if not _TEST.search(shown) and "does not apply" not in shown}
    assert bare == OPEN


def test_every_test_that_is_named_exists() -> None:
    named = [(number, path, name) for number, shown in rows().items() for path, name in _TEST.findall(shown)]
    gone = [
        (number, path, name)
        for number, path, name in named
        if not (file := ROOT / "tests" / path).is_file()
        or (name and not re.search(rf"^\s*def {name}\(", file.read_text(encoding="utf-8"), re.MULTILINE))
    ]
    assert gone == []


def test_the_way_out_is_in_the_frame_of_both_sides() -> None:
    layouts = PROGRAM / "faces" / "templates" / "layouts"
    for side, address in (("portal", 'url("leave")'), ("counter", 'url("counter:leave")')):
        assert f"log_out({address}, csrf_input)" in (layouts / f"{side}.html").read_text(encoding="utf-8")
