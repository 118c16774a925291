"""The staff's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.frame import Download, Fact, Link, Pager, Progress
from hpf.faces.web.states import State
from hpf.kernel import Fen, Key, Month, Rate, Refusal


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """A part of a long form: the names of its inputs in order; those in ``wide`` take the whole width."""

    title: str
    names: tuple[str, ...]
    wide: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterEmployerPage:
    """``counter/register_employer.html``: 附件1 field by field, and what opening needs."""

    inputs: dict[str, Input]
    groups: tuple[FieldGroup, ...]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredPage:
    """``counter/registered.html``: ``password`` is shown this once and is ``""`` ever after."""

    employer: str
    credit_code: str
    unit_account_no: str
    handler: str
    mobile_masked: str
    user_name: str
    password: str
    expires_on: date
    hall_address: str
    case_no: str
    next: Link


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
    q: str = ""
    state: str = ""
    states: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class EmployerPage:
    """``counter/employer.html``: one employer as the register keeps it; ``details`` are (label, value)."""

    name: str
    state: State
    unit_account_no: str
    unit_rate: Rate
    personal_rate: Rate
    facts: tuple[Fact, ...]
    details: tuple[tuple[str, str], ...]
    handler: tuple[tuple[str, str], ...]
    access: State


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
    """``counter/statements.html``: inputs ``file``, and ``opening closing count`` for a file without a head."""

    inputs: dict[str, Input]
    key: Key
    rows: tuple[StatementRow, ...]
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the bank: what became of it, and why."""

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
    """``counter/statement.html``, regions ``statement``, ``statement_rows``. ``outcomes``: value, label, lines, sum."""

    title: str
    account: str
    period: str
    opening_fen: Fen
    closing_fen: Fen
    credited_fen: Fen
    debited_fen: Fen
    count: int
    progress: Progress | None
    outcomes: tuple[tuple[str, str, int, Fen], ...]
    outcome: str
    rows: tuple[LineRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line in the queue of the money desk."""

    id: int
    on: date
    payer: str
    amount_fen: Fen
    reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whose money a line may be: ``grounds`` for and against, best candidate first."""

    employer_id: int
    employer: str
    unit_account_no: str
    due: str
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenLine:
    """The line in the middle of the desk."""

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


@dataclass(frozen=True, slots=True)
class MoneyDeskPage:
    """``counter/money_desk.html``: unidentified receipts (未识别款), the queue, one line, its candidates."""

    queue: tuple[WaitingLine, ...]
    total: int
    total_fen: Fen
    line: OpenLine | None
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseRow:
    case_no: str
    at: datetime
    item: str
    employer: str
    content: str
    amount_fen: Fen | None
    channel: str
    state: State


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
    """``counter/home.html``: what waits, and the day's figures."""

    facts: tuple[Fact, ...]
    todo: tuple[Link, ...]
    downloads: tuple[Download, ...] = ()
