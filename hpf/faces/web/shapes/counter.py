"""The staff's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.frame import Download, Fact, FieldGroup, Link, Pager, Progress
from hpf.faces.web.states import State
from hpf.kernel import Fen, Key, Month, Rate, Refusal


@dataclass(frozen=True, slots=True)
class EmployerRow:
    id: int
    name: str
    credit_code: str
    unit_account_no: str
    branch: str
    people: int
    paid_through: Month | None
    state: State


@dataclass(frozen=True, slots=True)
class EmployersPage:
    """``counter/employers.html``, region ``employer_rows``."""

    rows: tuple[EmployerRow, ...]
    pager: Pager
    can_register: bool = False
    q: str = ""
    state: str = ""
    states: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit account: its state, its ratios and its money."""

    number: str
    state: State
    unit_rate: Rate
    personal_rate: Rate
    payday: int
    first_month: Month
    paid_through: Month | None
    people: int
    sealed: int
    unallocated_fen: Fen


@dataclass(frozen=True, slots=True)
class CaseRow:
    case_no: str
    at: datetime
    item: str
    employer: str
    content: str
    amount_fen: Fen | None
    state: State


@dataclass(frozen=True, slots=True)
class AcceptanceRow:
    """An agreement or special rule that was accepted for an employer; ``id`` leads to its certificate."""

    id: int
    document: str
    version: str
    handler: str
    at: datetime
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class AccessEvent:
    """Something that was done about an employer's access to the hall."""

    on: date
    what: str
    by: str
    link: Link


@dataclass(frozen=True, slots=True)
class GrantRow:
    """Somebody beside the handler: from when on, and how the grant stands."""

    href: str
    duty: str
    name: str
    starts_on: date
    state: State


@dataclass(frozen=True, slots=True)
class EmployerPage:
    """``counter/employer.html``: one employer as the register keeps it; ``details`` are (label, value).

    With ``inputs`` (``seen``) the clerk may hand out user name and initial password;
    ``handed_out``: it was done before. ``history`` tells what was done about the employer's access, ``acts`` what the
    reader may do about it. ``bound`` says who bound the mobile by which the handler has not come in yet,
    ``bound_by_reader`` that another clerk hands out. ``restrictions`` are announced or in force for breach; after
    one that ends the use, ``ended_for_breach``, nothing of it is offered. ``scans`` came with its application.
    """

    id: int
    name: str
    units: tuple[UnitRow, ...]
    details: tuple[tuple[str, str], ...]
    handler: tuple[tuple[str, str], ...]
    access: State
    cases: tuple[CaseRow, ...]
    inputs: dict[str, Input]
    handed_out: bool
    key: Key
    history: tuple[AccessEvent, ...] = ()
    acts: tuple[Link, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    acceptances: tuple[AcceptanceRow, ...] = ()
    grants: tuple[GrantRow, ...] = ()
    restrictions: tuple[Link, ...] = ()
    scans: tuple[Download, ...] = ()
    bound: str = ""
    bound_by_reader: bool = False
    ended_for_breach: bool = False


@dataclass(frozen=True, slots=True)
class StatementRow:
    id: int
    at: datetime
    account: str
    period: str
    lines: int
    credited_fen: Fen
    waiting: int
    state: State


@dataclass(frozen=True, slots=True)
class StatementsPage:
    """``counter/statements.html``: input ``file``, and those that a file without a head needs beside it.

    ``first`` leads to the import of which the refused one is a repetition.
    """

    inputs: dict[str, Input]
    key: Key
    rows: tuple[StatementRow, ...]
    accounts: tuple[tuple[str, str], ...] = ()
    refusals: tuple[Refusal, ...] = ()
    waiting: tuple[Link, ...] = ()
    first: Link | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the bank: what became of it, and why. ``amount_fen`` is negative for money that went out."""

    flow_no: str
    on: date
    payer: str
    remark: str
    amount_fen: Fen
    outcome: State
    reason: str
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class StatementPage:
    """``counter/statement.html``, regions ``statement``, ``statement_rows``. ``outcomes``: value, label, lines, sum.

    ``gap_fen`` is what lies between this statement and the one before it, 0 where they join.
    """

    title: str
    account: str
    period: str
    opening_fen: Fen
    closing_fen: Fen
    credited_fen: Fen
    debited_fen: Fen
    gap_fen: Fen
    count: int
    progress: Progress | None
    outcomes: tuple[tuple[str, str, int, Fen], ...]
    outcome: str
    rows: tuple[LineRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class CasePage:
    """``counter/case.html``: one case; ``files`` are its slip and scans, ``next`` what the clerk does then.

    ``lines`` are the bank's lines that name it, where it is one that is paid (``pays``).
    """

    case_no: str
    title: str
    state: State
    employer: Link
    details: tuple[tuple[str, str], ...]
    lines: tuple[LineRow, ...]
    files: tuple[Download, ...] = ()
    pays: bool = True
    next: Link | None = None


@dataclass(frozen=True, slots=True)
class CasesPage:
    """``counter/cases.html``, region ``case_rows``."""

    rows: tuple[CaseRow, ...]
    pager: Pager
    items: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    q: str = ""
    item: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class CounterHomePage:
    """``counter/home.html``: what waits, and the day's figures.

    ``alarms`` come before all else; ``to_hand_out``: who waits for an initial password. ``finds_employers``: the
    reader may look for employers; ``can_register``: take in a new one.
    """

    facts: tuple[Fact, ...]
    todo: tuple[Link, ...]
    alarms: tuple[Link, ...] = ()
    to_hand_out: tuple[Link, ...] = ()
    finds_employers: bool = False
    can_register: bool = False


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """``own``: the reader made it and cannot decide it."""

    href: str
    item: str
    title: str
    branch: str
    maker: str
    at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    """``counter/reviews.html``: what waits for a second person."""

    rows: tuple[ReviewRow, ...]


@dataclass(frozen=True, slots=True)
class ReviewTurn:
    """One submission and what was said of it. ``by_command``: at the server, in the name of ``maker``."""

    state: State
    maker: str
    made_at: datetime
    checker: str
    decided_at: datetime | None
    note: str
    by_command: bool = False


@dataclass(frozen=True, slots=True)
class ReviewView:
    """``components/review.html``: the turns of a subject, newest first; ``decide`` is "" for who may not decide now.

    ``own``: the reader handed it over; ``wrote``: he had a hand in it. Then another one of the ``deciders`` decides.
    ``too_late`` says why it cannot be approved any more, "" while it can.
    """

    turns: tuple[ReviewTurn, ...]
    decide: str
    own: bool
    note: Input
    key: Key
    turn: int = 0
    wrote: bool = False
    deciders: str = ""
    too_late: str = ""


@dataclass(frozen=True, slots=True)
class RegisterEmployerPage:
    """``counter/register_employer.html``: 附件1 field by field, and what opening needs.

    ``action`` takes the form, ``back`` is where one came from; ``deed`` stands on the button.
    """

    title: str
    inputs: dict[str, Input]
    groups: tuple[FieldGroup, ...]
    action: str
    back: Link
    deed: str
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    id: int
    number: str
    name: str
    credit_code: str
    branch: str
    accepted_by: str
    at: datetime
    state: State


@dataclass(frozen=True, slots=True)
class ApplicationsPage:
    """``counter/applications.html``, region ``application_rows``."""

    rows: tuple[ApplicationRow, ...]
    pager: Pager
    can_register: bool
    q: str
    state: str
    states: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that came with an application, and its scans with their numbers."""

    label: str
    scans: tuple[tuple[int, Download], ...]


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """``counter/application.html``: one application. Numbers of people stand here masked,
    but to who has just said that he reads the ``whole`` of it.

    ``findings`` is what the rules say of it today, ``passed`` what they found right. Which acts are offered is said by
    ``may``: attach (with ``uploads`` for each paper), take_off, submit (with ``materials`` and ``waiver``), open,
    read, take_back, withdraw; each carries a key of its own. ``waived`` is why a paper was not scanned.
    """

    id: int
    number: str
    name: str
    state: State
    accepted: str
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    findings: tuple[Refusal, ...]
    passed: tuple[str, ...]
    materials_seen: tuple[str, ...]
    inputs: dict[str, Input]
    may: frozenset[str]
    keys: dict[str, Key]
    review: ReviewView
    papers: tuple[PaperRow, ...]
    uploads: dict[str, Input]
    waived: str = ""
    employer: Link | None = None
    whole: bool = False
    refusals: tuple[Refusal, ...] = ()

    @property
    def asked(self) -> dict[str, Input]:
        """All fields of the page, to which its refusals lead."""
        return {**self.inputs, **self.uploads}
