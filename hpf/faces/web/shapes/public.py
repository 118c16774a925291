"""Pages before the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.faces.web.forms import Input
from hpf.kernel import Key, Refusal


@dataclass(frozen=True, slots=True)
class LoginPage:
    """``public/login.html``: inputs ``user_name``, ``password``. ``staff`` is the center's own door."""

    inputs: dict[str, Input]
    key: Key
    staff: bool = False
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class LoginCodePage:
    """``public/login_code.html``: input ``code``; ``resend_after`` seconds until another code may be asked for."""

    inputs: dict[str, Input]
    key: Key
    mobile_masked: str
    minutes_valid: int
    resend_after: int
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """``public/first_password.html``: inputs ``password``, ``again``; ``rules`` as sentences."""

    inputs: dict[str, Input]
    key: Key
    rules: tuple[str, ...]
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """``public/agreement.html``: input ``accepted``. Read only where ``accepted_at`` is set. ``digest`` is SM3, hex."""

    inputs: dict[str, Input]
    key: Key
    title: str
    version: str
    published_on: date
    digest: str
    clauses: tuple[Clause, ...]
    accepted_at: datetime | None = None
    accepted_by: str = ""
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoCode:
    """A text message that the demonstration did not send: ``code`` is good until ``expires_at``."""

    sent_at: datetime
    mobile_masked: str
    text: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DemoCodesPage:
    """``public/demo_codes.html``, in demonstration mode only."""

    codes: tuple[DemoCode, ...]
