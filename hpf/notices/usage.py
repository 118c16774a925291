"""What text messages cost: how many are charged a day and a month, and the alarm when a day has too many (proof 38)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.timezone import localdate

from hpf import evidence
from hpf.kernel import Actor, Key
from hpf.storage import Statements, durable

statements = Statements(__package__)

ALARM = "alarm_sms_cost"
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Usage:
    """The texts of a day or of a month: times handed over to the gateway, and charged (a long one is several)."""

    since: date
    messages: int
    charged: int


def by_day(now: datetime, days: int = 31) -> list[Usage]:
    """The days with texts among the last so many, latest first."""
    return [Usage(*row) for row in statements("usage", unit="day", now=now, span=f"{days} days").rows()]


def by_month(now: datetime, months: int = 12) -> list[Usage]:
    """The same for months, each by its first day."""
    return [Usage(*row) for row in statements("usage", unit="month", now=now, span=f"{months} months").rows()]


def is_too_much(now: datetime) -> bool:
    """Whether the texts of this day cost more than the center has set."""
    return _charged_on(localdate(now, CHINA), now) > settings.HALL.notices.daily_alarm


def _charged_on(day: date, now: datetime) -> int:
    return next((one.charged for one in by_day(now, 1) if one.since == day), 0)


def alarm(*, today: date, now: datetime) -> bool:
    """Say, once a day, that its texts cost more than the center has set. Whether this was news."""
    day, most = localdate(now, CHINA), settings.HALL.notices.daily_alarm
    key, content = Key.of("sms-cost", day.isoformat()), {"day": day}
    with durable(Actor.SYSTEM):
        charged = _charged_on(day, now)
        if charged <= most or evidence.receipt(key, content, Actor.SYSTEM, ALARM):
            return False
        detail = {"charged": charged, "most": most}
        subject = f"sms-cost:{day}"
        evidence.record(ALARM, by=Actor.SYSTEM, today=today, subject=subject, key=key, content=content, detail=detail)
        return True
