"""Pages about messages: what an employer got, how its handler is reached, what became of all that was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.counter import ReviewView
from hpf.faces.web.shapes.frame import Link, Pager
from hpf.faces.web.states import State
from hpf.kernel import Key, Refusal
from hpf.notices.usage import Usage

Paragraphs = tuple[tuple[str, ...], ...]
"""A text as a page sets it: paragraphs of lines."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """``key`` opens an unread one: that is an act."""

    href: str
    title: str
    sent_at: datetime
    unread: bool
    important: bool
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """``portal/messages.html``, region ``inbox``."""

    rows: tuple[InboxRow, ...]
    pager: Pager
    unread_only: bool
    unread: int
    key: Key


@dataclass(frozen=True, slots=True)
class MessagePage:
    """``portal/message.html``. With ``key`` it can be marked as read; else ``settled_by`` did so at ``settled_at``.

    ``leads_to`` is the page of the hall that it speaks of.
    """

    href: str
    title: str
    paragraphs: Paragraphs
    number: int
    sent_at: datetime
    important: bool
    state: State
    settled_at: datetime | None
    settled_by: str
    key: Key | None = None
    leads_to: Link | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A message that is to be confirmed before anything else opens; ``leads_to`` as on its own page."""

    id: int
    title: str
    paragraphs: Paragraphs
    sent_at: datetime
    key: Key
    leads_to: Link | None = None


@dataclass(frozen=True, slots=True)
class PromptsPage:
    """``portal/prompts.html``. ``next`` is where the handler was going."""

    prompts: tuple[Prompt, ...]
    next: str = "/"


@dataclass(frozen=True, slots=True)
class ContactPage:
    """``portal/contact.html``: inputs ``email`` and ``code``. ``asked`` is the address to which a code is under way.

    Only the handler ``gets_mail``.
    """

    mobile_masked: str
    email: str
    gets_mail: bool
    asked: str
    minutes: int
    inputs: dict[str, Input]
    key: Key
    code_key: Key
    drop_key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A message to one employer by one way."""

    href: str
    sent_at: datetime
    employer: str
    employer_href: str
    title: str
    message_href: str
    way: str
    state: State


@dataclass(frozen=True, slots=True)
class DeliveriesPage:
    """``counter/deliveries.html``, region ``delivery_rows``."""

    rows: tuple[DeliveryRow, ...]
    pager: Pager
    ways: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    q: str
    way: str
    state: str
    can_write: bool


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """``counter/delivery.html``. With ``key`` it can be sent again, or where ``act`` says so taken out: input
    ``reason``."""

    row: DeliveryRow
    details: tuple[tuple[str, str], ...]
    act: str
    inputs: dict[str, Input]
    key: Key | None
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """So many deliveries of a message by a way in a state; ``href`` lists them."""

    way: str
    state: State
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """A message on the public pages: ``draft`` is its text at the desk, ``public`` where everybody reads it, if it is
    shown. ``since`` is the moment of its state, ``digest`` that of what was published."""

    state: State
    since: datetime
    digest: str
    draft: str
    public: str


@dataclass(frozen=True, slots=True)
class SentPage:
    """``counter/sent.html``. ``unreached`` employers can get a letter, where ``letters`` says where, unless letters
    are switched off."""

    number: int
    title: str
    paragraphs: Paragraphs
    template: str
    version: int
    audience: str
    sender: str
    sent_at: datetime
    digest: str
    tallies: tuple[Tally, ...]
    unreached: int
    letters: str
    letters_off: bool
    key: Key
    announcement: Announcement | None = None


@dataclass(frozen=True, slots=True)
class WritePage:
    """``counter/write.html``: inputs of ``WriteForm``; ``branches`` are (value, label)."""

    inputs: dict[str, Input]
    branches: tuple[tuple[str, str], ...]
    branch: str
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Lacking:
    """So many employers that a way will not reach; ``href`` lists them."""

    way: str
    why: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class LackingList:
    """The employers that a way will not reach, each with its page."""

    way: str
    rows: tuple[Link, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class MassPage:
    """``counter/mass_message.html``: a message for many, with its review.

    While it waits, ``lacking`` says by ``ways`` whom it will not reach; ``listed`` are those of one way, region
    ``lacking_rows``.
    """

    title: str
    paragraphs: Paragraphs
    audience: str
    numbers: tuple[str, ...]
    ways: str
    made: str
    state: State
    sent_href: str
    review: ReviewView
    announcement: Announcement | None = None
    lacking: tuple[Lacking, ...] = ()
    listed: LackingList | None = None
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchRow:
    """Letters that were printed together. With ``key`` they are still to be taken to the post."""

    number: str
    at: datetime
    by: str
    count: int
    state: State
    proof: str
    paper: str
    post: str
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter that waits to be printed. ``why``: what brought it on paper; ``is_over``: what it says holds no more."""

    id: int
    employer: str
    employer_href: str
    title: str
    message_href: str
    written_at: datetime
    why: str
    is_over: bool
    href: str


@dataclass(frozen=True, slots=True)
class LettersPage:
    """``counter/letters.html``: inputs ``proof`` and ``reason``. ``letters`` are the oldest of those ``waiting``."""

    waiting: int
    at_once: int
    letters: tuple[LetterRow, ...]
    rows: tuple[BatchRow, ...]
    inputs: dict[str, Input]
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A wording filled with examples; ``segments`` text messages are charged for ``sms``."""

    title: str
    sms: str
    segments: int
    paragraphs: Paragraphs


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A kind of message: ``ways`` it goes by, ``off`` those that the center has switched off."""

    href: str
    name: str
    ways: str
    off: str
    version: int
    effective_on: date


@dataclass(frozen=True, slots=True)
class TemplatesPage:
    """``counter/templates.html``."""

    rows: tuple[TemplateRow, ...]


@dataclass(frozen=True, slots=True)
class VersionLine:
    number: int
    effective_on: date
    made: str


@dataclass(frozen=True, slots=True)
class Switch:
    """A way that can be left out."""

    way: str
    label: str
    on: bool
    key: Key


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """``counter/template.html``. ``edit`` and ``switch`` are "" for who may only look."""

    name: str
    places: str
    preview: Preview
    versions: tuple[VersionLine, ...]
    switches: tuple[Switch, ...]
    fixed: str
    edit: str
    switch: str


@dataclass(frozen=True, slots=True)
class WordingEditPage:
    """``counter/wording_edit.html``: the inputs that the template's ways ask for."""

    name: str
    href: str
    action: str
    places: str
    inputs: dict[str, Input]
    preview: Preview | None
    key: Key
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class WordingPage:
    """``counter/wording.html``: a wording beside the present one, with its review."""

    name: str
    href: str
    state: State
    effective_on: date
    made: str
    before: Preview
    after: Preview
    review: ReviewView
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class UsagePage:
    """``counter/sms_usage.html``: ``most`` texts a day before the alarm; days and months, latest first."""

    most: int
    gateway: str
    waiting: int
    days: tuple[Usage, ...]
    months: tuple[Usage, ...]
