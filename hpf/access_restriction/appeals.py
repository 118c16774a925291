"""Appealing against a restriction (申诉), and the center's answer within its working days.

The handler writes it in the hall, even while his access is suspended, or the clerk enters what came on paper. Who had a
part in the restriction does not answer.
"""

from __future__ import annotations

from datetime import date, datetime

from hpf import evidence
from hpf.access_restriction import rules
from hpf.access_restriction.models import Appeal, Restriction
from hpf.access_restriction.operations import held_restriction, lift, record, say_answered, standing_of
from hpf.access_restriction.queries import appeal_terms, messages_of
from hpf.access_restriction.rules import AppealFacts, AppealState, ProposalState, Standing
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refused
from hpf.notices import messages
from hpf.policy import after_working_days
from hpf.registry.codes import Role
from hpf.registry.handlers import require_acting
from hpf.registry.roles import require
from hpf.storage import durable, refusing


def appeal(restriction_id: int, text: str, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Appeal against a restriction. ``result`` names ``appeal_id``; the answer is due by the law's working days.

    Who appeals has the notice, whether he opened it or not.

    Raises ``Refused`` with every reason: it does not stand, appealed before, too late, nothing said; ACCESS-LOOKS-ONLY
    for a person of the employer's who does not act for it: the one appeal is not his to use up.
    """
    if by.is_staff:
        require(by, Role.CLERK, Role.MANAGER)
    asked = {"restriction_id": restriction_id, "text": text}
    with durable(by, suspended_too=True):
        if done := evidence.receipt(key, asked, by, "appeal_restriction"):
            return done
        require_acting(by)
        found = Restriction.objects.filter(pk=restriction_id, state=ProposalState.APPROVED.value).first()
        if found is None:
            raise Refused(rules.NOT_STANDING)
        appeal_by, answer_days = appeal_terms(found, today)
        facts = AppealFacts(
            standing=standing_of(found, today),
            appeal_by=appeal_by,
            appealed=Appeal.objects.filter(restriction=found).exists(),
        )
        if refusals := rules.against_appeal(facts, text, today):
            raise Refused(refusals)
        with refusing({"access_restriction_appeal_restriction_id_key": rules.APPEALED}):
            made = Appeal.objects.create(
                employer_id=found.employer_id,
                restriction=found,
                text=text.strip(),
                on_paper=by.is_staff,
                made_by=by.name,
                made_on=today,
                answer_by=after_working_days(today, answer_days),
                state=AppealState.OPEN.value,
            )
        messages.count_as_read(messages_of(found.pk), [found.employer_id], by=by, now=now)
        return record(
            "appeal_restriction", found, asked, by=by, today=today, key=key, tells_employer=True, appeal_id=made.pk
        )


def answer(appeal_id: int, *, upheld: bool, text: str, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Answer an appeal, and tell the employer. Upheld, the restriction is lifted in the same transaction.

    Nothing answers by itself: an appeal that nobody has answered by its day stays open, and is overdue.

    Raises ``Refused`` with every reason: one's own restriction, answered already, nothing said.
    """
    require(by, Role.REVIEWER, Role.MANAGER)
    asked = {"appeal_id": appeal_id, "upheld": upheld, "text": text}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "answer_appeal"):
            return done
        found = held_restriction(Appeal.objects.values_list("restriction_id", flat=True).get(pk=appeal_id))
        made = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal_id)
        refusals = rules.against_text(text, "答复内容", "APPEAL-ANSWER", "text")
        if made.state != AppealState.OPEN.value:
            refusals.append(rules.ANSWERED)
        if refusals:
            raise Refused(refusals)
        made.state = (AppealState.UPHELD if upheld else AppealState.REJECTED).value
        made.answer, made.answered_by_id, made.answered_name, made.answered_on = text.strip(), by.id, by.name, today
        with refusing({"access_restriction_appeal_apart": rules.OWN_DECISION}):
            made.save(update_fields=["state", "answer", "answered_by", "answered_name", "answered_on"])
        if upheld and standing_of(found, today) in (Standing.COMING, Standing.IN_FORCE):
            message = lift(found, "申诉成立", by=by, today=today, now=now)
        else:
            message = say_answered(found, AppealState(made.state), by=by, today=today, now=now)
        return record(
            "answer_appeal",
            found,
            asked,
            by=by,
            today=today,
            key=key,
            tells_employer=True,
            appeal_id=appeal_id,
            message=message,
        )
