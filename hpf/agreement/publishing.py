"""From a draft to a version in force: drafted by one person, reviewed by another, published before it takes effect.

Approval is publication. The days of notice (law: ``agreement_notice_days``) run from it, so a draft that waited too
long for its review goes back for another day of effect.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from hpf import evidence, policy
from hpf.agreement import queries, rules
from hpf.agreement.models import AgreementDraft
from hpf.agreement.rules import Version
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refused
from hpf.notices.messages import Audience, tell
from hpf.policy.calendar import CHINA
from hpf.registry.clauses import proposed
from hpf.registry.codes import AgreementDocument, Role
from hpf.registry.models import AgreementVersion, Center, Employer
from hpf.registry.roles import require
from hpf.storage import durable, refusing, sm3

REVIEW = "agreement_version"
_ACTS = {
    ReviewState.APPROVED: "publish_agreement",
    ReviewState.RETURNED: "return_agreement_draft",
    ReviewState.REFUSED: "refuse_agreement_draft",
}
_TAKEN = {
    "registry_agreement_number": rules.NUMBER_TAKEN,
    "registry_agreement_day": rules.DAY_TAKEN,
}


def found(
    document: AgreementDocument, text: str, number: str, effective_on: date, *, by: Actor, today: date, key: Key
) -> Receipt:
    """Publish the first version of a document where a center is founded: without review, before it has an employer.

    Raises ``Refused``: AGREEMENT-FOUNDED, and what speaks against the text.
    """
    version = Version(document, number, effective_on, "首次公布", text)
    content = _content(version)
    with durable(by):
        if done := evidence.receipt(key, content, by, "publish_agreement"):
            return done
        if Employer.objects.exists() or AgreementVersion.objects.filter(document=document).exists():
            raise Refused(rules.FOUNDED_BEFORE)
        if against := rules.refusals(version, earliest=today, notice_days=0, numbers=(), days=()):
            raise Refused(against)
        return _published(version, None, {}, by=by, today=today, key=key, content=content)


def draft(version: Version, *, loss_confirmed: bool = False, by: Actor, today: date, key: Key) -> Receipt:
    """Draft a version and hand it over for review.

    ``loss_confirmed``: its maker means it that more than half of the former text is gone. Raises ``Refused`` with
    everything that speaks against the version; AGREEMENT-LOSS asks for that confirmation.
    """
    content = _content(version)
    with durable(by):
        require(by, Role.PUBLISHER)
        if done := evidence.receipt(key, content, by, "draft_agreement"):
            return done
        lost = _check(version, today, loss_confirmed=loss_confirmed)
        row = AgreementDraft.objects.create(document=version.document, drafted_by=by.name, **_columns(version))
        return _handed_over(row, "draft_agreement", lost, by=by, today=today, key=key, content=content)


def redraft(
    draft_id: int, version: Version, *, loss_confirmed: bool = False, by: Actor, today: date, key: Key
) -> Receipt:
    """Change a draft that came back or was withdrawn, and hand it over again. ``loss_confirmed`` as in `draft`.

    Raises ``Refused``: REVIEW-UNDER-WAY, REVIEW-OVER for one that was decided for good, AGREEMENT-NO-DRAFT, and
    everything that speaks against the version.
    """
    content = _content(version) | {"draft_id": draft_id}
    with durable(by):
        require(by, Role.PUBLISHER)
        if done := evidence.receipt(key, content, by, "redraft_agreement"):
            return done
        row = _locked(draft_id)
        if (last := review.latest(REVIEW, draft_id)) and last.state is ReviewState.PENDING:
            raise Refused(review.UNDER_WAY)
        if last and last.state in (ReviewState.APPROVED, ReviewState.REFUSED):
            raise Refused(review.OVER)
        lost = _check(version, today, loss_confirmed=loss_confirmed)
        for name, value in _columns(version).items():
            setattr(row, name, value)
        row.save(update_fields=list(_columns(version)))
        return _handed_over(row, "redraft_agreement", lost, by=by, today=today, key=key, content=content)


def withdraw(draft_id: int, *, by: Actor, today: date, key: Key) -> Receipt:
    """Take one's own draft back before it is decided. Raises ``Refused`` as ``casework.review.withdraw`` does."""
    content = {"draft_id": draft_id}
    with durable(by):
        if done := evidence.receipt(key, content, by, "withdraw_agreement_draft"):
            return done
        review.withdraw(REVIEW, draft_id, by=by)
        return evidence.record(
            "withdraw_agreement_draft", by=by, today=today, subject=_subject(draft_id), key=key, content=content
        )


def decide(
    draft_id: int,
    verdict: ReviewState,
    *,
    note: str,
    by: Actor,
    today: date,
    key: Key,
    turn: int | None = None,
    loss_confirmed: bool = False,
) -> Receipt:
    """Say the second person's verdict on a draft; approved, it is published as it stands.

    ``loss_confirmed``: he too means it that more than half of the former text is gone, as it stands on this day.
    Raises ``Refused``: all of ``casework.review.decide``, and on approval everything that speaks against the version
    by now: another has taken its number or its day, its day of effect has come too near, AGREEMENT-LOSS.
    """
    content = {"draft_id": draft_id, "verdict": verdict.value, "note": note}
    with durable(by):
        require(by, Role.REVIEWER)
        if done := evidence.receipt(key, content, by, *_ACTS.values()):
            return done
        row = _locked(draft_id)
        review.decide(REVIEW, draft_id, verdict, note=note, by=by, turn=turn)
        if verdict is ReviewState.APPROVED:
            version = _version(row)
            lost = _check(version, today, loss_confirmed=loss_confirmed)
            if version.document is AgreementDocument.AGREEMENT and not _is_first(version.document):
                _tell(version, by, today)
            return _published(version, draft_id, lost, by=by, today=today, key=key, content=content)
        return evidence.record(_ACTS[verdict], by=by, today=today, subject=_subject(draft_id), key=key, content=content)


def notice_days(document: AgreementDocument, today: date) -> int:
    """How many days before its effect a version has to be published; a first one changes nothing and needs none."""
    if _is_first(document):
        return 0
    return policy.law_on(today, Center.objects.get().place).agreement_notice_days


def _is_first(document: AgreementDocument) -> bool:
    return not AgreementVersion.objects.filter(document=document).exists()


def _published(
    version: Version,
    draft_id: int | None,
    detail: dict[str, str],
    *,
    by: Actor,
    today: date,
    key: Key,
    content: dict[str, Any],
) -> Receipt:
    with refusing(_TAKEN):
        row = AgreementVersion.objects.create(
            document=version.document, published_on=today, draft_id=draft_id, **_columns(version)
        )
    result = {"version_id": row.pk, "number": row.number, "digest": row.digest.hex()}
    return evidence.record(
        _ACTS[ReviewState.APPROVED],
        by=by,
        today=today,
        subject=f"{version.document}:{version.number}",
        key=key,
        content=content,
        detail=detail,
        result=result | {"effective_on": str(version.effective_on)},
    )


def _tell(version: Version, by: Actor, today: date) -> None:
    """Tell all employers of the version of the service agreement that comes (agreement §9.1). From its day of effect
    the login shows what has changed, and nothing is announced any more."""
    day = f"{version.effective_on.year}年{version.effective_on.month}月{version.effective_on.day}日"
    values = {"number": version.number, "day": day, "summary": version.summary.rstrip("。") + "。"}
    effect = datetime.combine(version.effective_on, time.min, CHINA)
    tell("agreement-announced", values, to=Audience(), by=by, today=today, shown_until=effect)


def _handed_over(
    row: AgreementDraft,
    act: str,
    detail: dict[str, str],
    *,
    by: Actor,
    today: date,
    key: Key,
    content: dict[str, Any],
) -> Receipt:
    title = f"{AgreementDocument(row.document).label}{row.number}"
    review.submit(REVIEW, row.pk, title=title, by=by, today=today)
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=_subject(row.pk),
        key=key,
        content=content,
        detail=detail,
        result={"draft_id": row.pk},
    )


def _check(version: Version, today: date, *, loss_confirmed: bool) -> dict[str, str]:
    """Raise ``Refused`` with everything that speaks against publishing a version today.

    Gives back for the event which loss was confirmed, if any was to be.
    """
    known = AgreementVersion.objects.filter(document=version.document)
    notice = notice_days(version.document, today)
    against = rules.refusals(
        version,
        earliest=rules.earliest_effect(today, notice),
        notice_days=notice,
        numbers=set(known.values_list("number", flat=True)),
        days=set(known.values_list("effective_on", flat=True)),
    )
    former = queries.former(version.document, version.effective_on)
    lost = rules.against_loss(former.number, former.text, version.text) if former else []
    if against or (lost and not loss_confirmed):
        raise Refused(against if loss_confirmed else [*against, *lost])
    return {"loss_confirmed": lost[0].what} if lost else {}


def _locked(draft_id: int) -> AgreementDraft:
    row = AgreementDraft.objects.select_for_update().filter(pk=draft_id).first()
    if row is None:
        raise Refused(rules.NO_DRAFT)
    return row


def _version(row: AgreementDraft) -> Version:
    document, binding = AgreementDocument(row.document), None if row.binding is None else tuple(row.binding)
    return Version(document, row.number, row.effective_on, row.summary, row.text, binding)


def _columns(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "effective_on": version.effective_on,
        "summary": version.summary,
        "text": version.text,
        "digest": sm3(version.text.encode()),
        "binding": list(proposed(version.text) if version.binding is None else version.binding),
    }


def _content(version: Version) -> dict[str, Any]:
    return {
        "document": version.document.value,
        "number": version.number,
        "effective_on": version.effective_on,
        "summary": version.summary,
        "text": version.text,
        "binding": version.binding,
    }


def _subject(draft_id: int) -> str:
    return f"agreement_draft:{draft_id}"
