"""Harvesting (agreement §3.2(6)): whoever looks up too many different records in too short a time is asked what for,
and stopped if he goes on and on.

Counted is what is looked up, not how often: the same record again, and whatever else is done in the hall, costs
nothing. Limits are the center's (`Limits`); a handler's grows with the members of his employer. Who is stopped looks
nothing up and takes nothing out until the administrator of security lets him; all other business goes on.
"""

from __future__ import annotations

from hpf import evidence
from hpf.evidence import Receipt
from hpf.hall_access.attempts import record, statements
from hpf.hall_access.models import LookingState, PrincipalKind, Tally
from hpf.hall_access.passwords import prove_password
from hpf.hall_access.rules import ABOUT_ONESELF, Visit, chinese_moment
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.notices.sms import send_sms
from hpf.registry.codes import Role
from hpf.registry.models import Handler
from hpf.registry.roles import require
from hpf.storage import durable, keyring
from hpf.storage.tokens import token_digest

STOPPED = Refusal(
    "ACCESS-LOOKING-STOPPED",
    "查询和下载已暂停",
    "短时间内查看、下载的不同记录过多，与平常办理业务不符",
    "请联系住房公积金管理中心的安全管理员，或拨打服务热线说明情况，核实后恢复；其他业务照常办理",
    "服务协议关于不得采集数据的约定",
)
NOT_STOPPED = Refusal("ACCESS-LOOKING-FREE", "这个账号没有被暂停查询", remedy="请刷新页面查看最新情况")
_ACTS = {LookingState.ASKED: "ask_about_looking", LookingState.STOPPED: "stop_looking"}


def look(subject: str, *, token: str, by: Actor, visit: Visit) -> LookingState:
    """Count a record that somebody is about to look up (``account_no:992608100000``); answers whether he may.

    ``ASKED``: he has to say what for (`confirm_looking`). The first time of each is an event; the handler is told of a
    stop by text message.
    """
    with durable(Actor.SYSTEM):
        held, is_news, in_hour, in_day = statements(
            "look", session=token_digest(token), subject=keyring().digest("look", subject), now=visit.now
        ).row()
        state = LookingState(held)
        if is_news:
            record(_ACTS[state], visit, by=by, result={"in_hour": in_hour, "in_day": in_day})
        if is_news and state is LookingState.STOPPED and by.is_handler:
            _tell(by, visit)
    return state


def confirm_looking(reason: str, password: str, *, token: str, by: Actor, visit: Visit, key: Key) -> Receipt | None:
    """Say what so many records are needed for, and prove that it is oneself who says it; ``None`` if nobody asked.

    Raises ``Refused``: ACCESS-OLD-PASSWORD, ACCESS-WAIT.
    """
    content = {"reason": reason}
    prove_password(password, by=by, visit=visit)
    with durable(Actor.SYSTEM):
        if done := evidence.receipt(key, content, by, "confirm_looking"):
            return done
        (confirmed,) = statements("confirm_looking", session=token_digest(token), now=visit.now).row()
        if not confirmed:
            return None
        return record("confirm_looking", visit, by=by, key=key, content=content, result=content)


def resume_looking(tally_id: int, reason: str, *, by: Actor, visit: Visit, key: Key) -> Receipt:
    """Let somebody who was stopped look again, with the reason that was found.

    Raises ``Refused``: ACCESS-LOOKING-FREE, STAFF-SELF, STAFF-ROLE.
    """
    require(by, Role.SECURITY_ADMIN)
    content = {"tally_id": tally_id, "reason": reason}
    with durable(by):
        if done := evidence.receipt(key, content, by, "resume_looking"):
            return done
        found = Tally.objects.filter(pk=tally_id).first()
        if found is None:
            raise Refused(NOT_STOPPED)
        if (found.kind, found.principal_id) == (PrincipalKind.STAFF, by.id):
            raise Refused(ABOUT_ONESELF)
        (resumed,) = statements("resume_looking", tally_id=tally_id, now=visit.now).row()
        if not resumed:
            raise Refused(NOT_STOPPED)
        subject, result = f"{found.kind}:{found.principal_id}", {"reason": reason}
        return record("resume_looking", visit, by=by, subject=subject, key=key, content=content, result=result)


def _tell(handler: Actor, visit: Visit) -> None:
    mobile = Handler.objects.values_list("mobile", flat=True).filter(pk=handler.id or 0)[0]
    values = {"moment": chinese_moment(visit.now)}
    send_sms(mobile, "looking-stopped", values, today=visit.today, now=visit.now)
