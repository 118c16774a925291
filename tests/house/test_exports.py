"""Whatever leaves the hall as a file carries a number that the event log knows."""

from __future__ import annotations

import re

from hpf.faces.web.exports import EXPORTS
from tests.house.source import PROGRAM
from tests.house.test_registers import EXPECTED

# Files with nobody's data in them: a template, what is published for all, a recorded export of the log itself.
NOBODY_S = {
    "portal:template",
    "agreement-text",
    "publication-file",
    "counter:draft-file",
    "counter:events-export",
}


def test_every_address_that_gives_a_file_is_an_export_or_has_nobody_s_data() -> None:
    files = re.compile(r"(workbook|paper|certificate|slip|scan|hand-over|export|-file|-text)$")
    named = {name for name in EXPECTED if files.search(name)}
    assert named <= EXPORTS.keys() | NOBODY_S
    assert EXPECTED.keys() >= EXPORTS.keys() | NOBODY_S
    assert not EXPORTS.keys() & NOBODY_S


def test_no_paper_is_printed_without_a_number() -> None:
    """``imprint`` draws the number; an ``Imprint`` made anywhere else would have none."""
    faces = (PROGRAM / "faces").rglob("*.py")
    assert [path.name for path in faces if re.search(r"\bImprint\(", path.read_text("utf-8"))] == ["papers.py"]
