"""The handler's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.channels import FunctionHours
from hpf.faces.web.shapes.frame import Download, Fact, Link, Pager, Progress, Step
from hpf.faces.web.states import State
from hpf.hall_access.rules import SessionLine
from hpf.kernel import Fen, Key, Month, Rate, Refusal
from hpf.registry.queries import MemberRow
from hpf.remittance.rules import Funds


@dataclass(frozen=True, slots=True)
class MonthCard:
    """The month on the home page: where it stands and the one next step.

    ``difference_fen`` is against last month, ``None`` for the first one. ``sentence`` tells what the check found.
    ``due_fen`` is ``None`` where opening the declaration computes it. ``deadline`` is the last day to pay,
    ``days_left`` negative when it has passed.
    """

    month: Month
    steps: tuple[Step, ...]
    due_fen: Fen | None
    people: int
    difference_fen: Fen | None
    sentence: str
    next: Link
    other: tuple[Link, ...] = ()
    deadline: date | None = None
    days_left: int | None = None
    is_paid: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the handler; ``urgent`` when a term is about to end."""

    text: str
    link: Link
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class RecentCase:
    on: date
    item: str
    content: str
    amount_fen: Fen | None
    state: State
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class HomePage:
    """``portal/home.html``. ``card`` is ``None`` until the first account is open; ``open_by`` is the day for that.

    ``taken_over`` tells a new handler whom he follows, until he puts the hand-over pack away. ``shown`` are messages of
    the center that stand here for a while; ``hours`` of the functions that do not take acts all day. ``last_login``
    stands on top until it ``was_told`` once in this login, and at the foot after that. ``stopped`` says in the place of
    the next step why and until when it cannot be taken; more of it stands at ``stopped_more``. It is ``closed`` where
    the notice above every page says so; ``left_to_others`` says who takes it, where the reader does not.
    """

    card: MonthCard | None
    waiting: tuple[Waiting, ...]
    facts: tuple[Fact, ...]
    recent: tuple[RecentCase, ...]
    stopped: Refusal | None = None
    stopped_more: str = ""
    left_to_others: str = ""
    closed: bool = False
    last_login: SessionLine | None = None
    was_told: bool = False
    taken_over: str = ""
    shown: tuple[Link, ...] = ()
    open_by: date | None = None
    days_left: int = 0
    hours: tuple[FunctionHours, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterPage:
    """``portal/roster.html``, region ``roster_rows``. ``counts`` are (code or "", label, people), stored figures.

    ``q`` is what was searched (a name, an account number or a whole identity number), ``state`` the chosen filter.
    """

    rows: tuple[MemberRow, ...]
    counts: tuple[tuple[str, str, int], ...]
    pager: Pager
    export_href: str
    q: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """An event with an effective month: 设立, 封存, 基数 …"""

    effective_month: Month
    what: str
    content: str
    done_on: date


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One posting on a member's account. ``month`` is ``None`` for what belongs to no month (结息)."""

    book_date: date
    kind: str
    month: Month | None
    amount_fen: Fen
    balance_fen: Fen
    reference: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    """``portal/account.html``, region ``movements``: one member's account. Balance = carried over + this year's."""

    account_no: str
    name: str
    identity_masked: str
    mobile_masked: str
    state: State
    base_fen: Fen
    wage_fen: Fen | None
    unit_rate: Rate
    personal_rate: Rate
    unit_fen: Fen
    personal_fen: Fen
    opened_on: date
    first_month: Month
    paid_through: Month | None
    balance_fen: Fen
    carried_fen: Fen
    current_fen: Fen
    timeline: tuple[TimelineRow, ...]
    movements: tuple[MovementRow, ...]
    pager: Pager
    downloads: tuple[Download, ...] = ()
    can_seal: bool = False


@dataclass(frozen=True, slots=True)
class UploadRow:
    """An earlier upload. ``opened`` people have accounts from it, ``None`` while nobody has."""

    at: datetime
    file_name: str
    rows: int
    opened: int | None
    state: State
    href: str


@dataclass(frozen=True, slots=True)
class UploadPage:
    """``portal/upload.html``: input ``file``. ``limit`` is the number of rows a workbook may have.

    ``unfinished`` is the upload that the next one takes the place of, or that it has to wait for while its accounts are
    being opened.
    """

    inputs: dict[str, Input]
    key: Key
    template: Download
    limit: int
    earlier: tuple[UploadRow, ...]
    unfinished: UploadRow | None = None
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """One kind of finding over the whole workbook; ``rows_href`` shows only its rows."""

    sample: Refusal
    rows: int
    rows_href: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the workbook as it was read, as far as it could be. ``account_no`` once its account is open."""

    line: int
    name: str
    identity_masked: str
    wage_fen: Fen | None
    base_fen: Fen | None
    month: Month | None
    verdict: State
    findings: tuple[Refusal, ...]
    account_no: str = ""


@dataclass(frozen=True, slots=True)
class PreviewTotals:
    """``good`` includes rows that only need a look (``check``); monthly amount of the good rows, both sides.

    ``mended_fen`` is the monthly amount together with the rows to ``mend``.
    """

    rows: int
    good: int
    refused: int
    mend: int
    check: int
    monthly_fen: Fen
    mended_fen: Fen


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """``portal/preview.html``, regions ``preview`` and ``preview_rows``.

    While ``progress`` is set there is nothing else to see. Inputs: ``mode`` with the codes of ``Choice``, and
    ``accept_mended``. ``filters`` are (value, label, rows), ``finding`` the code of the finding whose rows are shown.
    ``notes`` are hints, or why nobody was opened; ``outdated``: the roster has to be checked again. ``opened`` people
    have accounts from it.
    """

    upload_no: str
    file_name: str
    uploaded_at: datetime
    state: State
    progress: Progress | None
    totals: PreviewTotals
    opened: int | None
    groups: tuple[FindingGroup, ...]
    rows: tuple[PreviewRow, ...]
    pager: Pager
    filters: tuple[tuple[str, str, int], ...]
    filter: str
    finding: str
    inputs: dict[str, Input]
    key: Key
    marked: Download | None = None
    file_refusals: tuple[Refusal, ...] = ()
    notes: tuple[Refusal, ...] = ()
    outdated: bool = False
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPersonPage:
    """``portal/open_person.html``: the person's inputs, and the limits of the base."""

    inputs: dict[str, Input]
    key: Key
    floor_fen: Fen
    cap_fen: Fen
    limits_basis: str
    unit_rate: Rate
    personal_rate: Rate
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class SealRow:
    account_no: str
    name: str
    identity_masked: str
    base_fen: Fen
    monthly_fen: Fen
    state: State


@dataclass(frozen=True, slots=True)
class SealPage:
    """``portal/seal.html``: inputs ``reason``, ``effective_month``; the people are already chosen in the roster."""

    people: tuple[SealRow, ...]
    monthly_fen: Fen
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """``portal/receipt.html``: an act was accepted. ``digest`` is the evidence's, ``next`` the step after."""

    title: str
    sentence: str
    number: str
    at: datetime
    by: str
    digest: str
    facts: tuple[tuple[str, str], ...]
    next: Link
    other: tuple[Link, ...] = ()
    downloads: tuple[Download, ...] = ()
    approved: str = ""


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """One part of the way from last month to this; every person stands in exactly one.

    ``people`` is ``None`` where only amounts move. ``first`` marks the starting figure, written without a sign.
    """

    label: str
    people: int | None
    amount_fen: Fen
    link: Link | None = None
    note: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True)
class PayChoice:
    """A way to pay. ``blocked`` says why it cannot be chosen."""

    value: str
    label: str
    note: str = ""
    chosen: bool = False
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class DeclarePage:
    """``portal/declare.html``: 核定. ``checks`` are findings that block nothing, ``checked_href`` lists whom they are
    about; ``refusals`` block.

    ``dry_run`` is the digest of the rows that posting would write; it travels with the form as ``digest``. ``blocked``:
    there is nothing to submit before what the refusals name is done.
    """

    month: Month
    bridge: tuple[BridgeRow, ...]
    people: int
    due_fen: Fen
    unit_fen: Fen
    personal_fen: Fen
    lines_href: str
    checks: tuple[Refusal, ...]
    ways: tuple[PayChoice, ...]
    dry_run: str
    basis: str
    key: Key
    blocked: bool = False
    checked_href: str = ""
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetLine:
    account_no: str
    name: str
    base_fen: Fen
    unit_fen: Fen
    personal_fen: Fen


@dataclass(frozen=True, slots=True)
class SheetLinesPage:
    """``portal/sheet_lines.html``, region ``sheet_rows``: the month's 清册, whole or one part of the bridge.

    ``parts`` are (code, label); there is no export before the month is declared.
    """

    month: Month
    back: Link
    part: str
    parts: tuple[tuple[str, str], ...]
    lines: tuple[SheetLine, ...]
    people: int
    unit_fen: Fen
    personal_fen: Fen
    pager: Pager
    export_href: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """The payment notice (汇缴通知单): ``reference`` with its check characters, the center's account, the last day."""

    reference: str
    amount_fen: Fen
    account_name: str
    account_no: str
    bank: str
    last_day: date
    days_left: int


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """Money that came for this sheet, or was taken from 暂存款, and what was done with it."""

    on: date
    what: str
    amount_fen: Fen
    sentence: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """``portal/sheet.html``, region ``arrivals``: one declared month, from notice to booking.

    ``notice`` stands while money is awaited, ``overdue`` once its last day is over. ``waits_because`` says why the last
    booking failed. ``missing_fen`` is what is still to be transferred. ``funds``, while the month waits, says whether
    the unallocated money pays it by one click; ``over`` is what came above the sum due. ``is_unclaimed``: money that
    names the month is not known to be the employer's and waits for its proof.
    ``coming``: money has come, or is being booked, and the worker is at it. ``to_declare_again``: the sheet is given up
    and its month is still the next one to be declared. ``poll_seconds`` is 0 when nothing more
    will happen by itself; ``seen`` is what the region has shown when it asks.
    """

    case_no: str
    month: Month
    state: State
    steps: tuple[Step, ...]
    people: int
    due_fen: Fen
    reserved_fen: Fen
    missing_fen: Fen
    notice: Notice | None
    arrivals: tuple[ArrivalRow, ...]
    declared_on: date
    declared_by: str
    dry_run: str
    lines_href: str
    downloads: tuple[Download, ...]
    key: Key
    can_withdraw: bool = False
    overdue: bool = False
    waits_because: str = ""
    poll_seconds: int = 0
    coming: bool = False
    seen: str = ""
    funds: Funds | None = None
    is_unclaimed: bool = False
    over: ArrivalRow | None = None
    to_declare_again: bool = False
    booked_on: date | None = None
    approved_by: str = ""
    entry_no: str = ""
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class UnallocatedRow:
    """A movement of the employer's 暂存款, in positive, out negative."""

    on: date
    what: str
    reason: str
    amount_fen: Fen
    balance_fen: Fen
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class UnallocatedPage:
    """``portal/unallocated.html``: ``free_fen`` = balance − reserved. ``uses`` are sheets it could pay."""

    balance_fen: Fen
    reserved_fen: Fen
    free_fen: Fen
    uses: tuple[Link, ...]
    rows: tuple[UnallocatedRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class RecordRow:
    case_no: str
    month: Month
    people: int
    amount_fen: Fen
    declared_on: date
    booked_on: date | None
    way: str
    state: State
    slip_href: str = ""


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """``portal/records.html``, region ``records``: all declared months of a calendar year, newest first."""

    year: int
    years: tuple[int, ...]
    rows: tuple[RecordRow, ...]
    booked_fen: Fen
    export_href: str
