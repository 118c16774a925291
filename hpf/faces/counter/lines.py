"""A line of the bank as the treasurer's pages show it."""

from __future__ import annotations

from django.urls import reverse

from hpf.faces.web.shapes.counter import LineRow
from hpf.faces.web.shapes.frame import Link
from hpf.kernel import Fen
from hpf.treasury.queries import BankLine
from hpf.treasury.rules import LineState, told_to_treasurer
from hpf.treasury.statement import Side

_RIGHT = "缴款码、金额、付款人都相符"


def line_row(found: BankLine) -> LineRow:
    """What became of a line, why, and where to go on."""
    line = found.line
    return LineRow(
        flow_no=line.flow_no,
        on=line.booked_on,
        payer=line.payer_name,
        remark=line.remark or line.summary,
        amount_fen=line.amount if line.side is Side.CREDIT else Fen(-int(line.amount)),
        outcome=found.state,
        reason=reason(found),
        link=_link(found),
    )


def reason(found: BankLine) -> str:
    """Why a line did not book by itself, and what was done with it; or that all was right."""
    told = told_to_treasurer(found.state, found.findings)
    if found.state is LineState.ASSIGNED:
        return f"{told}已认领到{found.employer_name}。"
    if found.state is LineState.REVERSED:
        return f"{told}已被银行冲正，记账已红冲。"
    if found.state is LineState.OFFSET:
        return f"{told}已冲正相应的到账。"
    if found.state is LineState.BOOKED and told:
        return f"{told}后已补足入账。"
    return told or _RIGHT


def _link(found: BankLine) -> Link | None:
    if found.state is LineState.UNIDENTIFIED:
        return Link("认领", f"{reverse('counter:money')}?line={found.id}")
    if found.state in (LineState.TAKEN_BACK, LineState.OFFSET, LineState.REVERSED):
        return Link("核对支出", reverse("counter:bank-line", args=[found.id]))
    if found.state is LineState.ASSIGNED:
        return Link("认领经过", reverse("counter:bank-line", args=[found.id]))
    if found.case_no is not None:
        return Link("办件", reverse("counter:case", args=[found.case_no]))
    return None
