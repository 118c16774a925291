"""Writing, reviewing, publishing, taking down, acknowledging. A text is public once a second person has approved it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hpf import evidence
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.notices.messages import Audience, count_as_read, tell
from hpf.publications import rules
from hpf.publications.models import Acknowledgement, Draft, Publication, Version
from hpf.publications.queries import columns_of, content_of, former_text, to_acknowledge
from hpf.publications.rules import Content, DraftState, Kind
from hpf.registry.handlers import is_acting
from hpf.registry.models import Handler
from hpf.storage import Statements, assert_in_transaction, durable, refusing

CHINA = ZoneInfo("Asia/Shanghai")
REVIEW_KIND = "publication"
statements = Statements(__package__)


def start(kind: Kind, content: Content, *, slug: str | None = None, by: Actor, today: date, key: Key) -> Receipt:
    """Begin something new with its first draft (拟稿). ``slug`` is a name by which pages lead to it.

    Raises ``Refused`` with everything that is wrong with the content (PUBLICATION-…).
    """
    asked = {"kind": kind.value, "slug": slug, **asdict(content)}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "start_publication"):
            return done
        _refuse(rules.against(kind, content))
        publication = Publication.objects.create(kind=kind.value, slug=slug)
        return _drafted("start_publication", publication, content, asked, by=by, today=today, key=key)


def revise(
    publication_id: int, content: Content, *, loss_confirmed: bool = False, by: Actor, today: date, key: Key
) -> Receipt:
    """Draft a new version of what there is (修订).

    ``loss_confirmed``: its writer means it that more than half of the former text is gone. Raises ``Refused``:
    PUBLICATION-OPEN-DRAFT, PUBLICATION-LOSS to ask for that confirmation, and as `start` does.
    """
    asked = {"publication_id": publication_id, **asdict(content)}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "revise_publication"):
            return done
        publication = Publication.objects.get(pk=publication_id)
        former = former_text(publication_id)
        _refuse(rules.against(Kind(publication.kind), content, former=former, loss_confirmed=loss_confirmed))
        return _drafted("revise_publication", publication, content, asked, by=by, today=today, key=key)


def rewrite(
    draft_id: int, content: Content, *, loss_confirmed: bool = False, by: Actor, today: date, key: Key
) -> Receipt:
    """Change a draft that is being written. Whoever does is one of its writers from then on.

    ``loss_confirmed`` as in `revise`. Raises ``Refused``: PUBLICATION-NOT-WRITING, and as `revise` does.
    """
    asked = {"draft_id": draft_id, **asdict(content)}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "rewrite_publication"):
            return done
        draft = _locked(draft_id, DraftState.WRITING)
        kind, former = Kind(draft.publication.kind), former_text(draft.publication_id)
        _refuse(rules.against(kind, content, former=former, loss_confirmed=loss_confirmed))
        for name, value in columns_of(content, by).items():
            setattr(draft, name, value)
        draft.writers = sorted({*draft.writers, _staff_id(by)})
        draft.save()
        return _record("rewrite_publication", draft, asked, by=by, today=today, key=key)


def submit(draft_id: int, *, by: Actor, today: date, key: Key) -> Receipt:
    """Hand a draft over to a second person (提交复核). Raises ``Refused``: PUBLICATION-NOT-WRITING."""
    asked = {"draft_id": draft_id, "submit": True}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "submit_publication"):
            return done
        draft = _locked(draft_id, DraftState.WRITING)
        label = Kind(draft.publication.kind).label
        review.submit(REVIEW_KIND, draft_id, title=f"{label}《{draft.title}》", by=by, today=today)
        _move(draft, DraftState.SUBMITTED)
        return _record("submit_publication", draft, asked, by=by, today=today, key=key)


def take_back(draft_id: int, *, by: Actor, today: date, key: Key) -> Receipt:
    """Take one's own draft back from review (撤回), to go on. Raises ``Refused``: REVIEW-NOT-YOURS, REVIEW-OVER."""
    asked = {"draft_id": draft_id, "take_back": True}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "take_back_publication"):
            return done
        draft = Draft.objects.select_for_update().get(pk=draft_id)
        review.withdraw(REVIEW_KIND, draft_id, by=by)
        _move(draft, DraftState.WRITING)
        return _record("take_back_publication", draft, asked, by=by, today=today, key=key)


def drop(draft_id: int, *, by: Actor, today: date, key: Key) -> Receipt:
    """Give a draft up (作废); its words are kept. Raises ``Refused``: PUBLICATION-NOT-WRITING."""
    asked = {"draft_id": draft_id, "drop": True}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "drop_publication"):
            return done
        draft = _locked(draft_id, DraftState.WRITING)
        _move(draft, DraftState.DROPPED)
        return _record("drop_publication", draft, asked, by=by, today=today, key=key)


def decide(
    draft_id: int,
    verdict: ReviewState,
    *,
    note: str,
    by: Actor,
    today: date,
    now: datetime,
    key: Key,
    turn: int | None = None,
) -> Receipt:
    """Say the second person's word on a draft; approved, it is the next version and goes out at its time, and
    employers are told of it then (`tell_of`).

    ``turn`` is the review that this person looked at, ``now`` the hall's moment. Raises ``Refused`` with every reason:
    PUBLICATION-OWN-WORK, PUBLICATION-BACKDATED, and as `review.decide` does.
    """
    asked = {"draft_id": draft_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "decide_publication"):
            return done
        draft = Draft.objects.select_for_update().get(pk=draft_id)
        out_at = max(draft.publish_at or now, now)
        _refuse(_against_deciding(draft, verdict, out_at, by))
        review.decide(REVIEW_KIND, draft_id, verdict, note=note, by=by, turn=turn)
        result = publish(draft, out_at) if verdict is ReviewState.APPROVED else {}
        if result and draft.important and out_at <= now:
            _tell(draft.pk, now, by, today)
        after = {ReviewState.APPROVED: DraftState.PUBLISHED, ReviewState.RETURNED: DraftState.WRITING}
        _move(draft, after.get(verdict, DraftState.DROPPED))
        return _record("decide_publication", draft, asked, result, by=by, today=today, key=key)


def tell_of(version_id: int, *, by: Actor, today: date, now: datetime) -> Receipt | None:
    """Tell all employers of something important whose time has come, once, if it still stands; ``None`` if it does not.

    ``now`` is the hall's moment.
    """
    with durable(by):
        told = _tell(version_id, now, by, today)
        if told is None:
            return None
        subject, result = f"publication:{told.publication_id}", {"version": told.number}
        return evidence.record("tell_of_publication", by=by, today=today, subject=subject, result=result)


def _tell(version_id: int, now: datetime, by: Actor, today: date) -> Version | None:
    if not statements("mark_told", version_id=version_id, now=now).execute():
        return None
    version = Version.objects.select_related("publication").get(pk=version_id)
    china = version.publish_at.astimezone(CHINA)
    moment = f"{china.month}月{china.day}日{china:%H:%M}"
    values = {"kind": Kind(version.publication.kind).label, "title": version.title, "moment": moment}
    message = tell("publication-important", values, to=Audience(), by=by, today=today)
    statements("told_by", version_id=version_id, message=message).execute()
    known = Acknowledgement.objects.filter(version_id=version_id).values_list("employer_id", flat=True)
    count_as_read([message], list(known), by=by)  # it was out a moment before anybody was told
    return version


def take_down(publication_id: int, reason: str, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Take something down at once with all its versions (下线); one person may, for what is out must be stoppable.

    Raises ``Refused``: PUBLICATION-REASON, PUBLICATION-NOT-UP.
    """
    asked = {"publication_id": publication_id, "reason": reason}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "take_down_publication"):
            return done
        if not reason.strip():
            raise Refused(rules.REASON_MISSING)
        if not statements("take_down", publication_id=publication_id, now=now, by=by.name, reason=reason).execute():
            raise Refused(rules.NOT_UP)
        return evidence.record(
            "take_down_publication",
            by=by,
            today=today,
            subject=f"publication:{publication_id}",
            key=key,
            content=asked,
            detail={"reason": reason},
        )


def acknowledge(
    version_id: int,
    digest: str,
    *,
    by: Actor,
    today: date,
    now: datetime,
    at: datetime,
    address: str,
    agent: str,
    key: Key,
) -> Receipt:
    """Acknowledge an important publication for the handler's employer (公告确认): the text shown has ``digest`` (hex).

    ``now`` is the hall's moment, ``at`` the real one, which is kept. Raises ``Refused`` (PUBLICATION-ACKNOWLEDGED) if
    it need not be acknowledged any more, or another text stands in its place. Where he acts for the employer, what told
    of it counts as read. Basis: the agreement, 2.7(4) and 9.1.
    """  # fmt: skip
    asked = {"handler_id": by.id, "version_id": version_id, "digest": digest}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "acknowledge_publication"):
            return done
        handler = _handler_behind(by)
        found = next((one for one in to_acknowledge(handler.pk, now) if one.id == version_id), None)
        if found is None or found.digest != digest:
            raise Refused(rules.NOTHING_TO_ACKNOWLEDGE)
        with refusing({"publications_acknowledgement_once": rules.NOTHING_TO_ACKNOWLEDGE}):
            Acknowledgement.objects.create(
                employer_id=handler.employer_id,
                handler=handler,
                version_id=version_id,
                digest=bytes.fromhex(digest),
                acknowledged_at=at,
                address=address,
                agent=agent,
            )
        told = Version.objects.values_list("message_no", flat=True).get(pk=version_id)
        if told is not None and is_acting(by):
            count_as_read([told], [handler.employer_id], by=by, now=at)
        return evidence.record(
            "acknowledge_publication",
            by=by,
            today=today,
            subject=f"publication:{found.publication_id}",
            key=key,
            content=asked,
            detail={"version": found.number, "digest": digest, "address": address, "agent": agent},
            result={"title": found.title, "version": found.number, "acknowledged_at": at.isoformat()},
        )


def _against_deciding(draft: Draft, verdict: ReviewState, out_at: datetime, by: Actor) -> list[Refusal]:
    refusals = [rules.WROTE_IT] if by.id in draft.writers else []
    if verdict is ReviewState.APPROVED:
        refusals += rules.against_day(content_of(draft), out_at.astimezone(CHINA).date())
    return refusals


def publish(draft: Draft, out_at: datetime) -> dict[str, Any]:
    """Make an approved draft the next version of its publication, inside the transaction of the word on it."""
    assert_in_transaction()
    effective_on = draft.effective_on or out_at.astimezone(CHINA).date()
    (number,) = statements("publish", draft_id=draft.pk, publish_at=out_at, effective_on=effective_on).row()
    words = sorted(rules.title_tokens(draft.title) | rules.tokens(draft.text))
    statements("index_words", version_id=draft.pk, tokens=words).execute()
    return {"version": number, "publish_at": out_at.isoformat(), "effective_on": str(effective_on)}


def _drafted(
    act: str, publication: Publication, content: Content, asked: dict[str, Any], *, by: Actor, today: date, key: Key
) -> Receipt:
    with refusing({"publications_draft_one_open": rules.OPEN_DRAFT}):
        draft = Draft.objects.create(publication=publication, writers=[_staff_id(by)], **columns_of(content, by))
    return _record(act, draft, asked, by=by, today=today, key=key)


def _locked(draft_id: int, state: DraftState) -> Draft:
    draft = Draft.objects.select_for_update(of=("self",)).select_related("publication").get(pk=draft_id)
    if draft.state != state.value:
        raise Refused(rules.NOT_WRITING)
    return draft


def _move(draft: Draft, state: DraftState) -> None:
    Draft.objects.filter(pk=draft.pk).update(state=state.value)


def _record(
    act: str,
    draft: Draft,
    asked: dict[str, Any],
    result: dict[str, Any] | None = None,
    *,
    by: Actor,
    today: date,
    key: Key,
) -> Receipt:
    digest = bytes(draft.digest).hex()
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"publication:{draft.publication_id}",
        key=key,
        content=asked,
        detail={"title": draft.title, "digest": digest},
        result={"publication_id": draft.publication_id, "draft_id": draft.pk, **(result or {})},
    )


def _refuse(refusals: list[Refusal]) -> None:
    if refusals:
        raise Refused(refusals)


def _staff_id(by: Actor) -> int:
    if not by.is_staff or by.id is None:
        raise Refused(review.NOT_STAFF)
    return by.id


def _handler_behind(by: Actor) -> Handler:
    if not by.is_handler or by.id is None:
        raise ValueError(f"an employer's handler acknowledges, not {by.kind}")
    return Handler.objects.get(pk=by.id)
