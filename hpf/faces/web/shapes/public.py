"""Pages before the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.agreement.differences import Difference
from hpf.faces.web.forms import Input
from hpf.faces.web.shapes.frame import Download, FieldGroup, Link
from hpf.faces.web.states import State
from hpf.hall_access.rules import OwnSecurity, ResetStep, SessionLine
from hpf.kernel import Key, Refusal
from hpf.kernel.wording import Chapter
from hpf.registry.codes import AgreementDocument


@dataclass(frozen=True, slots=True)
class LoginPage:
    """``public/login.html``: inputs ``user_name``, ``password``. ``staff`` is the center's own door.

    ``next`` is the address that was asked for and waits behind the login, ``coming`` a change of the agreement ahead.
    ``farewell`` says why the session ended that this browser still remembers, ``lost`` that a form came too late.
    """

    inputs: dict[str, Input]
    next: str = ""
    staff: bool = False
    farewell: str = ""
    lost: bool = False
    refusals: tuple[Refusal, ...] = ()
    coming: ComingVersion | None = None


@dataclass(frozen=True, slots=True)
class LoginCodePage:
    """``public/login_code.html``: input ``code``. ``minutes_valid`` is 0 while no code is out.

    ``resend_after`` seconds have to pass until another code may be asked for.
    """

    inputs: dict[str, Input]
    mobile_masked: str
    minutes_valid: int
    resend_after: int
    has_authenticator: bool = False
    next: str = ""
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthenticatorCodePage:
    """``public/authenticator_code.html``: input ``code``. ``action`` takes the form, ``start`` is the first page."""

    inputs: dict[str, Input]
    action: str
    start: str
    next: str = ""
    staff: bool = False
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """``public/first_password.html``: inputs ``password``, ``again``; ``rules`` as sentences."""

    inputs: dict[str, Input]
    key: Key
    rules: tuple[str, ...]
    staff: bool = False
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class ForgotPage:
    """``public/forgot.html``: inputs ``user_name``, ``credit_code``."""

    inputs: dict[str, Input]
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class ResetPage:
    """``public/reset.html``: the inputs of one step: ``code``, or ``password`` and ``again`` with their ``rules``.

    ``resent``: another code was asked for just now."""

    step: ResetStep
    inputs: dict[str, Input]
    rules: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    resent: bool = False


@dataclass(frozen=True, slots=True)
class EnrolPage:
    """``public/enrol.html``: input ``code``. ``picture`` is the QR code as the address of an image, ``secret`` the same
    to be typed. ``back`` is ``""`` for whom there is no way around it; ``replaces`` an authenticator that there is."""

    inputs: dict[str, Input]
    key: Key
    action: str
    back: str
    picture: str
    secret: str
    sealed: str
    replaces: bool = False
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityPage:
    """``portal/sessions.html`` and ``counter/security.html``: one's own password, authenticator and logins, newest
    first; ``last`` is the one before this, ``None`` at the first. ``has_pack``: he took over, and finds the hand-over
    pack again."""

    own: OwnSecurity
    lines: tuple[SessionLine, ...]
    last: SessionLine | None
    now: datetime
    has_pack: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """``public/change_password.html`` and ``public/drop_authenticator.html``: an act on one's own access that asks for
    the password once more. ``rules`` are those of passwords, as sentences."""

    inputs: dict[str, Input]
    key: Key
    action: str
    back: Link
    rules: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class BackupCodesPage:
    """``public/backup_codes.html``: shown once, straight after the enrolment."""

    codes: tuple[str, ...]
    onward: str


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """``public/agreement.html``: input ``accepted``. Read only where ``accepted_at`` is set. ``digest`` is SM3, hex.

    The form goes to ``action`` and, once accepted, on to ``next``. ``summary`` says what has changed since the version
    before, ``difference`` what has since ``compared_with``, the one that this handler accepted last.
    """

    inputs: dict[str, Input]
    key: Key
    refusal_key: Key
    document: AgreementDocument
    action: str
    next: str
    title: str
    version: str
    effective_on: date
    summary: str
    digest: str
    chapters: tuple[Chapter, ...]
    compared_with: str = ""
    difference: Difference | None = None
    accepted_at: datetime | None = None
    accepted_by: str = ""
    certificate: str = ""
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementRefusedPage:
    """``public/agreement_refused.html``: the branches that go on serving, as (name, address, hours)."""

    branches: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A published version; ``state`` is 现行, 即将生效 or 历史, ``digest`` SM3 in hex."""

    id: int
    document: str
    number: str
    published_on: date
    effective_on: date
    state: str
    summary: str
    digest: str

    @property
    def tone(self) -> str:
        """The colour of the state's tag."""
        return {"现行": "ok", "即将生效": "wait"}.get(self.state, "")


@dataclass(frozen=True, slots=True)
class DocumentVersions:
    """All versions of one document, newest first."""

    label: str
    rows: tuple[VersionRow, ...]


@dataclass(frozen=True, slots=True)
class AgreementsPage:
    """``public/agreements.html``: what anybody may read, without logging in."""

    documents: tuple[DocumentVersions, ...]


@dataclass(frozen=True, slots=True)
class AgreementVersionPage:
    """``public/agreement_version.html``: one version whole. ``text_href`` gives the bytes behind the digest."""

    row: VersionRow
    title: str
    chapters: tuple[Chapter, ...]
    text_href: str


@dataclass(frozen=True, slots=True)
class ComingVersion:
    """A change that has been published and is not yet in force, as pages announce it."""

    document: str
    number: str
    effective_on: date
    summary: str
    href: str


@dataclass(frozen=True, slots=True)
class DemoCode:
    """A text message that the demonstration did not send: ``code`` is good until ``expires_at``, if it ends."""

    sent_at: datetime
    mobile_masked: str
    text: str
    code: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class DemoMail:
    """A mail that the demonstration did not send."""

    sent_at: datetime
    address: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Someone as whom the demonstration can be entered. ``href`` is the page to log in on.

    ``code`` is the one that his authenticator shows and that is not used yet, good for ``seconds``; where all are used,
    ``""`` and the seconds until the next.
    """

    who: str
    href: str
    user_name: str
    password: str
    code: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class DemoCodesPage:
    """``public/demo_codes.html``, in demonstration mode only."""

    codes: tuple[DemoCode, ...]
    users: tuple[DemoUser, ...] = ()
    mails: tuple[DemoMail, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoDayPage:
    """``public/demo_day.html``: a day was chosen on which something does not go; ``back`` leads to where it was."""

    day: date
    doubt: str
    back: str


@dataclass(frozen=True, slots=True)
class AdvanceFormPage:
    """``public/advance_form.html``: 附件1 and input ``code``. ``sent_to`` is set once a code is on its way."""

    inputs: dict[str, Input]
    groups: tuple[FieldGroup, ...]
    sent_to: str = ""
    minutes: int = 0
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class AdvanceDonePage:
    """``public/advance_done.html``: a form that was kept, and what to bring where.

    ``next_step`` says what is to be done once the form has come to the counter; then there is nothing to ``bring``.
    """

    number: str
    name: str
    state: State
    branch: str
    branch_address: str
    branch_hours: str
    bring: tuple[str, ...]
    next_step: str = ""
    branch_phone: str = ""


@dataclass(frozen=True, slots=True)
class BranchRow:
    """A branch as the public list shows it."""

    name: str
    address: str
    hours: str
    phone: str
    services: str


@dataclass(frozen=True, slots=True)
class BranchesPage:
    """``public/branches.html``."""

    rows: tuple[BranchRow, ...]


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form to be filled in by hand, and what for."""

    title: str
    use: str
    download: Download


@dataclass(frozen=True, slots=True)
class FormsPage:
    """``public/blank_forms.html``."""

    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class AdvanceFindPage:
    """``public/advance_find.html``: input ``number``; once ``asked`` for a ``number``, input ``code``."""

    inputs: dict[str, Input]
    asked: bool = False
    number: str = ""
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class LookingPage:
    """``public/looking.html``: inputs ``reason``, ``old``; ``next`` is the address that was asked for."""

    inputs: dict[str, Input]
    key: Key
    action: str
    next: str
    back: Link
    refusals: tuple[Refusal, ...] = ()
