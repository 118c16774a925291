"""Questions and suggestions, for handlers and at the counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.frame import Fact, Link, Pager
from hpf.inquiries.rules import InquiryState, TurnKind
from hpf.kernel import Key, Refusal


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """A line of a list. ``days_left`` until an answer is due; ``who`` is the employer where staff look."""

    href: str
    title: str
    kind: str
    state: InquiryState
    asked_on: date
    due_on: date
    days_left: int
    branch: str
    rating: int | None
    who: str = ""


@dataclass(frozen=True, slots=True)
class InquiryTurn:
    kind: TurnKind
    text: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InquiriesPage:
    """``portal/inquiries.html``."""

    rows: tuple[InquiryRow, ...]
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class InquiryPage:
    """``portal/inquiry.html``. ``again`` and ``rate`` are the addresses of what may be done, ``""`` where nothing."""

    row: InquiryRow
    turns: tuple[InquiryTurn, ...]
    inputs: dict[str, Input]
    again: str
    rate: str
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class InquiryDeskPage:
    """``counter/inquiries.html``. Region: ``inquiry-desk``."""

    rows: tuple[InquiryRow, ...]
    pager: Pager
    facts: tuple[Fact, ...]
    tabs: tuple[Link, ...]
    here: str
    shelf: str
    branches: tuple[tuple[str, str], ...]
    branch: str


@dataclass(frozen=True, slots=True)
class InquiryDeskView:
    """``counter/inquiry.html``. ``publish`` leads to the editor with this answer as a frequent question."""

    row: InquiryRow
    employer: Link
    turns: tuple[InquiryTurn, ...]
    inputs: dict[str, Input]
    forwarding: dict[str, Input]
    answer: str
    forward: str
    publish: str
    key: Key
    refusals: tuple[Refusal, ...] = ()
