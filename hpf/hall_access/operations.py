"""Logging in and out.

A handler's second factor is the code sent to the bound mobile, as the agreement prescribes, or an authenticator beside
it; that of the staff is an authenticator (`hpf.hall_access.authenticators`). Passwords are changed in
`hpf.hall_access.passwords`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hpf.hall_access import rules
from hpf.hall_access.attempts import (
    COUNTER,
    PORTAL,
    Account,
    Door,
    browser,
    checked,
    keep_code,
    login_code_digest,
    record,
    record_refused,
    refusal_of,
    statements,
    tell_of_new_place,
)
from hpf.hall_access.authenticators import try_authenticator
from hpf.hall_access.models import ChallengePurpose, PrincipalKind
from hpf.hall_access.rules import Challenge, CodeSent, Visit
from hpf.kernel import Actor, ActorKind, Channel, Refused
from hpf.kernel.identity import mask_mobile
from hpf.notices.sms import send_sms
from hpf.storage import asked, durable, keyring
from hpf.storage.tokens import fresh_code, fresh_token, token_digest, typed_code


def start_login(user_name: str, password: str, visit: Visit) -> Challenge:
    """Check a handler's user name and password; what remains is the code: `issue_code`, then `finish_login`.

    Raises ``Refused``: ACCESS-LOGIN-FAILED, the same after the same time whether or not there is such a user;
    ACCESS-WAIT after too many failures; ACCESS-INITIAL-SPENT for an initial password used before or expired.
    """
    account = checked(PORTAL, user_name, password, visit)
    return challenge_of(PORTAL, account, visit)


def issue_code(challenge: str, visit: Visit) -> CodeSent:
    """Send a code for a login under way to the handler's bound mobile; the code before it is dead.

    Raises ``Refused``: ACCESS-CODE-WAIT (one a minute, five an hour, ten a day for a number; twenty-five unanswered in
    five minutes for an address, but for who has been in from there), ACCESS-LOGIN-OVER.
    """
    code = fresh_code()
    with durable(PORTAL.looks):
        kept = keep_code(challenge, code, visit)
        if kept is None:
            raise Refused(rules.LOGIN_OVER)
        wait, until, purpose, handler_id, employer_id, name, mobile_sealed = kept
        if purpose != ChallengePurpose.LOGIN:
            raise Refused(rules.LOGIN_OVER)
        if wait:
            raise Refused(rules.code_too_soon(wait))
        mobile = keyring().decrypt("mobile", bytes(mobile_sealed))
        minutes = round((until - visit.now).total_seconds() / 60)
        values = {"code": code, "minutes": minutes}
        send_sms(mobile, "login-code", values, today=visit.today, now=visit.now, valid_until=until)
        record("issue_login_code", visit, by=PORTAL.principal(handler_id, name, employer_id, visit))
    return CodeSent(mask_mobile(mobile), until, minutes)


def finish_login(challenge: str, code: str, visit: Visit) -> str:
    """Open a session for a login under way by its code; returns the session's token, which is new.

    Up to three browsers at a time: the longest unseen makes room. Raises ``Refused``: ACCESS-CODE-FORM,
    ACCESS-CODE-WRONG with the tries left, ACCESS-CODE-DEAD, ACCESS-CODES-USED-UP, ACCESS-INITIAL-SPENT,
    ACCESS-LOGIN-OVER.
    """
    typed = typed_code(code)
    if typed is None:
        raise Refused(rules.CODE_FORM)
    token = fresh_token()
    with durable(PORTAL.looks):
        verdict, tries_left, handler_id, employer_id, name = statements(
            "finish",
            challenge=token_digest(challenge),
            code=login_code_digest(challenge, typed),
            **browser(token, visit),
        ).row()
        refusal = refusal_of(verdict, tries_left)
        if refusal is None:
            record("login", visit, by=PORTAL.principal(handler_id, name, employer_id, visit))
            tell_of_new_place(token, visit)
        elif refusal is not rules.LOGIN_OVER:  # who has no login under way is nobody, and tried nothing
            record_refused(PORTAL, visit, refusal, handler_id, employer_id)
    if refusal is not None:
        raise Refused(refusal)
    return token


def start_staff_login(user_name: str, password: str, visit: Visit) -> tuple[Challenge | None, str]:
    """Check a member of the staff's user name and password.

    Who has an authenticator is asked for its code: the challenge for `finish_by_authenticator`. Who has none yet gets
    a session, which leads to a password of his own and to an authenticator and nowhere else: its token.
    Raises ``Refused`` as `start_login` does.
    """
    account = checked(COUNTER, user_name, password, visit)
    challenge = challenge_of(COUNTER, account, visit)
    if challenge.has_authenticator:
        return challenge, ""
    token = fresh_token()
    with durable(COUNTER.looks):
        (admitted,) = statements("admit", challenge=token_digest(challenge.token), **browser(token, visit)).row()
        if not admitted:
            raise Refused(rules.INITIAL_SPENT if account.initial else rules.LOGIN_OVER)
        record("login", visit, by=COUNTER.principal(account.id, account.name, None, visit))
    return None, token


def finish_by_authenticator(challenge: str, code: str, visit: Visit) -> str:
    """Open a session for a login under way by the code of an authenticator, or by a backup code; returns its token.

    A code works once, and none works that is older than one used before. Raises ``Refused`` as `finish_login` does.
    """
    token = fresh_token()
    try_authenticator(challenge, code, visit, purpose=ChallengePurpose.LOGIN, act="login", token=token)
    return token


def principal(token: str, visit: Visit, *, renews: bool = True) -> rules.Principal | None:
    """Who is behind a session's token, ``None`` if nobody is (any more). One function call, on every request.

    Idle for 15 minutes, 8 hours old, ended, or its owner no longer active: nobody. ``renews`` is false where a page
    asks by itself: that is nobody's activity.
    """
    at = {"now": visit.now, "today": visit.today, "renews": renews}
    rows = asked(PORTAL.looks, statements("principal", session=token_digest(token), **at))
    if not rows:
        return None
    session_id, kind, principal_id, name, employer_id, roles, idle_at, expires_at, *outstanding, limited = rows[0]
    if kind == PrincipalKind.STAFF:
        actor = Actor(
            ActorKind.STAFF, principal_id, name, Channel.COUNTER, roles=frozenset(roles), address=visit.address
        )
    else:
        actor = replace(PORTAL.principal(principal_id, name, employer_id, visit), roles=frozenset(roles))
    stage = rules.stage("must_choose" in roles, *outstanding)
    return rules.Principal(actor, stage, session_id, idle_at, expires_at, frozenset(limited))


def choose_employer(user_id: int, *, token: str, visit: Visit) -> None:
    """Bind a session to one of the employers for whom its owner may act (选择单位): all that follows is theirs.

    Raises ``Refused`` (ACCESS-NO-CHOICE) for one that is not, or no longer, open to him.
    """
    with durable(PORTAL.looks):
        (chosen,) = statements("choose", session=token_digest(token), user_id=user_id, today=visit.today).row()
        if not chosen:
            raise Refused(rules.NO_CHOICE)
    found = principal(token, visit)
    if found is None:
        raise Refused(rules.LOGGED_OUT)
    with durable(found.actor, suspended_too=True):
        record("choose_employer", visit, by=found.actor)


def end_session(token: str, by: Actor, visit: Visit) -> None:
    """Log out (安全退出). A session that has ended before stays as it is."""
    with durable(by, suspended_too=True):
        if statements("end_session", session=token_digest(token), now=visit.now).rows():
            record("log_out", visit, by=by)


def end_own_sessions(session_id: int | None, *, token: str, by: Actor, visit: Visit) -> int:
    """End another of one's own sessions, or with ``None`` all the others; answers how many ended."""
    with durable(by):
        (ended,) = statements("end_own", session=token_digest(token), id=session_id, now=visit.now).row()
        if ended:
            record("end_own_sessions", visit, by=by, result={"ended": ended})
    return int(ended)


def forget(now: datetime) -> None:
    """Remove codes, logins and counters of days past and sessions older than half a year. Run every night."""
    with durable(Actor.SYSTEM):
        statements("forget", now=now).rows()


def challenge_of(door: Door, account: Account, visit: Visit) -> Challenge:
    """A login under way for an account whose password was right."""
    token = fresh_token()
    with durable(door.looks):
        challenge = {"challenge": token_digest(token), "now": visit.now}
        statements(
            "challenge",
            kind=door.kind.value,
            principal_id=account.id,
            password_hash=account.password_hash,
            **challenge,
        ).rows()
        rows = statements("challenged", **challenge).rows()
        if not rows:  # changed or no longer active since it was checked
            raise Refused(rules.LOGIN_FAILED)
        record("start_login", visit, by=door.principal(account.id, account.name, account.employer_id, visit))
    mobile, _, _, has_authenticator, *_ = rows[0]
    masked = mask_mobile(keyring().decrypt("mobile", bytes(mobile))) if mobile else ""
    return Challenge(token, masked, has_authenticator)
