"""In whose name a command acts where two persons are needed: it hands over, and another one decides in the hall."""

from __future__ import annotations

from hpf.hall_access.queries import is_released
from hpf.kernel import Actor, ActorKind, Channel, Refusal, Refused
from hpf.registry.codes import Role
from hpf.registry.models import Staff
from hpf.storage import reading


def member_of_staff(user_name: str, role: Role) -> Actor:
    """The member of the staff of a user name.

    Raises ``Refused`` for nobody (STAFF-UNKNOWN), for one without the role (STAFF-ROLE), and for one who could not come
    into the hall himself with what he has (STAFF-NOT-AT-WORK): a name that nobody bears yet stands for no person.
    """
    with reading(Actor.SYSTEM):
        person = Staff.objects.filter(user_name=user_name, active=True).first()
        at_work = person is not None and not person.must_change_password and is_released(person.pk)
    if person is None:
        raise Refused(Refusal("STAFF-UNKNOWN", f"没有工号{user_name}", remedy="请核对工号"))
    if role not in person.roles:
        what, remedy = f"{person.name}没有{role.label}岗位", f"请由{role.label}岗位的工作人员办理"
        raise Refused(Refusal("STAFF-ROLE", what, remedy=remedy))
    if not at_work:
        raise Refused(
            Refusal(
                "STAFF-NOT-AT-WORK",
                f"{person.name}还不能登录网厅办理业务",
                "初始密码未更换，或身份验证器未绑定、未放行的，不能以其名义提交",
                "请本人先登录网厅，更换初始密码、绑定身份验证器，由安全管理员放行后再提交",
            )
        )
    return Actor(ActorKind.STAFF, person.pk, person.name, Channel.COMMAND_LINE, roles=frozenset(person.roles))
