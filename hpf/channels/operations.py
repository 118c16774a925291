"""Closing what the hall offers, with two persons or at once, and opening it again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hpf import evidence
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.channels import rules
from hpf.channels.models import Closure
from hpf.channels.rules import ClosureState, Plan
from hpf.evidence import Receipt
from hpf.kernel import Actor, Channel, Key, Refused
from hpf.notices.messages import SERVED, tell, withdraw
from hpf.storage import Statements, durable

REVIEW_KIND = "closure"
CHINA = ZoneInfo("Asia/Shanghai")
statements = Statements(__package__)


def propose(plan: Plan, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Propose a closure (停办) and hand it to a second person; approved, it is announced and comes by itself.

    ``now`` is the hall's moment. Raises ``Refused`` with everything that is wrong with it (CLOSURE-…).
    """
    with durable(by):
        if done := evidence.receipt(key, asdict(plan), by, "propose_closure"):
            return done
        made = _made(plan, now, by, urgent=False)
        title = f"{rules.said(made.starts_at.astimezone(now.tzinfo))}起{_what(plan)}停办"
        review.submit(REVIEW_KIND, made.pk, title=title, by=by, today=today)
        return _record("propose_closure", made, asdict(plan), by=by, today=today, key=key)


def decide(
    closure_id: int, verdict: ReviewState, *, note: str, by: Actor, today: date, now: datetime, key: Key
) -> Receipt:
    """Say the second person's word. A returned closure is over as a refused one is: it is proposed anew.

    ``now`` is the hall's moment. Raises ``Refused``: CLOSURE-TOO-LATE, and as `review.decide` does.
    """
    asked = {"closure_id": closure_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "decide_closure"):
            return done
        found = Closure.objects.select_for_update().filter(pk=closure_id).first()
        if found is None:
            raise Refused(review.OVER)
        review.decide(REVIEW_KIND, closure_id, verdict, note=note, by=by)
        approved = verdict is ReviewState.APPROVED
        if approved and (refusals := rules.against_approving(found.starts_at, now)):
            raise Refused(refusals)
        found.state = (ClosureState.APPROVED if approved else ClosureState.REFUSED).value
        found.save(update_fields=["state"])
        told = _announced(found, by, today) if approved else {}
        return _record("decide_closure", found, asked, told, by=by, today=today, key=key)


def close_at_once(plan: Plan, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Close at once, by one person: the system's administrator, with a reason. Raises as `propose` does.

    A second click asks for the same, though it is a moment later.
    """
    asked = {name: value for name, value in asdict(plan).items() if name != "starts_at"}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "close_at_once"):
            return done
        made = _made(plan, now, by, urgent=True)
        told = _announced(made, by, today)
        return _record("close_at_once", made, asked, told, by=by, today=today, key=key)


def lift(closure_id: int, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Open again before the window ends, or call off what was announced (恢复); who was told of it is told so.

    Raises ``Refused`` (CLOSURE-NOT-STANDING).
    """
    asked = {"closure_id": closure_id, "lift": True}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "lift_closure"):
            return done
        found = Closure.objects.select_for_update().filter(pk=closure_id).first()
        if found is None:
            raise Refused(rules.NOT_STANDING)
        is_over = found.lifted_at is not None or (found.ends_at is not None and found.ends_at <= now)
        if is_over or found.state != ClosureState.APPROVED.value:
            raise Refused(rules.NOT_STANDING)
        found.lifted_at, found.lifted_by = now, by.name
        found.save(update_fields=["lifted_at", "lifted_by"])
        if Channel.BATCH.value in found.channels:
            statements("hasten").execute()
        _tell_of_lifting(found, by, today, now)
        return _record("lift_closure", found, asked, by=by, today=today, key=key)


def _made(plan: Plan, now: datetime, by: Actor, *, urgent: bool) -> Closure:
    if refusals := rules.against(plan, now, urgent=urgent):
        raise Refused(refusals)
    if not by.is_staff or by.id is None:
        raise Refused(review.NOT_STAFF)
    return Closure.objects.create(
        channels=[channel.value for channel in plan.channels],
        function=plan.function,
        reason=plan.reason.strip(),
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        urgent=urgent,
        state=(ClosureState.APPROVED if urgent else ClosureState.PROPOSED).value,
        made_by_id=by.id,
        maker_name=by.name,
    )


def _announced(closure: Closure, by: Actor, today: date) -> dict[str, int]:
    """Tell whom the portal serves of a closure that stands, if it concerns them: the number of the ``message``."""
    if Channel.PORTAL.value not in closure.channels:
        return {}
    until = f"预计{rules.said(closure.ends_at.astimezone(CHINA))}恢复" if closure.ends_at else "恢复时间另行公告"
    values = {
        "what": _what(closure),
        "starts": rules.said(closure.starts_at.astimezone(CHINA)),
        "until": until,
        "reason": closure.reason.rstrip("。"),
    }
    ends_at = closure.ends_at
    return {"message": tell("closure-announced", values, to=SERVED, by=by, today=today, shown_until=ends_at)}


def _tell_of_lifting(closure: Closure, by: Actor, today: date, now: datetime) -> None:
    """Take off the pages what was announced there, and tell everybody who was told that it does not hold any more."""
    told = [one.result["message"] for one in evidence.events_about(f"closure:{closure.pk}") if "message" in one.result]
    for message_id in told:
        withdraw(message_id, now)
        values = {
            "what": _what(closure),
            "starts": rules.said(closure.starts_at.astimezone(CHINA)),
            "outcome": "已取消" if now < closure.starts_at else "已提前结束",
        }
        tell("closure-lifted", values, to=SERVED, by=by, today=today)


def _what(closed: Plan | Closure) -> str:
    return rules.said_function(closed.channels, closed.function)


def _record(
    act: str,
    closure: Closure,
    asked: dict[str, Any],
    told: dict[str, int] | None = None,
    *,
    by: Actor,
    today: date,
    key: Key,
) -> Receipt:
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"closure:{closure.pk}",
        key=key,
        content=asked,
        detail={"function": closure.function, "reason": closure.reason, "channels": closure.channels},
        result={"closure_id": closure.pk, **(told or {})},
    )
