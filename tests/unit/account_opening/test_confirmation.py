"""What keeps a checked roster from being opened, and what a check stands on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hpf.account_opening.confirmation import choice_refusals
from hpf.account_opening.rules import ground
from hpf.kernel import Fen, Month, Refusal, Refused
from tests.unit.account_opening.people import CONTEXT, GOOD, LAW, codes, findings, law_of_every_month

JULY, AUGUST = Month(2026, 7), Month(2026, 8)
DECLARED = replace(CONTEXT, declared_month=JULY, declared_case=1_000_000_007)


@pytest.mark.parametrize(
    ("good", "to_mend", "all_or_nothing", "expected"),
    [
        (5, 0, True, []),
        (5, 0, False, []),
        (4, 0, False, []),
        (4, 0, True, ["ROSTER-NOT-ALL-GOOD"]),
        (4, 1, True, ["ROSTER-NOT-ALL-GOOD"]),
        (0, 5, False, ["ROSTER-NOBODY-TO-OPEN"]),
        (0, 0, True, ["ROSTER-NOBODY-TO-OPEN"]),
    ],
)
def test_five_rows_can_be_opened_as_chosen(good: int, to_mend: int, all_or_nothing: bool, expected: list[str]) -> None:
    found = choice_refusals(people=5, good=good, to_mend=to_mend, all_or_nothing=all_or_nothing)
    assert [refusal.code for refusal in found] == expected


def test_a_declared_month_takes_nobody_and_says_which_case_and_which_month_instead() -> None:
    [finding] = findings(replace(GOOD, first_month=JULY), DECLARED)
    assert (finding.code, finding.case_no) == ("OPEN-MONTH-DECLARED", 1_000_000_007)
    assert finding.remedy == "请先撤回该月核定，或将首次缴存年月填为2026年8月"
    assert finding.where == "第12行 首次缴存年月（G12）"


def test_the_month_after_the_declared_one_is_open() -> None:
    assert codes(replace(GOOD, first_month=AUGUST), DECLARED) == []


def stands_on(*months: Month, law=law_of_every_month, **context: object) -> str:  # type: ignore[no-untyped-def]
    return ground(months, law, replace(CONTEXT, **context))  # type: ignore[arg-type]


def test_a_check_stands_on_its_months_their_law_and_the_units_state() -> None:
    before = stands_on(AUGUST)
    assert stands_on(AUGUST, AUGUST) == before
    assert stands_on(AUGUST, declared_month=JULY) == before
    assert stands_on(AUGUST, paid_through=JULY) == before
    assert stands_on(AUGUST, today=date(2026, 8, 31)) == before
    changed = [
        stands_on(AUGUST, declared_month=AUGUST),
        stands_on(AUGUST, paid_through=AUGUST),
        stands_on(AUGUST, unit_state="05"),
        stands_on(AUGUST, law=lambda _: replace(LAW, base_cap=Fen(1))),
        stands_on(AUGUST, law=_no_law),
    ]
    assert before not in changed


def _no_law(month: Month) -> None:
    raise Refused(Refusal("POLICY-NO-LAW", f"{month.chinese}没有规定"))
