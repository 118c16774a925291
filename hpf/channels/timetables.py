"""Setting when a function takes acts and how often a day (办理时间), with two persons; announced before it holds."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from hpf import evidence
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.channels import hours
from hpf.channels.hours import Timetable
from hpf.channels.models import TimetableRow
from hpf.channels.rules import FOR_EMPLOYERS, ClosureState
from hpf.evidence import Receipt
from hpf.kernel import Actor, Channel, Key, Refused
from hpf.notices.messages import SERVED, tell
from hpf.storage import durable, lock_key

REVIEW_KIND = "timetable"


def propose(plan: Timetable, reason: str, *, by: Actor, today: date, key: Key) -> Receipt:
    """Propose a function's timetable from a day on and hand it to a second person.

    Raises ``Refused`` with everything that is wrong with it (TIMETABLE-…); REVIEW-UNDER-WAY while another from the same
    day waits: of two, the one approved last would hold.
    """
    asked = {**asdict(plan), "reason": reason}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "propose_timetable"):
            return done
        if refusals := hours.against(plan, reason, today):
            raise Refused(refusals)
        if not by.is_staff or by.id is None:
            raise Refused(review.NOT_STAFF)
        lock_key(f"timetable:{plan.channel}:{plan.function}")
        same_day = TimetableRow.objects.filter(
            channel=plan.channel, function=plan.function, starts_on=plan.starts_on
        )  # fmt: skip
        if same_day.filter(state=ClosureState.PROPOSED.value).exists():
            raise Refused(review.UNDER_WAY)
        made = TimetableRow.objects.create(
            **asdict(plan),
            counted_act=plan.counted_act,
            reason=reason.strip(),
            state=ClosureState.PROPOSED.value,
            made_by_id=by.id,
            maker_name=by.name,
        )
        title = f"{_said(plan.starts_on)}起{plan.what}{plan.sentence}"
        review.submit(REVIEW_KIND, made.pk, title=title, by=by, today=today)
        return _record("propose_timetable", made, asked, by=by, today=today, key=key)


def decide(row_id: int, verdict: ReviewState, *, note: str, by: Actor, today: date, key: Key) -> Receipt:
    """Say the second person's word; approved, it is announced to whom it concerns and holds from its day on.

    Raises ``Refused``: as `review.decide`; TIMETABLE-LATE where its day has come before it was announced.
    """
    asked = {"timetable_id": row_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "decide_timetable"):
            return done
        found = TimetableRow.objects.select_for_update().filter(pk=row_id).first()
        if found is None:
            raise Refused(review.OVER)
        review.decide(REVIEW_KIND, row_id, verdict, note=note, by=by)
        approved = verdict is ReviewState.APPROVED
        if approved and found.starts_on <= today:
            raise Refused(hours.LATE_TO_APPROVE)
        found.state = (ClosureState.APPROVED if approved else ClosureState.REFUSED).value
        found.save(update_fields=["state"])
        if approved and found.function in FOR_EMPLOYERS[Channel(found.channel)]:
            _tell(found, by, today)
        return _record("decide_timetable", found, asked, by=by, today=today, key=key)


def _tell(row: TimetableRow, by: Actor, today: date) -> None:
    values = {
        "what": row.table.what,
        "starts": _said(row.starts_on),
        "hours": row.table.sentence,
        "reason": row.reason.rstrip("。"),
    }
    tell("timetable-announced", values, to=SERVED, by=by, today=today)


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _record(act: str, row: TimetableRow, asked: dict[str, Any], *, by: Actor, today: date, key: Key) -> Receipt:
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"timetable:{row.pk}",
        key=key,
        content=asked,
        detail={
            "channels": [row.channel],
            "function": row.function,
            "starts_on": str(row.starts_on),
            "hours": row.table.sentence,
        },
        result={"timetable_id": row.pk},
    )
