"""Pages about two steps inside an employer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.states import State
from hpf.kernel import Key, Refusal


@dataclass(frozen=True, slots=True)
class PreparedRow:
    """A prepared act: who prepared it and who decided, if anybody has; ``note`` is the reason of a return."""

    href: str
    title: str
    preparer: str
    at: datetime
    decider: str
    decided_at: datetime | None
    note: str
    state: State


@dataclass(frozen=True, slots=True)
class PreparedRowsPage:
    """``portal/prepared.html``: what was prepared in the employer, newest first."""

    rows: tuple[PreparedRow, ...]


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """``portal/prepared_act.html``: ``facts`` are (label, value) of what is asked for, ``look`` leads to what it is
    about, ``outcome`` to what came of it, or to the form again. ``is_own``: the approver prepared it himself, before
    he was the approver."""

    id: int
    row: PreparedRow
    facts: tuple[tuple[str, str], ...]
    look: Link
    outcome: Link | None
    may_decide: bool
    may_take_back: bool
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()
    is_own: bool = False
