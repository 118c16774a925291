"""Receipts that a gateway brings to the hall by itself: believed when signed and fresh, and counted once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from hpf.kernel import Actor
from hpf.notices import sending
from hpf.notices.gateways import Outcome, Verdict
from hpf.notices.gateways.generic_http import signature
from hpf.notices.models import OutboxMessage
from hpf.notices.settings import NoticesSettings
from hpf.notices.sms import send_sms
from hpf.notices.templates import Way
from hpf.storage import durable, reading
from tests.integration.browser import Browser
from tests.integration.hall import NOW, TODAY
from tests.integration.notices.test_sending import Carrier
from tests.office import SYSTEM, open_center

FILE = """
[sms]
gateway = "http"
url = "https://sms.example/send"
id_path = "id"
[sms.receipts]
secret = "sixteen characters"
algorithm = "sm3"
list_path = "reports"
id_path = "msg.id"
state_path = "status"
delivered = "DELIVRD"
"""
NOTICES = NoticesSettings.read(FILE, production=True)


@pytest.fixture(autouse=True)
def ground(center: Any) -> Iterator[None]:
    open_center()
    with override_settings(HALL=replace(settings.HALL, notices=NOTICES)):
        yield


def sent(number: str) -> None:
    """A message that the gateway took under a number."""
    with durable(Actor.ANONYMOUS):
        send_sms("13800138000", "login-code", {"code": "123456", "minutes": 5}, today=TODAY, now=NOW, valid_until=None)
    sending.drain(Carrier(Outcome(Verdict.SENT, number)), NOTICES.kind, Way.SMS, lambda: NOW)


def state() -> tuple[str, list[str]]:
    with reading(SYSTEM):
        found = OutboxMessage.objects.get()
        return found.state, found.reasons


def push(*reports: tuple[str, str], late: int = 0, secret: str = "", body: bytes = b"", **more: Any) -> int:
    """What the hall answers to these receipts, signed so many seconds ago; it answers without a word."""
    told = [{"msg": {"id": number}, "status": said} for number, said in reports]
    content, moment = body or json.dumps({"reports": told}).encode(), str(int(time.time()) - late)
    signing = NOTICES.gateway.receipts.signing  # type: ignore[union-attr]
    signing = replace(signing, secret=secret or signing.secret)
    headers = {"X-Signature": signature(signing, moment, content), "X-Timestamp": moment} | more
    kind = "application/json"
    answer = Browser().generic("POST", "/sms/receipts/", content, content_type=kind, headers=headers)
    assert answer.content == b""
    return int(answer.status_code)


def test_a_receipt_settles_its_message_once_and_unknown_numbers_are_answered_alike() -> None:
    sent("g7")
    assert push(("unknown", "DELIVRD")) == 204
    assert state() == ("sent", [])
    assert push(("unknown", "UNDELIV"), ("g7", "DELIVRD")) == 204
    assert push(("g7", "UNDELIV")) == 204
    assert state() == ("delivered", [])


def test_a_receipt_that_is_pushed_before_its_number_is_stored_is_not_lost() -> None:
    assert push(("g6", "DELIVRD")) == 204
    sent("g6")
    assert state() == ("delivered", [])


def test_what_the_network_says_of_a_failure_is_kept() -> None:
    sent("g8")
    assert push(("g8", "MK:0001")) == 204
    assert state() == ("failed", ["MK:0001"])


def test_nothing_is_believed_that_is_not_signed_now_by_the_gateway() -> None:
    sent("g9")
    told = ("g9", "DELIVRD")
    answers = [
        push(told, secret="somebody else's secret"),
        push(told, late=301),
        push(told, late=-301),
        push(told, **{"X-Timestamp": "now"}),
        push(told, **{"X-Signature": "ü"}),
        push(body=b"{"),
        push(*[told] * 501),
    ]
    assert answers == [422] * len(answers)
    with override_settings(HALL=replace(settings.HALL, notices=NoticesSettings())):
        assert Browser().post("/sms/receipts/", {}, headers={"X-Signature": "0"}).status_code == 403
    assert Browser().post("/sms/receipts/", {}).status_code == 403  # a page's form without its token
    assert state() == ("sent", [])
