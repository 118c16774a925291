"""How a declared month is told: its steps, its way of payment, what came for it and why it waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import Http404

from hpf.casework.models import CaseState
from hpf.evidence import Event
from hpf.faces.web.shapes.frame import Step
from hpf.faces.web.shapes.portal import ArrivalRow
from hpf.faces.web.states import NoticeState, State
from hpf.kernel import Fen
from hpf.registry.models import BankAccount
from hpf.remittance.models import Sheet
from hpf.remittance.queries import funds, live_sheet
from hpf.treasury import queries as treasury
from hpf.treasury.queries import OwnLine
from hpf.treasury.rules import LineState, Reason, told_to_handler

AWAITING = (CaseState.AWAITING_PAYMENT, CaseState.AWAITING_REST)
GIVEN_UP = (CaseState.WITHDRAWN, CaseState.LAPSED)

_LABELS = ("人员变动", "核定", "缴款", "到账", "入账")
_REACHED = {
    CaseState.WITHDRAWN: 1,
    CaseState.LAPSED: 1,
    CaseState.AWAITING_PAYMENT: 2,
    CaseState.AWAITING_REST: 3,
    CaseState.WORKING: 4,
    CaseState.BOOKED: 5,
}


def sheet_of(case_no: int) -> Sheet:
    """A declared month of the handler's employer. ``Http404`` for a number that is not one of its own."""
    found = Sheet.objects.select_related("case", "unit_account").filter(pk=case_no).first()
    if found is None:
        raise Http404
    return found


def collecting_account() -> BankAccount:
    """The center's account that employers pay to."""
    return BankAccount.objects.filter(collects=True).order_by("pk")[0]


def coming_steps(changed: str) -> tuple[Step, ...]:
    """The steps of a month that is not declared yet; ``changed`` is empty as long as nobody counted."""
    return _steps(1, [changed, "待核定", "", "", ""])


def sheet_steps(sheet: Sheet, today: date) -> tuple[Step, ...]:
    """The steps of a declared month."""
    state = CaseState(sheet.case.state)
    late = is_overdue(sheet, today)
    paid = way_paid(sheet, taken_from_unallocated(sheet)) if sheet.booked_on else ""
    pay = f"{chinese_day(sheet.last_day)}止" if state in AWAITING else paid
    rest = funds(sheet).rest if state is CaseState.AWAITING_REST else Fen(0)
    came = f"还差 {rest.yuan}" if rest else ""
    booked = chinese_day(sheet.booked_on) if sheet.booked_on else ""
    notes = [changes(sheet.added_people, sheet.removed_people), chinese_day(sheet.declared_on), pay, came, booked]
    if state in GIVEN_UP:
        notes[1] = state.label
    return _steps(_REACHED[state], notes, late=late)


def changes(added: int, removed: int) -> str:
    """增 3 · 减 2."""
    parts = [f"{word} {people}" for word, people in (("增", added), ("减", removed)) if people]
    return " · ".join(parts) or "无变动"


def is_to_declare_again(sheet: Sheet) -> bool:
    """Whether a month was withdrawn or lapsed, and nothing has come in its place."""
    return (
        sheet.case.state in GIVEN_UP
        and sheet.month == sheet.unit_account.due_month
        and live_sheet(sheet.unit_account_id) is None
    )


def chinese_day(day: date) -> str:
    """8月10日."""
    return f"{day.month}月{day.day}日"


def overdue(last_day: date, today: date) -> str:
    """已逾期 3 天, "" until then."""
    late = (today - last_day).days
    return f"已逾期 {late} 天" if late > 0 else ""


def is_overdue(sheet: Sheet, today: date) -> bool:
    """Whether the notice of a month that waits is over its last day."""
    return sheet.case.state in AWAITING and today > sheet.last_day


def shown_state(sheet: Sheet, today: date) -> State:
    """The state of a month as lists show it: until the bank's last day is in, a notice that is over only waits."""
    return NoticeState.OVER if is_overdue(sheet, today) else CaseState(sheet.case.state)


def is_to_transfer(sheet: Sheet, today: date) -> bool:
    """Whether a transfer is asked for: while a month waits, in time, and nothing that came pays it or is about to."""
    waits = sheet.case.state in AWAITING and not is_overdue(sheet, today)
    return waits and not is_money_on_its_way(sheet) and bool(funds(sheet).rest)


def way_paid(sheet: Sheet, taken: Fen) -> str:
    """How a month was paid, ``taken`` of it from unallocated money; before it is booked, how it is to be paid.

    Empty for a month that was given up or asked for nothing: there was no payment.
    """
    if sheet.case.state in GIVEN_UP or not sheet.total_fen:
        return ""
    from_unallocated = taken if sheet.booked_on else sheet.reserved_fen
    if sheet.case.state == CaseState.WORKING:
        from_unallocated = sheet.total_fen - sheet.received_fen
    if not from_unallocated:
        return "转账"
    return "暂存款和转账" if from_unallocated < sheet.total_fen else "暂存款"


def over(sheet: Sheet) -> ArrivalRow | None:
    """The last transfer that came above the sum of a waiting month, and so lies whole in unallocated money."""
    lines = treasury.own_lines(sheet.pk) if sheet.case.state in AWAITING else []
    came = [line for line in lines if any(finding.reason is Reason.OVER for finding in line.findings)]
    return _arrival(came[0]) if came else None


def is_unclaimed(sheet: Sheet) -> bool:
    """Whether money that names a waiting month lies with the center until somebody proves whose it is."""
    lines = treasury.own_lines(sheet.pk) if sheet.case.state in AWAITING else []
    return any(line.state is LineState.UNIDENTIFIED for line in lines)


def last_refusal(history: Sequence[Event]) -> str:
    """Why the last booking of a waiting month failed; empty if none did, or something was done since."""
    latest = next((one for one in history if one.act in ("refuse_booking", "pay_from_unallocated")), None)
    return str(latest.result["reason"]) if latest and latest.act == "refuse_booking" else ""


def arrivals(sheet: Sheet) -> tuple[ArrivalRow, ...]:
    """The money that came for a month or was claimed while it waited, and what was taken from unallocated money."""
    lines = treasury.own_lines(sheet.pk)
    if sheet.live and (sheet.entry_id or not sheet.booked_on):
        lines += treasury.claimed_lines(
            sheet.unit_account_id, since=sheet.declared_at, before_entry=sheet.entry_id, besides=sheet.pk
        )
    return tuple(_arrival(line, is_booked=sheet.booked_on is not None) for line in lines) + _taken(sheet)


def can_withdraw(sheet: Sheet) -> bool:
    """Whether no money has come for a month, not even such as is still on its way from the bank's file."""
    waits = sheet.case.state == CaseState.AWAITING_PAYMENT and not sheet.received_fen
    return waits and not treasury.on_its_way(sheet.pk)


def is_money_on_its_way(sheet: Sheet) -> bool:
    """Whether money has come for a waiting month that the worker is about to book or to count."""
    return sheet.case.state in AWAITING and bool(treasury.on_its_way(sheet.pk))


def paying_lines(sheet: Sheet) -> list[OwnLine]:
    """The lines of the bank whose money went into a month."""
    return [line for line in treasury.own_lines(sheet.pk) if line.state in treasury.BRINGING]


def taken_from_unallocated(sheet: Sheet) -> Fen:
    """The part of a month that no line of the bank brought, once it is booked."""
    return taken_of_each([sheet]).get(sheet.pk, Fen(0))


def taken_of_each(sheets: Sequence[Sheet]) -> dict[int, Fen]:
    """By case number the part of each booked month that no line of the bank brought."""
    booked = {sheet.pk: sheet.total_fen for sheet in sheets if sheet.booked_on}
    brought = treasury.brought(list(booked)) if booked else {}
    return {case_no: Fen(max(0, total - brought.get(case_no, Fen(0)))) for case_no, total in booked.items()}


def _arrival(line: OwnLine, *, is_booked: bool = False) -> ArrivalRow:
    """A line of the bank. Of a booked month it asks for nothing any more."""
    was_over = is_booked and any(finding.reason is Reason.OVER for finding in line.findings)
    said = "多于应缴，已全部记入贵单位暂存款" if was_over else told_to_handler(line.state, line.findings)
    return ArrivalRow(line.booked_on, f"银行转账 {line.flow_no}", line.amount, said)


def _taken(sheet: Sheet) -> tuple[ArrivalRow, ...]:
    taken = taken_from_unallocated(sheet)
    if sheet.booked_on is None or not taken:
        return ()
    return (ArrivalRow(sheet.booked_on, "暂存款", taken, "已用于本月汇缴"),)


def _steps(reached: int, notes: Sequence[str], *, late: bool = False) -> tuple[Step, ...]:
    states = ["done" if at < reached else "" for at in range(len(_LABELS))]
    if reached < len(states):
        states[reached] = "late" if late else "now"
    return tuple(Step(*step) for step in zip(_LABELS, notes, states, strict=True))
