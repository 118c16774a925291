"""Restricting an employer's use of the hall for breach (限制使用, agreement §5.3): one proposes, another decides.

With the decision all that the handler has open ends in the same transaction, if the whole access is withheld: what he
had under way is done before it, what he begins later finds it. Single functions are refused at the portal's door.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from hpf import evidence
from hpf.access_restriction import rules
from hpf.access_restriction.models import Evidence, Restriction
from hpf.access_restriction.queries import messages_of
from hpf.access_restriction.rules import REVIEW_KIND, AppealState, Proposal, ProposalState, RestrictionKind
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.casework.scans import Scan, WrittenScan, write_scans
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.kernel.wording import cited
from hpf.notices import messages
from hpf.notices.messages import Audience, tell
from hpf.policy.calendar import CHINA
from hpf.registry.clauses import Clauses, clauses
from hpf.registry.codes import AgreementDocument, Role
from hpf.registry.handlers import require_acting
from hpf.registry.models import AgreementVersion, Employer
from hpf.registry.roles import require
from hpf.storage import Statements, durable

statements = Statements(__package__)


def propose(
    employer_id: int,
    proposal: Proposal,
    scans: Sequence[Scan] = (),
    *,
    unread: Sequence[Refusal] = (),
    by: Actor,
    today: date,
    key: Key,
) -> Receipt:
    """Propose a restriction with its evidence and hand it to a second person. ``result`` names ``restriction_id``.

    ``unread`` is what the form could not make out of its fields: whatever stands for them in ``proposal``, it is
    refused. Raises ``Refused`` with that and with everything else that is wrong (RESTRICT-…, SCAN-…).
    """
    require(by, Role.CLERK, Role.MANAGER)
    content = {"employer_id": employer_id, **asdict(proposal), "scans": [scan.name for scan in scans]}
    written, faults = _written(scans)
    with durable(by):
        if done := evidence.receipt(key, content, by, "propose_restriction"):
            return done
        employer = Employer.objects.get(pk=employer_id)
        said = {one.where for one in unread}
        found = rules.against(proposal, _agreement(proposal.version_id, today), len(scans), today)
        if refusals := [*unread, *(one for one in found if one.where not in said), *faults]:
            raise Refused(refusals)
        if by.id is None:
            raise Refused(review.NOT_STAFF)
        made = Restriction.objects.create(
            employer_id=employer_id,
            kind=proposal.kind.value,
            functions=list(proposal.functions) if proposal.kind is RestrictionKind.LIMITED else [],
            reason=proposal.reason.strip(),
            version_id=proposal.version_id,
            clause=proposal.clause,
            clause_text=proposal.clause_text,
            starts_on=proposal.starts_on,
            ends_on=proposal.ends_on,
            state=ProposalState.PROPOSED.value,
            proposed_by_id=by.id,
            proposed_name=by.name,
            proposed_on=today,
        )
        _keep(written, made)
        title = f"{employer.name}：{proposal.scope}"
        review.submit(REVIEW_KIND, made.pk, title=title, by=by, today=today, branch_id=employer.branch_id)
        return record("propose_restriction", made, content, by=by, today=today, key=key)


def withdraw(restriction_id: int, *, by: Actor, today: date, key: Key) -> Receipt:
    """Take one's own proposal back before it is decided. Raises ``Refused`` (REVIEW-…)."""
    asked = {"restriction_id": restriction_id, "withdraw": True}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "withdraw_restriction"):
            return done
        found = Restriction.objects.select_for_update().get(pk=restriction_id)
        review.withdraw(REVIEW_KIND, restriction_id, by=by)
        found.state = ProposalState.WITHDRAWN.value
        found.save(update_fields=["state"])
        return record("withdraw_restriction", found, asked, by=by, today=today, key=key)


def decide(
    restriction_id: int, verdict: ReviewState, *, note: str, by: Actor, today: date, now: datetime, key: Key
) -> Receipt:
    """Say the second person's word; approved, it is in force from its day on and the employer is told.

    Where the whole access is withheld from today on, all sessions, logins and codes of the handler end with it. A
    returned proposal is over as a refused one is: it is proposed anew. Raises ``Refused`` (REVIEW-…, RESTRICT-LAPSED).
    """
    require(by, Role.REVIEWER, Role.MANAGER)
    asked = {"restriction_id": restriction_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "decide_restriction"):
            return done
        found = held_restriction(restriction_id)
        review.decide(REVIEW_KIND, restriction_id, verdict, note=note, by=by)
        approved = verdict is ReviewState.APPROVED
        if approved and found.ends_on is not None and found.ends_on <= today:
            raise Refused(rules.LAPSED)
        found.state = (ProposalState.APPROVED if approved else ProposalState.REFUSED).value
        found.decided_on = today
        found.save(update_fields=["state", "decided_on"])
        told = {"message": _begin(found, by, today, now)} if approved else {}
        return record("decide_restriction", found, asked, by=by, today=today, key=key, tells_employer=approved, **told)


def held_restriction(restriction_id: int) -> Restriction:
    """A restriction, once nobody acts for its employer. The lock comes before all others."""
    employer_id = Restriction.objects.values_list("employer_id", flat=True).get(pk=restriction_id)
    statements("hold_employer", employer_id=employer_id).rows()
    return Restriction.objects.select_for_update(of=("self",)).get(pk=restriction_id)


def lift(found: Restriction, why: str, *, by: Actor, today: date, now: datetime) -> int:
    """Lift a restriction in the present transaction, and tell the employer: the number of the message. Its notice is
    not asked to be confirmed any more. Raises ``Refused`` if it does not stand.
    """
    if standing_of(found, today) not in (rules.Standing.COMING, rules.Standing.IN_FORCE):
        raise Refused(rules.NOT_STANDING)
    found.lifted_on, found.lifted_by, found.lifted_why = today, by.name, why
    found.save(update_fields=["lifted_on", "lifted_by", "lifted_why"])
    for number in messages_of(found.pk):
        messages.withdraw(number, _begins(today))
    return tell("restriction-lifted", _said(found), to=_audience(found), by=by, today=today, now=now)


def say_answered(found: Restriction, outcome: AppealState, *, by: Actor, today: date, now: datetime) -> int:
    """Tell the employer how its appeal was answered, where no lifting tells it: the number of the message."""
    values = {**_said(found), "outcome": outcome.label}
    return tell("appeal-answered", values, to=_audience(found), by=by, today=today, now=now)


def open_notices(restriction_ids: Sequence[int], *, by: Actor, today: date, now: datetime) -> None:
    """Say that who acts for an employer has opened its notices: with that what told it of them is delivered.

    It remains to him while access is suspended, and does nothing the second time.
    """
    with durable(by, suspended_too=True):
        require_acting(by)
        employers = [by.employer_id] if by.employer_id is not None else []
        if count := messages.count_as_read(messages_of(*restriction_ids), employers, by=by, now=now):
            alone = len(restriction_ids) == 1
            subject = f"restriction:{restriction_ids[0]}" if alone else f"employer:{by.employer_id}"
            evidence.record("open_notices", by=by, today=today, subject=subject, result={"count": count})


def standing_of(found: Restriction, today: date) -> rules.Standing:
    """How a restriction stands on a day."""
    return rules.standing(ProposalState(found.state), found.starts_on, found.ends_on, found.lifted_on, today)


def scope_of(found: Restriction) -> str:
    """What a restriction withholds, in words."""
    return rules.scope_of(RestrictionKind(found.kind), found.functions)


def record(
    act: str,
    found: Restriction,
    asked: dict[str, Any],
    *,
    by: Actor,
    today: date,
    key: Key,
    tells_employer: bool = False,
    **result: int,
) -> Receipt:
    """Write the event of something done to a restriction. What is only proposed is not yet the employer's to read."""
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"restriction:{found.pk}",
        key=key,
        content=asked,
        employer_id=found.employer_id if tells_employer else None,
        detail={"employer_id": found.employer_id, "scope": scope_of(found), "clause": found.clause},
        result={"restriction_id": found.pk, **result},
    )


def _begin(found: Restriction, by: Actor, today: date, now: datetime) -> int:
    """End what has to end now and tell the employer until the restriction is over; the number of the message."""
    if found.kind != RestrictionKind.LIMITED.value and found.starts_on <= today:
        statements("cut", employer_id=found.employer_id, now=now).rows()
    told = {
        **_said(found),
        "reason": found.reason.rstrip("。"),
        "clause": cited(found.clause),
        "until": rules.until_of(max(found.starts_on, today), found.ends_on, RestrictionKind(found.kind)),
    }
    over = _begins(found.ends_on) if found.ends_on else None
    return tell("restriction", told, to=_audience(found), by=by, today=today, now=now, shown_until=over)


def _begins(day: date) -> datetime:
    """The moment of the hall at which a day begins."""
    return datetime.combine(day, time.min, CHINA)


def _said(found: Restriction) -> dict[str, str]:
    """What is done to the employer, in the words of messages."""
    kind = RestrictionKind(found.kind)
    return {"scope": scope_of(found).partition("（")[0], "deed": kind.deed, "used": rules.used(kind, found.functions)}


def _audience(found: Restriction) -> Audience:
    name = Employer.objects.values_list("name", flat=True).get(pk=found.employer_id)
    return Audience(employer_id=found.employer_id, label=name)


def _agreement(version_id: int, today: date) -> Clauses | None:
    """The clauses of the agreement in force, ``None`` if another version was meant."""
    published = AgreementVersion.objects.filter(document=AgreementDocument.AGREEMENT, effective_on__lte=today)
    version = published.order_by("-effective_on").first()
    return clauses(version.text, version.binding) if version and version.pk == version_id else None


def _written(scans: Sequence[Scan]) -> tuple[list[WrittenScan], tuple[Refusal, ...]]:
    """The scans in the data folder, or what speaks against them."""
    try:
        return write_scans(scans), ()
    except Refused as refused:
        return [], refused.refusals


def _keep(written: Sequence[WrittenScan], made: Restriction) -> None:
    Evidence.objects.bulk_create(
        Evidence(
            restriction=made,
            place=place,
            name=scan.name,
            media_type=scan.media_type,
            size=scan.written.size,
            digest=scan.written.digest,
        )
        for place, scan in enumerate(written)
    )
