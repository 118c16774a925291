"""查询限额: how many different records one may look up before he is asked, and stopped (ADR 14); set by two persons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from hpf import evidence
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.hall_access.attempts import statements
from hpf.hall_access.models import Limits, LooksChange
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.registry.codes import Role
from hpf.registry.roles import require
from hpf.storage import durable, lock_key

REVIEW_KIND = "looks"
MOST_AN_HOUR, MOST_A_DAY, MOST_FACTOR = 10_000, 50_000, 10


@dataclass(frozen=True, slots=True)
class LookLimits:
    """Different records in an hour and in a day: of a handler, more by a percentage of his employer's members; of the
    staff; and how many times as many stop somebody."""

    looks_an_hour: int
    looks_a_day: int
    looks_percent_an_hour: int
    looks_percent_a_day: int
    staff_looks_an_hour: int
    staff_looks_a_day: int
    looks_stop_factor: int

    def of_handler(self, people: int) -> tuple[int, int]:
        """An hour's and a day's of the handler of so many members."""
        return (
            self.looks_an_hour + people * self.looks_percent_an_hour // 100,
            self.looks_a_day + people * self.looks_percent_a_day // 100,
        )

    def refusals(self) -> Iterator[Refusal]:
        """Everything that is wrong with them. ``where`` is the field's name."""
        pairs = (("looks_an_hour", "looks_a_day"), ("staff_looks_an_hour", "staff_looks_a_day"))
        for hour, day in pairs:
            if not 1 <= getattr(self, hour) <= MOST_AN_HOUR:
                yield _out_of(hour, f"每小时须为1至{MOST_AN_HOUR:,}条")
            if not getattr(self, hour) <= getattr(self, day) <= MOST_A_DAY:
                yield _out_of(day, f"每天不少于每小时的，不超过{MOST_A_DAY:,}条")
        for name in ("looks_percent_an_hour", "looks_percent_a_day"):
            if getattr(self, name) > 100:
                yield _out_of(name, "不超过100%")
        if not 1 < self.looks_stop_factor <= MOST_FACTOR:
            yield _out_of("looks_stop_factor", f"须为2至{MOST_FACTOR}倍，先要求说明用途，再暂停")


def _out_of(where: str, why: str) -> Refusal:
    return Refusal("LOOKS-RANGE", "限额不在允许的范围内", why, "请改正", "服务协议关于不得采集数据的约定", where=where)


SAME = Refusal("LOOKS-SAME", "没有改动", "所填限额与现行的相同", "请改动后再提交")
REASON = Refusal("LOOKS-REASON", "未填写原因", remedy="请写明原因", where="reason")


def in_force() -> LookLimits:
    """The limits that hold now."""
    return LookLimits(*Limits.objects.values_list(*LookLimits.__dataclass_fields__)[0])


def of_change(change: LooksChange) -> LookLimits:
    """The limits that a change proposes."""
    return LookLimits(*(getattr(change, name) for name in LookLimits.__dataclass_fields__))


def propose(limits: LookLimits, reason: str, *, by: Actor, today: date, key: Key) -> Receipt:
    """Propose other limits, one change at a time: a second would undo the first in what it does not mean to change.

    Raises ``Refused`` with everything that is wrong (LOOKS-…); REVIEW-UNDER-WAY, STAFF-ROLE.
    """
    require(by, Role.SECURITY_ADMIN)
    asked = {**asdict(limits), "reason": reason}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "propose_looks"):
            return done
        lock_key(REVIEW_KIND)
        if review.pending([REVIEW_KIND]):
            raise Refused(review.UNDER_WAY)
        refusals = list(limits.refusals())
        refusals += [SAME] if limits == in_force() else []
        refusals += [] if reason.strip() else [REASON]
        if refusals:
            raise Refused(refusals)
        made = LooksChange.objects.create(
            **asdict(limits), reason=reason.strip(), made_by_id=by.id or 0, maker_name=by.name
        )
        review.submit(REVIEW_KIND, made.pk, title="查询限额变更", by=by, today=today)
        return _record("propose_looks", made, asked, by=by, today=today, key=key)


def decide(change_id: int, verdict: ReviewState, *, note: str, by: Actor, today: date, key: Key) -> Receipt:
    """Say the second administrator's word; approved, the limits hold at once. Raises as `review.decide`; STAFF-ROLE."""
    require(by, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN)
    asked = {"looks_id": change_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "decide_looks"):
            return done
        change = LooksChange.objects.filter(pk=change_id).first()
        if change is None:
            raise Refused(review.OVER)
        review.decide(REVIEW_KIND, change_id, verdict, note=note, by=by)
        if verdict is ReviewState.APPROVED:
            statements("set_looks", change_id=change_id).rows()
        return _record("decide_looks", change, asked, by=by, today=today, key=key)


def _record(act: str, change: LooksChange, asked: Mapping[str, object], *, by: Actor, today: date, key: Key) -> Receipt:
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"looks:{change.pk}",
        key=key,
        content=asked,
        detail={**asdict(of_change(change)), "reason": change.reason},
        result={"looks_id": change.pk},
    )
