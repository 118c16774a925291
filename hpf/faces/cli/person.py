"""In whose name a command acts where two persons are needed: it hands over, and another one decides in the hall."""

from __future__ import annotations

from hpf.kernel import Actor, ActorKind, Channel, Refusal, Refused
from hpf.registry.codes import Role
from hpf.registry.models import Staff
from hpf.storage import reading


def member_of_staff(user_name: str, role: Role) -> Actor:
    """The member of the staff of a user name. Raises ``Refused`` for nobody, and for one without the role."""
    with reading(Actor.SYSTEM):
        person = Staff.objects.filter(user_name=user_name, active=True).first()
    if person is None:
        raise Refused(Refusal("STAFF-UNKNOWN", f"没有工号{user_name}", remedy="请核对工号"))
    if role not in person.roles:
        what, remedy = f"{person.name}没有{role.label}岗位", f"请由{role.label}岗位的工作人员办理"
        raise Refused(Refusal("STAFF-ROLE", what, remedy=remedy))
    return Actor(ActorKind.STAFF, person.pk, person.name, Channel.COMMAND_LINE, roles=frozenset(person.roles))
