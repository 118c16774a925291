"""Who accepted which version of the service agreement."""

from __future__ import annotations

from django.db import models

from hpf.registry.models import AgreementVersion, Handler


class AgreementAcceptance(models.Model):
    """A handler's acceptance (协议签署) for his employer: version, digest of its text, moment, address, browser."""

    employer_id = models.BigIntegerField()
    handler = models.ForeignKey(Handler, models.PROTECT)
    version = models.ForeignKey(AgreementVersion, models.PROTECT)
    digest = models.BinaryField()
    accepted_at = models.DateTimeField()
    address = models.TextField()
    agent = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("handler", "version"), name="agreement_acceptance_once"),)
        indexes = (models.Index(fields=("employer_id",)),)
