"""Pages about who acts for an employer: at the counter and in the hall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.casework.models import CaseState
from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.counter import ReviewView
from hpf.faces.web.shapes.frame import Download, Link
from hpf.faces.web.states import State
from hpf.hall_access.rules import EmployerChoice
from hpf.kernel import Fen, Key, Refusal


@dataclass(frozen=True, slots=True)
class HandlerPage:
    """``counter/handler.html``, ``counter/mobile.html``: ``present`` is today's handler, "" where there is none."""

    employer_id: int
    employer: str
    title: str
    present: str
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class UnlockPage:
    """``counter/unlock.html``: who cannot log in, what keeps him out and until when; nothing where nothing does."""

    handler_id: int
    employer_id: int
    employer: str
    person: tuple[tuple[str, str], ...]
    locks: tuple[tuple[str, datetime], ...]
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class HandoverCase:
    """A case in the hand-over pack: ``began_by`` is who opened it."""

    case_no: str
    on: date
    item: str
    title: str
    amount_fen: Fen | None
    began_by: str
    state: CaseState
    link: Link


@dataclass(frozen=True, slots=True)
class HandoverPage:
    """``portal/handover.html``: what the handler finds (交接清单). With ``key`` it can be put away.

    ``dues`` and ``money`` are (what, when or how much); ``history`` is of twelve months, which had ``history_count``.
    """

    lead: str
    open_cases: tuple[HandoverCase, ...]
    dues: tuple[tuple[str, str], ...]
    money: tuple[tuple[str, str], ...]
    history: tuple[HandoverCase, ...]
    history_count: int
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class TerminationPage:
    """``counter/termination.html``: what must be ended first (``blocking``), what should be told (``hints``), 附件2,
    and what will then happen (``consequences``)."""

    employer_id: int
    employer: str
    user_name: str
    handler: str
    blocking: tuple[Refusal, ...]
    hints: tuple[Refusal, ...]
    consequences: tuple[str, ...]
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class NewGrantPage:
    """``counter/grant_new.html``: the form by which somebody beside the handler is proposed."""

    employer_id: int
    employer: str
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class GrantPage:
    """``counter/grant.html``: one grant with its review; ``end_review`` once its end was proposed.

    With ``end_inputs`` the reader may propose the end, with ``hand_over_inputs`` give out the initial password;
    ``handed_out``: it was done before. ``user_id`` is the user whom the grant made.
    """

    id: int
    employer_id: int
    employer: str
    title: str
    state: State
    details: tuple[tuple[str, str], ...]
    files: tuple[Download, ...]
    review: ReviewView
    end_review: ReviewView | None
    end_inputs: dict[str, Input]
    hand_over_inputs: dict[str, Input]
    handed_out: bool
    key: Key
    user_id: int = 0
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """``portal/choose.html``: the employers for whom the reader may act; ``next`` is where the choice leads."""

    choices: tuple[EmployerChoice, ...]
    next: str
    refusals: tuple[Refusal, ...] = ()
