"""The books: closing days, voucher numbers without gaps, control totals (101, 201, 219)."""

from __future__ import annotations

from datetime import date

from hpf.kernel import Actor, Fen, Refusal, Refused
from hpf.ledger.posting import statements
from hpf.storage import assert_in_transaction

CLOSED_BEFORE = Refusal(
    code="LEDGER-CLOSED-BEFORE",
    what="该日已日终结账",
    why="结账按日向前进行",
    remedy="请选择尚未结账的日期",
)


def close_through(day: date, *, by: Actor) -> int:
    """Close all days up to and including ``day``; returns how many vouchers were numbered.

    Waits for postings under way, so that a closed day is complete. Voucher numbers run through each month without
    gaps. Raises ``Refused`` if the day is closed already.
    """
    assert_in_transaction()
    statements("hold_books").rows()
    (last,) = statements("closed_through").row()
    if last is not None and day <= last:
        raise Refused(CLOSED_BEFORE)
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
