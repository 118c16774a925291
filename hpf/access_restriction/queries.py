"""Restrictions and appeals, as pages show them. Nouns; nothing here writes."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from hpf import evidence
from hpf.access_restriction.models import Appeal, Evidence, Lifting, Restriction
from hpf.access_restriction.rules import REVIEW_KIND, AppealState, ProposalState
from hpf.casework import review
from hpf.kernel import Actor, deadline
from hpf.policy import law_on
from hpf.registry.models import Employer


def one(restriction_id: int) -> Restriction | None:
    """A restriction by its number; a handler finds those of his own employer, once they are decided."""
    return _restrictions().filter(pk=restriction_id).first()


def of_employer(employer_id: int, limit: int = 20) -> list[Restriction]:
    """All that was decided against an employer, newest first."""
    decided = _restrictions().filter(employer_id=employer_id, state=ProposalState.APPROVED.value)
    return list(decided.order_by("-pk")[:limit])


def standing(employer_id: int, today: date) -> list[Restriction]:
    """What is announced or in force against an employer, the oldest first."""
    found = _restrictions().filter(employer_id=employer_id, state=ProposalState.APPROVED.value, lifted_on=None)
    return list(found.filter(_not_expired(today)).order_by("pk"))


def desk(today: date, *, over: bool, limit: int) -> list[Restriction]:
    """What waits, is announced or in force; or with ``over`` what is done with. Newest first."""
    live = Q(state=ProposalState.PROPOSED.value) | (
        Q(state=ProposalState.APPROVED.value, lifted_on=None) & _not_expired(today)
    )
    found = _restrictions()
    return list((found.exclude(live) if over else found.filter(live)).order_by("-pk")[:limit])


def open_appeals() -> list[Appeal]:
    """The appeals that wait for an answer, the most urgent first."""
    return list(
        Appeal.objects.filter(state=AppealState.OPEN.value).select_related("restriction").order_by("answer_by", "pk")
    )


def count_appeals_for(by: Actor) -> int:
    """How many appeals wait for somebody like the actor: who had a hand in a restriction does not answer for it."""
    reviews = [review.latest(REVIEW_KIND, one.restriction_id) for one in open_appeals()]
    return sum(one is not None and by.id not in (one.maker_id, one.checker_id) for one in reviews)


def appeal_of(restriction_id: int) -> Appeal | None:
    """The appeal against a restriction."""
    return Appeal.objects.filter(restriction_id=restriction_id).first()


def appeal(appeal_id: int) -> Appeal | None:
    """An appeal by its number."""
    return Appeal.objects.filter(pk=appeal_id).first()


def liftings_of(restriction_id: int) -> list[Lifting]:
    """What was proposed to lift a restriction, newest first."""
    return list(Lifting.objects.filter(restriction_id=restriction_id).order_by("-pk"))


def lifting(lifting_id: int) -> Lifting | None:
    """A lifting by its number."""
    return Lifting.objects.filter(pk=lifting_id).first()


def evidence_of(restriction_id: int) -> list[Evidence]:
    """The files that show the breach, in their order. Staff alone may look."""
    return list(Evidence.objects.filter(restriction_id=restriction_id).order_by("place"))


def appeal_terms(found: Restriction, today: date) -> tuple[date, int]:
    """Until when one may appeal against a restriction, and in how many working days the center answers."""
    employer = Employer.objects.select_related("branch").get(pk=found.employer_id)
    law = law_on(today, employer.branch.place)
    return deadline(found.decided_on or today, law.restriction_appeal_days), law.appeal_answer_working_days


def parts_of(restriction_id: int) -> list[tuple[int, int | None]]:
    """Who proposed a restriction and who decided it: they do not answer the appeal."""
    return [(turn.maker_id, turn.checker_id) for turn in review.history(REVIEW_KIND, restriction_id)]


def messages_of(*restriction_ids: int) -> list[int]:
    """The messages by which an employer was told of restrictions: that they are, that they are no more, the answers."""
    told = (event.result for number in restriction_ids for event in evidence.events_about(f"restriction:{number}"))
    return [int(result["message"]) for result in told if "message" in result]


def _restrictions() -> QuerySet[Restriction]:
    return Restriction.objects.select_related("version")


def _not_expired(today: date) -> Q:
    return Q(ends_on=None) | Q(ends_on__gt=today)
