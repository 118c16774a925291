"""What is closed, and when."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hpf.channels.rules import ClosureState
from hpf.registry.models import Staff


class Closure(models.Model):
    """A closure (停办): of one function or, where ``function`` is empty, of all (维护), in some channels, for a window.

    ``ends_at`` is open for a function that stays closed until further notice. ``urgent`` was closed at once by one.
    """

    channels = ArrayField(models.TextField())
    function = models.TextField(default="", db_default="")
    reason = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    urgent = models.BooleanField()
    state = models.TextField(choices=[(one.value, one.label) for one in ClosureState])
    made_by = models.ForeignKey(Staff, models.PROTECT)
    maker_name = models.TextField()
    made_at = models.DateTimeField(db_default=Now())
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.TextField(default="", db_default="")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="channels_closure_window"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=False) | ~Q(function=""), name="channels_closure_maintenance_ends"
            ),
        )
        indexes = (
            models.Index(
                fields=("starts_at",),
                condition=Q(state=ClosureState.APPROVED.value, lifted_at=None),
                name="channels_closure_standing",
            ),
        )
