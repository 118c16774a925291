"""Texts and mails to one address: sending is writing into the outbox, in the transaction of the act that causes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import F

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


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail of the outbox in clear."""

    address: str
    subject: str
    text: str
    created_at: datetime


PURPOSE = {Way.SMS: "mobile", Way.MAIL: "email"}
"""As what an address is encrypted, in the register and in the outbox."""
NOBODY = "0" * 11
"""A mobile that is nobody's, as long as a true one."""


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
    _put(Way.SMS, mobile, template, values, today=today, now=now, valid_until=valid_until)


def send_or_drop_sms(
    mobile: str | None,
    template: str,
    values: Mapping[str, object],
    *,
    today: date,
    now: datetime,
    valid_until: datetime,
) -> None:
    """As `send_sms`, but to nobody if ``mobile`` is ``None``: with the same work, so that no clock tells which it was.

    What is for nobody is worthless the moment it is due: no gateway ever gets it, and it expires.
    """
    until = now if mobile is None else valid_until
    _put(Way.SMS, mobile or NOBODY, template, values, today=today, now=now, valid_until=until)


def send_mail(
    email: str,
    template: str,
    values: Mapping[str, object],
    *,
    today: date,
    now: datetime,
    valid_until: datetime | None = None,
) -> None:
    """Send a mail to an address that no handler may have confirmed yet. As `send_sms`."""
    _put(Way.MAIL, email, template, values, today=today, now=now, valid_until=valid_until)


def _put(
    way: Way,
    address: str,
    template: str,
    values: Mapping[str, object],
    *,
    today: date,
    now: datetime,
    valid_until: datetime | None,
) -> None:
    assert_in_transaction()
    one, version = template_on(template, today)
    own, keys, is_text = filled(values, one.values, one.paragraphs), keyring(), way is Way.SMS
    said = render(version.sms if is_text else version.text, {**own, **own_values()})
    text = f"【{settings.HALL.notices.signature}】{said}" if is_text else said
    statements(
        "put_in_outbox",
        way=way.value,
        address=keys.encrypt(PURPOSE[way], address),
        address_digest=keys.digest(PURPOSE[way], address),
        template=template,
        version=version.number,
        subject="" if is_text else render(version.title, {**own, **own_values()}),
        text=keys.encrypt("sms_text", text),
        values=keys.encrypt("sms_values", json.dumps(own, ensure_ascii=False)),
        digest=keys.digest("sms_text", text),
        segments=segments(text) if is_text else 1,
        now=now,
        valid_until=valid_until,
    ).execute()
    defer("send_messages", lock=way.value, way=way.value)


def outbox(limit: int = 50) -> list[Shown]:
    """The latest messages to somebody, newest first, for the page of the demonstration. Staff role only."""
    texts = OutboxMessage.objects.filter(way=Way.SMS).exclude(valid_until=F("created_at"))
    return [_shown(row) for row in texts.order_by("-id")[:limit]]


def waiting_texts() -> int:
    """How many texts wait for a gateway. Staff role only."""
    return OutboxMessage.objects.filter(way=Way.SMS, state=DeliveryState.WAITING).count()


def mailbox(limit: int = 20) -> list[ShownMail]:
    """The latest mails, newest first, for the page of the demonstration. Staff role only."""
    rows = OutboxMessage.objects.filter(way=Way.MAIL).order_by("-id")[:limit]
    return [
        ShownMail(keyring().decrypt(PURPOSE[Way.MAIL], bytes(row.address)), row.subject, row.text, row.created_at)
        for row in rows
    ]


def _shown(row: OutboxMessage) -> Shown:
    mobile = keyring().decrypt("mobile", bytes(row.address))
    code = json.loads(row.values).get("code", "")
    return Shown(mobile, row.template, row.text, code, DeliveryState(row.state), row.created_at, row.valid_until)
