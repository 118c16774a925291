"""What was asked, and everything said about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hpf.inquiries.rules import InquiryKind, InquiryState, TurnKind
from hpf.registry.models import Branch, Handler


class Inquiry(models.Model):
    """A question or a suggestion (咨询建议) of an employer: where it lies, when it is due, its rating."""

    employer_id = models.BigIntegerField()
    handler = models.ForeignKey(Handler, models.PROTECT)
    kind = models.TextField(choices=[(one.value, one.label) for one in InquiryKind])
    title = models.TextField()
    state = models.TextField(choices=[(one.value, one.label) for one in InquiryState], default=InquiryState.OPEN.value)
    branch = models.ForeignKey(Branch, models.PROTECT)
    asked_on = models.DateField()
    due_on = models.DateField()
    reopened = models.BooleanField(default=False)
    rating = models.SmallIntegerField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(rating__range=(1, 5)), name="inquiries_inquiry_rating"),)
        indexes = (
            models.Index(fields=("employer_id", "id")),
            models.Index(fields=("due_on",), condition=Q(state=InquiryState.OPEN.value), name="inquiries_inquiry_open"),
        )


class Turn(models.Model):
    """One thing said or done about an inquiry, by whom and when; an answer is ``late`` after the day it was due."""

    employer_id = models.BigIntegerField()
    inquiry = models.ForeignKey(Inquiry, models.PROTECT)
    kind = models.TextField(choices=[(one.value, one.label) for one in TurnKind])
    text = models.TextField()
    by_staff = models.BooleanField()
    by_name = models.TextField()
    said_at = models.DateTimeField()
    late = models.BooleanField(default=False, db_default=False)
