"""What employers are told of their months: one message each, in the transaction of the act. What was said of a month
before stands at the login no longer: that money is missing is not true of a booked one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time

from hpf.kernel import Actor, Fen
from hpf.notices.messages import Told, tell_each, withdraw_about
from hpf.policy.calendar import CHINA
from hpf.remittance.models import Sheet


def booked(case_nos: Sequence[int], *, by: Actor, today: date) -> None:
    """Months have been booked (汇缴入账)."""
    _tell("booking-arrived", case_nos, _booked, by, today)


def short_money(case_nos: Sequence[int], *, by: Actor, today: date) -> None:
    """Money has come that does not complete the months (待补足)."""
    _tell("short-money", case_nos, _short, by, today)


def lapsing(case_nos: Sequence[int], *, by: Actor, today: date) -> None:
    """Notices end soon."""
    _tell("notice-lapsing", case_nos, _lapsing, by, today)


def lapsed(case_nos: Sequence[int], *, by: Actor, today: date) -> None:
    """Notices have ended (通知单过期)."""
    _tell("notice-lapsed", case_nos, _lapsed, by, today)


def _tell(
    template: str,
    case_nos: Sequence[int],
    values: Callable[[Sheet], Mapping[str, object]],
    by: Actor,
    today: date,
) -> None:
    if not case_nos:
        return
    withdraw_about([_about(case_no) for case_no in case_nos], datetime.combine(today, time.min, CHINA))
    sheets = Sheet.objects.filter(pk__in=case_nos).order_by("pk")
    told = [Told(sheet.employer_id, values(sheet), _about(sheet.pk)) for sheet in sheets]
    tell_each(template, told, by=by, today=today)


def _about(case_no: int) -> str:
    return f"case:{case_no}"


def _booked(sheet: Sheet) -> dict[str, object]:
    return {"month": sheet.month.chinese, "people": f"{sheet.people:,}", "amount": sheet.total_fen.yuan}


def _short(sheet: Sheet) -> dict[str, object]:
    due, received = sheet.due_fen.yuan, sheet.received_fen.yuan
    return {"due": due, "received": received, **_lapsing(sheet)}


def _lapsing(sheet: Sheet) -> dict[str, object]:
    missing = Fen(max(sheet.due_fen - sheet.received_fen, 0))
    return {"month": sheet.month.chinese, "missing": missing.yuan, "last_day": _said(sheet.last_day)}


def _lapsed(sheet: Sheet) -> dict[str, object]:
    return {"month": sheet.month.chinese, "last_day": _said(sheet.last_day)}


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"
