"""Text messages: sending is writing into the outbox, in the transaction of the act that causes the message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from hpf.notices.models import DeliveryState, OutboxMessage
from hpf.notices.own import own_values
from hpf.notices.rendering import filled, render, segments
from hpf.notices.templates import Way
from hpf.notices.wording import template_on
from hpf.storage import Statements, assert_in_transaction, keyring
from hpf.storage.queue import defer

statements = Statements(__package__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the outbox in clear. ``code`` is the code in it, ``""`` if it carries none."""

    mobile: str
    template: str
    text: str
    code: str
    state: DeliveryState
    created_at: datetime
    valid_until: datetime | None


def send_sms(
    mobile: str,
    template: str,
    values: Mapping[str, object],
    *,
    today: date,
    now: datetime,
    valid_until: datetime | None = None,
) -> None:
    """Send a text message when the present transaction commits; if it does not, nothing was sent.

    The text is the template's version of ``today``, filled with ``values``: exactly those that the template names.
    No page waits for a gateway: what commits is a row that waits and a job that takes it there.
    """
    assert_in_transaction()
    one, version = template_on(template, today)
    own = filled(values, one.values, one.paragraphs)
    text = f"【{settings.HALL.notices.signature}】{render(version.sms, {**own, **own_values()})}"
    keys = keyring()
    statements(
        "put_in_outbox",
        mobile=keys.encrypt("mobile", mobile),
        mobile_digest=keys.digest("mobile", mobile),
        template=template,
        version=version.number,
        text=keys.encrypt("sms_text", text),
        values=keys.encrypt("sms_values", json.dumps(own, ensure_ascii=False)),
        segments=segments(text),
        now=now,
        valid_until=valid_until,
    ).execute()
    defer("send_messages", lock=Way.SMS.value, way=Way.SMS.value)


def outbox(limit: int = 50) -> list[Shown]:
    """The latest messages, newest first, for the page of the demonstration. Staff role only."""
    return [_shown(row) for row in OutboxMessage.objects.filter(way=Way.SMS).order_by("-id")[:limit]]


def _shown(row: OutboxMessage) -> Shown:
    mobile = keyring().decrypt("mobile", bytes(row.address))
    code = json.loads(row.values).get("code", "")
    return Shown(mobile, row.template, row.text, code, DeliveryState(row.state), row.created_at, row.valid_until)
