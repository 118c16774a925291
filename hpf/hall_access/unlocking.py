"""Letting a handler in again who was kept out by too many wrong passwords or codes: at the counter, in person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hpf import evidence
from hpf.evidence import Receipt
from hpf.hall_access.attempts import counted_for, record, statements
from hpf.hall_access.rules import NO_HANDLER, NOT_LOCKED, Visit, chinese_moment
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.notices.sms import send_sms
from hpf.registry.codes import Role
from hpf.registry.models import Handler
from hpf.registry.roles import require
from hpf.storage import durable

LONGEST_REASON = 200
CARD = Refusal("UNLOCK-CARD", "未核对身份证原件", "须由本人持身份证原件办理", "请核对后勾选", where="card_seen")
REASON = Refusal("UNLOCK-REASON", "未填写原因", remedy="请写明本人陈述的情况，例如“忘记密码，试错多次”", where="reason")
TOO_LONG = Refusal("UNLOCK-TOO-LONG", f"原因超过{LONGEST_REASON}个字", where="reason")
_CALLED = {"codes": "输错验证码的次数过多", "password": "登录失败的次数过多"}


@dataclass(frozen=True, slots=True)
class Lock:
    """What keeps somebody out, in Chinese, and until when."""

    what: str
    until: datetime


def locks(handler: Handler, now: datetime) -> list[Lock]:
    """What keeps a handler out at this moment. For the staff."""
    found = statements("locks", **counted_for(handler), now=now).rows()
    return [Lock(_CALLED[what], until) for what, until in found]


def unlock_handler(handler_id: int, reason: str, *, card_seen: bool, by: Actor, visit: Visit, key: Key) -> Receipt:
    """Count a handler's wrong passwords and codes from nothing again, and tell him so by text message.

    An address that waits goes on waiting: it is no handler's. Raises ``Refused`` with everything at once: STAFF-ROLE,
    ACCESS-NO-HANDLER, ACCESS-NOT-LOCKED, UNLOCK-CARD, UNLOCK-REASON, UNLOCK-TOO-LONG.
    """
    require(by, Role.CLERK)
    said = reason.strip()
    content = {"handler_id": handler_id, "reason": said}
    with durable(by):
        if done := evidence.receipt(key, content, by, "unlock_handler"):
            return done
        handler = Handler.objects.filter(pk=handler_id, active=True).first()
        if handler is None:
            raise Refused(NO_HANDLER)
        refusals = [] if card_seen else [CARD]
        refusals += [REASON] if not said else [TOO_LONG] if len(said) > LONGEST_REASON else []
        if not locks(handler, visit.now):
            refusals.append(NOT_LOCKED)
        if refusals:
            raise Refused(refusals)
        statements("unlock", **counted_for(handler), now=visit.now).rows()
        moment = {"moment": chinese_moment(visit.now)}
        send_sms(handler.mobile, "login-unlocked", moment, today=visit.today, now=visit.now)
        return record(
            "unlock_handler",
            visit,
            by=by,
            subject=f"handler:{handler_id}",
            employer_id=handler.employer_id,
            key=key,
            content=content,
            detail={"reason": said},
            result={"employer_id": handler.employer_id},
        )
