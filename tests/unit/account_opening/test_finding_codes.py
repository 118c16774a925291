"""The rule book's list of codes is the list of codes in the source, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path

import hpf.account_opening
from hpf.account_opening.finding_codes import FINDING_CODES
from hpf.account_opening.shapes import Standing

MODULES = ("rules.py", "cells.py", "roster.py", "standings.py", "confirmation.py")
MADE_OF_A_KEY = {"OPEN-SEX-CONTRADICTS", "OPEN-BIRTHDAY-CONTRADICTS"} | {
    f"OPEN-{standing.name.replace('_', '-')}" for standing in Standing if standing is not Standing.FREE
}


def test_every_code_in_the_source_is_listed_and_every_listed_code_is_used() -> None:
    folder = Path(hpf.account_opening.__file__).parent
    text = "".join((folder / name).read_text(encoding="utf-8") for name in MODULES)
    used = set(re.findall(r'"((?:OPEN|ROSTER)-[A-Z0-9-]+)"', text))
    assert used | MADE_OF_A_KEY == set(FINDING_CODES)


def test_every_meaning_is_one_line_of_its_own() -> None:
    assert len(set(FINDING_CODES.values())) == len(FINDING_CODES)
    assert all("\n" not in meaning and not meaning.endswith("。") for meaning in FINDING_CODES.values())
