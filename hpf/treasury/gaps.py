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
    """Where a statement does not join the one before it: its first day, its opening, and what is missing between."""

    starts_on: date
    opening: Fen
    missing: Fen

    @property
    def told(self) -> str:
        """The words that two persons read before they confirm it."""
        expected = Fen(self.opening - self.missing)
        return (
            f"{self.starts_on}起的对账单期初余额{self.opening}元，"
            f"与此前对账单的余额{expected}元不衔接，相差{self.missing}元"
        )


class Gapped(Refused):
    """What is missing, and nobody's word was given for it."""

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
    new = {row[0]: Gap(row[1], Fen(row[2]), Fen(row[3])) for row in rows if not row[4]}
    if new and not seen:
        raise Gapped(tuple(new.values()))
    if tuple(new.values()) != tuple(seen):
        raise Refused(_changed("；".join(gap.told for gap in new.values())))
    statements("confirm_gaps", ids=list(new), fens=[int(gap.missing) for gap in new.values()]).execute()
    return Fen(sum(row[3] for row in rows))


def _refusal(gap: Gap) -> Refusal:
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
