"""What every way in has in common: the two doors, the password check that is counted, the events it leaves.

A refused attempt has to leave its trace, so what is done here commits first and refuses then. Passwords are hashed
between two transactions, never inside one: hashing takes a tenth of a second, and nobody should wait for a lock
meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.auth.hashers import check_password, make_password

from hpf import evidence
from hpf.evidence import Receipt
from hpf.hall_access import rules
from hpf.hall_access.models import PrincipalKind
from hpf.hall_access.rules import Visit
from hpf.kernel import Actor, ActorKind, Channel, Key, Refusal, Refused
from hpf.notices.sms import send_sms
from hpf.registry.models import Handler, Staff
from hpf.storage import Statements, durable, keyring
from hpf.storage.tokens import code_digest, fresh_token, token_digest

statements = Statements(__package__)

AGENT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Door:
    """Where one kind of principal comes in: the database role that looks, and the channel of what happens there."""

    kind: PrincipalKind
    looks: Actor
    channel: Channel

    def stranger(self, visit: Visit) -> Actor:
        """Someone at the door of whom nothing is known yet."""
        return Actor.ANONYMOUS.through(self.channel, visit.address)

    def principal(self, number: int | None, name: str, employer_id: int | None, visit: Visit) -> Actor:
        """Someone who has been recognised at this door."""
        kind = ActorKind.HANDLER if self.kind is PrincipalKind.HANDLER else ActorKind.STAFF
        return Actor(kind, number, name, self.channel, employer_id, address=visit.address)


PORTAL = Door(PrincipalKind.HANDLER, Actor.ANONYMOUS, Channel.PORTAL)
COUNTER = Door(PrincipalKind.STAFF, Actor.SYSTEM, Channel.COUNTER)


def door_of(kind: str) -> Door:
    """The door by which a kind of principal comes in."""
    return PORTAL if kind == PrincipalKind.HANDLER else COUNTER


@dataclass(frozen=True, slots=True)
class Account:
    """What is needed to check a password. ``initial``: it is the initial one, good until ``expires_at``.

    ``ended`` says why the account is one no longer, as ``SessionEnd`` does.
    """

    id: int
    employer_id: int | None
    name: str
    password_hash: str
    initial: bool
    expires_at: datetime | None
    ended: str = ""

    def is_spent(self, now: datetime) -> bool:
        return self.initial and (self.expires_at is None or self.expires_at <= now)


def checked(door: Door, user_name: str, password: str, visit: Visit) -> Account:
    """The account of a user name, if the password is its own; else ``Refused``, counted and recorded.

    The attempt is counted before the password is looked at, and taken back when it is right.
    """
    account = _charged(door, user_name, visit)
    stand_in = _nobodys_hash()
    is_right = check_password(password, account.password_hash if account else stand_in)
    if account and is_right and not account.ended and not account.is_spent(visit.now):
        pair, place = _counted_under(door, user_name, visit)
        with durable(door.looks):
            statements("forgive", pair=pair, place=place).rows()
        return account
    refusal = _against(account) if account and is_right else rules.LOGIN_FAILED
    with durable(door.looks):
        record_refused(door, visit, refusal, *_owner(account))
    raise Refused(refusal)


def _against(account: Account) -> Refusal:
    """Why a password that is right opens nothing. Said to nobody else: a stranger does not learn who was here."""
    return rules.ENDED[account.ended] if account.ended else rules.INITIAL_SPENT


def record(
    act: str,
    visit: Visit,
    *,
    by: Actor,
    subject: str = "",
    employer_id: int | None = None,
    key: Key | None = None,
    content: Mapping[str, object] | None = None,
    detail: Mapping[str, object] | None = None,
    result: Mapping[str, object] | None = None,
) -> Receipt:
    """One event about access; about the actor's own, if no other subject is named."""
    return evidence.record(
        act,
        by=by,
        today=visit.today,
        subject=subject or f"{by.kind.value}:{by.id}",
        employer_id=employer_id,
        key=key,
        content=content,
        detail={"agent": visit.agent[:AGENT_LENGTH], **(detail or {})},
        result=result,
    )


def record_refused(door: Door, visit: Visit, refusal: Refusal, account_id: int | None, employer_id: int | None) -> None:
    """What was typed is not kept: people type passwords into the field for the name."""
    evidence.record(
        "refuse_login",
        by=door.stranger(visit),
        today=visit.today,
        subject=f"{door.kind.value}:{account_id}" if account_id else "",
        employer_id=employer_id,
        detail={"code": refusal.code, "agent": visit.agent[:AGENT_LENGTH]},
    )


def refusal_of(verdict: str, tries_left: int) -> Refusal | None:
    """What the verdict on a code comes to, ``None`` if it was right."""
    if verdict == "wrong" and tries_left:
        return rules.code_wrong(tries_left)
    return {
        "right": None,
        "wrong": rules.CODE_DEAD,
        "dead": rules.CODE_DEAD,
        "locked": rules.CODES_USED_UP,
        "spent": rules.INITIAL_SPENT,
        "over": rules.LOGIN_OVER,
    }[verdict]


def browser(token: str, visit: Visit) -> dict[str, object]:
    """What is kept of the browser that a session is opened for."""
    return {
        "session": token_digest(token),
        "address": visit.address,
        "agent": visit.agent[:AGENT_LENGTH],
        "now": visit.now,
    }


def login_code_digest(challenge: str, code: str) -> bytes:
    """What is kept of a code: bound to the login, or to the recovery, that it was sent for."""
    return code_digest("login_code", challenge, code)


def keep_code(challenge: str, code: str, visit: Visit) -> tuple[Any, ...] | None:
    """Keep a code for something under way, inside the present transaction: the row of ``hall_access_issue_code``."""
    rows = statements(
        "issue_code",
        challenge=token_digest(challenge),
        code=login_code_digest(challenge, code),
        counter=keyring().digest("sms_address", visit.network),
        address=visit.address,
        now=visit.now,
    ).rows()
    return rows[0] if rows else None


def tell_of_new_place(token: str, visit: Visit) -> None:
    """Tell a handler by text message of a login from an address with a browser that he never came with before."""
    for (mobile,) in statements("new_place", session=token_digest(token)).rows():
        values = {"moment": rules.chinese_moment(visit.now), "address": visit.address}
        send_sms(keyring().decrypt("mobile", bytes(mobile)), "login-notice", values, today=visit.today, now=visit.now)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long somebody has to wait, 0 if he may try; whether that is news; whether it is his address that waits."""

    seconds: int
    is_news: bool
    of_address: bool


def charge(visit: Visit, kind: str, user_name: str, pair: str) -> Wait:
    """Count an attempt on an account from an address, inside the present transaction. ``kind`` is that of the principal
    who may have been in from there before, or ``""``."""
    keys = keyring()
    row = statements(
        "charge",
        pair=keys.digest("login_pair", f"{pair}\0{visit.network}"),
        place=keys.digest("login_address", visit.network),
        account=account_counter(kind or PrincipalKind.HANDLER, user_name),
        kind=kind,
        user_name=user_name,
        address=visit.address,
        now=visit.now,
    ).row()
    return Wait(*row)


def account_counter(kind: str, user_name: str) -> bytes:
    """The keyed digest by which the counter finds what is counted for an account."""
    return keyring().digest("login_account", f"{kind}\0{user_name}")


def counted_for(person: Handler | Staff) -> dict[str, object]:
    """What names somebody's counters to the functions that show and empty them."""
    kind = PrincipalKind.STAFF if isinstance(person, Staff) else PrincipalKind.HANDLER
    return {
        "kind": kind.value,
        "principal_id": person.pk,
        "account": account_counter(kind, person.user_name),
    }


def _charged(door: Door, user_name: str, visit: Visit) -> Account | None:
    """The account of a user name, once the attempt is counted; ``Refused`` (ACCESS-WAIT) if it is one too many.

    That someone is kept waiting is recorded once: who knocks on does not fill the event log.
    """
    name = rules.typed_name(user_name)
    with durable(door.looks):
        wait = charge(visit, door.kind.value, name, f"{door.kind}\0{name}")
        rows = statements(door.kind.value, user_name=name).rows()
        account = Account(*rows[0]) if rows else None
        refusal = rules.too_often(wait.seconds, wait.of_address, door.kind is PrincipalKind.STAFF)
        if wait.is_news:
            record_refused(door, visit, refusal, *_owner(account))
    if wait.seconds:
        raise Refused(refusal)
    return account


def _counted_under(door: Door, user_name: str, visit: Visit) -> tuple[bytes, bytes]:
    """The keyed digests under which failures are counted: of account and address together, and of the address."""
    keys, name = keyring(), rules.typed_name(user_name)
    pair = f"{door.kind}\0{name}\0{visit.network}"
    return keys.digest("login_pair", pair), keys.digest("login_address", visit.network)


def _owner(account: Account | None) -> tuple[int | None, int | None]:
    return (account.id, account.employer_id) if account else (None, None)


@cache
def _nobodys_hash() -> str:
    """A hash for users who do not exist, so that refusing them takes as long."""
    return make_password(fresh_token())
