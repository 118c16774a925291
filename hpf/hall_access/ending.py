"""How somebody stops acting for an employer: his ways in die with the transaction, and whoever it concerns is told.

A grant ends by the word of two persons, or with what it stood on: another approver took over, the employer gave up the
hall, the agent is a handler no longer. Then it is an event of its own in the log of the employer that granted it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from hpf import evidence
from hpf.hall_access.models import Grant, GrantState, SessionEnd
from hpf.kernel import Actor, Refusal, Refused
from hpf.notices.sending import give_up
from hpf.notices.sms import send_sms
from hpf.registry.codes import Duty
from hpf.registry.handlers import handler_of
from hpf.registry.models import Employer, Handler
from hpf.storage import Statements

statements = Statements(__package__)

MEANWHILE = Refusal(
    "CHANGE-MEANWHILE",
    "该单位的办理权限刚刚有变动",
    "同一时刻有人为其经办人设立了代办权限",
    "请核对后再提交一次",
)


def hold_employers(employer_ids: Iterable[int]) -> None:
    """Let nobody act for these employers until the transaction ends; before all other locks.

    One after the other by number: the ends of two who are each other's agents wait for each other, and not for ever.
    """
    for employer_id in sorted(set(employer_ids)):
        statements("hold_employer", employer_id=employer_id).rows()


def hold_with_served(employer_id: int) -> None:
    """The same for an employer and for all whose agent its handler is. Raises ``Refused`` (CHANGE-MEANWHILE)."""
    before = _served(employer_id)
    hold_employers([employer_id, *before])
    if not _served(employer_id) <= before:
        raise Refused(MEANWHILE)


def end_handler(handler: Handler, why: SessionEnd, now: datetime) -> None:
    """End every way in that a handler has, in the present transaction."""
    statements("end_handler", handler_id=handler.pk, why=why.value, now=now).rows()


def end_user(user: Handler, why: SessionEnd, now: datetime) -> None:
    """Let somebody act for his employer no longer, in the present transaction; what waits for him goes nowhere."""
    end_handler(user, why, now)
    give_up(now, handler_id=user.pk)
    Handler.objects.filter(pk=user.pk).update(active=False)


def retire(handler: Handler, why: SessionEnd, by: Actor, today: date, now: datetime) -> None:
    """End a handler, and with him what he does for other employers as their agent; those are held already."""
    end_user(handler, why, now)
    grants = Grant.objects.filter(login=handler, state=GrantState.GRANTED).order_by("employer_id")
    for grant in grants.select_for_update():
        lapse_grant(grant, by, today, now, why)


def lapse_grant(grant: Grant, by: Actor, today: date, now: datetime, why: SessionEnd = SessionEnd.GRANT_ENDED) -> None:
    """End a grant with what it stood on, in the present transaction: an event of its own."""
    end_grant(grant, by, today, now, why)
    evidence.record(
        "end_grant",
        by=by,
        today=today,
        subject=f"grant:{grant.pk}",
        employer_id=grant.employer_id,
        detail={"duty": Duty(grant.duty).label, "person": grant.name, "why": why.label},
    )


def end_grant(grant: Grant, by: Actor, today: date, now: datetime, why: SessionEnd = SessionEnd.GRANT_ENDED) -> None:
    """End a grant and with it its person's ways in, in the present transaction, and tell whom it concerns.

    What he accepted for the employer ends with the same day, and not when the employer's agreement ends some day.
    """
    grant.state, grant.ended_on, grant.ended_at, grant.ended_by = GrantState.ENDED, today, now, by.name
    grant.save(update_fields=["state", "ended_on", "ended_at", "ended_by"])
    for user in Handler.objects.filter(grant_id=grant.pk, active=True):
        end_user(user, why, now)
        statements("end_acceptances", handler_id=user.pk, on=today).row()
    tell_of_grant("access-ended", grant, today, today, now)


def tell_of_grant(template: str, grant: Grant, day: date, today: date, now: datetime) -> None:
    """Tell the person, on the telephone that he has now, and the handler of the employer."""
    employer, user = Employer.objects.get(pk=grant.employer_id), Handler.objects.filter(grant_id=grant.pk).first()
    values: Mapping[str, object] = {
        "employer": employer.name,
        "person": grant.name,
        "duty": Duty(grant.duty).label,
        "day": f"{day:%Y年%m月%d日}",
    }
    handler = handler_of(grant.employer_id)
    for mobile in dict.fromkeys([user.mobile if user else grant.mobile, *([handler.mobile] if handler else [])]):
        send_sms(mobile, template, values, today=today, now=now)


def _served(employer_id: int) -> set[int]:
    """The employers whose agent an employer's handler is."""
    agents = Handler.objects.filter(login__employer_id=employer_id, active=True)
    return set(agents.values_list("employer_id", flat=True))
