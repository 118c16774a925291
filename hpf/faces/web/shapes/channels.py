"""What is closed and when, at the counter and for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.channels.hours import TimetableStanding
from hpf.channels.rules import ClosureStanding
from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.counter import ReviewView
from hpf.kernel import Key, Refusal


@dataclass(frozen=True, slots=True)
class ClosuresPage:
    """``public/closures.html``: what is closed stands in the frame; region ``closure-notices``."""

    hours: tuple[ChannelHours, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionHours:
    """When a function takes acts, in a sentence."""

    what: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ChannelHours:
    """When the functions of a channel take acts."""

    channel: str
    functions: tuple[FunctionHours, ...]


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """``state`` is how it stands at this moment, ``lifted`` who ended it before its time, and when."""

    href: str
    what: str
    channels: str
    reason: str
    starts_at: datetime
    ends_at: datetime | None
    state: ClosureStanding
    lifted: str = ""


@dataclass(frozen=True, slots=True)
class ClosureDeskPage:
    """``counter/closures.html``: the form is the planned one or, for the system's administrator, the one at once.

    ``now`` is the moment from which its times are judged: in a demonstration the business day's.
    """

    rows: tuple[ClosureRow, ...]
    inputs: dict[str, Input]
    action: str
    urgent: bool
    key: Key
    now: datetime
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosurePage:
    """``counter/closure.html``. ``lift`` is the address that opens again, ``""`` where nothing stands."""

    row: ClosureRow
    made: str
    review: ReviewView | None
    lift: str
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class TimetableLine:
    """``state`` is how it stands today."""

    href: str
    what: str
    sentence: str
    starts_on: date
    reason: str
    state: TimetableStanding


@dataclass(frozen=True, slots=True)
class TimetableDeskPage:
    """``counter/timetables.html``: what holds now in each channel, all that was proposed, and the form."""

    channels: tuple[ChannelHours, ...]
    rows: tuple[TimetableLine, ...]
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class TimetablePage:
    """``counter/timetable.html``. ``now`` is what holds while this one waits, ``""`` afterwards."""

    row: TimetableLine
    now: str
    made: str
    review: ReviewView
    refusals: tuple[Refusal, ...] = ()
