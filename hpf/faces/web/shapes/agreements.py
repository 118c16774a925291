"""The staff's pages about versions of the agreement and of the special rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.agreement.differences import Difference
from hpf.casework.review import ReviewState
from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.counter import ReviewView
from hpf.faces.web.shapes.public import DocumentVersions
from hpf.kernel import Key, Refusal
from hpf.kernel.wording import Chapter


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A version that is not published. ``state`` is that of its last review."""

    id: int
    document: str
    number: str
    effective_on: date
    drafted_by: str
    state: ReviewState | None


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """``counter/agreements.html``: drafts first, then all published versions."""

    drafts: tuple[DraftRow, ...]
    documents: tuple[DocumentVersions, ...]
    may_draft: bool


@dataclass(frozen=True, slots=True)
class DraftForm:
    """``counter/agreement_edit.html``: inputs ``document``, ``number``, ``effective_on``, ``summary``, ``file``,
    ``text``, ``binding``, and ``loss_confirmed`` where it ``asks_loss``.

    ``earliest`` is the first day on which a version may take effect if it is approved today. ``action`` takes the form.
    """

    inputs: dict[str, Input]
    key: Key
    action: str
    back: str
    earliest: date
    notice_days: int
    is_new: bool
    asks_loss: bool = False
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftPage:
    """``counter/agreement_draft.html``: what was drafted, what it changes, what was said of it.

    ``edit`` and ``withdraw`` are addresses for its maker, ``""`` where there is nothing to do; ``published`` is where
    the version can be read by everybody, once it is. ``loss`` says how much of the former text is gone, if most is,
    ``loss_confirmed`` what its maker confirmed of that, and ``asked`` lets the second person confirm it too.
    ``binding`` are the clauses that bind the user, as number and words.
    """

    document: str
    number: str
    effective_on: date
    summary: str
    digest: str
    title: str
    chapters: tuple[Chapter, ...]
    clause_count: int
    compared_with: str
    difference: Difference | None
    review: ReviewView
    key: Key
    binding: tuple[tuple[str, str], ...] = ()
    loss: str = ""
    loss_confirmed: str = ""
    asked: Input | None = None
    edit: str = ""
    withdraw: str = ""
    published: str = ""
    refusals: tuple[Refusal, ...] = ()
