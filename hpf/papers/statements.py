"""个人缴存明细: the movements of one member's account."""

from __future__ import annotations

from hpf.kernel import Fen, amount_in_words
from hpf.papers.marks import in_beijing
from hpf.papers.pdf import plain, render
from hpf.papers.shapes import MemberStatement, Movement


def member_statement(statement: MemberStatement) -> bytes:
    """个人缴存明细 with opening, running and closing balance (条例 §22, §37; domain e.15)."""
    amounts = [movement.amount for movement in statement.movements]
    data = plain(statement) | {
        "rows": _rows(statement),
        "count": plain(len(amounts)),
        "opening_day": statement.start.isoformat(),
        "increase": sum((amount for amount in amounts if amount > 0), Fen(0)).yuan,
        "decrease": (-sum((amount for amount in amounts if amount < 0), Fen(0))).yuan,
        "closing": statement.closing.yuan,
        "closing_words": amount_in_words(statement.closing),
        "printed_day": plain(in_beijing(statement.imprint.printed_at).date()),
    }
    return render("member_statement", data, printed_at=statement.imprint.printed_at)


def _rows(statement: MemberStatement) -> list[list[str]]:
    rows, balance = [], statement.opening
    for movement in statement.movements:
        balance += movement.amount
        rows.append(_row(movement, balance))
    return rows


def _row(movement: Movement, balance: Fen) -> list[str]:
    increase, decrease = (movement.amount.yuan, "") if movement.amount > 0 else ("", (-movement.amount).yuan)
    words = (movement.book_date.isoformat(), movement.kind, movement.month.compact if movement.month else "")
    return [*(plain(word) for word in words), plain(movement.unit_name), increase, decrease, balance.yuan]
