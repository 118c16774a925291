"""The administrator of security sees on his first page that somebody guesses at the door (proofs 38 and 39)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from hpf.hall_access.operations import start_login
from hpf.hall_access.rules import Visit
from hpf.kernel import Refused
from hpf.registry.codes import Role
from tests.integration.browser import lay_hall, staff_browser
from tests.integration.hall import quick_passwords, visit
from tests.integration.portal import said

LIST = "/counter/staff/attempts/"


@pytest.fixture
def hall(center: Any) -> Iterator[Any]:
    with quick_passwords():
        lay_hall()
        yield center


def guess(times: int, at: Visit) -> None:
    for number in range(times):
        with pytest.raises(Refused):
            start_login(f"user{number}", "123456", at)


def test_who_sprays_stands_on_the_first_page_of_security_and_a_slip_does_not(hall: Any) -> None:
    guess(3, visit(address="198.51.100.7"))
    security = staff_browser(Role.SECURITY_ADMIN)
    assert "疑似试探密码" not in security.open("/counter/")
    assert "疑似试探密码</span>" not in security.open(LIST)
    guess(40, visit(address="203.0.113.66"))
    home = security.open("/counter/")
    assert "1个地址疑似试探密码" in said(home)
    assert f'href="{LIST}"' in home
    listed = security.open(LIST)
    assert "203.0.113.66" in listed
    assert "198.51.100.7" in listed
    assert listed.html.count("疑似试探密码</span>") == 1
    assert "疑似试探密码" not in staff_browser(Role.CLERK).open("/counter/")


def test_too_many_text_messages_stand_on_the_first_pages_of_system_and_security(hall: Any) -> None:
    security = staff_browser(Role.SECURITY_ADMIN)
    assert "每日预警值" not in security.open("/counter/")
    with override_settings(HALL=replace(settings.HALL, notices=replace(settings.HALL.notices, daily_alarm=-1))):
        for browser in (security, staff_browser(Role.SYSTEM_ADMIN)):
            page = browser.open("/counter/")
            assert "今天的短信超过每日预警值" in page
            assert 'href="/counter/sms-usage/"' in page
            assert browser.open("/counter/sms-usage/").status == 200
