"""How far long work has come: written by the worker between its steps, read by the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case as Choose
from django.db.models import F, When
from django.db.models.functions import Now
from django.utils import timezone

from hpf.casework.models import Case, Progress


@dataclass(frozen=True, slots=True)
class ProgressShape:
    """``left`` is an estimate from the pace of this phase so far, ``None`` before there is one."""

    phase: str
    done: int
    total: int
    left: timedelta | None

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


def report_progress(case: Case, phase: str, done: int, total: int) -> None:
    """Say how far a case's work has come. A transaction of its own makes it visible while the work goes on.

    Another phase, or the same one begun again, is timed from its own start.
    """
    going_on = Choose(When(phase=phase, done__lte=done, then=F("started_at")), default=Now())
    said = {"phase": phase, "done": done, "total": total}
    Progress.objects.update_or_create(
        case=case,
        defaults={**said, "started_at": going_on, "changed_at": Now()},
        create_defaults={**said, "employer_id": case.employer_id},
    )


def progress_of(case: Case) -> ProgressShape | None:
    """How far the present work on a case has come, ``None`` if none was reported since it came into its state."""
    row = Progress.objects.filter(case=case, changed_at__gte=case.changed_at).first()
    if row is None:
        return None
    spent = timezone.now() - row.started_at
    left = spent * ((row.total - row.done) / row.done) if 0 < row.done <= row.total else None
    return ProgressShape(row.phase, row.done, row.total, left)
