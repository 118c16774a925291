"""What waits for a second person of the center, for the walk over all addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hpf.casework.review import ReviewState
from hpf.center_details import operations as details
from hpf.channels import operations as closures
from hpf.channels import timetables
from hpf.channels.hours import ALL_DAY, NEVER, Timetable
from hpf.channels.rules import Plan
from hpf.hall_access import look_limits
from hpf.kernel import Actor, ActorKind, Channel, Key
from hpf.money_desk import operations as money_desk
from hpf.money_desk.handing_in import bring_statement
from hpf.money_desk.operations import Wanted
from hpf.money_desk.rules import Act
from hpf.registry.codes import HallFunction, Role
from hpf.registry.models import Branch, Staff
from hpf.storage import reading
from hpf.treasury.statement import Statement, StatementHead, write_statement
from tests.integration import publishing
from tests.integration.hall import TODAY
from tests.office import SYSTEM


def staff(role: Role) -> Actor:
    with reading(SYSTEM):
        person = Staff.objects.filter(roles=[role.value]).earliest("pk")
    return Actor(ActorKind.STAFF, person.pk, person.name, Channel.COUNTER, roles=frozenset({role.value}))


def proposed_closure() -> int:
    """Maintenance that waits for its second person."""
    opens = publishing.NOW + timedelta(days=3)
    plan = Plan((Channel.PORTAL,), "", "系统升级", opens, opens + timedelta(hours=1))
    done = closures.propose(plan, by=staff(Role.PARAMETERS), today=TODAY, now=publishing.NOW, key=Key.fresh())
    return int(done.result["closure_id"])


def limit_questions() -> None:
    """From today on an employer may ask five questions a day: what it asks is counted."""
    plan, before = (
        Timetable(Channel.PORTAL, HallFunction.INQUIRIES, TODAY, ALL_DAY, ALL_DAY, 5),
        TODAY - timedelta(days=1),
    )
    done = timetables.propose(plan, "试行", by=staff(Role.PARAMETERS), today=before, key=Key.fresh())
    verdict: Any = {"note": "", "by": staff(Role.MANAGER), "today": before, "key": Key.fresh()}
    timetables.decide(int(done.result["timetable_id"]), ReviewState.APPROVED, **verdict)


def proposed_timetable() -> int:
    """Hours that wait for their second person."""
    plan = Timetable(Channel.PORTAL, HallFunction.SEALING, TODAY + timedelta(days=30), ALL_DAY, NEVER, 5)
    done = timetables.propose(plan, "结算", by=staff(Role.PARAMETERS), today=TODAY, key=Key.fresh())
    return int(done.result["timetable_id"])


def a_branch() -> int:
    with reading(SYSTEM):
        return Branch.objects.latest("pk").pk


def proposed_move() -> int:
    """A branch's new address that waits for its second person."""
    after = {"name": "城区", "address": "新址", "hours": "", "phone": "", "services": ""}
    by: dict[str, Any] = {"by": staff(Role.PUBLISHER), "today": TODAY, "key": Key.fresh()}
    return int(details.propose_branch(a_branch(), after, "搬迁", **by).result["change_id"])


def proposed_looks() -> int:
    """Other limits of looking up that wait for their second person."""
    with reading(SYSTEM):
        limits = replace(look_limits.in_force(), looks_an_hour=300)
    by = staff(Role.SECURITY_ADMIN)
    return int(look_limits.propose(limits, "检查", by=by, today=TODAY, key=Key.fresh()).result["looks_id"])


def proposed_claim(line_id: int, unit_account_id: int) -> int:
    """Money that an employer is to get, once a second person says so."""
    wanted = Wanted(Act.ASSIGN, "已与单位核实", unit_account_id)
    done = money_desk.propose(line_id, wanted, by=staff(Role.TREASURER), today=TODAY, key=Key.fresh())
    return int(done.result["proposal_id"])


def handed_in(statement: Statement) -> int:
    """A statement whose head was typed in, and that waits for its second person."""
    head = StatementHead(
        statement.account_no, statement.starts_on, statement.ends_on, statement.opening, statement.closing, 1
    )
    without = b"\n".join(write_statement(statement).splitlines()[-2:])
    by: dict[str, Any] = {"by": staff(Role.TREASURER), "today": TODAY, "key": Key.fresh()}
    return int(bring_statement(without, name="流水.csv", typed=head, **by).result["handed_in_id"])
