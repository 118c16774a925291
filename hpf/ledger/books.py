"""The books: closing days, voucher numbers without gaps, control totals (101, 201, 219)."""

from __future__ import annotations

from datetime import date

from hpf.kernel import Actor, Fen, Refusal, Refused
from hpf.ledger.posting import statements
from hpf.storage import assert_in_transaction

NOT_OVER = Refusal(
    code="LEDGER-DAY-NOT-COME",
    what="该日尚未到来，不能日终结账",
    why="结账后的日期不再记账，提前结账会使当日业务无法入账",
    remedy="请选择业务日或以前的日期",
)


def close_through(day: date, *, by: Actor, today: date) -> int:
    """Close all days up to and including ``day``; returns how many vouchers were numbered.

    Waits for postings under way, so that a closed day is complete. Voucher numbers run through each month without
    gaps. Safe to repeat: what is closed stays closed, and there is nothing to number. Raises ``Refused`` for a day that
    has not come.
    """
    assert_in_transaction()
    if day > today:
        raise Refused(NOT_OVER)
    statements("hold_books").rows()
    (last,) = statements("closed_through").row()
    if last is not None and day <= last:
        return 0
    statements("close_day", day=day, by=f"{by.kind}:{by.id or ''}:{by.name}").execute()
    numbered = statements("number_vouchers", day=day).execute()
    statements("keep_control_totals", day=day, after=last or date.min).execute()
    return numbered


def closed_through() -> date | None:
    """The last closed day, ``None`` before the first closing."""
    (day,) = statements("closed_through").row()
    return day  # type: ignore[no-any-return]


def trial_balance() -> dict[str, tuple[Fen, Fen]]:
    """Subject → (debit, credit) over all postings (科目余额)."""
    return {code: (Fen(debit), Fen(credit)) for code, debit, credit in statements("trial_balance").rows()}
