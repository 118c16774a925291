"""What is withheld from an employer for breach: the notice to its handler, the desk of the staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.access_restriction.rules import AppealState, Standing
from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.counter import ReviewView
from hpf.faces.web.shapes.frame import Download
from hpf.kernel import Key, Refusal


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal with its clock: ``left`` are the days until ``answer_by``, negative once it is late."""

    state: AppealState
    text: str
    made: str
    answer_by: date
    left: int
    answer: str = ""
    answered: str = ""


@dataclass(frozen=True, slots=True)
class RestrictionFacts:
    """A restriction as every page tells it. ``lifted`` says when and why it was lifted, "" while it was not."""

    id: int
    standing: Standing
    title: str
    scope: str
    reason: str
    clause: str
    clause_text: str
    until: str
    lifted: str = ""


@dataclass(frozen=True, slots=True)
class RestrictionTold:
    """A restriction for the handler. ``can_appeal``: he may still say something against it, until ``appeal_by``."""

    facts: RestrictionFacts
    appeal: AppealView | None
    appeal_by: date
    can_appeal: bool


@dataclass(frozen=True, slots=True)
class RestrictionsToldPage:
    """``portal/restriction.html``. ``alone``: nothing else is open, so it stands without the menu."""

    alone: bool
    now: tuple[RestrictionTold, ...]
    past: tuple[RestrictionTold, ...]


@dataclass(frozen=True, slots=True)
class AppealPage:
    """``portal/restriction_appeal.html``: the handler writes his appeal."""

    alone: bool
    facts: RestrictionFacts
    appeal_by: date
    answer_by: date
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class RestrictionRow:
    id: int
    employer: str
    scope: str
    clause: str
    until: str
    standing: Standing
    proposed: str


@dataclass(frozen=True, slots=True)
class AppealRow:
    """``left`` as in `AppealView`."""

    restriction_id: int
    employer: str
    scope: str
    made_on: date
    answer_by: date
    left: int


@dataclass(frozen=True, slots=True)
class RestrictionDeskPage:
    """``counter/restrictions.html``: what stands or waits, the appeals with clocks; with ``over`` what is past."""

    rows: tuple[RestrictionRow, ...]
    appeals: tuple[AppealRow, ...]
    over: bool


@dataclass(frozen=True, slots=True)
class RestrictionNewPage:
    """``counter/restriction_new.html``. ``version`` is the agreement in force, from which the clause is chosen."""

    employer_id: int
    employer: str
    version: str
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class LiftingView:
    """That it should be lifted: why, by whom, and the second person's review."""

    reason: str
    proposed: str
    review: ReviewView


@dataclass(frozen=True, slots=True)
class RestrictionPage:
    """``counter/restriction.html``: one restriction with all that was done about it.

    ``answering``, ``appealing`` and ``lift`` are the forms of who may answer the appeal, enter one from paper, propose
    the lifting now; empty for everybody else. ``history`` is (when, what, who).
    """

    facts: RestrictionFacts
    employer_id: int
    employer: str
    version: str
    proposed: str
    evidence: tuple[Download, ...]
    has_paper: bool
    review: ReviewView
    can_withdraw: bool
    appeal: AppealView | None
    appeal_id: int
    answering: dict[str, Input]
    appealing: dict[str, Input]
    liftings: tuple[LiftingView, ...]
    lift: dict[str, Input]
    history: tuple[tuple[str, str, str], ...]
    key: Key
    refusals: tuple[Refusal, ...] = ()
