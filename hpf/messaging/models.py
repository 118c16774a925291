"""Messages for many and wordings of the center, from the draft to the second person's word."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hpf.registry.models import Branch, Employer, Handler
from hpf.storage.fields import EncryptedField


class DraftState(models.TextChoices):
    """Where a draft stands. What was returned or refused is written anew."""

    SUBMITTED = "submitted", "待复核"
    PUBLISHED = "published", "已发布"
    RETURNED = "returned", "已退回"
    REFUSED = "refused", "不予通过"


class MassMessage(models.Model):
    """A message for all employers, for those of a branch or for chosen ones. Sent when a second person approved it."""

    title = models.TextField()
    text = models.TextField()
    ways = ArrayField(models.TextField())
    branch = models.ForeignKey(Branch, models.PROTECT, null=True)
    numbers = ArrayField(models.TextField(), default=list)
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


class EmailProof(models.Model):
    """A code that was sent to a mail address, so that whoever reads mails there confirms it. The latest one counts."""

    employer = models.ForeignKey(Employer, models.PROTECT)
    handler = models.ForeignKey(Handler, models.PROTECT)
    email = EncryptedField(purpose="email")
    code_digest = models.BinaryField()
    asked_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
