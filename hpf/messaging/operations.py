"""What the center does about messages: writes them, has them reviewed, prints them, sends them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Protocol

from hpf import evidence
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.messaging import rules
from hpf.messaging.models import DraftState, MassMessage
from hpf.messaging.queries import LETTERS, ended_letters
from hpf.messaging.rules import Draft
from hpf.notices import sending
from hpf.notices.messages import Audience, tell
from hpf.notices.models import DeliveryState, Message
from hpf.notices.templates import Way
from hpf.notices.wording import switched_off
from hpf.policy import law_on
from hpf.registry.codes import Role
from hpf.registry.models import Branch, Center, Employer, UnitAccount
from hpf.registry.roles import require
from hpf.storage import Statements, durable, lock_key

statements = Statements(__package__)

MASS_MESSAGE = "mass_message"
GENERAL = "general"
"""The template of what the center writes itself."""
LETTERS_AT_ONCE = 200
REASON_MISSING = Refusal(
    code="MESSAGE-AGAIN-REASON",
    what="未填写重发原因",
    why="重发由人决定，须留下理由",
    remedy="请写明为什么重发",
    where="reason",
)
NO_LETTERS = Refusal(
    code="LETTERS-NONE",
    what="没有需要打印的信函",
    why="信函都已打印，或各单位都已通过其他方式收到",
    remedy="无需办理",
)
NONE_CHOSEN = Refusal(
    code="LETTERS-NONE-CHOSEN",
    what="没有选择信函",
    remedy="请在“待打印”中勾选",
)
TOO_MANY_LETTERS = Refusal(
    code="LETTERS-MANY",
    what=f"一次最多办理{LETTERS_AT_ONCE}封信函",
    remedy="请减少勾选，分批办理",
)
LETTERS_CHANGED = Refusal(
    code="LETTERS-CHANGED",
    what="所选信函有的已不在等待打印",
    why="已由他人打印或取出",
    remedy="这次没有办理，请按现在的列表重新勾选",
)
LETTERS_OVER = Refusal(
    code="LETTERS-OVER",
    what="所选信函有的事项刚刚结束",
    why="事项已结束的信函不再默认打印",
    remedy="这次没有打印，请按现在的列表重新勾选",
)
LETTERS_NOT_OVER = Refusal(
    code="LETTERS-NOT-OVER",
    what="所选信函有的事项没有结束",
    why="事项没有结束的信函须照常寄送，一人不能决定不寄",
    remedy="这次没有取出；单位已当面领取的，请单独打印这一封，在交寄凭据中写明",
)
LETTERS_OFF = Refusal(
    code="MESSAGE-WAY-OFF",
    what="这种消息的信函已停发",
    why="中心停发了这种消息的信函",
    remedy="确须寄信的，请发布岗位在消息模板中恢复发送",
)
NO_OUT_REASON = Refusal(
    code="LETTERS-REASON",
    what="未填写取出原因",
    why="信函写了不寄，须留下理由",
    remedy="请写明为什么不再寄送",
    where="reason",
)
NO_PROOF = Refusal(
    code="LETTERS-PROOF",
    what="未填写交寄凭据",
    why="信函的送达以邮政收寄凭据为证",
    remedy="请填写挂号号码、交寄清单编号等",
    where="proof",
)
POSTED_BEFORE = Refusal(
    code="LETTERS-POSTED",
    what="这一批信函已登记交寄",
    why="每批信函只登记一次",
    remedy="请刷新页面查看",
)
NOT_AGAIN = Refusal(
    code="MESSAGE-NOT-AGAIN",
    what="这条消息现在不能重发",
    why="只有发送失败或是否发出不明的短信、邮件可以重发",
    remedy="请刷新页面，按现在的状态办理",
)
OUTCOMES = {
    ReviewState.APPROVED: DraftState.PUBLISHED,
    ReviewState.RETURNED: DraftState.RETURNED,
    ReviewState.REFUSED: DraftState.REFUSED,
}


class Announcing(Protocol):
    """The way of the public page, as the item that publishes offers it: a face brings it here (ADR 22)."""

    def hand_in(self, kind: str, subject_id: int, title: str, text: str, *, by: Actor) -> int:
        """Keep the announcement of what waits for a second person; gives its number."""

    def decide(self, kind: str, subject_id: int, verdict: ReviewState) -> None:
        """Let the announcement come out, or give it up."""


def send_message(
    draft: Draft, announcing: Announcing, *, by: Actor, today: date, now: datetime, key: Key
) -> Receipt:  # fmt: skip
    """Send a message to one employer, or hand one for many to a second person; its announcement waits with it.

    Only a publisher announces, and in a day one writes only so many single text messages. Raises ``Refused`` with
    everything that is wrong.
    """
    require(by, *((Role.PUBLISHER,) if Way.ANNOUNCEMENT in draft.ways else (Role.CLERK, Role.PUBLISHER)))
    draft = replace(draft, title=draft.title.strip())
    content = {**asdict(draft), "ways": [way.value for way in draft.ways]}
    with durable(by):
        if done := evidence.receipt(key, content, by, "send_message", "submit_mass_message"):
            return done
        employers = _employers(draft.numbers)
        refusals = rules.draft_refusals(draft)
        if strangers := [number for number in draft.numbers if number not in employers]:
            refusals.append(rules.unknown_numbers(strangers))
        if draft.branch_id is not None and not Branch.objects.filter(pk=draft.branch_id).exists():
            refusals.append(rules.NO_BRANCH)
        refusals += _ways_off(draft.ways)
        if Way.SMS in draft.ways and not draft.is_for_many:
            refusals += _too_many_texts(by, today)
        if refusals:
            raise Refused(refusals)
        sent = _submit(draft, announcing, by, today, now) if draft.is_for_many else _send(draft, by, today, now)
        act, subject, result = sent
        return evidence.record(
            act,
            by=by,
            today=today,
            subject=subject,
            employer_id=None if draft.is_for_many else employers[draft.numbers[0]],
            key=key,
            content=content,
            detail={"ways": content["ways"]},
            result=result,
        )


def decide_mass_message(
    draft_id: int,
    verdict: ReviewState,
    announcing: Announcing,
    *,
    note: str,
    by: Actor,
    today: date,
    now: datetime,
    key: Key,
) -> Receipt:
    """A second person's word on a message for many; approved, it goes out by all its ways in the same transaction.

    Raises ``Refused``: REVIEW-OWN-WORK, REVIEW-OVER, REVIEW-NOTE; on approval MESSAGE-WAY-OFF, of a way that was
    switched off since.
    """
    require(by, Role.REVIEWER, Role.PUBLISHER)
    content = {"draft": draft_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, content, by, f"{verdict.value}_mass_message"):
            return done
        review.decide(MASS_MESSAGE, draft_id, verdict, note=note, by=by)
        draft = MassMessage.objects.select_for_update().get(pk=draft_id)
        draft.state = OUTCOMES[verdict]
        if verdict is ReviewState.APPROVED:
            ways = tuple(Way(way) for way in draft.ways)
            if off := _ways_off(ways):
                raise Refused(off)
            draft.message_no = _tell(
                Draft(draft.title, draft.text, ways, tuple(draft.numbers), draft.branch_id), by, today, now
            )
        draft.save()
        if Way.ANNOUNCEMENT in draft.ways:
            announcing.decide(MASS_MESSAGE, draft_id, verdict)
        return evidence.record(
            f"{verdict.value}_mass_message",
            by=by,
            today=today,
            subject=f"mass_message:{draft_id}",
            key=key,
            content=content,
            result={"message": draft.message_no},
        )


def send_again(delivery_id: int, reason: str, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Let a delivery that failed or is unclear go out once more, to the handler in office now.

    ``result["state"]`` is ``unreachable`` where there is none, or none with an address. Raises ``Refused``:
    MESSAGE-NOT-AGAIN, MESSAGE-AGAIN-REASON.
    """
    require(by, Role.CLERK, Role.PUBLISHER)
    content = {"delivery": delivery_id, "reason": reason}
    with durable(by):
        if done := evidence.receipt(key, content, by, "send_again"):
            return done
        if not reason.strip():
            raise Refused(REASON_MISSING)
        state = sending.try_again(delivery_id, reason.strip(), now)
        if state is None:
            raise Refused(NOT_AGAIN)
        subject = f"delivery:{delivery_id}"
        detail, result = {"reason": reason}, {"state": state.value}
        return evidence.record(
            "send_again", by=by, today=today, subject=subject, key=key, content=content, detail=detail, result=result
        )


def write_letters(
    message_id: int, *, by: Actor, today: date, now: datetime, moment: datetime, key: Key
) -> Receipt:  # fmt: skip
    """Let a message go by letter to those of its employers whom it has reached by no other way.

    ``moment`` is the hall's. ``result["count"]`` letters wait to be printed. Raises ``Refused``: LETTERS-NONE where
    there is none to write, or what it says is over; MESSAGE-WAY-OFF where the center sends no letters of its template.
    """
    require(by, Role.CLERK)
    content = {"message": message_id}
    with durable(by):
        if done := evidence.receipt(key, content, by, "write_letters"):
            return done
        if Way.LETTER in switched_off(Message.objects.get(pk=message_id).template):
            raise Refused(LETTERS_OFF)
        lock_key(f"letters:{message_id}")  # one clerk after the other: who comes second finds what the first wrote
        count = statements("write_letters", message_id=message_id, now=now, moment=moment).execute()
        if not count:
            raise Refused(NO_LETTERS)
        subject, result = f"message:{message_id}", {"count": count}
        return evidence.record(
            "write_letters", by=by, today=today, subject=subject, key=key, content=content, result=result
        )


def print_letters(
    letters: Sequence[int],
    over: Sequence[int],
    *,
    by: Actor,
    today: date,
    now: datetime,
    moment: datetime,
    key: Key,
) -> Receipt:
    """Take letters that wait, up to 200: they count as printed. ``result["letters"]``: their numbers.

    ``over`` are those chosen although what they say is over; ``moment`` is the hall's. The same key gives the same
    letters again. Raises ``Refused``: LETTERS-NONE-CHOSEN, LETTERS-MANY, LETTERS-CHANGED, LETTERS-OVER.
    """
    require(by, Role.CLERK)
    chosen = sorted({*letters, *over})
    content = {"letters": chosen}
    with durable(by):
        if done := evidence.receipt(key, content, by, "print_letters"):
            return done
        _take(chosen, DeliveryState.PRINTED, "", by, now)
        if ended_letters(letters, moment):
            raise Refused(LETTERS_OVER)
        return evidence.record(
            "print_letters", by=by, today=today, subject=LETTERS, key=key, content=content, result=content
        )


def take_out_letters(
    letters: Sequence[int], reason: str, *, by: Actor, today: date, now: datetime, moment: datetime, key: Key
) -> Receipt:
    """Let letters that wait, and whose matter is over at the hall's ``moment``, go nowhere; the reason stays with them.

    Raises ``Refused``: LETTERS-REASON, LETTERS-NONE-CHOSEN, LETTERS-MANY, LETTERS-CHANGED, LETTERS-NOT-OVER.
    """
    require(by, Role.CLERK)
    chosen, reason = sorted(set(letters)), reason.strip()
    content = {"letters": chosen, "reason": reason}
    with durable(by):
        if done := evidence.receipt(key, content, by, "take_out_letters"):
            return done
        if not reason:
            raise Refused(NO_OUT_REASON)
        _take(chosen, DeliveryState.TAKEN_OUT, reason, by, now)
        if ended_letters(chosen, moment) < len(chosen):
            raise Refused(LETTERS_NOT_OVER)
        subject = f"delivery:{chosen[0]}" if len(chosen) == 1 else "letters_out"
        return evidence.record(
            "take_out_letters",
            by=by,
            today=today,
            subject=subject,
            key=key,
            content=content,
            detail={"reason": reason},
            result={"letters": chosen},
        )


def _take(letters: Sequence[int], state: DeliveryState, reason: str, by: Actor, now: datetime) -> None:
    """Let all of these letters wait no longer; one clerk after the other, so that batches are numbered in order."""
    if not letters:
        raise Refused(NONE_CHOSEN)
    if len(letters) > LETTERS_AT_ONCE:
        raise Refused(TOO_MANY_LETTERS)
    lock_key(LETTERS)
    given = {"letters": list(letters), "state": state.value, "reason": reason, "by": by.name, "now": now}
    if statements("take_letters", **given).execute() < len(letters):
        raise Refused(LETTERS_CHANGED)


def post_letters(batch: int, proof: str, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """The post has taken the letters of a batch, under a number of its own: that is their proof.

    ``batch`` is the number of the act that printed them. Raises ``Refused``: LETTERS-PROOF, LETTERS-POSTED.
    """
    require(by, Role.CLERK)
    content = {"batch": batch, "proof": proof}
    with durable(by):
        if done := evidence.receipt(key, content, by, "post_letters"):
            return done
        if not proof.strip():
            raise Refused(NO_PROOF)
        printed = evidence.event(batch)
        letters = printed.result["letters"] if printed and printed.act == "print_letters" else []
        if not statements("post_letters", letters=letters, proof=proof.strip(), by=by.name, now=now).execute():
            raise Refused(POSTED_BEFORE)
        return evidence.record(
            "post_letters",
            by=by,
            today=today,
            subject=f"letters:{batch}",
            key=key,
            content=content,
            detail={"proof": proof.strip(), "letters": len(letters)},
        )


def _ways_off(ways: tuple[Way, ...]) -> list[Refusal]:
    off = switched_off(GENERAL)
    chosen = [way for way in ways if way in off]
    return [rules.ways_off(chosen)] if chosen else []


def _too_many_texts(by: Actor, today: date) -> list[Refusal]:
    """Whether somebody has written as many single text messages today as one may; one of his after the other."""
    lock_key(f"texts:{by.id}")
    (written,) = statements("texts_today", staff_id=by.id, today=today).row()
    most = law_on(today, Center.objects.get().place).single_texts_a_day
    return [rules.too_many_texts(most)] if written >= most else []


def _submit(
    draft: Draft, announcing: Announcing, by: Actor, today: date, now: datetime
) -> tuple[str, str, dict[str, int]]:
    row = MassMessage.objects.create(
        title=draft.title,
        text=draft.text,
        ways=[way.value for way in draft.ways],
        branch_id=draft.branch_id,
        numbers=list(draft.numbers),
        made_by=by.name,
        made_at=now,
    )
    review.submit(MASS_MESSAGE, row.pk, title=draft.title, by=by, today=today, branch_id=draft.branch_id)
    result = {"draft": row.pk}
    if Way.ANNOUNCEMENT in draft.ways:
        result["announcement"] = announcing.hand_in(MASS_MESSAGE, row.pk, draft.title, draft.text, by=by)
    return "submit_mass_message", f"mass_message:{row.pk}", result


def _send(draft: Draft, by: Actor, today: date, now: datetime) -> tuple[str, str, dict[str, int]]:
    number = _tell(draft, by, today, now)
    return "send_message", f"message:{number}", {"message": number}


def _tell(draft: Draft, by: Actor, today: date, now: datetime) -> int:
    values = {"title": draft.title, "body": draft.text}
    return tell(GENERAL, values, to=_audience(draft), by=by, today=today, now=now, ways=draft.ways)


def _audience(draft: Draft) -> Audience:
    if draft.numbers:
        ids = tuple(sorted(set(_employers(draft.numbers).values())))
        label = Employer.objects.get(pk=ids[0]).name if len(ids) == 1 else f"选定的{len(ids)}个单位"
        return Audience(label=label, employer_ids=ids)
    if draft.branch_id is not None:
        return Audience(None, draft.branch_id, f"{Branch.objects.get(pk=draft.branch_id).name}的全部单位")
    return Audience()


def _employers(numbers: tuple[str, ...]) -> dict[str, int]:
    """The employers of unit accounts, by the number of the account."""
    return dict(UnitAccount.objects.filter(number__in=numbers).values_list("number", "employer_id"))
