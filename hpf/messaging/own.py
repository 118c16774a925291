"""What a handler does about the messages of his employer: reads them, confirms them, says where mails go."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from hpf import evidence
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.messaging import rules
from hpf.messaging.models import EmailProof
from hpf.notices.models import DeliveryState
from hpf.notices.sms import send_mail, send_sms
from hpf.registry.codes import Duty
from hpf.registry.handlers import require_acting
from hpf.registry.models import Handler
from hpf.storage import Statements, durable, keyring

statements = Statements(__package__)

CODE_MINUTES = 30
HANDLER_ALONE = Refusal(
    code="MESSAGE-HANDLER-ALONE",
    what="邮件通知只发给单位的经办人",
    why="发给单位的短信和邮件由经办人接收，其他人员在站内消息中查看",
    remedy="请由经办人登记邮箱",
    where="email",
)
GONE = Refusal(
    code="MESSAGE-GONE",
    what="这条消息已经处理过，或者不属于贵单位",
    why="每条消息只处理一次",
    remedy="请返回消息中心查看",
)


def read_messages(delivery_ids: list[int], *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Mark messages of one's own as read; an empty list means all that are unread."""
    content = {"deliveries": delivery_ids}
    with durable(by):
        if done := evidence.receipt(key, content, by, "read_messages"):
            return done
        require_acting(by)
        chosen = delivery_ids or [number for (number,) in statements("unread", employer_id=by.employer_id).rows()]
        count = _settle(chosen, DeliveryState.UNREAD, DeliveryState.READ, by, now)
        if count < len(delivery_ids):
            raise Refused(GONE)
        subject = f"delivery:{delivery_ids[0]}" if len(delivery_ids) == 1 else f"employer:{by.employer_id}"
        return evidence.record(
            "read_messages", by=by, today=today, subject=subject, key=key, content=content, result={"count": count}
        )


def confirm_message(delivery_id: int, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Confirm a message that is shown at each login until then; it counts as read wherever else it is kept.

    Raises ``Refused``: MESSAGE-GONE, ACCESS-LOOKS-ONLY for who does not act for the employer.
    """
    content = {"delivery": delivery_id}
    with durable(by):
        if done := evidence.receipt(key, content, by, "confirm_message"):
            return done
        require_acting(by)
        if not _settle([delivery_id], DeliveryState.UNCONFIRMED, DeliveryState.CONFIRMED, by, now):
            raise Refused(GONE)
        beside = [number for (number,) in statements("unread_beside", delivery_id=delivery_id).rows()]
        _settle(beside, DeliveryState.UNREAD, DeliveryState.READ, by, now)
        subject = f"delivery:{delivery_id}"
        return evidence.record("confirm_message", by=by, today=today, subject=subject, key=key, content=content)


def ask_email(email: str, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Send a code to a mail address that a handler wants his messages at; `confirm_email` takes it.

    Raises ``Refused``: MESSAGE-ADDRESS, MESSAGE-SAME-ADDRESS, MESSAGE-CODE-SOON (one a minute, five an hour), and
    MESSAGE-HANDLER-ALONE: whoever else acts for an employer gets no mails.
    """
    email = email.strip()
    content = {"handler": by.id, "email": email}
    with durable(by):
        if done := evidence.receipt(key, content, by, "ask_email"):
            return done
        handler = Handler.objects.select_for_update(no_key=True).get(pk=by.id or 0)  # one request after the other
        if handler.duty != Duty.HANDLER:
            raise Refused(HANDLER_ALONE)
        asked = EmailProof.objects.filter(handler=handler, asked_at__gt=now - rules.CODES_WITHIN)
        moments = list(asked.order_by("-asked_at").values_list("asked_at", flat=True))
        if refusals := rules.email_refusals(email, handler.email or "", moments, now):
            raise Refused(refusals)
        code, until = f"{secrets.randbelow(10**6):06d}", now + timedelta(minutes=CODE_MINUTES)
        EmailProof.objects.create(
            employer_id=handler.employer_id,
            handler=handler,
            email=email,
            code_digest=_code_digest(handler.pk, code),
            asked_at=now,
            valid_until=until,
        )
        values = {"code": code, "minutes": CODE_MINUTES}
        send_mail(email, "email-code", values, today=today, now=now, valid_until=until)
        subject = f"handler:{by.id}"
        return evidence.record("ask_email", by=by, today=today, subject=subject, key=key, content=content)


def confirm_email(code: str, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Take down the mail address to which the code went; the bound mobile is told.

    A wrong code counts, whatever else becomes of it: five, and another has to be asked for. Raises ``Refused``:
    MESSAGE-CODE-WRONG, MESSAGE-CODE-OVER.
    """
    digest = _code_digest(by.id, code.strip())
    content = {"handler": by.id, "code": digest.hex()}
    with durable(by):
        if done := evidence.receipt(key, content, by, "confirm_email"):
            return done
        proof = EmailProof.objects.filter(handler_id=by.id or 0).select_for_update().order_by("-pk").first()
        if proof is None or not rules.code_is_open(proof, now):
            raise Refused(rules.CODE_OVER)
        if bytes(proof.code_digest) == digest:
            proof.settled_at = now
            proof.save(update_fields=["settled_at"])
            return _set_email(proof.email, "confirm_email", by, today, now, key, content)
        proof.tries += 1
        proof.save(update_fields=["tries"])
    raise Refused(rules.code_wrong(rules.MOST_TRIES - proof.tries))


def drop_email(*, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Take one's mail address back: no more mails. The bound mobile is told."""
    content = {"handler": by.id, "email": ""}
    with durable(by):
        if done := evidence.receipt(key, content, by, "drop_email"):
            return done
        return _set_email("", "drop_email", by, today, now, key, content)


def _set_email(
    email: str, act: str, by: Actor, today: date, now: datetime, key: Key, content: Mapping[str, object]
) -> Receipt:
    Handler.objects.filter(pk=by.id or 0).update(email=email or None)
    said = {"change": f"已改为{rules.masked(email)}" if email else "已取消"}
    send_sms(Handler.objects.get(pk=by.id or 0).mobile, "email-changed", said, today=today, now=now)
    return evidence.record(act, by=by, today=today, subject=f"handler:{by.id}", key=key, content=content)


def _code_digest(handler_id: int | None, code: str) -> bytes:
    return keyring().digest("email_code", f"{handler_id}:{code}")


def _settle(ids: list[int], before: DeliveryState, after: DeliveryState, by: Actor, now: datetime) -> int:
    found = statements("settle_own", ids=ids, before=before.value, after=after.value, by=by.name, now=now).rows()
    return len(found)
