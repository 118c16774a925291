"""Text messages: sending is writing into the outbox, in the transaction of the act that causes the message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from hpf.notices.models import SmsMessage, SmsPurpose, SmsState
from hpf.storage import Statements, assert_in_transaction, keyring

statements = Statements(__package__)

SIGNATURE = "【住房公积金】"
_CODE = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message of the outbox in clear. ``code`` is the six digits in it, ``""`` if it carries none."""

    mobile: str
    purpose: SmsPurpose
    text: str
    state: SmsState
    created_at: datetime
    valid_until: datetime | None

    @property
    def code(self) -> str:
        found = _CODE.search(self.text)
        return found[0] if found else ""


def send_sms(
    mobile: str, purpose: SmsPurpose, text: str, *, now: datetime, valid_until: datetime | None = None
) -> None:
    """Send a text message when the present transaction commits; if it does not, nothing was sent.

    No page waits for a gateway: what commits is a row that waits to be sent.
    """
    assert_in_transaction()
    keys = keyring()
    statements(
        "put_in_outbox",
        mobile=keys.encrypt("mobile", mobile),
        mobile_digest=keys.digest("mobile", mobile),
        purpose=purpose.value,
        text=keys.encrypt("sms_text", SIGNATURE + text),
        state=SmsState.WAITING.value,
        created_at=now,
        valid_until=valid_until,
    ).execute()


def login_code_text(code: str, minutes: int) -> str:
    """The text that carries a login code: purpose, validity, and to tell nobody (domain 6.6)."""
    return f"您正在登录单位网上业务大厅，验证码{code}，{minutes}分钟内有效。请勿告知他人，工作人员不会向您索要。"


def outbox(limit: int = 50) -> list[OutboxMessage]:
    """The latest messages, newest first, for the page of the demonstration. Staff role only."""
    return [
        OutboxMessage(
            row.mobile, SmsPurpose(row.purpose), row.text, SmsState(row.state), row.created_at, row.valid_until
        )
        for row in SmsMessage.objects.order_by("-id")[:limit]
    ]
