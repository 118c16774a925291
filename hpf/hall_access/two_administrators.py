"""A lost authenticator of an administrator of security, where none of his own is there to help (ADR 19).

The administrators of the system and of audit come to the server together. Each logs in there with a password and an
authenticator of his own. Taking away and releasing take both sessions: the database knows the two, and the event of
either names them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hpf.evidence import Receipt
from hpf.hall_access import rules
from hpf.hall_access.attempts import COUNTER, checked, record, statements
from hpf.hall_access.operations import challenge_of, end_session, finish_by_authenticator, principal
from hpf.hall_access.rules import Stage, Visit
from hpf.kernel import Actor, Channel, Key, Refusal, Refused
from hpf.registry.codes import Role
from hpf.registry.models import Staff
from hpf.storage import durable
from hpf.storage.tokens import token_digest


@dataclass(frozen=True, slots=True)
class AtWork:
    """An administrator who has logged in at the server: who he is, and his session's token."""

    actor: Actor
    token: str


@contextmanager
def at_work(role: Role, user_name: str, password: str, code: str, visit: Visit) -> Iterator[AtWork]:
    """Let an administrator in at the server for the length of a block, by password and authenticator.

    Raises ``Refused``: as a login does, STAFF-NOT-AT-WORK for who is not that administrator or is not let in yet,
    STAFF-NOT-EQUIPPED for who has no password or authenticator of his own: his initial password is good in the hall.
    """
    account = checked(COUNTER, user_name, password, visit)
    challenge = challenge_of(COUNTER, account, visit)
    if account.initial or not challenge.has_authenticator:
        raise Refused(NOT_EQUIPPED)
    token = finish_by_authenticator(challenge.token, code, visit)
    found = principal(token, visit)
    if found is None:
        raise Refused(rules.LOGGED_OUT)
    actor = found.actor.through(Channel.COMMAND_LINE, visit.address)
    try:
        if found.stage is not Stage.OPEN or role not in actor.roles:
            raise Refused(_not_at_work(role))
        yield AtWork(actor, token)
    finally:
        end_session(token, actor, visit)


def take_authenticator_away(user_name: str, *, system: AtWork, audit: AtWork, visit: Visit, key: Key) -> Receipt:
    """Take the lost authenticator of an administrator of security away; he enrols another at his next login.

    His password stays. Raises ``Refused``: STAFF-UNKNOWN, STAFF-NOT-SECURITY, STAFF-NO-AUTHENTICATOR.
    """
    with durable(system.actor):
        person = _administrator_of_security(user_name)
        (taken,) = statements("unequip_by_two", **_both(system, audit), staff_id=person.pk, now=visit.now).row()
        if not taken:
            raise Refused(rules.NO_AUTHENTICATOR)
        return _recorded("take_authenticator_away", person, system, audit, visit, key)


def release_by_two(
    user_name: str, check_number: str, *, system: AtWork, audit: AtWork, visit: Visit, key: Key
) -> Receipt:
    """Say that the authenticator whose check number its owner shows is his own: with it he is at work again.

    Raises ``Refused``: STAFF-UNKNOWN, STAFF-NOT-SECURITY, STAFF-NOTHING-TO-RELEASE; STAFF-OTHER-SECURITY while another
    administrator of security is at work, who does it in the hall.
    """
    with durable(system.actor):
        person = _administrator_of_security(user_name)
        if others := statements("others_of_security", staff_id=person.pk).rows():
            raise Refused(_other_security("、".join(name for (name,) in others)))
        (released,) = statements(
            "release_by_two",
            **_both(system, audit),
            staff_id=person.pk,
            check_number="".join(check_number.split()),
            now=visit.now,
        ).row()
        if not released:
            raise Refused(rules.NOTHING_TO_RELEASE)
        return _recorded("release_by_two", person, system, audit, visit, key)


def _both(system: AtWork, audit: AtWork) -> dict[str, bytes]:
    return {"system": token_digest(system.token), "audit": token_digest(audit.token)}


def _administrator_of_security(user_name: str) -> Staff:
    person = Staff.objects.filter(user_name=rules.typed_name(user_name), active=True).first()
    if person is None:
        raise Refused(rules.NO_STAFF)
    if person.roles != [Role.SECURITY_ADMIN]:
        raise Refused(NOT_SECURITY)
    return person


def _recorded(act: str, person: Staff, system: AtWork, audit: AtWork, visit: Visit, key: Key) -> Receipt:
    both = {"staff_id": person.pk, "system": system.actor.id, "audit": audit.actor.id}
    named = {"system": system.actor.name, "audit": audit.actor.name}
    return record(act, visit, by=system.actor, subject=f"staff:{person.pk}", key=key, content=both, detail=named)


NOT_SECURITY = Refusal(
    "STAFF-NOT-SECURITY",
    "这名工作人员不是安全管理员",
    "其他人员的验证器由安全管理员在网厅重置和放行",
    "请安全管理员在网厅“工作人员”中办理",
)


NOT_EQUIPPED = Refusal(
    "STAFF-NOT-EQUIPPED",
    "还没有自己的密码或验证器",
    "初始密码只能用一次，在网厅登录时用",
    "请先到网厅的工作人员登录页登录，设置密码、开通验证器，由安全管理员放行后再来",
)


def _other_security(names: str) -> Refusal:
    return Refusal(
        "STAFF-OTHER-SECURITY",
        f"安全管理员{names}在岗，由他放行",
        "两员到场只用于没有别的安全管理员的情形",
        f"请{names}在网厅“工作人员”中放行；他也丢失了验证器或不能到岗的，先用本命令重置他的验证器",
        "系统管理、安全管理、审计管理分离",
    )


def _not_at_work(role: Role) -> Refusal:
    return Refusal(
        "STAFF-NOT-AT-WORK",
        f"登录的不是在岗的{role.label}",
        "这件事须由系统管理员和审计管理员两人到场，各用自己的用户名、密码和验证器登录",
        f"请由{role.label}本人登录",
        "系统管理、安全管理、审计管理分离",
    )
