"""Passwords: changed by their owners, given anew at the counter."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, make_password

from hpf import evidence
from hpf.evidence import Receipt
from hpf.hall_access import rules
from hpf.hall_access.attempts import checked, door_of, record, statements
from hpf.hall_access.models import PrincipalKind
from hpf.hall_access.rules import Visit
from hpf.hall_access.tokens import token_digest
from hpf.kernel import Actor, Key, Refused
from hpf.registry.initial_passwords import initial_password
from hpf.registry.models import Handler, Staff
from hpf.storage import durable, reading


def change_password(*, old: str, new: str, again: str, by: Actor, token: str, visit: Visit, key: Key) -> Receipt:
    """Change one's own password; ends one's other sessions and logins under way.

    ``old`` is not looked at as long as the initial password has to be changed: it has just opened this session. Raises
    ``Refused`` with everything against the new password at once; a wrong ``old`` is refused and counted as a login is.
    """
    content = {f"{by.kind.value}_id": by.id}
    with reading(by):
        if done := evidence.receipt(key, content):
            return done
        owner = _owner(by)
        known = _known_words(owner)
    if not owner.must_change_password:
        _prove(owner, old, by, visit)
    refusals = rules.password_refusals(new, again, known)
    if check_password(new, owner.password_hash):
        refusals.append(rules.PASSWORD_SAME)
    if refusals:
        raise Refused(refusals)
    password_hash = make_password(new)
    with durable(by):
        if done := evidence.receipt(key, content):
            return done
        present = type(owner).objects.filter(pk=owner.pk, password_hash=owner.password_hash)
        if not present.update(password_hash=password_hash, must_change_password=False):
            raise Refused(rules.OLD_PASSWORD_WRONG)
        (ended,) = statements("end_others", session=token_digest(token), now=visit.now).row()
        if not ended:
            raise Refused(rules.LOGGED_OUT)
        return record("change_password", visit, by=by, key=key, content=content)


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
        receipt = record(
            "reissue_initial_password",
            visit,
            by=by,
            subject=f"handler:{handler_id}",
            key=key,
            content=content,
            employer_id=handler.employer_id,
            result={"handler_id": handler_id, "user_name": handler.user_name},
        )
    return receipt, password.text


def _owner(by: Actor) -> Handler | Staff:
    if by.id is None or not (by.is_handler or by.is_staff):
        raise ValueError(f"nobody has a password as {by.kind}")
    if by.is_staff:
        return Staff.objects.select_related("branch").get(pk=by.id)
    return Handler.objects.select_related("employer").get(pk=by.id)


def _known_words(owner: Handler | Staff) -> tuple[str, ...]:
    """Words that a guesser would try first with this person."""
    if isinstance(owner, Staff):
        return (owner.user_name, owner.name, owner.branch.name)
    return (owner.employer.name, owner.employer.credit_code, owner.user_name, owner.name)


def _prove(owner: Handler | Staff, old: str, by: Actor, visit: Visit) -> None:
    """Check the present password once more."""
    try:
        checked(door_of(by.kind.value), owner.user_name, old, visit)
    except Refused as refused:
        failed = rules.LOGIN_FAILED in refused.refusals
        raise Refused(rules.OLD_PASSWORD_WRONG if failed else refused.refusals) from None
