"""What is closed and when, at the counter and for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hpf.channels.rules import ClosureState
from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.counter import ReviewView
from hpf.kernel import Key, Refusal


@dataclass(frozen=True, slots=True)
class ClosuresPage:
    """``public/closures.html``: all of it stands in the frame; region ``closure-notices``."""


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """``now`` is how it stands at this moment, in a word."""

    href: str
    what: str
    channels: str
    reason: str
    starts_at: datetime
    ends_at: datetime | None
    state: ClosureState
    now: str


@dataclass(frozen=True, slots=True)
class ClosureDeskPage:
    """``counter/closures.html``: the form is the planned one or, for the system's administrator, the one at once."""

    rows: tuple[ClosureRow, ...]
    inputs: dict[str, Input]
    action: str
    urgent: bool
    key: Key
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
