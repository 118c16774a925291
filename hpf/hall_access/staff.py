"""People who work at the center (三员, settled 20): the system's administrator proposes who may do what, that of
security agrees and can stop, that of audit reads the log. None does another's work, and nobody decides about himself.

Roles take effect when a proposal is approved, and in no other way: the database lets nothing else change them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hpf import evidence
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.hall_access import rules
from hpf.hall_access.attempts import counted_for, record, statements
from hpf.hall_access.models import PrincipalKind, StaffProposal
from hpf.hall_access.rules import Visit
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.registry.codes import Role
from hpf.registry.initial_passwords import initial_password
from hpf.registry.models import Branch, Staff
from hpf.registry.roles import require
from hpf.storage import durable, refusing

REVIEW = "staff_roles"
NO_PASSWORD = "!"  # noqa: S105 - no password has this hash


def create_staff(
    user_name: str, name: str, branch_id: int, roles: Sequence[str], *, by: Actor, visit: Visit, key: Key
) -> Receipt:
    """Enter a member of the staff and propose roles; until they are approved he has none, and no password either.

    Raises ``Refused``: STAFF-USER-NAME, STAFF-USER-NAME-TAKEN, STAFF-ROLES-APART, STAFF-NO-BRANCH, STAFF-ROLE.
    """
    require(by, Role.SYSTEM_ADMIN)
    content = {"user_name": user_name, "name": name, "branch": branch_id, "roles": sorted(roles)}
    with durable(by), refusing({"registry_staff_user_name_key": rules.USER_NAME_TAKEN}):
        if done := evidence.receipt(key, content, by, "create_staff"):
            return done
        _refuse(rules.staff_refusals(user_name, roles) + _no_branch(branch_id))
        person = Staff.objects.create(
            user_name=user_name, name=name, password_hash=NO_PASSWORD, branch_id=branch_id, roles=[]
        )
        _propose(person, roles, branch_id, by, visit)
        result = {"staff_id": person.pk}
        return record(
            "create_staff", visit, by=by, subject=f"staff:{person.pk}", key=key, content=content, result=result
        )


def propose_roles(staff_id: int, branch_id: int, roles: Sequence[str], *, by: Actor, visit: Visit, key: Key) -> Receipt:
    """Propose other roles, or another branch, for somebody; with no roles he does nothing any more.

    Raises ``Refused``: STAFF-UNKNOWN, STAFF-SELF, STAFF-ROLES-APART, STAFF-NO-BRANCH, REVIEW-UNDER-WAY, STAFF-ROLE.
    """
    require(by, Role.SYSTEM_ADMIN)
    content = {"staff_id": staff_id, "branch": branch_id, "roles": sorted(roles)}
    with durable(by):
        if done := evidence.receipt(key, content, by, "propose_roles"):
            return done
        person = _somebody_else(staff_id, by)
        _refuse(rules.roles_refusals(roles) + _no_branch(branch_id))
        _propose(person, roles, branch_id, by, visit)
        result = {"staff_id": person.pk}
        return record(
            "propose_roles", visit, by=by, subject=f"staff:{person.pk}", key=key, content=content, result=result
        )


def decide_roles(
    staff_id: int, verdict: ReviewState, note: str, *, by: Actor, visit: Visit, key: Key, turn: int | None = None
) -> Receipt:
    """Agree to the roles proposed for somebody, or not; when agreed they take effect with his next click.

    ``turn`` is the review that he looked at. Raises ``Refused``: STAFF-SELF, STAFF-ROLE, and as `review.decide` does.
    """
    require(by, Role.SECURITY_ADMIN)
    content = {"staff_id": staff_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, content, by, "decide_roles"):
            return done
        person = _somebody_else(staff_id, by)
        review.decide(REVIEW, staff_id, verdict, note=note, by=by, turn=turn)
        if verdict is ReviewState.APPROVED:
            statements("grant_roles", staff_id=staff_id).rows()
        result = {"staff_id": person.pk, "verdict": verdict.value}
        return record(
            "decide_roles", visit, by=by, subject=f"staff:{person.pk}", key=key, content=content, result=result
        )


def issue_staff_password(staff_id: int, *, by: Actor, visit: Visit, key: Key) -> tuple[Receipt, str | None]:
    """Give somebody an initial password: drawn by lot, returned this once. His sessions end; his authenticator stays.

    Raises ``Refused``: STAFF-UNKNOWN, STAFF-SELF, STAFF-ROLE.
    """
    require(by, Role.SYSTEM_ADMIN)
    content = {"staff_id": staff_id}
    with durable(by):
        if done := evidence.receipt(key, content, by, "issue_staff_password"):
            return done, None
        person, password = _somebody_else(staff_id, by), initial_password(visit.now)
        person.password_hash, person.initial_password_expires_at = password.hash, password.expires_at
        person.must_change_password = True
        person.save(update_fields=["password_hash", "initial_password_expires_at", "must_change_password"])
        _end_sessions(staff_id, visit.now)
        receipt = record("issue_staff_password", visit, by=by, subject=f"staff:{staff_id}", key=key, content=content)
    return receipt, password.text


def reset_authenticator(staff_id: int, *, by: Actor, visit: Visit, key: Key) -> Receipt:
    """Take somebody's lost authenticator away; he enrols another at the next login. His password stays.

    That one opens nothing until it is released. So nobody alone takes an account over: passwords are one
    administrator's, authenticators another's.
    Raises ``Refused``: STAFF-UNKNOWN, STAFF-SELF, STAFF-NO-AUTHENTICATOR, STAFF-ROLE.
    """
    return _secure("reset_authenticator", staff_id, by, visit, key)


def release_authenticator(staff_id: int, authenticator_id: int, *, by: Actor, visit: Visit, key: Key) -> Receipt:
    """Say that an authenticator is its owner's own: with it he comes in with his roles, and not before.

    Raises ``Refused``: STAFF-NOTHING-TO-RELEASE, STAFF-RELEASE-BY-ISSUER, STAFF-UNKNOWN, STAFF-SELF, STAFF-ROLE.
    """
    require(by, Role.SECURITY_ADMIN)
    content = {"staff_id": staff_id, "authenticator_id": authenticator_id}
    with durable(by):
        if done := evidence.receipt(key, content, by, "release_authenticator"):
            return done
        _somebody_else(staff_id, by)
        released = statements("release", authenticator_id=authenticator_id, staff_id=staff_id, now=visit.now)
        (verdict,) = released.row()
        if verdict != "released":
            raise Refused(rules.RELEASE_BY_ISSUER if verdict == "issuer" else rules.NOTHING_TO_RELEASE)
        return record("release_authenticator", visit, by=by, subject=f"staff:{staff_id}", key=key, content=content)


def end_staff_sessions(staff_id: int, *, by: Actor, visit: Visit, key: Key) -> Receipt:
    """End all of somebody's sessions and logins under way. Raises ``Refused`` as `reset_authenticator` does."""
    return _secure("end_staff_sessions", staff_id, by, visit, key)


def unlock_staff(staff_id: int, *, by: Actor, visit: Visit, key: Key) -> Receipt:
    """Let somebody try again who was kept out by too many wrong passwords or codes. Raises ``Refused`` as above."""
    return _secure("unlock_staff", staff_id, by, visit, key)


def suspend_staff(staff_id: int, *, by: Actor, visit: Visit, key: Key) -> Receipt:
    """Stop somebody at once (停用): no login, and no click more. Raises ``Refused`` as above."""
    return _secure("suspend_staff", staff_id, by, visit, key)


def resume_staff(staff_id: int, *, by: Actor, visit: Visit, key: Key) -> Receipt:
    """Let somebody who was stopped work again. Raises ``Refused`` as above."""
    return _secure("resume_staff", staff_id, by, visit, key)


SECURITY_ACTS = {
    "reset_authenticator": reset_authenticator,
    "end_staff_sessions": end_staff_sessions,
    "unlock_staff": unlock_staff,
    "suspend_staff": suspend_staff,
    "resume_staff": resume_staff,
}
"""What the administrator of security does about one person, by name."""


def _secure(act: str, staff_id: int, by: Actor, visit: Visit, key: Key) -> Receipt:
    require(by, Role.SECURITY_ADMIN)
    content = {"staff_id": staff_id}
    with durable(by, stops=staff_id if act == "suspend_staff" else None):
        if done := evidence.receipt(key, content, by, act):
            return done
        person = _somebody_else(staff_id, by)
        if act == "unlock_staff":
            statements("unlock", now=visit.now, **counted_for(person)).rows()
        elif act == "resume_staff":
            Staff.objects.filter(pk=person.pk).update(active=True)
        else:
            if act == "suspend_staff":
                Staff.objects.filter(pk=person.pk).update(active=False)
            _end_sessions(staff_id, visit.now)
            if act == "reset_authenticator":  # after the logins, as where one is tried or enrolled
                (taken,) = statements("unequip", kind=PrincipalKind.STAFF.value, principal_id=staff_id).row()
                if not taken:
                    raise Refused(rules.NO_AUTHENTICATOR)
        return record(act, visit, by=by, subject=f"staff:{staff_id}", key=key, content=content)


def _propose(person: Staff, roles: Sequence[str], branch_id: int, by: Actor, visit: Visit) -> None:
    if by.id is None:
        raise Refused(review.NOT_STAFF)
    if (last := review.latest(REVIEW, person.pk)) and last.state is ReviewState.PENDING:
        raise Refused(review.UNDER_WAY)
    StaffProposal.objects.create(
        staff_id=person.pk, branch_id=branch_id, roles=sorted(roles), proposed_by=by.id, proposed_at=visit.now
    )
    labels = "、".join(Role(role).label for role in sorted(roles)) or "不再担任岗位"
    title = f"{person.name}（{person.user_name}）：{labels}"
    review.submit(REVIEW, person.pk, title=title, by=by, today=visit.today, branch_id=branch_id)


def _somebody_else(staff_id: int, by: Actor) -> Staff:
    if staff_id == by.id:
        raise Refused(rules.ABOUT_ONESELF)
    person = Staff.objects.filter(pk=staff_id).first()
    if person is None:
        raise Refused(rules.NO_STAFF)
    return person


def _no_branch(branch_id: int) -> list[Refusal]:
    return [] if Branch.objects.filter(pk=branch_id).exists() else [rules.NO_BRANCH]


def _refuse(refusals: list[Refusal]) -> None:
    if refusals:
        raise Refused(refusals)


def _end_sessions(staff_id: int, now: datetime) -> None:
    statements("end_sessions", kind=PrincipalKind.STAFF.value, principal_id=staff_id, now=now).rows()
