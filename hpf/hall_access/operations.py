"""Logging in and out, codes, passwords.

A refused attempt has to leave its trace, so these operations commit first and refuse then. Passwords are hashed between
two transactions, never inside one: hashing takes a tenth of a second, and nobody should wait for a lock meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import check_password, make_password

from hpf import evidence
from hpf.evidence import Receipt
from hpf.hall_access import rules
from hpf.hall_access.models import PrincipalKind
from hpf.hall_access.rules import Challenge, CodeSent, Visit
from hpf.hall_access.tokens import code_digest, fresh_code, fresh_token, token_digest
from hpf.kernel import Actor, ActorKind, Channel, Key, Refusal, Refused
from hpf.kernel.identity import mask_mobile
from hpf.notices.sms import send_sms
from hpf.registry.initial_passwords import initial_password
from hpf.registry.models import Handler
from hpf.storage import Statements, durable, keyring, reading

statements = Statements(__package__)

_AGENT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class _Door:
    """Where one kind of principal comes in: the database role that looks, and the channel of what happens there."""

    kind: PrincipalKind
    looks: Actor
    channel: Channel

    def stranger(self, visit: Visit) -> Actor:
        """Someone at the door of whom nothing is known yet."""
        return Actor.ANONYMOUS.through(self.channel, visit.address)


_PORTAL = _Door(PrincipalKind.HANDLER, Actor.ANONYMOUS, Channel.PORTAL)
_COUNTER = _Door(PrincipalKind.STAFF, Actor.SYSTEM, Channel.COUNTER)


@dataclass(frozen=True, slots=True)
class _Account:
    """What is needed to check a password. ``initial``: it is the initial one, good until ``expires_at``."""

    id: int
    employer_id: int | None
    name: str
    password_hash: str
    initial: bool
    expires_at: datetime | None

    def is_spent(self, now: datetime) -> bool:
        return self.initial and (self.expires_at is None or self.expires_at <= now)


def start_login(user_name: str, password: str, visit: Visit) -> Challenge:
    """Check a handler's user name and password; what remains is the code: `issue_code`, then `finish_login`.

    Raises ``Refused``: ACCESS-LOGIN-FAILED, the same after the same time whether or not there is such a user;
    ACCESS-WAIT after too many failures; ACCESS-INITIAL-SPENT for an initial password used before or expired.
    """
    account = _checked(_PORTAL, user_name, password, visit)
    token = fresh_token()
    with durable(_PORTAL.looks):
        challenge = {"challenge": token_digest(token), "now": visit.now}
        statements("challenge", handler_id=account.id, password_hash=account.password_hash, **challenge).rows()
        rows = statements("challenged", **challenge).rows()
        if not rows:  # changed or no longer active since it was checked
            raise Refused(rules.LOGIN_FAILED)
        _record("start_login", visit, by=_handler(account.id, account.name, account.employer_id, visit))
    return Challenge(token, mask_mobile(keyring().decrypt("mobile", bytes(rows[0][0]))))


def issue_code(challenge: str, visit: Visit) -> CodeSent:
    """Send a code for a login under way to the handler's bound mobile; the code before it is dead.

    Raises ``Refused``: ACCESS-CODE-WAIT (one a minute, five an hour, ten a day), ACCESS-LOGIN-OVER.
    """
    code = fresh_code()
    with durable(_PORTAL.looks):
        rows = statements(
            "issue_code", challenge=token_digest(challenge), code=code_digest(challenge, code), now=visit.now
        ).rows()
        if not rows:
            raise Refused(rules.LOGIN_OVER)
        wait, until, handler_id, employer_id, name, mobile_sealed = rows[0]
        if wait:
            raise Refused(rules.code_too_soon(wait))
        mobile = keyring().decrypt("mobile", bytes(mobile_sealed))
        minutes = round((until - visit.now).total_seconds() / 60)
        values = {"code": code, "minutes": minutes}
        send_sms(mobile, "login-code", values, today=visit.today, now=visit.now, valid_until=until)
        _record("issue_login_code", visit, by=_handler(handler_id, name, employer_id, visit))
    return CodeSent(mask_mobile(mobile), until, minutes)


def finish_login(challenge: str, code: str, visit: Visit) -> str:
    """Open a session for a login under way by its code; returns the session's token, which is new.

    Up to three browsers at a time: the longest unseen makes room. Raises ``Refused``: ACCESS-CODE-FORM,
    ACCESS-CODE-WRONG with the tries left, ACCESS-CODE-DEAD, ACCESS-INITIAL-SPENT, ACCESS-LOGIN-OVER.
    """
    typed = rules.typed_code(code)
    if typed is None:
        raise Refused(rules.CODE_FORM)
    token = fresh_token()
    with durable(_PORTAL.looks):
        verdict, tries_left, handler_id, employer_id, name = statements(
            "finish",
            challenge=token_digest(challenge),
            code=code_digest(challenge, typed),
            session=token_digest(token),
            address=visit.address,
            agent=visit.agent[:_AGENT_LENGTH],
            now=visit.now,
        ).row()
        refusal = _refusal_of(verdict, tries_left)
        if refusal is None:
            _record("login", visit, by=_handler(handler_id, name, employer_id, visit))
        elif refusal is not rules.LOGIN_OVER:  # who has no login under way is nobody, and tried nothing
            _record_refused(_PORTAL, visit, refusal, handler_id, employer_id)
    if refusal is not None:
        raise Refused(refusal)
    return token


def login_staff(user_name: str, password: str, visit: Visit) -> str:
    """Open a session for a member of the staff by user name and password; returns its token.

    Raises ``Refused``: ACCESS-LOGIN-FAILED, ACCESS-WAIT, as `start_login` does.
    """
    account = _checked(_COUNTER, user_name, password, visit)
    token = fresh_token()
    with durable(_COUNTER.looks):
        statements(
            "open_session",
            kind=PrincipalKind.STAFF.value,
            principal_id=account.id,
            employer_id=None,
            session=token_digest(token),
            address=visit.address,
            agent=visit.agent[:_AGENT_LENGTH],
            now=visit.now,
        ).rows()
        staff = Actor(ActorKind.STAFF, account.id, account.name, Channel.COUNTER, address=visit.address)
        _record("login", visit, by=staff)
    return token


def principal(token: str, visit: Visit) -> rules.Principal | None:
    """Who is behind a session's token, ``None`` if nobody is (any more). One function call, on every request.

    Idle for 15 minutes, 8 hours old, ended, or its owner no longer active: nobody.
    """
    with durable(_PORTAL.looks):
        rows = statements("principal", session=token_digest(token), now=visit.now, today=visit.today).rows()
    if not rows:
        return None
    session_id, kind, principal_id, name, employer_id, roles, must_change_password, must_accept_agreement = rows[0]
    if kind == PrincipalKind.STAFF:
        actor = Actor(
            ActorKind.STAFF, principal_id, name, Channel.COUNTER, roles=frozenset(roles), address=visit.address
        )
    else:
        actor = _handler(principal_id, name, employer_id, visit)
    return rules.Principal(actor, rules.stage(must_change_password, must_accept_agreement), session_id)


def end_session(token: str, by: Actor, visit: Visit) -> None:
    """Log out (安全退出). A session that has ended before stays as it is."""
    with durable(by):
        if statements("end_session", session=token_digest(token), now=visit.now).rows():
            _record("log_out", visit, by=by)


def change_password(*, old: str, new: str, again: str, by: Actor, token: str, visit: Visit, key: Key) -> Receipt:
    """Change a handler's password; ends the handler's other sessions and logins under way.

    ``old`` is not looked at as long as the initial password has to be changed: it has just opened this session. Raises
    ``Refused`` with everything against the new password at once; a wrong ``old`` is refused and counted as a login is.
    """
    content = {"handler_id": by.id}
    with reading(by):
        if done := evidence.receipt(key, content):
            return done
        handler = _handler_behind(by)
    if not handler.must_change_password:
        _prove(handler, old, visit)
    known = (handler.employer.name, handler.employer.credit_code, handler.user_name, handler.name)
    refusals = rules.password_refusals(new, again, known)
    if check_password(new, handler.password_hash):
        refusals.append(rules.PASSWORD_SAME)
    if refusals:
        raise Refused(refusals)
    password_hash = make_password(new)
    with durable(by):
        if done := evidence.receipt(key, content):
            return done
        present = Handler.objects.filter(pk=handler.pk, password_hash=handler.password_hash)
        if not present.update(password_hash=password_hash, must_change_password=False):
            raise Refused(rules.OLD_PASSWORD_WRONG)
        (ended,) = statements("end_others", session=token_digest(token), now=visit.now).row()
        if not ended:
            raise Refused(rules.LOGGED_OUT)
        return _record("change_password", visit, by=by, key=key, content=content)


def reissue_initial_password(handler_id: int, *, by: Actor, visit: Visit, key: Key) -> tuple[Receipt, str | None]:
    """Give a handler a new initial password at the counter (重置初始密码), where the last one was lost or spent.

    Returns it beside the receipt this once; a repeated key gives ``None``. The old password, all sessions and logins
    under way are dead at once. Raises ``Refused`` (ACCESS-NO-HANDLER) for a handler who is not active.
    """
    content = {"handler_id": handler_id}
    with durable(by):
        if done := evidence.receipt(key, content):
            return done, None
        password = initial_password(visit.now)
        handler = Handler.objects.filter(pk=handler_id, active=True).first()
        if handler is None:
            raise Refused(rules.NO_HANDLER)
        handler.password_hash, handler.initial_password_expires_at = password.hash, password.expires_at
        handler.must_change_password = True
        handler.save(update_fields=["password_hash", "initial_password_expires_at", "must_change_password"])
        statements("end_sessions", kind=PrincipalKind.HANDLER.value, principal_id=handler_id, now=visit.now).rows()
        receipt = evidence.record(
            "reissue_initial_password",
            by=by,
            today=visit.today,
            subject=f"handler:{handler_id}",
            key=key,
            content=content,
            employer_id=handler.employer_id,
            result={"handler_id": handler_id, "user_name": handler.user_name},
        )
    return receipt, password.text


def forget(now: datetime) -> None:
    """Remove codes, logins and counters of days past and sessions older than half a year. Run every night."""
    with durable(Actor.SYSTEM):
        statements("forget", now=now).rows()


def _checked(door: _Door, user_name: str, password: str, visit: Visit) -> _Account:
    """The account of a user name, if the password is its own; else ``Refused``, counted and recorded.

    The attempt is counted before the password is looked at, and taken back when it is right.
    """
    account = _charged(door, user_name, visit)
    stand_in = _nobodys_hash()
    is_right = check_password(password, account.password_hash if account else stand_in)
    if account and is_right and not account.is_spent(visit.now):
        pair, place = _counted_under(door, user_name, visit)
        with durable(door.looks):
            statements("forgive", pair=pair, place=place).rows()
        return account
    refusal = rules.INITIAL_SPENT if account and is_right else rules.LOGIN_FAILED
    with durable(door.looks):
        _record_refused(door, visit, refusal, *_owner(account))
    raise Refused(refusal)


def _charged(door: _Door, user_name: str, visit: Visit) -> _Account | None:
    """The account of a user name, once the attempt is counted; ``Refused`` (ACCESS-WAIT) if it is one too many.

    That someone is kept waiting is recorded once: who knocks on does not fill the event log.
    """
    pair, place = _counted_under(door, user_name, visit)
    with durable(door.looks):
        seconds, is_news = statements("charge", pair=pair, place=place, now=visit.now).row()
        rows = statements(door.kind.value, user_name=rules.typed_name(user_name)).rows()
        account = _Account(*rows[0]) if rows else None
        if is_news:
            _record_refused(door, visit, rules.too_often(seconds), *_owner(account))
    if seconds:
        raise Refused(rules.too_often(seconds))
    return account


def _prove(handler: Handler, old: str, visit: Visit) -> None:
    """Check the present password once more."""
    try:
        _checked(_PORTAL, handler.user_name, old, visit)
    except Refused as refused:
        failed = rules.LOGIN_FAILED in refused.refusals
        raise Refused(rules.OLD_PASSWORD_WRONG if failed else refused.refusals) from None


def _handler_behind(by: Actor) -> Handler:
    if not by.is_handler or by.id is None:
        raise ValueError(f"only handlers change their passwords here, not {by.kind}")
    return Handler.objects.select_related("employer").get(pk=by.id)


def _counted_under(door: _Door, user_name: str, visit: Visit) -> tuple[bytes, bytes]:
    """The keyed digests under which failures are counted: of account and address together, and of the address."""
    keys, name = keyring(), rules.typed_name(user_name)
    pair = f"{door.kind}\0{name}\0{visit.network}"
    return keys.digest("login_pair", pair), keys.digest("login_address", visit.network)


def _refusal_of(verdict: str, tries_left: int) -> Refusal | None:
    if verdict == "wrong" and tries_left:
        return rules.code_wrong(tries_left)
    return {
        "right": None,
        "wrong": rules.CODE_DEAD,
        "dead": rules.CODE_DEAD,
        "spent": rules.INITIAL_SPENT,
        "over": rules.LOGIN_OVER,
    }[verdict]


def _record(
    act: str, visit: Visit, *, by: Actor, key: Key | None = None, content: dict[str, int | None] | None = None
) -> Receipt:
    subject = f"{by.kind.value}:{by.id}"
    detail = {"agent": visit.agent[:_AGENT_LENGTH]}
    return evidence.record(act, by=by, today=visit.today, subject=subject, key=key, content=content, detail=detail)


def _owner(account: _Account | None) -> tuple[int | None, int | None]:
    return (account.id, account.employer_id) if account else (None, None)


def _record_refused(
    door: _Door, visit: Visit, refusal: Refusal, account_id: int | None, employer_id: int | None
) -> None:
    """What was typed is not kept: people type passwords into the field for the name."""
    evidence.record(
        "refuse_login",
        by=door.stranger(visit),
        today=visit.today,
        subject=f"{door.kind.value}:{account_id}" if account_id else "",
        employer_id=employer_id,
        detail={"code": refusal.code, "agent": visit.agent[:_AGENT_LENGTH]},
    )


def _handler(handler_id: int, name: str, employer_id: int | None, visit: Visit) -> Actor:
    return Actor(ActorKind.HANDLER, handler_id, name, Channel.PORTAL, employer_id, address=visit.address)


@cache
def _nobodys_hash() -> str:
    """A hash for users who do not exist, so that refusing them takes as long."""
    return make_password(fresh_token())
