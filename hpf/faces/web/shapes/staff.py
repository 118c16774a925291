"""Pages of the three administrators (三员)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from hpf.evidence.log import LogSearch
from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.counter import ReviewView
from hpf.faces.web.shapes.frame import Link, Pager
from hpf.hall_access.models import LookingState
from hpf.hall_access.rules import Unreleased
from hpf.kernel import Key, Refusal


@dataclass(frozen=True, slots=True)
class StaffRow:
    id: int
    name: str
    user_name: str
    branch: str
    roles: str
    active: bool
    waits: bool
    unreleased_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StaffPage:
    """``counter/staff.html``. ``can_create`` for the administrator of the system."""

    rows: tuple[StaffRow, ...]
    can_create: bool


@dataclass(frozen=True, slots=True)
class NewStaffPage:
    """``counter/staff_new.html``: inputs ``user_name``, ``name``, ``branch``, ``roles``."""

    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffMemberPage:
    """``counter/staff_member.html``: inputs ``branch``, ``roles`` for who may propose; ``secures`` for who may stop.

    ``unreleased`` is his authenticator, while it waits; input ``met`` of ``release``. ``proposed`` says what the latest
    proposal asks for, while it waits. Who has no roles yet gets no password.
    """

    id: int
    name: str
    active: bool
    has_roles: bool
    details: tuple[tuple[str, str], ...]
    proposed: str
    review: ReviewView
    inputs: dict[str, Input]
    secures: bool
    key: Key
    refusals: tuple[Refusal, ...] = ()
    unreleased: Unreleased | None = None
    release: dict[str, Input] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnreleasedPage:
    """``public/unreleased.html``: what its owner compares with who releases, and ``names`` of whom he may go to.

    ``of_security``: he is one of these himself; two other administrators help him where he is the only one.
    """

    check_number: str
    enrolled_at: datetime
    name: str
    names: tuple[str, ...]
    of_security: bool = False


@dataclass(frozen=True, slots=True)
class StaffPasswordPage:
    """``counter/staff_password.html``: shown once."""

    id: int
    name: str
    user_name: str
    password: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class EventRow:
    """``related`` leads to all events about the same; ``content`` are (label, text)."""

    number: int
    at: datetime
    business_day: date
    act: str
    actor: str
    channel: str
    address: str
    subject: Link
    related: str
    employer: Link | None
    content: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HeldBackRow:
    """``id`` is the tally's; ``state`` asked, confirmed or stopped; ``purpose`` is what was said when asked."""

    id: int
    name: str
    user_name: str
    employer: str
    state: LookingState
    in_hour: int
    in_day: int
    since: datetime
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class HeldBackPage:
    """``counter/staff_looking.html``: input ``reason``, asked for where somebody is let go on."""

    rows: tuple[HeldBackRow, ...]
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()

    @property
    def stopped(self) -> tuple[HeldBackRow, ...]:
        return tuple(row for row in self.rows if row.state is LookingState.STOPPED)


@dataclass(frozen=True, slots=True)
class TracePage:
    """``counter/trace.html``: what a number stands for; without ``facts`` it stands for nothing."""

    number: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EventsPage:
    """``counter/events.html``: ``acts`` are the acts that can be asked for, ``about`` the one subject, in words."""

    rows: tuple[EventRow, ...]
    pager: Pager
    acts: tuple[tuple[str, str], ...]
    search: LogSearch
    key: Key
    about: str = ""


@dataclass(frozen=True, slots=True)
class AttemptsRow:
    """``suspicious``: somebody guesses from there."""

    address: str
    refused: int
    accounts: int
    last_at: datetime
    suspicious: bool


@dataclass(frozen=True, slots=True)
class AttemptsPage:
    """``counter/staff_attempts.html``. An address may fail ``most`` times; ``refused`` is all together."""

    rows: tuple[AttemptsRow, ...]
    most: int
    refused: int
    is_wave: bool


@dataclass(frozen=True, slots=True)
class LooksLine:
    href: str
    reason: str
    maker: str
    at: datetime
    applied_at: datetime | None


@dataclass(frozen=True, slots=True)
class LooksPage:
    """``counter/staff_looks.html``. ``limits`` are (who looks, how much), as they hold now."""

    limits: tuple[tuple[str, str], ...]
    changes: tuple[LooksLine, ...]
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class LooksChangePage:
    """``counter/staff_looks_change.html``. ``rows`` are (who looks, now, as proposed)."""

    rows: tuple[tuple[str, str, str], ...]
    reason: str
    made: str
    applied_at: datetime | None
    review: ReviewView
    refusals: tuple[Refusal, ...] = ()
