"""What pages show of logins and sessions. Asked inside the page's own reading transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from hpf.hall_access.models import ChangeKind, HandlerChange, SessionEnd, Termination
from hpf.hall_access.rules import (
    LOGIN_OVER,
    RESET_OVER,
    ChallengeState,
    EmployerChoice,
    HeldBack,
    OwnSecurity,
    ResetStep,
    SessionLine,
    TracedLogin,
    Unreleased,
    Visit,
)
from hpf.kernel import Actor, Refused
from hpf.kernel.identity import mask_mobile
from hpf.registry.codes import Duty
from hpf.registry.models import Handler, Staff
from hpf.storage import Statements, keyring
from hpf.storage.tokens import token_digest

statements = Statements(__package__)


def challenge_state(challenge: str, visit: Visit) -> ChallengeState:
    """Where a login under way stands, for the page that asks for the code. Raises ``Refused`` (ACCESS-LOGIN-OVER)."""
    rows = statements("challenged", challenge=token_digest(challenge), now=visit.now).rows()
    if not rows:
        raise Refused(LOGIN_OVER)
    mobile, code_until, next_code_at, has_authenticator, *_ = rows[0]
    wait = max(next_code_at - visit.now, timedelta()) if next_code_at else timedelta()
    seconds = -(-wait // timedelta(seconds=1))
    masked = mask_mobile(keyring().decrypt("mobile", bytes(mobile))) if mobile else ""
    return ChallengeState(masked, code_until, seconds, has_authenticator)


def is_released(staff_id: int) -> bool:
    """Whether one of the staff has an authenticator that somebody else has released (ADR 19)."""
    (released,) = statements("is_released", staff_id=staff_id).row()
    return bool(released)


def reset_step(challenge: str, visit: Visit) -> ResetStep:
    """What a recovery asks for next. Raises ``Refused`` (ACCESS-RESET-OVER)."""
    rows = statements("challenged", challenge=token_digest(challenge), now=visit.now).rows()
    if not rows:
        raise Refused(RESET_OVER)
    *_, has_authenticator, _, proved, passed = rows[0]
    if not proved:
        return ResetStep.CODE
    return ResetStep.PASSWORD if passed or not has_authenticator else ResetStep.AUTHENTICATOR


def own_security(token: str, by: Actor, visit: Visit) -> OwnSecurity:
    """How one's own password and authenticator stand."""
    if by.id is None:
        raise ValueError(f"nobody has a password as {by.kind}")
    table = Staff if by.is_staff else Handler
    (changed_at,) = table.objects.filter(pk=by.id).values_list("password_changed_at", flat=True)
    _, days = statements("password_profile").row()
    equipment = statements("own_equipment", session=token_digest(token)).rows()
    since, left = equipment[0] if equipment else (None, 0)
    is_old = changed_at is not None and visit.now - changed_at > timedelta(days=days)
    return OwnSecurity(changed_at, days, is_old, since, left)


def sessions(token: str) -> list[SessionLine]:
    """The latest twenty sessions of the one behind a token, newest first."""
    rows = statements("sessions", session=token_digest(token)).rows()
    return [
        SessionLine(number, started, seen, ended, SessionEnd(why).label if why else "", address, agent, is_this)
        for number, started, seen, ended, why, address, agent, is_this in rows
    ]


def last_login(lines: Sequence[SessionLine]) -> SessionLine | None:
    """The latest of one's own logins beside the present one: a stranger's visit is noticed by its owner first."""
    return next((line for line in lines if not line.is_this), None)


def choices(token: str, today: date) -> list[EmployerChoice]:
    """The employers for whom the one behind a token may act, his own first."""
    return [EmployerChoice(*row) for row in statements("choices", session=token_digest(token), today=today).rows()]


def unreleased() -> dict[int, Unreleased]:
    """The authenticators of the staff that wait to be released, by whose they are."""
    waiting = (Unreleased(*row) for row in statements("unreleased").rows())
    return {one.staff_id: one for one in waiting}


def farewell(token: str, visit: Visit) -> str:
    """Why the session of a token ended, as a code of ``SessionEnd``; "" for one that lives or that nobody knows."""
    rows = statements("farewell", session=token_digest(token), now=visit.now).rows()
    return str(rows[0][0]) if rows else ""


def changes(employer_id: int, limit: int = 50) -> list[HandlerChange]:
    """The changes of an employer's handler and mobile, newest first."""
    found = HandlerChange.objects.filter(employer_id=employer_id).select_related("case")
    return list(found.order_by("-pk")[:limit])


def handed_over(handler_id: int) -> HandlerChange | None:
    """The change by which a handler took over, as long as the hand-over pack is not put away."""
    waiting = HandlerChange.objects.filter(new_handler_id=handler_id, put_away_at=None)
    return waiting.exclude(kind=ChangeKind.MOBILE).select_related("old_handler").order_by("-pk").first()


def came_by(handler_id: int) -> ChangeKind | None:
    """The change at the counter by which a handler came in, ``None`` where it was his employer's registration."""
    found = HandlerChange.objects.filter(new_handler_id=handler_id).exclude(kind=ChangeKind.MOBILE).first()
    return ChangeKind(found.kind) if found else None


def unproved(handler_id: int) -> HandlerChange | None:
    """The last change by which somebody's mobile was bound, as long as he has not come in since."""
    waiting = HandlerChange.objects.filter(new_handler_id=handler_id, proved_at=None)
    return waiting.select_related("case").order_by("-pk").first()


def bound_by(handler_id: int, by: Actor) -> bool:
    """Whether one made such a change himself: then another gives the password."""
    return HandlerChange.objects.filter(new_handler_id=handler_id, proved_at=None, changed_by_id=by.id).exists()


def terminations(employer_id: int) -> list[Termination]:
    """When an employer gave up the hall, newest first."""
    return list(Termination.objects.filter(employer_id=employer_id).select_related("case").order_by("-pk"))


def login_by_number(number: int) -> TracedLogin | None:
    """Whose login a number is, as the watermark of pages shows it. For the audit, in the staff's role."""
    rows = statements("session_of", id=number).rows()
    return TracedLogin(*rows[0]) if rows else None


def not_handed_out() -> list[Handler]:
    """Who has been let in and has no initial password yet, the longest first. An agent brings a login of his own."""
    found = Handler.objects.filter(active=True, initial_password_expires_at=None).exclude(duty=Duty.AGENT)
    return list(found.select_related("employer").order_by("pk"))


def held_back() -> list[HeldBack]:
    """Who is asked, has confirmed or is stopped for looking up many records; those stopped first."""
    return [HeldBack(*row) for row in statements("held_back").rows()]
