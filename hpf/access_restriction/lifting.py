"""Lifting a restriction before its time (解除限制): proposed by one, decided by another. By date it expires itself."""

from __future__ import annotations

from datetime import date, datetime

from hpf import evidence
from hpf.access_restriction import rules
from hpf.access_restriction.models import Lifting, Restriction
from hpf.access_restriction.operations import held_restriction, lift, record, scope_of, standing_of
from hpf.access_restriction.rules import LIFTING_KIND, ProposalState, Standing
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refused
from hpf.registry.codes import Role
from hpf.registry.models import Employer
from hpf.registry.roles import require
from hpf.storage import durable, refusing


def propose_lifting(restriction_id: int, reason: str, *, by: Actor, today: date, key: Key) -> Receipt:
    """Propose to lift a restriction that is announced or in force. ``result`` names ``lifting_id``.

    Raises ``Refused`` with every reason: it does not stand, no reason given, a lifting waits already.
    """
    require(by, Role.CLERK, Role.MANAGER)
    asked = {"restriction_id": restriction_id, "reason": reason}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "propose_lifting"):
            return done
        found = Restriction.objects.select_for_update(of=("self",)).get(pk=restriction_id)
        refusals = rules.against_text(reason, "解除原因", "RESTRICT-LIFT-REASON", "reason")
        if standing_of(found, today) not in (Standing.COMING, Standing.IN_FORCE):
            refusals.append(rules.NOT_STANDING)
        if refusals:
            raise Refused(refusals)
        with refusing({"access_restriction_lifting_once": rules.LIFTING_UNDER_WAY}):
            made = Lifting.objects.create(
                employer_id=found.employer_id,
                restriction=found,
                reason=reason.strip(),
                state=ProposalState.PROPOSED.value,
                proposed_name=by.name,
                proposed_on=today,
            )
        employer = Employer.objects.get(pk=found.employer_id)
        title = f"{employer.name}：解除{scope_of(found)}"
        review.submit(LIFTING_KIND, made.pk, title=title, by=by, today=today, branch_id=employer.branch_id)
        return record("propose_lifting", found, asked, by=by, today=today, key=key, lifting_id=made.pk)


def decide_lifting(
    lifting_id: int, verdict: ReviewState, *, note: str, by: Actor, today: date, now: datetime, key: Key
) -> Receipt:
    """Say the second person's word; approved, everything opens again at once and the employer is told."""
    require(by, Role.REVIEWER, Role.MANAGER)
    asked = {"lifting_id": lifting_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "decide_lifting"):
            return done
        lifting = Lifting.objects.get(pk=lifting_id)
        found = held_restriction(lifting.restriction_id)
        review.decide(LIFTING_KIND, lifting_id, verdict, note=note, by=by)
        approved = verdict is ReviewState.APPROVED
        lifting.state = (ProposalState.APPROVED if approved else ProposalState.REFUSED).value
        lifting.save(update_fields=["state"])
        told = {"message": lift(found, lifting.reason, by=by, today=today, now=now)} if approved else {}
        return record(
            "decide_lifting",
            found,
            asked,
            by=by,
            today=today,
            key=key,
            tells_employer=approved,
            lifting_id=lifting_id,
            **told,
        )
