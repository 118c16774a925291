"""Pages before the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.faces.web.forms import Input
from hpf.kernel import Key, Refusal


@dataclass(frozen=True, slots=True)
class LoginPage:
    """``public/login.html``: inputs ``user_name``, ``password``. ``staff`` is the center's own door.

    ``next`` is the address that was asked for and waits behind the login.
    """

    inputs: dict[str, Input]
    next: str = ""
    staff: bool = False
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class LoginCodePage:
    """``public/login_code.html``: input ``code``. ``minutes_valid`` is 0 while no code is out.

    ``resend_after`` seconds have to pass until another code may be asked for.
    """

    inputs: dict[str, Input]
    mobile_masked: str
    minutes_valid: int
    resend_after: int
    next: str = ""
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
    """``heading`` is empty for what stands before the first one."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """``public/agreement.html``: input ``accepted``. Read only where ``accepted_at`` is set. ``digest`` is SM3, hex.

    ``summary`` says what has changed since the version before.
    """

    inputs: dict[str, Input]
    key: Key
    title: str
    version: str
    effective_on: date
    summary: str
    digest: str
    clauses: tuple[Clause, ...]
    accepted_at: datetime | None = None
    accepted_by: str = ""
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoCode:
    """A text message that the demonstration did not send: ``code`` is good until ``expires_at``, if it ends."""

    sent_at: datetime
    mobile_masked: str
    text: str
    code: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Someone as whom the demonstration can be entered. ``href`` is the page to log in on."""

    who: str
    href: str
    user_name: str
    password: str


@dataclass(frozen=True, slots=True)
class DemoCodesPage:
    """``public/demo_codes.html``, in demonstration mode only."""

    codes: tuple[DemoCode, ...]
    users: tuple[DemoUser, ...] = ()
