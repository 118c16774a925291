"""The center's branches and the foot of its pages, as the counter keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.counter import ReviewView
from hpf.kernel import Key, Refusal


@dataclass(frozen=True, slots=True)
class BranchLine:
    """``edit`` is where it is changed, ``""`` for those who may not."""

    name: str
    address: str
    hours: str
    phone: str
    edit: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    href: str
    title: str
    reason: str
    maker: str
    at: datetime
    applied_at: datetime | None


@dataclass(frozen=True, slots=True)
class DetailsPage:
    """``counter/details.html``. ``facts`` are (label, text) of the center; ``edits``: the reader may propose."""

    facts: tuple[tuple[str, str], ...]
    branches: tuple[BranchLine, ...]
    changes: tuple[ChangeLine, ...]
    edits: bool


@dataclass(frozen=True, slots=True)
class DetailsFormPage:
    """``counter/details_form.html``. ``action`` is the address of the form."""

    title: str
    inputs: dict[str, Input]
    action: str
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class DetailsChangePage:
    """``counter/details_change.html``. ``rows`` are (label, before, after, whether they differ)."""

    title: str
    rows: tuple[tuple[str, str, str, bool], ...]
    reason: str
    made: str
    review: ReviewView
    refusals: tuple[Refusal, ...] = ()
