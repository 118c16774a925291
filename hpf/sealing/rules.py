"""Rules of sealing. Pure: they are told the facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hpf.kernel import Month, Refusal

BASIS = "中心缴存业务规则，封存"


@dataclass(frozen=True, slots=True)
class SealingShape:
    """A member about to be sealed. ``last_opening`` is the month of the latest opening or unsealing."""

    account_no: str
    name: str
    active: bool
    state_label: str
    last_opening: Month


FARTHEST_MONTHS = 1


def refusals(
    members: Sequence[SealingShape],
    effective: Month,
    due_month: Month,
    declared: Month | None,
    reason_known: bool,
    current: Month,
    unknown: int = 0,
    declared_case: int | None = None,
) -> list[Refusal]:
    """Why members cannot be sealed from a month on; all reasons for all members.

    ``due_month`` is the month the unit remits next, ``declared`` a month that is declared but not booked, by
    ``declared_case``. A sealing is in conflict with it only if its effective month is not after it (settled 17).
    ``unknown`` counts accounts that were named and are not the unit's; ``current`` is the month of the business day.
    """
    found = []
    if unknown and members:
        found.append(
            Refusal("SEAL-UNKNOWN", f"有{unknown}个账户不在本单位名下", remedy="请重新选择职工", where="accounts")
        )
    if effective > max(current, due_month) + FARTHEST_MONTHS:
        found.append(
            Refusal(
                code="SEAL-MONTH-FAR",
                where="effective_month",
                what=f"封存生效年月{effective.chinese}过远",
                why="封存一经办理，账户即转为封存状态",
                remedy=f"请填写{(max(current, due_month) + FARTHEST_MONTHS).chinese}或以前的月份",
            )
        )
    if not members:
        found.append(Refusal("SEAL-NOBODY", "没有选择职工", remedy="请至少选择一名职工", where="accounts"))
    if not reason_known:
        found.append(Refusal("SEAL-REASON", "没有选择封存原因", remedy="请选择封存原因", where="reason"))
    if effective < due_month:
        found.append(
            Refusal(
                code="SEAL-MONTH-PAID",
                where="effective_month",
                what=f"{effective.chinese}已经汇缴，封存不能从该月起生效",
                why=f"现应汇缴{due_month.chinese}",
                remedy=f"请把生效年月改为{due_month.chinese}或以后；已多缴的月份，请到网点柜台办理错缴更正",
                basis=BASIS,
            )
        )
    elif declared is not None and effective <= declared:
        found.append(
            Refusal(
                code="SEAL-MONTH-DECLARED",
                where="effective_month",
                what=f"{declared.chinese}汇缴已核定，封存不能从{effective.chinese}起生效",
                why="核定后的清册不再变动",
                remedy=f"请先撤回{declared.chinese}核定，或把生效年月改为{declared.next.chinese}",
                basis="中心缴存业务规则，在途互斥",
                case_no=declared_case,
            )
        )
    for member in members:
        found.extend(_of_member(member, effective))
    return found


def _of_member(member: SealingShape, effective: Month) -> list[Refusal]:
    if not member.active:
        return [
            Refusal(
                code="SEAL-STATE",
                where=member.account_no,
                what=f"{member.name}的账户现为“{member.state_label}”，不能封存",
                why="只有正常状态的账户可以封存",
                remedy="请从名单中去掉该职工",
            )
        ]
    if effective < member.last_opening:
        return [
            Refusal(
                code="SEAL-BEFORE-OPENING",
                where=member.account_no,
                what=f"{member.name}自{member.last_opening.chinese}起缴，封存不能早于该月",
                why="封存生效年月不得早于起缴年月",
                remedy=f"请把生效年月改为{member.last_opening.chinese}或以后",
            )
        ]
    return []
