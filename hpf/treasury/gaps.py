"""What is missing between an account's statements, and the word of two persons for it: for that sum and no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hpf.kernel import Fen, Refusal, Refused
from hpf.treasury.cases import statements
from hpf.treasury.table import refusal


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a statement does not join the one before it: its first day, its opening, and what is missing between.

    ``before_all``: none lies before it. Then ``starts_on`` is the first day of all, ``opening`` what the account held
    before it, and ``missing`` how much more that is than two persons have seen: nothing as long as there was none.
    """

    starts_on: date
    opening: Fen
    missing: Fen
    before_all: bool = False

    @property
    def told(self) -> str:
        """The words that two persons read before they confirm it."""
        expected = Fen(self.opening - self.missing)
        if self.before_all:
            known = f"此前核对过的是{expected}元，相差{self.missing}元" if expected else "没有更早的对账单可以衔接"
            return f"最早一笔流水（{self.starts_on}起）之前账户已有{self.opening}元，{known}"
        return (
            f"{self.starts_on}起的对账单期初余额{self.opening}元，"
            f"与此前对账单的余额{expected}元不衔接，相差{self.missing}元"
        )


class Gapped(Refused):
    """What is missing, or lies before all that is known, and nobody's word was given for it."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__(_refusal(gap) for gap in gaps)
        self.gaps = tuple(gaps)


def confirm_gaps(statement_id: int, bank_account_id: int, seen: Sequence[Gap]) -> Fen:
    """What is missing beside a statement that was just taken; ``seen`` is what two persons confirmed of it.

    Their word is kept with each gap, and holds as long as just that sum is missing there: what comes later and leaves
    another sum is asked about anew.

    Raises ``Gapped`` where nobody confirmed what is missing, ``Refused`` where two confirmed another gap.
    """
    given = {"statement_id": statement_id, "bank_account_id": bank_account_id}
    rows = statements("gaps_beside", **given).rows()
    new = {row[0]: Gap(row[2], Fen(row[3]), Fen(row[4]), before_all=row[1]) for row in rows if not row[5]}
    if new and not seen:
        raise Gapped(tuple(new.values()))
    if tuple(new.values()) != tuple(seen):
        raise Refused(_changed("；".join(gap.told for gap in new.values())))
    between = {number: int(gap.missing) for number, gap in new.items() if not gap.before_all}
    statements("confirm_gaps", ids=list(between), fens=list(between.values())).execute()
    for gap in new.values():
        if gap.before_all:
            statements("confirm_base", statement_id=statement_id, fen=int(gap.missing)).execute()
    return Fen(sum(row[4] for row in rows if not row[1]))


def _refusal(gap: Gap) -> Refusal:
    if gap.before_all:
        return refusal(
            "BEFORE-ALL",
            gap.told,
            why="各份对账单的余额都从这里起算，没有更早的对账单可以证明它",
            remedy="请提交复核，由另一人与银行核对后导入",
            where="期初余额",
        )
    return refusal(
        "GAP",
        gap.told,
        why="同一账户相邻的对账单须首尾相接，不衔接说明其间缺一份，或文件有误",
        remedy="请先导入缺少的那一份；暂时取不到的，核对后勾选“之间确有缺口”再导入",
        where="期初余额",
    )


def _changed(now: str) -> Refusal:
    return refusal(
        "GAP-CHANGED",
        f"缺口已不是提交时所见的：{now or '现在前后衔接，没有缺口'}",
        why="两人确认的是提交时的那个缺口，其后又导入了别的对账单",
        remedy="请退回，由提交人重新提交",
        where="期初余额",
    )
