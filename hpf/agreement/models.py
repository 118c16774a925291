"""Drafts of versions, and who accepted which version."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hpf.registry.codes import AgreementDocument
from hpf.registry.models import AgreementVersion, Handler


class AgreementDraft(models.Model):
    """A version that is still to be reviewed by a second person; approved, it is published as it stands here.

    Changed only while it is back in its maker's hands. ``digest`` is the plain SM3 of ``text``, which is Markdown.
    ``binding`` are the numbers of the clauses that bind the user, ``None`` of drafts from before they were named.
    """

    document = models.TextField(choices=AgreementDocument)
    number = models.TextField()
    effective_on = models.DateField()
    summary = models.TextField()
    text = models.TextField()
    digest = models.BinaryField()
    binding = ArrayField(models.TextField(), null=True)
    drafted_by = models.TextField()
    drafted_at = models.DateTimeField(db_default=Now())


class AgreementAcceptance(models.Model):
    """A handler's acceptance (协议签署) for his employer: version, digest of its text, moment, address, browser.

    ``ended_on`` is the day on which the employer's agreement ended, or the grant by which its handler acted; ``None``
    while it lasts.
    """

    employer_id = models.BigIntegerField()
    handler = models.ForeignKey(Handler, models.PROTECT)
    handler_name = models.TextField()
    version = models.ForeignKey(AgreementVersion, models.PROTECT)
    digest = models.BinaryField()
    accepted_at = models.DateTimeField()
    address = models.TextField()
    agent = models.TextField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("handler", "version"), condition=Q(ended_on=None), name="agreement_acceptance_once"
            ),
        )
        indexes = (models.Index(fields=("employer_id",)),)
