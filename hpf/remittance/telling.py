"""What employers are told of their months: one message each, in the transaction of the act. What was said of a month
before stands at the login no longer: that money is missing is not true of a booked one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time

from hpf.kernel import Actor, Fen
from hpf.notices.messages import Told, tell_each, withdraw_about
from hpf.policy.calendar import CHINA
from hpf.remittance.models import Sheet
from hpf.remittance.queries import funds_of, statements
from hpf.treasury.queries import cases_on_their_way


def booked(case_nos: Sequence[int], *, by: Actor, today: date) -> None:
    """Months have been booked (汇缴入账)."""
    _tell("booking-arrived", case_nos, _booked, by, today)


def short_money(case_nos: Sequence[int], *, by: Actor, today: date) -> None:
    """Money has come that does not complete the months (待补足)."""
    _tell_unless_covered("short-money", case_nos, _short, by, today)


def lapsing(case_nos: Sequence[int], *, by: Actor, today: date) -> None:
    """Notices end soon."""
    _tell_unless_covered("notice-lapsing", case_nos, _lapsing, by, today)


def short_money_anew(unit_account_ids: Collection[int], by: Actor, today: date) -> None:
    """The 暂存款 of unit accounts has changed: what was said of money that came short is said as it is now.

    It is only taken back where the rest is on its way, and where the notice is over.
    """
    short = statements("short", unit_account_ids=list(unit_account_ids), today=today).rows()
    _withdraw([case_no for case_no, _ in short], today)
    on_their_way = set(cases_on_their_way())
    short_money([case_no for case_no, runs in short if runs and case_no not in on_their_way], by=by, today=today)


def lapsed(case_nos: Sequence[int], *, by: Actor, today: date) -> None:
    """Notices have ended (通知单过期)."""
    _tell("notice-lapsed", case_nos, _lapsed, by, today)


def _tell_unless_covered(
    template: str,
    case_nos: Sequence[int],
    values: Callable[[Sheet, Fen], Mapping[str, object]],
    by: Actor,
    today: date,
) -> None:
    """Nobody is asked for a transfer whose unallocated money pays the month: he is told that it does."""
    found = funds_of(case_nos)
    covered = [case_no for case_no, funds in found.items() if funds.is_paid_beside]
    _tell("month-covered", covered, _covered, by, today)
    rest = sorted(found.keys() - {*covered})
    _tell(template, rest, lambda sheet: values(sheet, found[sheet.pk].rest), by, today)


def _tell(
    template: str,
    case_nos: Sequence[int],
    values: Callable[[Sheet], Mapping[str, object]],
    by: Actor,
    today: date,
) -> None:
    if not case_nos:
        return
    _withdraw(case_nos, today)
    sheets = Sheet.objects.filter(pk__in=case_nos).order_by("pk")
    told = [Told(sheet.employer_id, values(sheet), _about(sheet.pk)) for sheet in sheets]
    tell_each(template, told, by=by, today=today)


def _withdraw(case_nos: Sequence[int], today: date) -> None:
    withdraw_about([_about(case_no) for case_no in case_nos], datetime.combine(today, time.min, CHINA))


def _about(case_no: int) -> str:
    return f"case:{case_no}"


def _booked(sheet: Sheet) -> dict[str, object]:
    return {"month": sheet.month.chinese, "people": f"{sheet.people:,}", "amount": sheet.total_fen.yuan}


def _short(sheet: Sheet, rest: Fen) -> dict[str, object]:
    """What came beside counts as received too: the three sums add up."""
    due, received = sheet.due_fen.yuan, Fen(sheet.due_fen - rest).yuan
    return {"due": due, "received": received, **_lapsing(sheet, rest)}


def _lapsing(sheet: Sheet, rest: Fen) -> dict[str, object]:
    return {"month": sheet.month.chinese, "missing": rest.yuan, "last_day": _said(sheet.last_day)}


def _covered(sheet: Sheet) -> dict[str, object]:
    return {"month": sheet.month.chinese, "amount": sheet.total_fen.yuan, "last_day": _said(sheet.last_day)}


def _lapsed(sheet: Sheet) -> dict[str, object]:
    return {"month": sheet.month.chinese, "last_day": _said(sheet.last_day)}


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"
