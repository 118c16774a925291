"""Pages about messages: what an employer got, and how its handler is reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.frame import Pager
from hpf.faces.web.states import State
from hpf.kernel import Key, Refusal

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
    """``portal/message.html``. With ``key`` it can be marked as read; else ``settled_by`` did so at ``settled_at``."""

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


@dataclass(frozen=True, slots=True)
class Prompt:
    """A message that is shown after the login until it is confirmed."""

    id: int
    title: str
    paragraphs: Paragraphs
    sent_at: datetime
    key: Key


@dataclass(frozen=True, slots=True)
class PromptsPage:
    """``portal/prompts.html``."""

    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class ContactPage:
    """``portal/contact.html``: inputs ``email`` and ``code``. ``asked`` is the address to which a code is under way."""

    mobile_masked: str
    email: str
    asked: str
    minutes: int
    inputs: dict[str, Input]
    key: Key
    code_key: Key
    drop_key: Key
    refusals: tuple[Refusal, ...] = ()
