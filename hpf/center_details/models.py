"""What is to be changed in the center's details."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from hpf.registry.models import Branch, Staff


class Change(models.Model):
    """A change of the center's own details, of a branch (``branch``), or a new branch (``adds_branch``).

    ``before`` and ``after`` hold the texts by the names of their columns. ``applied_at`` is set by the database, which
    alone puts in force what a second person approved.
    """

    branch = models.ForeignKey(Branch, models.PROTECT, null=True)
    adds_branch = models.BooleanField(default=False)
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField()
    made_by = models.ForeignKey(Staff, models.PROTECT)
    maker_name = models.TextField()
    made_at = models.DateTimeField(db_default=Now())
    applied_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "center_details_change"
