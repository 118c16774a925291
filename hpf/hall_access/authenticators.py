"""Authenticator apps (身份验证器, TOTP of RFC 6238): a second factor without a telephone network.

The secret is made here, shown once as a QR code and kept encrypted. Between the page that shows it and the code that
proves that the app has it, the page itself carries it, sealed and bound to its session: looking at a page leaves
nothing behind.
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from hpf import evidence
from hpf.evidence import Receipt
from hpf.hall_access import rules
from hpf.hall_access.attempts import (
    browser,
    door_of,
    record,
    record_refused,
    refusal_of,
    statements,
    tell_of_new_place,
)
from hpf.hall_access.models import ChallengePurpose, PrincipalKind
from hpf.hall_access.rules import Enrolment, Principal, Visit
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.notices.sms import send_sms
from hpf.registry.models import Handler
from hpf.storage import durable, keyring
from hpf.storage.crypto import Undecryptable
from hpf.storage.tokens import token_digest, typed_code

STEP_SECONDS = 30
_TYPING_SECONDS = 15
BACKUP_CODES = 10
_SECRET_BYTES = 20
_BACKUP_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_PURPOSE, _ENROLMENT = "authenticator", "authenticator_enrolment"


def new_enrolment(principal: Principal, issuer: str, sealed: str = "") -> Enrolment:
    """What the page of enrolment shows: a new secret, or again the one that the page carries."""
    try:
        secret = _opened(sealed, principal)
    except Refused:
        secret = base64.b32encode(os.urandom(_SECRET_BYTES)).decode()
        sealed = _sealed(secret, principal)
    uri = _totp(secret).get_provisioning_uri(principal.actor.name, issuer)
    return Enrolment(secret, uri, sealed)


def enrol(
    sealed: str, code: str, *, principal: Principal, token: str, visit: Visit, key: Key
) -> tuple[Receipt, list[str]]:
    """Take an authenticator into use by the first code that it shows; returns the receipt and the backup codes.

    The backup codes are returned this once; a repeated key gives none. A handler is told by text message. Raises
    ``Refused``: ACCESS-ENROLMENT-OVER, ACCESS-ENROLMENT-FORM, ACCESS-AUTHENTICATOR-WRONG, ACCESS-LOGGED-OUT.
    """
    by = principal.actor
    content = {"principal": f"{by.kind.value}:{by.id}"}
    backups = [_fresh_backup_code() for _ in range(BACKUP_CODES)]
    with durable(Actor.SYSTEM):
        if done := evidence.receipt(key, content, by, "enrol_authenticator"):
            return done, []
        secret, typed = _opened(sealed, principal), typed_code(code)
        if typed is None:
            raise Refused(rules.ENROLMENT_FORM)
        stored = keyring().encrypt(_PURPOSE, secret)
        step = matching_step(stored, typed, visit.now)
        if step is None:
            raise Refused(rules.AUTHENTICATOR_WRONG)
        (enrolled,) = statements(
            "enrol",
            session=token_digest(token),
            secret=stored,
            step=step,
            backups=[_backup_digest(by.kind.value, by.id, code) for code in backups],
            now=visit.now,
        ).row()
        if not enrolled:
            raise Refused(rules.LOGGED_OUT)
        if by.is_handler:
            tell_of_authenticator(Handler.objects.get(pk=by.id or 0), "开通", visit)
        return record("enrol_authenticator", visit, by=by, key=key, content=content), backups


def try_authenticator(
    challenge: str, code: str, visit: Visit, *, purpose: ChallengePurpose, act: str, token: str
) -> None:
    """Try the code of an authenticator, or a backup code, for something under way; what comes of it is one event.

    In a login it opens the session of ``token``. Raises ``Refused``, counted and recorded.
    """
    typed, backup = typed_code(code), rules.typed_backup(code)
    if typed is None and backup is None:
        raise Refused(rules.AUTHENTICATOR_FORM)
    digest = token_digest(challenge)
    with durable(Actor.SYSTEM):
        verdict, tries_left, kind, number, employer_id, name, secret = statements(
            "try_authenticator", challenge=digest, purpose=purpose.value, now=visit.now
        ).row()
        door = door_of(kind)
        if verdict == "try":
            step = matching_step(bytes(secret), typed, visit.now) if typed else None
            sealed = _backup_digest(kind, number, backup) if backup else None
            tried = statements("pass", challenge=digest, step=step, backup=sealed, **browser(token, visit))
            verdict = tried.row()[0] if step is not None or backup else "wrong"
        refusal = _refusal_of(verdict, tries_left)
        if refusal is None:
            record(act, visit, by=door.principal(number, name, employer_id, visit))
            if purpose is ChallengePurpose.LOGIN:
                tell_of_new_place(token, visit)
        elif refusal is not rules.LOGIN_OVER:
            record_refused(door, visit, refusal, number, employer_id)
    if refusal is not None:
        raise Refused(refusal)


def _refusal_of(verdict: str, tries_left: int) -> Refusal | None:
    """What the verdict on a code of an authenticator comes to: no other is sent, so there is none to ask for."""
    if verdict in ("wrong", "used", "dead"):
        return rules.authenticator_wrong(tries_left) if tries_left else rules.AUTHENTICATOR_TRIES
    return refusal_of(verdict, tries_left)


def tell_of_authenticator(owner: Handler, change: str, visit: Visit) -> None:
    """Tell a handler by text message what became of the second factor: whoever planted or dropped it is not alone."""
    values = {"moment": rules.chinese_moment(visit.now), "change": change}
    send_sms(owner.mobile, "authenticator-changed", values, today=visit.today, now=visit.now)


def equip(kind: PrincipalKind, principal_id: int, now: datetime) -> None:
    """Give somebody an authenticator that the demonstration keeps for him, inside the present transaction."""
    secret = base64.b32encode(os.urandom(_SECRET_BYTES)).decode()
    statements(
        "equip",
        kind=kind.value,
        principal_id=principal_id,
        secret=keyring().encrypt(_PURPOSE, secret),
        step=0,
        backups=[],
        now=now,
    ).rows()


def usable_code(kind: PrincipalKind, principal_id: int, now: datetime) -> tuple[str, int] | None:
    """The code that somebody's authenticator shows and that is not used yet, with the seconds that it is good for.

    ``None`` without an authenticator; ``""`` and the seconds until the next one where all are used. For the page of the
    demonstration, which stands for the app; read by the staff's role.
    """
    rows = statements("equipment", kind=kind.value, principal_id=principal_id).rows()
    if not rows:
        return None
    totp = _totp(keyring().decrypt(_PURPOSE, bytes(rows[0][0])))
    present, last = _step(now), rows[0][1]
    left = STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS
    oldest = present - 1 if left > _TYPING_SECONDS else present  # whoever types it has to finish in time
    step = max(oldest, last + 1)
    if step > present + 1:
        return "", left
    return totp.generate(step * STEP_SECONDS).decode(), left + (step - present) * STEP_SECONDS + STEP_SECONDS


def matching_step(sealed: bytes, code: str, now: datetime) -> int | None:
    """The time step whose code this is: the present one, or one beside it for a clock that is a little off."""
    totp, present = _totp(keyring().decrypt(_PURPOSE, sealed)), _step(now)
    found = None
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(totp.generate(step * STEP_SECONDS), code.encode()):
            found = step
    return found


def _step(now: datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), 6, SHA1(), STEP_SECONDS)  # noqa: S303 - what the apps understand


def _sealed(secret: str, principal: Principal) -> str:
    text = f"{principal.session_id}:{secret}"
    return base64.urlsafe_b64encode(keyring().encrypt(_ENROLMENT, text)).decode()


def _opened(sealed: str, principal: Principal) -> str:
    try:
        session, _, secret = keyring().decrypt(_ENROLMENT, base64.urlsafe_b64decode(sealed)).partition(":")
    except (Undecryptable, ValueError, IndexError):
        raise Refused(rules.ENROLMENT_OVER) from None
    if session != str(principal.session_id):
        raise Refused(rules.ENROLMENT_OVER)
    return secret


def _fresh_backup_code() -> str:
    """Ten random letters and digits that nobody misreads (49 bits)."""
    return "".join(secrets.choice(_BACKUP_LETTERS) for _ in range(10))


def _backup_digest(kind: str, principal_id: int | None, code: str) -> bytes:
    """What is kept of a backup code: a keyed digest, bound to its owner."""
    return keyring().digest("backup_code", f"{kind}\0{principal_id}\0{code}")
