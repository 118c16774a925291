"""What a page says of long work: each phase by its own pace, each run by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hpf.casework.cases import move, open_case
from hpf.casework.models import Case, CaseKind, CaseState
from hpf.casework.progress import ProgressShape, progress_of, report_progress
from hpf.storage import durable, reading
from tests.office import SYSTEM


@pytest.fixture
def case(center: Any) -> Case:
    with durable(SYSTEM):
        return open_case(
            CaseKind.ACCOUNT_OPENING,
            CaseState.CHECKING,
            employer_id=7,
            unit_account_id=70,
            title="试",
            by=SYSTEM,
            today=date(2026, 8, 10),
        )


def report(case: Case, phase: str, done: int, total: int) -> None:
    with durable(SYSTEM):
        report_progress(case, phase, done, total)


def an_hour_ago(center: Any, case: Case) -> None:
    """Let what was reported have begun an hour earlier."""
    with center.connect("superuser") as admin:
        admin.execute("UPDATE casework_progress SET started_at = started_at - interval '1 hour'")


def seen(case: Case) -> ProgressShape | None:
    with reading(SYSTEM):
        return progress_of(Case.objects.get(pk=case.pk))


def left(case: Case) -> timedelta:
    shape = seen(case)
    assert shape is not None
    assert shape.left is not None
    return shape.left


def test_time_left_follows_the_pace_of_the_phase(center: Any, case: Case) -> None:
    report(case, "核对", 1, 100)
    an_hour_ago(center, case)
    report(case, "核对", 50, 100)
    assert timedelta(minutes=59) < left(case) < timedelta(minutes=61)


@pytest.mark.parametrize(("phase", "done"), [("保存", 50), ("核对", 20)])
def test_another_phase_or_a_second_run_is_timed_from_its_own_start(
    center: Any, case: Case, phase: str, done: int
) -> None:
    report(case, "核对", 50, 100)
    an_hour_ago(center, case)
    report(case, phase, done, 100)
    assert left(case) < timedelta(minutes=1)


def test_work_that_is_to_be_done_again_has_not_come_far_yet(case: Case) -> None:
    report(case, "保存", 100, 100)
    for to, origin in ((CaseState.READY, CaseState.CHECKING), (CaseState.CHECKING, CaseState.READY)):
        with durable(SYSTEM):
            move(case.pk, to, origins=[origin])
    assert seen(case) is None
