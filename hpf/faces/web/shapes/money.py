"""The pages of the money desk: what waits for its owner, one line of the bank, what two persons do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.counter import ReviewView
from hpf.faces.web.shapes.frame import Download, Link
from hpf.faces.web.states import State
from hpf.kernel import Fen, Key, Refusal


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line in the queue of the money desk; ``in_review`` if it waits for a second person."""

    id: int
    on: date
    payer: str
    amount_fen: Fen
    reason: str
    in_review: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whose money a line may be: ``grounds`` for and against, best candidate first."""

    unit_account_no: str
    employer: str
    due: str
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenLine:
    """The line in the middle of the desk; ``waiting`` leads to what was proposed for it."""

    id: int
    flow_no: str
    on: date
    payer: str
    payer_account_masked: str
    payer_bank: str
    remark: str
    amount_fen: Fen
    reason: str
    candidates: tuple[Candidate, ...]
    waiting: Link | None = None


@dataclass(frozen=True, slots=True)
class MoneyDeskPage:
    """``counter/money_desk.html``: unidentified receipts (未识别款), the queue, one line, its candidates.

    Input ``number`` names the unit account, a candidate's or another; without ``inputs`` the reader only looks.
    ``taken_back`` are lines by which the bank seems to take back a receipt, each with a page of its own.
    """

    queue: tuple[WaitingLine, ...]
    total: int
    total_fen: Fen
    line: OpenLine | None
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()
    taken_back: tuple[WaitingLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalView:
    """What was proposed for a line: by whom and why, with which papers, and the second person's review."""

    id: int
    title: str
    about: Link | None
    reason: str
    proposed: str
    papers: tuple[Download, ...]
    review: ReviewView
    can_withdraw: bool


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt that a line may take back: where its money lies, and what keeps it from being reversed, if anything."""

    flow_no: str
    on: date
    payer: str
    employer: str
    state: State
    hindrance: str
    href: str


@dataclass(frozen=True, slots=True)
class BankLinePage:
    """``counter/bank_line.html``: one line of the bank, what was proposed for it and what was done.

    ``receipts`` are what it may take back. ``correcting`` and ``taking_back`` are the forms of who may propose that
    now, empty for everybody else and at any other time. ``history`` is (when, what, who).
    """

    id: int
    title: str
    state: State
    reason: str
    details: tuple[tuple[str, str], ...]
    proposals: tuple[ProposalView, ...]
    receipts: tuple[ReceiptRow, ...]
    correcting: dict[str, Input]
    taking_back: dict[str, Input]
    history: tuple[tuple[str, str, str], ...]
    key: Key
    refusals: tuple[Refusal, ...] = ()

    @property
    def review(self) -> ReviewView | None:
        """The review that waits for the reader's word, if there is one."""
        return next((one.review for one in self.proposals if one.review.decide), None)


@dataclass(frozen=True, slots=True)
class HandedInLine:
    """A line as the file says it; ``amount_fen`` is negative for money that goes out."""

    flow_no: str
    on: date
    payer: str
    remark: str
    amount_fen: Fen


@dataclass(frozen=True, slots=True)
class HandedInPage:
    """``counter/handed_in.html``: a statement that two persons take; ``why`` says what only their word stands for.

    ``lines`` are the first of ``count``. ``statement_id`` is what became of it, 0 while nothing did; ``came_besides``
    the import by which the same statement is in, whoever brought it, 0 if by none. ``follows`` is the one that has to
    be taken first. ``same_days`` are imports that tell of a day of its period, as long as it waits.
    """

    id: int
    title: str
    why: tuple[str, ...]
    details: tuple[tuple[str, str], ...]
    file: Download
    lines: tuple[HandedInLine, ...]
    count: int
    review: ReviewView
    can_withdraw: bool
    statement_id: int
    key: Key
    came_besides: int = 0
    same_days: tuple[Link, ...] = ()
    follows: Link | None = None
    refusals: tuple[Refusal, ...] = ()
