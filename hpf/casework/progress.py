"""How far long work has come: written by the worker between its steps, read by the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from hpf.casework.models import Case, Progress


@dataclass(frozen=True, slots=True)
class ProgressShape:
    """``left`` is an estimate from the pace so far, ``None`` before there is one."""

    phase: str
    done: int
    total: int
    left: timedelta | None

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


def report_progress(case: Case, phase: str, done: int, total: int) -> None:
    """Say how far a case's work has come. A transaction of its own makes it visible while the work goes on."""
    Progress.objects.update_or_create(
        case=case,
        defaults={"phase": phase, "done": done, "total": total, "changed_at": Now()},
        create_defaults={"phase": phase, "done": done, "total": total, "employer_id": case.employer_id},
    )


def progress_of(case_no: int) -> ProgressShape | None:
    """How far the work on a case has come, ``None`` if none was reported."""
    row = Progress.objects.filter(case_id=case_no).first()
    if row is None:
        return None
    spent = timezone.now() - row.started_at
    left = spent * ((row.total - row.done) / row.done) if 0 < row.done <= row.total else None
    return ProgressShape(row.phase, row.done, row.total, left)
