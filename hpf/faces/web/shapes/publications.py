"""What is published: for everybody, for the handler who must acknowledge it, and at its desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.counter import ReviewView
from hpf.faces.web.shapes.frame import Download, Link, Pager
from hpf.kernel import Key, Refusal
from hpf.publications.rules import DraftState


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """``upcoming``: its day of effect is still to come."""

    href: str
    kind: str
    title: str
    important: bool
    published_on: datetime
    effective_on: date
    upcoming: bool


@dataclass(frozen=True, slots=True)
class PublicationsPage:
    """``public/publications.html``. ``tabs`` are the kinds, ``kind`` the one shown."""

    rows: tuple[PublicationRow, ...]
    pager: Pager
    tabs: tuple[Link, ...]
    here: str
    kind: str
    q: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in a list of them; ``current`` is the one that stands."""

    href: str
    number: int
    published_on: datetime
    effective_on: date
    change_summary: str
    current: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it is read: ``body`` is rendered, ``digest`` SM3 in hex. A draft has no number, no digest and
    perhaps no days yet.
    """

    kind: str
    title: str
    number: int
    effective_on: date | None
    published_on: datetime | None
    body: Markup
    change_summary: str
    digest: str
    downloads: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """``public/publication.html``. ``superseded`` leads to the version that stands, where another one is read."""

    reading: Reading
    listing: Link
    versions: tuple[VersionRow, ...]
    upcoming: bool = False
    superseded: Link | None = None


@dataclass(frozen=True, slots=True)
class AcknowledgePage:
    """``portal/acknowledge.html``: input ``read``; ``left`` others follow, then ``next``."""

    inputs: dict[str, Input]
    key: Key
    reading: Reading
    version_id: int
    left: int
    next: str = "/"
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A publication at its desk; ``standing`` is how its last version stands, in a word."""

    href: str
    kind: str
    title: str
    state: DraftState
    writer: str
    written_at: datetime
    standing: str


@dataclass(frozen=True, slots=True)
class PublicationDeskPage:
    """``counter/publications.html``. ``write`` leads to the editor, kind by kind, ``()`` for who may not write."""

    rows: tuple[DeskLine, ...]
    pager: Pager
    kinds: tuple[tuple[str, str], ...]
    kind: str
    write: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class DraftLine:
    href: str
    title: str
    state: DraftState
    writer: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class PublicationHistoryPage:
    """``counter/publication.html``: drafts and versions. ``take_down`` has the input ``reason``, or nothing."""

    kind: str
    title: str
    versions: tuple[VersionRow, ...]
    drafts: tuple[DraftLine, ...]
    revise: str
    take_down: dict[str, Input]
    address: str
    key: Key
    acknowledged: str
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class EditorPage:
    """``counter/publication_editor.html``: inputs of the draft's form, ``loss_confirmed`` where it ``asks_loss``.

    ``keep`` are the files that it has and whether they stay; ``preview`` is rendered where it was asked for; nothing
    is saved by that.
    """

    heading: str
    action: str
    back: str
    inputs: dict[str, Input]
    keep: tuple[tuple[str, str, bool], ...]
    key: Key
    preview: Reading | None = None
    asks_loss: bool = False
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftPage:
    """``counter/publication_draft.html``: ``details`` say when and how it goes out; ``turns`` are the writer's acts.

    ``loss`` says how much of the former text is gone, if most is.
    ``message`` is the page of the message that it announces, with which it is decided.
    """

    state: DraftState
    history: str
    reading: Reading
    details: tuple[tuple[str, str], ...]
    review: ReviewView
    edit: str
    turn: str
    turns: tuple[tuple[str, str], ...]
    key: Key
    loss: str = ""
    message: str = ""
    refusals: tuple[Refusal, ...] = ()
