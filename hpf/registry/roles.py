"""Who of the staff may do a thing: the last look, inside the operation, whatever door it came through."""

from __future__ import annotations

from hpf.kernel import Actor, ActorKind, Refusal, Refused
from hpf.registry.codes import Role


def require(by: Actor, *roles: Role) -> None:
    """Raise ``Refused`` unless ``by`` is staff with one of the roles, or the system itself (settled 20)."""
    if by.kind is ActorKind.SYSTEM or (by.is_staff and by.roles & set(roles)):
        return
    needed = "、".join(role.label for role in roles)
    raise Refused(
        Refusal(
            code="STAFF-ROLE",
            what="您没有办理这项业务的岗位权限",
            why=f"这项业务由{needed}岗位办理",
            remedy="请转交相应岗位的工作人员",
        )
    )
