"""What text messages cost is counted, and told once a day when it is too much (proof 38)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from hpf.kernel import Actor
from hpf.notices import sending, usage
from hpf.notices.sms import send_sms
from hpf.notices.templates import Way
from hpf.registry.codes import Role
from hpf.storage import durable, reading
from tests.integration.browser import lay_hall, staff_browser
from tests.integration.hall import TODAY, quick_passwords
from tests.integration.notices.test_sending import Carrier
from tests.integration.portal import events, said

NOON = datetime(2026, 8, 10, 4, tzinfo=UTC)
LATE = datetime(2026, 8, 10, 17, tzinfo=UTC)  # the 11th in China


@pytest.fixture(autouse=True)
def hall(center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        yield


def send(count: int, at: datetime) -> None:
    for _ in range(count):
        with durable(Actor.SYSTEM):
            values = {"employer": "很长的单位名称" * 12}
            send_sms("13800138000", "handler-changed-old", values, today=TODAY, now=at)
    sending.drain(Carrier(), "test", Way.SMS, lambda: at)


def test_a_long_text_is_charged_as_several_and_days_are_those_of_china() -> None:
    send(2, NOON)
    send(1, LATE)
    with reading(Actor.SYSTEM):
        days, months = usage.by_day(LATE), usage.by_month(LATE)
    assert [(one.since.day, one.messages, one.charged) for one in days] == [(11, 1, 3), (10, 2, 6)]
    assert [(one.since.month, one.messages, one.charged) for one in months] == [(8, 3, 9)]


def test_what_waits_costs_nothing_yet() -> None:
    with durable(Actor.SYSTEM):
        send_sms("13800138000", "handler-changed-old", {"employer": "甲"}, today=TODAY, now=NOON)
    with reading(Actor.SYSTEM):
        assert usage.by_day(NOON) == []


def test_too_many_in_a_day_are_told_once_that_day(center: Any) -> None:
    hall = replace(settings.HALL, notices=replace(settings.HALL.notices, daily_alarm=5))
    with override_settings(HALL=hall):
        send(1, NOON)
        assert not usage.alarm(today=TODAY, now=NOON)
        send(1, NOON)
        assert usage.alarm(today=TODAY, now=NOON)
        assert not usage.alarm(today=TODAY, now=NOON + timedelta(hours=1))
        lower = replace(settings.HALL, notices=replace(settings.HALL.notices, daily_alarm=4))
        with override_settings(HALL=lower):
            assert not usage.alarm(today=TODAY, now=NOON + timedelta(hours=2))
        send(2, LATE)
        assert usage.alarm(today=TODAY, now=LATE)
    assert events(center, usage.ALARM) == ["sms-cost:2026-08-10", "sms-cost:2026-08-11"]


def test_the_system_s_administrator_sees_it_on_a_page() -> None:
    send(2, datetime.now(UTC))
    hall = replace(settings.HALL, notices=replace(settings.HALL.notices, daily_alarm=5))
    with override_settings(HALL=hall):
        page = staff_browser(Role.SYSTEM_ADMIN).open("/counter/sms-usage/")
    assert "按6条计费，超过每日预警值5条" in said(page)
