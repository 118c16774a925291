"""Messages for many and wordings of the center, from the draft to the second person's word."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hpf.registry.models import Branch


class DraftState(models.TextChoices):
    """Where a draft stands. What was returned or refused is written anew."""

    SUBMITTED = "submitted", "待复核"
    PUBLISHED = "published", "已发布"
    RETURNED = "returned", "已退回"
    REFUSED = "refused", "不予通过"


class MassMessage(models.Model):
    """A message for all employers or for those of a branch. Sent when a second person has approved it."""

    title = models.TextField()
    text = models.TextField()
    ways = ArrayField(models.TextField())
    branch = models.ForeignKey(Branch, models.PROTECT, null=True)
    state = models.TextField(choices=DraftState, default=DraftState.SUBMITTED)
    message_no = models.BigIntegerField(null=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()


class Wording(models.Model):
    """A center's own words for a template, from a day on. Published when a second person has approved them."""

    code = models.TextField()
    effective_on = models.DateField()
    title = models.TextField()
    sms = models.TextField()
    text = models.TextField()
    state = models.TextField(choices=DraftState, default=DraftState.SUBMITTED)
    number = models.IntegerField(null=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()
