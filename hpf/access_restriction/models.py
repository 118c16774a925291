"""Restrictions for breach, their evidence, what lifts them, and appeals."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hpf.access_restriction.rules import AppealState, ProposalState, RestrictionKind
from hpf.registry.models import AgreementVersion, Staff

_STATES = [(one.value, one.value) for one in ProposalState]


class Restriction(models.Model):
    """What an employer may not use, why, by which clause, from when on (限制使用, agreement §5.3).

    In force while approved, begun, not expired and not lifted: nothing has to be done on those days. ``ends_on`` is the
    first free day again. ``functions`` is empty unless single ones are limited.
    """

    employer_id = models.BigIntegerField()
    kind = models.TextField(choices=[(one.value, one.label) for one in RestrictionKind])
    functions = ArrayField(models.TextField(), default=list)
    reason = models.TextField()
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="+")
    clause = models.TextField()
    clause_text = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    state = models.TextField(choices=_STATES)
    proposed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    proposed_name = models.TextField()
    proposed_on = models.DateField()
    decided_on = models.DateField(null=True)
    lifted_on = models.DateField(null=True)
    lifted_by = models.TextField(default="", db_default="")
    lifted_why = models.TextField(default="", db_default="")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="access_restriction_days"),
            models.CheckConstraint(
                condition=Q(kind=RestrictionKind.LIMITED.value) ^ Q(functions=[]), name="access_restriction_functions"
            ),
        )
        indexes = (
            models.Index(
                fields=("employer_id",),
                condition=Q(state=ProposalState.APPROVED.value, lifted_on=None),
                name="access_restriction_standing",
            ),
            models.Index(fields=("employer_id", "-id"), name="access_restriction_of"),
        )


class Evidence(models.Model):
    """A file that shows the breach. It lies sealed under its digest, as attachments do; the employer never sees it."""

    restriction = models.ForeignKey(Restriction, models.PROTECT, db_index=False)
    place = models.SmallIntegerField()
    name = models.TextField()
    media_type = models.TextField()
    size = models.BigIntegerField()
    digest = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("restriction", "place"), name="access_restriction_evidence_place"),
        )


class Lifting(models.Model):
    """That a restriction should be lifted before its time (解除限制): proposed by one, decided by another."""

    employer_id = models.BigIntegerField()
    restriction = models.ForeignKey(Restriction, models.PROTECT)
    reason = models.TextField()
    state = models.TextField(choices=_STATES)
    proposed_name = models.TextField()
    proposed_on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("restriction",),
                condition=Q(state=ProposalState.PROPOSED.value),
                name="access_restriction_lifting_once",
            ),
        )


class Appeal(models.Model):
    """What an employer says against a restriction (申诉), and the center's answer, due by ``answer_by``.

    ``on_paper``: a clerk entered what came on paper. Answered by somebody who had no part in the restriction.
    """

    employer_id = models.BigIntegerField()
    restriction = models.OneToOneField(Restriction, models.PROTECT)
    text = models.TextField()
    on_paper = models.BooleanField()
    made_by = models.TextField()
    made_on = models.DateField()
    answer_by = models.DateField()
    state = models.TextField(choices=[(one.value, one.label) for one in AppealState])
    answer = models.TextField(default="", db_default="")
    answered_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    answered_name = models.TextField(default="", db_default="")
    answered_on = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=("state", "answer_by"), name="access_restriction_clock"),)
