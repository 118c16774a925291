"""Rules of the monthly remittance (汇缴). Pure: they are told the day and the facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hpf.kernel import Fen, Month, Rate, Refusal, Severity, deadline

REMINDED = timedelta(days=2)
"""So long before its last day an employer is told of a notice whose money has not come."""
MONTH_BY_MONTH = "中心缴存业务规则，逐月汇缴"
BASE_ON_FLOOR = "REMIT-BASE-ON-FLOOR"
LIMITS = "缴存基数上下限，以该汇缴月份执行的标准为准"


class Part(StrEnum):
    """How a member's share of this month differs from last month's. Every difference is in exactly one part (M03)."""

    OPENED = "新开户"
    UNSEALED = "启封"
    LEFT = "封存"
    BASE = "基数变更"
    RATE = "比例变更"


@dataclass(frozen=True, slots=True)
class Bridge:
    """One line of the way from last month to this month: signed people and money."""

    part: Part
    people: int
    fen: Fen


@dataclass(frozen=True, slots=True)
class UnitShape:
    """What the rules need to know of a unit account."""

    number: str
    state_label: str
    remits: bool
    due_month: Month
    payday: int
    unallocated: Fen
    reserved: Fen

    @property
    def free(self) -> Fen:
        """Unallocated money that no declared month has set aside."""
        return self.unallocated - self.reserved


@dataclass(frozen=True, slots=True)
class Funds:
    """What a declared month that waits still needs, and what lies in 暂存款 for it.

    ``asked`` is what its notice has still to bring. ``held`` is the whole 暂存款; ``beside`` is what came into it since
    the month was declared without being counted for it: claimed, too much, too late.
    """

    total: Fen
    asked: Fen
    held: Fen
    beside: Fen

    @property
    def covers(self) -> bool:
        """Whether the 暂存款 pays the whole month by one click."""
        return self.held >= self.total

    @property
    def is_paid_beside(self) -> bool:
        """Whether it does so since money came beside: then nobody is asked for a transfer any more.

        Who chose to transfer though the 暂存款 sufficed is still told where to.
        """
        return self.covers and self.beside > 0

    @property
    def rest(self) -> Fen:
        """What is still to be transferred: nothing that has come is asked for twice."""
        return Fen(0) if self.is_paid_beside else Fen(max(0, self.asked - self.beside))


@dataclass(frozen=True, slots=True)
class OffendingLine:
    """A member whose base is not within the limits of the month, or stands exactly on the floor."""

    account_no: str
    name: str
    base: Fen


@dataclass(frozen=True, slots=True)
class SheetShape:
    """A month about to be declared: totals and the few lines that offend. The lines stay in the database.

    ``on_floor_names`` are the first of those whose base is the floor.
    """

    month: Month
    unit_rate: Rate
    personal_rate: Rate
    last_people: int
    last_fen: Fen
    bridge: tuple[Bridge, ...]
    people: int
    unit_fen: Fen
    personal_fen: Fen
    base_floor: Fen
    base_cap: Fen
    outside_limits: tuple[OffendingLine, ...]
    outside_count: int
    on_floor_count: int
    on_floor_names: tuple[str, ...] = ()

    @property
    def total(self) -> Fen:
        return self.unit_fen + self.personal_fen

    @property
    def added(self) -> tuple[int, Fen]:
        """本月增加: people who came in, and every fen by which the month grew."""
        return self._sum(1)

    @property
    def removed(self) -> tuple[int, Fen]:
        """本月减少, as positive figures."""
        return self._sum(-1)

    def _sum(self, sign: int) -> tuple[int, Fen]:
        people = sum(line.people for line in self.bridge if line.people * sign > 0)
        fen = sum(int(line.fen) for line in self.bridge if line.fen * sign > 0)
        return abs(people), Fen(abs(fen))


def refusals(unit: UnitShape, month: Month, today: date, max_advance_months: int) -> list[Refusal]:
    """Why a month cannot be declared now, apart from its lines (H-01…H-03)."""
    found = []
    if not unit.remits:
        found.append(
            Refusal(
                code="REMIT-UNIT-STATE",
                what=f"单位账户{unit.number}现为“{unit.state_label}”状态，不能汇缴",
                why="只有正常、开户、缓缴状态的单位可以汇缴",
                remedy="请先到柜台办理单位启封",
            )
        )
    if month < unit.due_month:
        found.append(
            Refusal(
                code="REMIT-MONTH-PAID",
                what=f"{month.chinese}已经汇缴，不能重复汇缴",
                why=f"现应汇缴{unit.due_month.chinese}",
                remedy=f"请办理{unit.due_month.chinese}汇缴；{month.chinese}有遗漏的，请到网点柜台办理补缴",
                basis=MONTH_BY_MONTH,
            )
        )
    if month > unit.due_month:
        found.append(
            Refusal(
                code="REMIT-MONTH-GAP",
                what=f"{month.chinese}暂不能汇缴：{unit.due_month.chinese}尚未汇缴",
                why="汇缴须逐月办理，中间不得跳月",
                remedy=f"请先办理{unit.due_month.chinese}汇缴",
                basis=MONTH_BY_MONTH,
            )
        )
    if month > Month.of(today) + max_advance_months:
        found.append(
            Refusal(
                code="REMIT-MONTH-ADVANCE",
                what=f"{month.chinese}尚未到来，不能提前汇缴",
                why=f"最多可提前{max_advance_months}个月汇缴" if max_advance_months else "本中心不办理提前汇缴",
                remedy=f"请于{month.chinese}起办理",
                basis="中心缴存业务规则，可提前汇缴月数",
            )
        )
    return found


def findings(sheet: SheetShape) -> list[Refusal]:
    """The pre-check of a sheet (H-07, P10): bases outside the month's limits refuse; a crowd on the floor is a hint."""
    found = [
        Refusal(
            code="REMIT-BASE-LIMITS",
            where=line.account_no,
            what=f"{line.name}的缴存基数{line.base.yuan}元不在{sheet.month.chinese}的上下限之内",
            why=f"应在{sheet.base_floor.yuan}元至{sheet.base_cap.yuan}元之间",
            remedy="请先到网点柜台办理基数调整",
            basis=LIMITS,
        )
        for line in sheet.outside_limits
    ]
    if sheet.outside_count > len(found):
        found.append(
            Refusal(
                code="REMIT-BASE-LIMITS",
                what=f"另有{sheet.outside_count - len(found)}人的缴存基数不在{sheet.month.chinese}的上下限之内",
                remedy="请先到网点柜台办理基数调整",
                basis=LIMITS,
            )
        )
    if sheet.on_floor_count:
        found.append(
            Refusal(
                code=BASE_ON_FLOOR,
                severity=Severity.CHECK,
                what=f"{_on_floor(sheet)}的基数等于下限{sheet.base_floor.yuan}元",
                remedy="请核对上年度月平均工资；无误的不必更改",
            )
        )
    return found


def _on_floor(sheet: SheetShape) -> str:
    names, count = "、".join(sheet.on_floor_names), sheet.on_floor_count
    return names if 0 < count == len(sheet.on_floor_names) else f"{names}{'等' if names else ''}{count}人"


def payment(unit: UnitShape, total: Fen, use_unallocated: bool) -> tuple[Fen, Fen]:
    """How a month is paid: (reserved from unallocated money, due by transfer) (settled 5)."""
    reserved = min(unit.free, total) if use_unallocated else Fen(0)
    return Fen(reserved), total - reserved


def remit_by(month: Month, payday: int, days: int) -> date:
    """The last day to remit a month: so many calendar days after its payday (条例2026 §19).

    A payday that the month does not have is the month's last day.

    >>> remit_by(Month(2026, 8), 10, 5), remit_by(Month(2026, 2), 31, 5)
    (datetime.date(2026, 8, 15), datetime.date(2026, 3, 5))
    """
    return deadline(min(month.first_day + timedelta(days=payday - 1), month.next.first_day - timedelta(days=1)), days)


def notice_last_day(declared: date, valid_days: int) -> date:
    """The last day of a payment notice (H-10); the day of declaring does not count."""
    return deadline(declared, valid_days)


def changed(differences: Sequence[str]) -> Refusal:
    """The sheet would come out differently from what was agreed (settled 5, M02)."""
    named = "；".join(differences[:10]) + ("等" if len(differences) > 10 else "")
    return Refusal(
        code="REMIT-SHEET-CHANGED",
        what="清册与您核对时相比已有变动" + (f"：{named}" if named else ""),
        why="提交和入账都须与核对过的结果完全一致",
        remedy="请重新核对后再提交",
    )


def other_money_refusals(on_its_way: Fen) -> list[Refusal]:
    """Why a declared month is not paid by other money: its own is about to be taken to it."""
    why = "先到账的款项先入账，以免一个月的款项重复占用"
    return [_on_its_way(on_its_way, "不用再用暂存款缴纳", why, "到账入账")] if on_its_way else []


def _on_its_way(fen: Fen, what: str, why: str, basis: str) -> Refusal:
    return Refusal(
        code="REMIT-MONEY-ON-ITS-WAY",
        what=f"银行已到账{fen.yuan}元，正在记入本月汇缴，{what}",
        why=why,
        remedy="请稍候片刻，刷新页面查看入账结果",
        basis=f"中心缴存业务规则，{basis}",
    )


def withdrawal_refusals(received: Fen, on_its_way: Fen) -> list[Refusal]:
    """Why a declared month cannot be withdrawn (H-17): money was counted for it, or is about to be."""
    if on_its_way:
        return [_on_its_way(on_its_way, "不能撤回", "款项到账后不再撤回核定", "撤销核定")]
    if not received:
        return []
    return [
        Refusal(
            code="REMIT-MONEY-CAME",
            what=f"本月汇缴已到账{received.yuan}元，不能撤回",
            why="款项到账后不再撤回核定",
            remedy="请补足余款；通知单过期后款项留在暂存款，可重新核定",
            basis="中心缴存业务规则，撤销核定",
        )
    ]


def not_done() -> Refusal:
    """The hall's own fault: the booking failed again and again."""
    return Refusal(
        code="REMIT-NOT-DONE",
        what="入账时系统出错，本月没有入账",
        why="已重试仍未成功，款项仍在暂存款",
        remedy="请稍后再用暂存款付；仍不成功的，请联系住房公积金管理中心",
    )


def shortfall(total: Fen, available: Fen) -> Refusal:
    """There is not enough unallocated money to book the month (H-11)."""
    return Refusal(
        code="REMIT-SHORT",
        what=f"到账金额不足：应缴{total.yuan}元，暂存款{available.yuan}元",
        why="一个月的汇缴须全额入账",
        remedy=f"请再转入{(total - available).yuan}元",
        basis="中心缴存业务规则，到账入账",
    )
