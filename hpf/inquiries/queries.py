"""What waits for an answer, what is late, and what was answered how well. Nouns; nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Avg, Count, Q, QuerySet

from hpf.inquiries import rules
from hpf.inquiries.models import Inquiry, Turn
from hpf.inquiries.rules import InquiryState, TurnKind
from hpf.kernel import Refusal

_NAMED = 3


class Shelf(StrEnum):
    """The lists of the staff."""

    OPEN = "open"
    OVERDUE = "overdue"
    ANSWERED = "answered"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {"open": "待答复", "overdue": "已逾期", "answered": "已答复"}[self.value]


@dataclass(frozen=True, slots=True)
class Search:
    """A list of the staff, of one branch or all (``0``), by the number of the inquiry, newest first."""

    shelf: Shelf
    today: date
    branch_id: int = 0

    def after(self, inquiry_id: int, limit: int) -> list[Inquiry]:
        """The first, or those after an inquiry."""
        found = self._found().filter(pk__lt=inquiry_id) if inquiry_id else self._found()
        return list(found.order_by("-pk")[:limit])

    def before(self, inquiry_id: int, limit: int) -> list[Inquiry]:
        """The last before an inquiry."""
        return list(self._found().filter(pk__gt=inquiry_id).order_by("pk")[:limit])[::-1]

    def _found(self) -> QuerySet[Inquiry]:
        found = Inquiry.objects.select_related("branch").filter(_on(self.shelf, self.today))
        return found.filter(branch_id=self.branch_id) if self.branch_id else found


@dataclass(frozen=True, slots=True)
class Figures:
    """How many wait, how many of those are late, and how answers were rated: by how many, how well on average."""

    open: int
    overdue: int
    late_answers: int
    ratings: int
    average: float | None


def waiting(today: date) -> tuple[int, int]:
    """How many wait for an answer, and how many of those are late."""
    found = Inquiry.objects.filter(state=InquiryState.OPEN.value)
    row = found.aggregate(open=Count("pk"), overdue=Count("pk", filter=_on(Shelf.OVERDUE, today)))
    return row["open"], row["overdue"]


def figures(today: date) -> Figures:
    """The figures of the whole center."""
    row = Inquiry.objects.aggregate(
        open=Count("pk", filter=_on(Shelf.OPEN, today)),
        overdue=Count("pk", filter=_on(Shelf.OVERDUE, today)),
        ratings=Count("rating"),
        average=Avg("rating"),
    )
    return Figures(**row, late_answers=Turn.objects.filter(late=True).count())


def answered(inquiry_id: int) -> tuple[str, str] | None:
    """Title and last answer of an inquiry, ``None`` where there is no answer."""
    last = Turn.objects.filter(inquiry_id=inquiry_id, kind=TurnKind.ANSWERED.value).order_by("-pk").first()
    return (last.inquiry.title, last.text) if last else None


def left_open(employer_id: int) -> list[Refusal]:
    """What an employer has asked and nobody has answered: a hint, or nothing."""
    found = list(
        Inquiry.objects.filter(employer_id=employer_id, state=InquiryState.OPEN.value).order_by("due_on", "pk")
    )
    return [rules.left_open(len(found), [one.title for one in found[:_NAMED]], found[0].due_on)] if found else []


def _on(shelf: Shelf, today: date) -> Q:
    if shelf is Shelf.ANSWERED:
        return Q(state=InquiryState.ANSWERED.value)
    waits = Q(state=InquiryState.OPEN.value)
    return waits & Q(due_on__lt=today) if shelf is Shelf.OVERDUE else waits
