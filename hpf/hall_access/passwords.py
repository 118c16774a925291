"""Passwords: changed by their owners, recovered by who holds the second factor, given anew at the counter."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from hpf import evidence
from hpf.evidence import Receipt
from hpf.hall_access import rules
from hpf.hall_access.attempts import (
    PORTAL,
    charge,
    checked,
    door_of,
    keep_code,
    login_code_digest,
    record,
    record_refused,
    refusal_of,
    statements,
)
from hpf.hall_access.authenticators import tell_of_authenticator, try_authenticator
from hpf.hall_access.models import ChallengePurpose, ChangeKind, PrincipalKind
from hpf.hall_access.queries import bound_by, came_by
from hpf.hall_access.rules import Visit, chinese_moment
from hpf.kernel import Actor, Key, Refusal, Refused, compact
from hpf.notices.sms import send_or_drop_sms, send_sms
from hpf.registry.codes import Duty, Role
from hpf.registry.initial_passwords import VALID, initial_password
from hpf.registry.models import Handler, Staff
from hpf.registry.roles import require
from hpf.storage import durable, keyring, reading
from hpf.storage.tokens import fresh_code, fresh_token, token_digest, typed_code

_OCCASIONS = {
    None: "贵单位已开通网上业务大厅",
    ChangeKind.ANEW: "贵单位已重新开通网上业务大厅",
    ChangeKind.HANDLER: "贵单位的经办人已变更为您",
}


def change_password(*, old: str, new: str, again: str, by: Actor, token: str, visit: Visit, key: Key) -> Receipt:
    """Change one's own password; ends one's other sessions and logins under way, and tells a handler by text message.

    ``old`` is not looked at as long as the initial password has to be changed: it has just opened this session. Raises
    ``Refused`` with everything against the new password at once; a wrong ``old`` is refused and counted as a login is.
    """
    content = {f"{by.kind.value}_id": by.id}
    with reading(by):
        if done := evidence.receipt(key, content, by, "change_password"):
            return done
        owner = _owner(by)
        known = _known_words(owner)
    if not owner.must_change_password:
        _prove(owner, old, by, visit)
    _refuse(new, again, owner, known)
    password_hash = make_password(new)
    with durable(by, suspended_too=True):
        if done := evidence.receipt(key, content, by, "change_password"):
            return done
        (verdict,) = statements(
            "change_password", session=token_digest(token), old=owner.password_hash, new=password_hash, now=visit.now
        ).row()
        if verdict != "right":
            raise Refused(rules.LOGGED_OUT if verdict == "over" else rules.OLD_PASSWORD_WRONG)
        if isinstance(owner, Handler) and not owner.must_change_password:
            _tell(owner, visit)
        return record("change_password", visit, by=by, key=key, content=content)


def ask_reset(user_name: str, credit_code: str, visit: Visit) -> str:
    """Begin to recover a handler's password (忘记密码): send a code to the bound mobile. Returns the browser's secret.

    Whether or not there is such a handler of such an employer, the answer, the work and the counting are the same.
    Raises ``Refused`` (ACCESS-RESET-WAIT) after too many.
    """
    name, credit = rules.typed_name(user_name), compact(rules.typed_name(credit_code))
    token = fresh_token()
    with durable(PORTAL.looks):
        wait = charge(visit, "", name, f"reset\0{name}\0{credit}")
        refusal = rules.reset_too_often(wait.seconds, wait.of_address)
        if wait.is_news:
            record_refused(PORTAL, visit, refusal, None, None)
        if not wait.seconds:
            stand_in = keyring().digest("reset_stand_in", f"{name}\0{credit}")
            statements(
                "ask_reset",
                challenge=token_digest(token),
                user_name=name,
                credit_code=credit,
                stand_in=stand_in,
                now=visit.now,
            ).rows()
            _send_reset_code(token, visit)
    if wait.seconds:
        raise Refused(refusal)
    return token


def resend_reset_code(challenge: str, visit: Visit) -> None:
    """Send another code for a recovery under way, if one may be sent: nobody learns whether it was."""
    with durable(PORTAL.looks):
        _send_reset_code(challenge, visit)


def prove_reset(challenge: str, code: str, visit: Visit) -> None:
    """Try the code of a recovery. Raises ``Refused`` as `hpf.hall_access.operations.finish_login` does."""
    typed = typed_code(code)
    if typed is None:
        raise Refused(rules.CODE_FORM)
    with durable(PORTAL.looks):
        verdict, tries_left, handler_id, employer_id = statements(
            "prove", challenge=token_digest(challenge), code=login_code_digest(challenge, typed), now=visit.now
        ).row()
        refusal = refusal_of(verdict, tries_left)
        if refusal is not None and refusal is not rules.LOGIN_OVER:
            record_refused(PORTAL, visit, refusal, handler_id, employer_id)
    if refusal is not None:
        raise Refused(rules.RESET_OVER if refusal is rules.LOGIN_OVER else refusal)


def prove_reset_by_authenticator(challenge: str, code: str, visit: Visit) -> None:
    """Try the code of the authenticator in a recovery whose mobile is proved: it is asked for besides."""
    try_authenticator(challenge, code, visit, purpose=ChallengePurpose.RESET, act="pass_reset", token="")


def recover_password(challenge: str, new: str, again: str, visit: Visit) -> None:
    """Put a new password in the place of the forgotten one; all sessions and logins end, the handler is told.

    Raises ``Refused`` with everything against the new password at once; ACCESS-RESET-OVER.
    """
    with reading(PORTAL.looks):
        rows = statements("challenged", challenge=token_digest(challenge), now=visit.now).rows()
    number, proved = rows[0][4:6] if rows else (None, False)
    if number is None or not proved:
        raise Refused(rules.RESET_OVER)
    with reading(Actor.SYSTEM):
        owner = Handler.objects.select_related("employer").get(pk=number)
    _refuse(new, again, owner, _known_words(owner))
    password_hash = make_password(new)
    with durable(PORTAL.looks):
        (verdict,) = statements(
            "recover", challenge=token_digest(challenge), old=owner.password_hash, new=password_hash, now=visit.now
        ).row()
        if verdict != "right":
            raise Refused(rules.RESET_OVER)
        _tell(owner, visit)
        record("recover_password", visit, by=PORTAL.principal(owner.pk, owner.name, owner.employer_id, visit))


def prove_password(password: str, *, by: Actor, visit: Visit) -> None:
    """Check one's own password once more, before something that only its owner may do; counted as a login is.

    An agent has none where he acts for another employer: asked is that of the login he came in with. Raises
    ``Refused``: ACCESS-OLD-PASSWORD, ACCESS-WAIT.
    """
    with reading(Actor.SYSTEM):
        owner = _owner(by)
        if isinstance(owner, Handler) and owner.login is not None:
            owner = owner.login
    _prove(owner, password, by, visit)


def drop_authenticator(password: str, *, by: Actor, visit: Visit, key: Key) -> Receipt:
    """Give up one's authenticator and its backup codes; the text message remains. Handlers only: the staff need theirs.

    Raises ``Refused``: ACCESS-OLD-PASSWORD, counted as a login is.
    """
    content = {"handler_id": by.id}
    with reading(by):
        owner = _owner(by)
    if isinstance(owner, Staff):
        raise TypeError("the staff do not work without an authenticator")
    _prove(owner, password, by, visit)
    with durable(Actor.SYSTEM):
        if done := evidence.receipt(key, content, by, "drop_authenticator"):
            return done
        statements("unequip", kind=PrincipalKind.HANDLER.value, principal_id=owner.pk).rows()
        tell_of_authenticator(owner, "停用", visit)
        return record("drop_authenticator", visit, by=by, key=key, content=content)


def reissue_initial_password(
    handler_id: int, *, by: Actor, visit: Visit, key: Key, by_sms: bool = False
) -> tuple[Receipt, str | None]:
    """Give a handler a new initial password at the counter (重置初始密码), where the last one was lost or spent.

    Returns it beside the receipt this once; a repeated key gives ``None``, and so does ``by_sms``: then it goes to the
    bound mobile, and nobody at the counter learns it. One printed again is told there. The old password, all sessions
    and logins under way are dead at once. Raises ``Refused``: ACCESS-NO-HANDLER for a handler who is not active,
    ACCESS-PASSWORD-BY-ANOTHER for who bound the mobile himself, STAFF-ROLE.
    """
    require(by, Role.CLERK)
    content = {"handler_id": handler_id, "by_sms": by_sms}
    with durable(by):
        if done := evidence.receipt(key, content, by, "reissue_initial_password", "send_initial_password"):
            return done, None
        password = initial_password(visit.now)
        known = Handler.objects.filter(pk=handler_id, active=True, login=None)
        handler = known.select_for_update().first()  # not to a mobile that is changed at this moment
        if handler is None:
            raise Refused(rules.NO_HANDLER)
        if bound_by(handler_id, by):
            raise Refused(rules.PASSWORD_BY_ANOTHER)
        if handler.registered_on > visit.today:
            raise Refused(rules.not_yet(handler.registered_on))
        again = handler.initial_password_expires_at is not None
        handler.password_hash, handler.initial_password_expires_at = password.hash, password.expires_at
        handler.must_change_password = True
        handler.save(update_fields=["password_hash", "initial_password_expires_at", "must_change_password"])
        statements("end_sessions", kind=PrincipalKind.HANDLER.value, principal_id=handler_id, now=visit.now).rows()
        if by_sms:
            told = {"user_name": handler.user_name, "password": password.text, "days": VALID.days}
            values = {"occasion": _occasion(handler, again), **told}
            send_sms(
                handler.mobile,
                "initial-password",
                values,
                today=visit.today,
                now=visit.now,
                valid_until=password.expires_at,
            )
        elif again:
            _tell(handler, visit, "password-reissued")
        receipt = record(
            "send_initial_password" if by_sms else "reissue_initial_password",
            visit,
            by=by,
            subject=f"handler:{handler_id}",
            key=key,
            content=content,
            employer_id=handler.employer_id,
            result={"handler_id": handler_id, "user_name": handler.user_name},
        )
    return receipt, None if by_sms else password.text


def _occasion(handler: Handler, again: bool) -> str:
    """Why somebody is given an initial password, as the message that brings it says."""
    if again:
        return "您的初始密码已重新发放"
    if handler.duty != Duty.HANDLER:
        return f"您已登记为贵单位的{Duty(handler.duty).label}"
    return _OCCASIONS[came_by(handler.pk)]


def password_rules() -> tuple[str, ...]:
    """The center's rules as sentences, for the page that asks for a password. Inside the page's own transaction."""
    dengbao, _ = statements("password_profile").row()
    return rules.password_sentences(dengbao)


def _refuse(new: str, again: str, owner: Handler | Staff, known: Iterable[str]) -> None:
    """Raise ``Refused`` with all that speaks against a new password of somebody's."""
    kind = PrincipalKind.STAFF if isinstance(owner, Staff) else PrincipalKind.HANDLER
    with reading(Actor.SYSTEM):
        dengbao, _ = statements("password_profile").row()
        past = statements("past_passwords", kind=kind.value, principal_id=owner.pk).rows() if dengbao else []
    refusals: list[Refusal] = rules.password_refusals(new, again, known, _common_passwords(), dengbao)
    if check_password(new, owner.password_hash):
        refusals.append(rules.PASSWORD_SAME)
    elif any(check_password(new, before) for (before,) in past):
        refusals.append(rules.PASSWORD_USED_BEFORE)
    if refusals:
        raise Refused(refusals)


def _send_reset_code(challenge: str, visit: Visit) -> None:
    """Keep a code for a recovery and send it, if there is anybody to send it to and it may be. The same work always.

    What is not sent is written down and queued like what is: neither the answer nor the clock tells.
    """
    code = fresh_code()
    kept = keep_code(challenge, code, visit)
    if kept is None or kept[2] != ChallengePurpose.RESET:
        return
    wait, until, _, handler_id, employer_id, _, mobile_sealed = kept
    if not wait:
        mobile = keyring().decrypt("mobile", bytes(mobile_sealed)) if mobile_sealed else None
        values = {"code": code, "minutes": round((until - visit.now).total_seconds() / 60)}
        send_or_drop_sms(mobile, "password-reset", values, today=visit.today, now=visit.now, valid_until=until)
    stranger = PORTAL.stranger(visit)
    subject = f"handler:{handler_id}" if handler_id else "handler:none"
    record("ask_reset", visit, by=stranger, subject=subject, employer_id=employer_id)


def _tell(owner: Handler, visit: Visit, template: str = "password-changed") -> None:
    """Tell a handler by text message that the password is another now."""
    values = {"moment": chinese_moment(visit.now)}
    send_sms(owner.mobile, template, values, today=visit.today, now=visit.now)


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


@cache
def _common_passwords() -> frozenset[str]:
    """The 20,000 commonest passwords of the world, as Django ships them."""
    return frozenset(CommonPasswordValidator().passwords)


def _prove(owner: Handler | Staff, old: str, by: Actor, visit: Visit) -> None:
    """Check the present password once more."""
    try:
        checked(door_of(by.kind.value), owner.user_name, old, visit)
    except Refused as refused:
        failed = rules.LOGIN_FAILED in refused.refusals
        raise Refused(rules.OLD_PASSWORD_WRONG if failed else refused.refusals) from None
