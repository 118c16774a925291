"""L1–L9 over the whole database: what anyone may run, every night and on demand. It alarms; it never repairs."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from hpf.ledger.posting import statements
from hpf.storage import role_name


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant proved or broken: how many rows were compared, and the faults found (at most 20 are named).

    ``open`` names what breaks nothing and is still to be decided.
    """

    code: str
    sentence: str
    compared: int
    faults: tuple[str, ...]
    open: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        return not self.faults


_SENTENCES = {
    "l1": ("L1", "每笔记账借贷相等，且至少两条分录"),
    "l2": ("L2", "每条分录都属于同日的一笔记账，所记账户存在"),
    "l2-owners": ("L2", "每条分录所属的单位账户与其记账相同"),
    "l3": ("L3", "账簿只增不改：防护触发器在位，应用角色无改删权限"),
    "l4": ("L4", "金额为整分且不为零，负数只见于红冲"),
    "l5": ("L5", "同一编号只记一次账，分录与其摘要一致"),
    "l6": ("L6", "红冲与原记账逐条相反，一笔只冲一次；错缴更正每人每月一次"),
    "l7": ("L7", "个人账户与暂存款余额不为负"),
    "l8": ("L8", "已结账日期无结账后记账，凭证号连续"),
    "l9-balances": ("L9", "各账户余额与积数等于其分录之和"),
    "l9-control": ("L9", "科目总账等于其账户之和，借贷合计相等"),
    "l9-days": ("L9", "各日终总账的借方、贷方等于当日分录的借方、贷方"),
}


def checks() -> list[Check]:
    """Run every check of the ledger inside a ``reading`` transaction of the staff."""
    roles = [role_name(settings.CENTER, role) for role in ("portal", "staff", "app")]
    results = []
    for name, (code, sentence) in _SENTENCES.items():
        params = {"roles": roles} if name == "l3" else {}
        compared, faults = statements(f"check_{name.replace('-', '_')}", **params).row()
        results.append(Check(code, sentence, compared, tuple(faults or ())))
    return results
