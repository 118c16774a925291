"""What the center does about messages: writes them, has them reviewed, prints them, sends them again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from hpf import evidence
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.messaging import rules
from hpf.messaging.models import DraftState, MassMessage
from hpf.messaging.rules import Draft
from hpf.notices import sending
from hpf.notices.messages import Audience, tell
from hpf.notices.templates import Way
from hpf.registry.codes import Role
from hpf.registry.models import Branch, Employer
from hpf.registry.roles import require
from hpf.storage import Statements, durable

statements = Statements(__package__)

MASS_MESSAGE = "mass_message"
LETTERS_AT_ONCE = 200
NOT_AGAIN = Refusal(
    code="MESSAGE-NOT-AGAIN",
    what="这条消息现在不能重发",
    why="只有发送失败或是否发出不明的短信、邮件可以重发",
    remedy="请刷新页面，按现在的状态办理",
)
_OUTCOMES = {
    ReviewState.APPROVED: DraftState.PUBLISHED,
    ReviewState.RETURNED: DraftState.RETURNED,
    ReviewState.REFUSED: DraftState.REFUSED,
}


def send_message(draft: Draft, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Send a message to one employer, or hand one for many to a second person.

    Raises ``Refused`` with everything that is wrong.
    """
    require(by, Role.CLERK, Role.PUBLISHER)
    content = {**asdict(draft), "ways": [way.value for way in draft.ways]}
    with durable(by):
        if done := evidence.receipt(key, content):
            return done
        if refusals := rules.draft_refusals(draft):
            raise Refused(refusals)
        act, subject, result = _submit(draft, by, today, now) if draft.is_for_many else _send(draft, by, today, now)
        return evidence.record(
            act,
            by=by,
            today=today,
            subject=subject,
            employer_id=draft.employer_id,
            key=key,
            content=content,
            result=result,
        )


def decide_mass_message(
    draft_id: int, verdict: ReviewState, *, note: str, by: Actor, today: date, now: datetime, key: Key
) -> Receipt:
    """A second person's word on a message for many; approved, it goes out in the same transaction.

    Raises ``Refused``: REVIEW-OWN-WORK, REVIEW-OVER, REVIEW-NOTE.
    """
    require(by, Role.REVIEWER, Role.PUBLISHER)
    content = {"draft": draft_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, content):
            return done
        review.decide(MASS_MESSAGE, draft_id, verdict, note=note, by=by)
        draft = MassMessage.objects.select_for_update().get(pk=draft_id)
        draft.state = _OUTCOMES[verdict]
        if verdict is ReviewState.APPROVED:
            ways = tuple(Way(way) for way in draft.ways)
            draft.message_no = _tell(Draft(draft.title, draft.text, ways, branch_id=draft.branch_id), by, today, now)
        draft.save()
        return evidence.record(
            f"{verdict.value}_mass_message",
            by=by,
            today=today,
            subject=f"mass_message:{draft_id}",
            key=key,
            content=content,
            result={"message": draft.message_no},
        )


def send_again(delivery_id: int, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Let a delivery that failed or is unclear go out once more. Raises ``Refused`` (MESSAGE-NOT-AGAIN)."""
    require(by, Role.CLERK, Role.PUBLISHER)
    content = {"delivery": delivery_id}
    with durable(by):
        if done := evidence.receipt(key, content):
            return done
        if not sending.try_again(delivery_id, now):
            raise Refused(NOT_AGAIN)
        subject = f"delivery:{delivery_id}"
        return evidence.record("send_again", by=by, today=today, subject=subject, key=key, content=content)


def print_letters(*, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Take the letters that wait, up to 200, oldest first: they count as printed. ``result["letters"]``: their numbers.

    The same key gives the same letters again.
    """
    require(by, Role.CLERK)
    with durable(by):
        if done := evidence.receipt(key, {}):
            return done
        rows = statements("take_letters", now=now, by=by.name, limit=LETTERS_AT_ONCE).rows()
        result = {"letters": sorted(number for (number,) in rows)}
        return evidence.record("print_letters", by=by, today=today, subject="letters", key=key, result=result)


def _submit(draft: Draft, by: Actor, today: date, now: datetime) -> tuple[str, str, dict[str, int]]:
    row = MassMessage.objects.create(
        title=draft.title,
        text=draft.text,
        ways=[way.value for way in draft.ways],
        branch_id=draft.branch_id,
        made_by=by.name,
        made_at=now,
    )
    review.submit(MASS_MESSAGE, row.pk, title=draft.title, by=by, today=today, branch_id=draft.branch_id)
    return "submit_mass_message", f"mass_message:{row.pk}", {"draft": row.pk}


def _send(draft: Draft, by: Actor, today: date, now: datetime) -> tuple[str, str, dict[str, int]]:
    number = _tell(draft, by, today, now)
    return "send_message", f"message:{number}", {"message": number}


def _tell(draft: Draft, by: Actor, today: date, now: datetime) -> int:
    values = {"title": draft.title, "body": draft.text}
    return tell("general", values, to=_audience(draft), by=by, today=today, now=now, ways=draft.ways)


def _audience(draft: Draft) -> Audience:
    if draft.employer_id is not None:
        return Audience(draft.employer_id, None, Employer.objects.get(pk=draft.employer_id).name)
    if draft.branch_id is not None:
        return Audience(None, draft.branch_id, f"{Branch.objects.get(pk=draft.branch_id).name}的全部单位")
    return Audience()
