"""Asking, forwarding, answering, asking again, rating."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hpf import evidence, policy
from hpf.evidence import Receipt
from hpf.inquiries import rules
from hpf.inquiries.models import Inquiry, Turn
from hpf.inquiries.rules import InquiryKind, InquiryState, TurnKind
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.notices.messages import Audience, tell
from hpf.registry.codes import Role
from hpf.registry.models import Branch, Center, Handler
from hpf.registry.roles import require
from hpf.storage import durable

ANSWERING = (Role.CLERK, Role.MANAGER, Role.PUBLISHER)
"""Who may answer and forward."""


def ask(kind: InquiryKind, title: str, text: str, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Ask the center something, or suggest something; it lies with the branch of the handler's employer.

    Raises ``Refused`` with everything that is wrong (INQUIRY-…).
    """
    asked = {"kind": kind.value, "title": title, "text": text}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "ask_inquiry"):
            return done
        handler = Handler.objects.select_related("employer").get(pk=by.id or 0)
        _refuse(rules.against_asking(title, text))
        if Inquiry.objects.filter(state=InquiryState.OPEN.value).count() >= rules.MOST_OPEN:
            raise Refused(rules.TOO_MANY)
        made = Inquiry.objects.create(
            employer_id=handler.employer_id,
            handler=handler,
            kind=kind.value,
            title=title.strip(),
            branch_id=handler.employer.branch_id,
            asked_on=today,
            due_on=_due_on(today),
        )
        _say(made, TurnKind.ASKED, text, by, now)
        return _record("ask_inquiry", made, asked, by=by, today=today, key=key)


def forward(inquiry_id: int, branch_id: int, text: str, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Hand an open inquiry to another branch (转办); the note is read by the handler too, the day it is due stays.

    Raises ``Refused``: INQUIRY-NOT-OPEN, INQUIRY-SAME-BRANCH.
    """
    asked = {"inquiry_id": inquiry_id, "branch_id": branch_id, "text": text}
    require(by, *ANSWERING)
    with durable(by):
        if done := evidence.receipt(key, asked, by, "forward_inquiry"):
            return done
        found = _locked(inquiry_id, InquiryState.OPEN, rules.NOT_OPEN)
        if found.branch_id == branch_id:
            raise Refused(rules.SAME_BRANCH)
        branch = Branch.objects.filter(pk=branch_id).first()
        if branch is None:
            raise Refused(rules.NO_BRANCH)
        found.branch = branch
        found.save(update_fields=["branch"])
        note = f"已转{found.branch.name}办理。{text.strip()}"
        _refuse(rules.against_text(note, "说明"))
        _say(found, TurnKind.FORWARDED, note, by, now)
        return _record("forward_inquiry", found, asked, by=by, today=today, key=key)


def answer(inquiry_id: int, text: str, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Answer an open inquiry; its employer is told in the hall. Raises ``Refused`` (INQUIRY-NOT-OPEN, INQUIRY-…)."""
    asked = {"inquiry_id": inquiry_id, "text": text}
    require(by, *ANSWERING)
    with durable(by):
        if done := evidence.receipt(key, asked, by, "answer_inquiry"):
            return done
        _refuse(rules.against_text(text, "答复"))
        found = _locked(inquiry_id, InquiryState.OPEN, rules.NOT_OPEN)
        found.state = InquiryState.ANSWERED.value
        found.save(update_fields=["state"])
        _say(found, TurnKind.ANSWERED, text, by, now, late=today > found.due_on)
        to = Audience(found.employer_id, label=f"单位{found.employer_id}")
        tell("inquiry-answered", {"title": found.title}, to=to, by=by, today=today, now=now)
        return _record("answer_inquiry", found, asked, by=by, today=today, key=key)


def ask_again(inquiry_id: int, text: str, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Ask again what was not made clear (再问), once; the center's time begins anew.

    Raises ``Refused``: INQUIRY-NOT-ANSWERED, INQUIRY-ASKED-AGAIN.
    """
    asked = {"inquiry_id": inquiry_id, "again": text}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "ask_inquiry_again"):
            return done
        _refuse(rules.against_text(text))
        found = _locked(inquiry_id, InquiryState.ANSWERED, rules.NOT_ANSWERED)
        if found.reopened:
            raise Refused(rules.ASKED_AGAIN_BEFORE)
        found.state, found.reopened, found.rating = InquiryState.OPEN.value, True, None
        found.due_on = _due_on(today)
        found.save(update_fields=["state", "reopened", "rating", "due_on"])
        _say(found, TurnKind.ASKED_AGAIN, text, by, now)
        return _record("ask_inquiry_again", found, asked, by=by, today=today, key=key)


def rate(inquiry_id: int, rating: int, word: str, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Rate an answer from 1 to 5, with a word if one likes (评价).

    Raises ``Refused``: INQUIRY-NOT-ANSWERED, INQUIRY-RATED.
    """
    asked = {"inquiry_id": inquiry_id, "rating": rating, "word": word}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "rate_inquiry"):
            return done
        _refuse(rules.against_rating(rating, word))
        found = _locked(inquiry_id, InquiryState.ANSWERED, rules.NOT_ANSWERED)
        if found.rating is not None:
            raise Refused(rules.RATED_BEFORE)
        found.rating = rating
        found.save(update_fields=["rating"])
        said = "：".join(filter(None, [f"{rating}分，{rules.RATINGS[rating]}", word.strip()]))
        _say(found, TurnKind.RATED, said, by, now)
        return _record("rate_inquiry", found, asked, by=by, today=today, key=key)


def _due_on(today: date) -> date:
    place = Center.objects.get().place
    return policy.after_working_days(today, policy.law_on(today, place).inquiry_answer_working_days)


def _locked(inquiry_id: int, state: InquiryState, otherwise: Refusal) -> Inquiry:
    found = Inquiry.objects.select_for_update().get(pk=inquiry_id)
    if found.state != state.value:
        raise Refused(otherwise)
    return found


def _say(inquiry: Inquiry, kind: TurnKind, text: str, by: Actor, now: datetime, *, late: bool = False) -> None:
    Turn.objects.create(
        employer_id=inquiry.employer_id,
        inquiry=inquiry,
        kind=kind.value,
        text=text.replace("\r\n", "\n").strip(),
        by_staff=by.is_staff,
        by_name=by.name,
        said_at=now,
        late=late,
    )


def _record(act: str, inquiry: Inquiry, asked: dict[str, Any], *, by: Actor, today: date, key: Key) -> Receipt:
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"inquiry:{inquiry.pk}",
        key=key,
        content=asked,
        employer_id=inquiry.employer_id,
        detail={"title": inquiry.title, "kind": inquiry.kind},
        result={"inquiry_id": inquiry.pk},
    )


def _refuse(refusals: list[Refusal]) -> None:
    if refusals:
        raise Refused(refusals)
