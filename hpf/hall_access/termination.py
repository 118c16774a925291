"""An employer gives up the hall at the counter (终止使用, agreement §2.6, 附件2).

What is under way is named and must be ended first. Then the agreement ends with the day, the handler's access with the
moment; what was done stays readable for the center. To open anew a handler is registered again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from hpf import evidence
from hpf.casework import cases
from hpf.casework.models import Case, CaseKind, CaseState
from hpf.casework.prepared import waiting_in
from hpf.casework.scans import Scan, keep_scans, write_scans
from hpf.evidence import Receipt
from hpf.hall_access.ending import hold_with_served, lapse_grant, retire
from hpf.hall_access.handler_change import held_handler, unit_of
from hpf.hall_access.models import Grant, GrantState, SessionEnd, Termination
from hpf.hall_access.rules import NO_HANDLER
from hpf.kernel import Actor, Fen, Key, Refusal, Refused, Severity, normalise_name, typed_day
from hpf.ledger.accounts import unallocated
from hpf.notices.messages import Audience, tell
from hpf.registry.codes import Role
from hpf.registry.models import Employer, Handler, UnitAccount
from hpf.registry.roles import require
from hpf.storage import Statements, durable
from hpf.treasury.queries import WaitingMoney, unidentified_of

statements = Statements(__package__)

_BASIS = "《单位网上业务大厅服务协议》，终止使用须持附件2申请表到网点办理"
FORM_MISSING = Refusal(
    "TERMINATE-FORM",
    "未收到《单位终止使用申请表》",
    remedy="请收取加盖公章的申请表一式二份后勾选",
    basis=_BASIS,
    where="form_seen",
)
UNCONFIRMED = Refusal(
    "TERMINATE-CONFIRM",
    "没有确认终止的后果",
    "终止办妥后不能撤销",
    "请逐条看过“终止后会发生什么”，再勾选确认",
    where="confirmed",
)
LABELS = {
    "reason": "终止原因",
    "responsible": "单位负责人",
    "filled_by": "填表人",
    "filled_on": "填表日期",
}
"""What 附件2 calls its fields."""
_LONGEST = 255
_NAMED = 3


@dataclass(frozen=True, slots=True)
class TerminationForm:
    """附件2 as it was typed, whether the paper itself has been received in duplicate, and the clerk's last word."""

    reason: str = ""
    responsible: str = ""
    filled_by: str = ""
    filled_on: str = ""
    form_seen: bool = False
    confirmed: bool = False


def open_business(employer_id: int) -> list[Refusal]:
    """What is against ending the service: every case under way, and what still waits for the employer's own approver.

    Money not allocated, and money that waits at the treasurer's desk, are hints and refuse nothing.
    """
    under_way = Case.objects.filter(employer_id=employer_id).exclude(state__in=CaseState.final()).order_by("number")
    found = [_open_case(case) for case in under_way]
    if count := waiting_in(employer_id):
        found.append(_acts_left(count))
    for unit in UnitAccount.objects.filter(employer_id=employer_id).order_by("pk"):
        _, free = unallocated(unit.pk)
        if free:
            found.append(_money(unit, free))
    name = Employer.objects.values_list("name", flat=True).get(pk=employer_id)
    if waiting := unidentified_of(employer_id, name):
        found.append(_without_owner(waiting))
    return found


def terminate(
    employer_id: int,
    form: TerminationForm,
    scans: tuple[Scan, ...] = (),
    *,
    by: Actor,
    today: date,
    now: datetime,
    key: Key,
) -> Receipt:
    """End the service for an employer, with the day (终止手续办妥).

    ``result`` names ``termination_id`` and ``case_no``. Raises ``Refused`` with every reason at once: what the form
    lacks, and each piece of business under way. Basis: agreement §2.6.
    """
    require(by, Role.CLERK)
    content = {"employer_id": employer_id, **asdict(form), "scans": [scan.name for scan in scans]}
    written = write_scans(scans)
    with durable(by):
        if done := evidence.receipt(key, content, by, "terminate_access"):
            return done
        hold_with_served(employer_id)
        handler = held_handler(employer_id)
        if handler is None:
            raise Refused(NO_HANDLER)
        filled_on, faults = _faults(form, today)
        blocking = [one for one in open_business(employer_id) if one.severity is Severity.REFUSED]
        if filled_on is None or faults or blocking:
            raise Refused(faults + blocking)
        told = {"employer": handler.employer.name, "day": f"{today.year}年{today.month}月{today.day}日"}
        to = Audience(employer_id, label=handler.employer.name)
        tell("termination", told, to=to, by=by, today=today, now=now)  # while he is still the one in office
        retire(handler, SessionEnd.TERMINATED, by, today, now)
        for grant in Grant.objects.filter(employer_id=employer_id, state=GrantState.GRANTED).select_for_update():
            lapse_grant(grant, by, today, now, SessionEnd.TERMINATED)
        (ended,) = statements("end_agreement", employer_id=employer_id, on=today).row()
        case = _case(handler, by, today)
        keep_scans(written, case)
        termination = Termination.objects.create(
            employer_id=employer_id,
            case=case,
            handler=handler,
            reason=form.reason.strip(),
            responsible=normalise_name(form.responsible),
            filled_by=normalise_name(form.filled_by),
            filled_on=filled_on,
            ended_on=today,
            ended_at=now,
            ended_by=by.name,
        )
        return evidence.record(
            "terminate_access",
            by=by,
            today=today,
            subject=f"case:{case.number}",
            key=key,
            content=content,
            employer_id=employer_id,
            detail={"handler": handler.name, "reason": form.reason.strip(), "scans": len(scans), "ended": ended},
            result={"termination_id": termination.pk, "case_no": case.number},
        )


def _case(handler: Handler, by: Actor, today: date) -> Case:
    unit = unit_of(handler.employer_id)
    return cases.open_case(
        CaseKind.TERMINATION,
        CaseState.DONE,
        employer_id=handler.employer_id,
        unit_account_id=unit.pk,
        title="终止使用网厅",
        by=by,
        today=today,
    )


def _faults(form: TerminationForm, today: date) -> tuple[date | None, list[Refusal]]:
    found = [] if form.form_seen else [FORM_MISSING]
    found += [] if form.confirmed else [UNCONFIRMED]
    for name in ("reason", "responsible", "filled_by"):
        text = getattr(form, name).strip()
        if not text:
            remedy = "请按申请表填写"
            found.append(Refusal("TERMINATE-REQUIRED", f"未填写{LABELS[name]}", remedy=remedy, where=name))
        elif len(text) > _LONGEST:
            found.append(Refusal("TERMINATE-TOO-LONG", f"{LABELS[name]}超过{_LONGEST}个字", where=name))
    try:
        filled_on = typed_day(form.filled_on)
    except ValueError:
        remedy = "请按“2026-07-01”的样子填写"
        return None, [*found, Refusal("TERMINATE-DATE", "填表日期不是有效日期", remedy=remedy, where="filled_on")]
    if filled_on > today:
        found.append(Refusal("TERMINATE-DATE", "填表日期尚未到来", remedy="请核对申请表", where="filled_on"))
    return filled_on, found


def _open_case(case: Case) -> Refusal:
    return Refusal(
        "TERMINATE-OPEN-CASE",
        f"{case.title}尚未办结（{CaseState(case.state).label}，办件号{case.number}）",
        "终止前须办结或撤回在办的业务",
        "请经办人在网厅办结或撤回，或等待入账后再来办理",
        _BASIS,
        case_no=case.number,
    )


def _acts_left(count: int) -> Refusal:
    return Refusal(
        "TERMINATE-ACTS",
        f"本单位还有{count}件业务在等内部复核",
        "终止前，尚未复核的业务须先办结或收回",
        "请单位的复核人处理，或由经办人收回",
        _BASIS,
    )


def _money(unit: UnitAccount, free: Fen) -> Refusal:
    return Refusal(
        "TERMINATE-MONEY",
        f"单位账户{unit.number}还有暂存款{free.yuan}元",
        "终止使用网厅不影响这笔款项，今后到柜台使用",
        "请提醒单位",
        severity=Severity.CHECK,
    )


def _without_owner(waiting: list[WaitingMoney]) -> Refusal:
    named = "；".join(f"{one.booked_on} {one.amount.yuan}元（流水号{one.flow_no}）" for one in waiting[:_NAMED])
    more = f"；另有{len(waiting) - _NAMED}笔" if len(waiting) > _NAMED else ""
    return Refusal(
        "TERMINATE-UNIDENTIFIED",
        f"这个单位有{len(waiting)}笔到账还没有认领，共{Fen(sum(one.amount for one in waiting)).yuan}元",
        f"付款户名、账号或附言是这个单位的，现记在未识别款：{named}{more}",
        "请先联系资金岗位认领到单位暂存款；终止后仍可认领，但经办人在网厅看不到了",
        severity=Severity.CHECK,
    )
