"""``hpf demo``: the demonstration center, with months of history made by the operations themselves."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date

from django.conf import settings

from hpf import evidence
from hpf.faces.cli import typed
from hpf.faces.cli.database import database, make_center
from hpf.faces.cli.demo import bank
from hpf.faces.cli.demo.employers import (
    Client,
    declare_month,
    let_in,
    open_month,
    prefill_at_home,
    register,
    seal_month,
    submitted,
)
from hpf.faces.cli.demo.ground import GROUND, begun_for, lay_ground
from hpf.faces.cli.demo.plan import EmployerPlan, Plan, plan
from hpf.kernel import Actor, Key, Month, Refusal, Refused
from hpf.policy import business_day, choose_business_day
from hpf.registry.codes import Duty, Role
from hpf.registry.models import Center, Handler
from hpf.storage import durable, reading

_READY = Key("demonstration:ready")
_ROSTER_DAY, _DECLARING_DAY, _MONEY_DAY = 5, 10, 13

IN_USE = Refusal(
    "DEMO-CENTER-IN-USE",
    f"中心{settings.CENTER}已有自己的数据，不能再建成演示中心",
    "演示数据只放进空的中心",
    "请以HPF_CENTER另选一个中心名",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--today",
        type=typed.day,
        metavar="YYYY-MM-DD",
        help="演示数据到哪一天为止 / the day before which its months lie",
    )


def run(options: argparse.Namespace) -> int:
    with database():
        make_center(settings.CENTER)
        if not is_built():
            build(planned(options.today))
        print("\n".join(announcement()))
    return 0


def build(whole: Plan | None = None) -> None:
    """Build the demonstration: that of the program, if no other is given.

    Safe to repeat: what a build that was cut off has done stays, the rest follows, for the day for which it was begun.
    Raises ``Refused``: DEMO-CENTER-IN-USE, POLICY-DAY-IS-REAL in production.
    """
    if is_built():
        return
    if not is_new():
        raise Refused(IN_USE)
    whole = whole or planned()
    _turn_to(whole.registered_on)
    lay_ground(whole.center, whole.registered_on)
    _live_through(whole)
    _turn_to(whole.center.today)
    register(len(whole.employers), whole.newcomer, whole.center.today)
    waiting, *at_home = whole.applicants
    submitted(waiting, whole.center.today)
    for applicant in at_home:
        prefill_at_home(applicant, whole.center.today)
    with durable(Actor.SYSTEM):
        evidence.record("build_demonstration", by=Actor.SYSTEM, today=whole.center.today, key=_READY)


def planned(today: date | None = None) -> Plan:
    """The demonstration with its history before a day; one that was cut off keeps the day for which it was begun.

    Raises ``Refused`` (DEMO-NO-LAW).
    """
    return plan(begun_for() or today)


def is_built() -> bool:
    """Whether the demonstration stands complete."""
    with reading(Actor.SYSTEM):
        return evidence.done(_READY) is not None


def is_new() -> bool:
    """Whether the center is still empty, or a demonstration whose building was cut off."""
    with reading(Actor.SYSTEM):
        if not Center.objects.exists():
            return True
        begun = evidence.receipt(GROUND, {"center": plan().center.founding.name}, Actor.SYSTEM, "found_center")
    return begun is not None and not is_built()


def announcement() -> Iterator[str]:
    """Who can log in, line by line; nothing if the center is no demonstration."""
    if not is_built():
        return
    whole = plan()
    yield f"演示中心 / demonstration: {whole.center.founding.name}, {business_day()}"
    yield "  工作人员 / staff — /counter/login/，验证码见 / codes: /demo/codes/"
    for person in whole.center.staff:
        roles = "、".join(Role(role).label for role in person.roles)
        yield f"    {person.user_name:<14} {person.password:<22} {roles} {person.name}"
    yield "  单位经办人 / handlers — /login/，验证码见 / codes: /demo/codes/"
    for employer in (*whole.employers, whole.newcomer):
        if user_name := _user_name(employer):
            note = "（初始密码 / initial）" if employer is whole.newcomer else ""
            yield f"    {user_name:<14} {employer.password:<22} {employer.application.name}{note}"


def _live_through(whole: Plan) -> None:
    """Register the employers and play the months that are remitted."""
    _turn_to(whole.registered_on)
    clients = [register(number, employer, whole.registered_on) for number, employer in enumerate(whole.employers)]
    for client in clients:
        let_in(client, whole.registered_on)
    for month in whole.months:
        day = _turn_to(min(month.first_day.replace(day=_ROSTER_DAY), whole.center.today))
        for client in clients:
            open_month(client, month, day)
            seal_month(client, month, day)
        if month in whole.remitted:
            _remit(whole, month, clients)


def _remit(whole: Plan, month: Month, clients: list[Client]) -> None:
    """Declare a month for all, and let their money come."""
    day = _turn_to(month.first_day.replace(day=_DECLARING_DAY))
    for client in clients:
        declare_month(client, month, day)
    day = _turn_to(month.first_day.replace(day=_MONEY_DAY))
    bank.pay(whole.center, month, day, whole.strangers if month == whole.remitted[-1] else ())


def _turn_to(day: date) -> date:
    """Let everything happen on a day."""
    with durable(Actor.SYSTEM):
        choose_business_day(day)
    return day


def _user_name(employer: EmployerPlan) -> str:
    """That of the handler of the plan; "" once he is gone: his employer may have left the hall, or changed him."""
    form = employer.application
    with reading(Actor.SYSTEM):
        found = Handler.objects.filter(employer__credit_code=form.credit_code, duty=Duty.HANDLER, active=True)
        return found.filter(name=form.handler_name).values_list("user_name", flat=True).first() or ""
