"""What is closed and when, and when the rest is open."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hpf.channels.hours import Timetable
from hpf.channels.rules import CLOSABLE, OFFERED, ClosureState
from hpf.kernel import Channel
from hpf.registry.codes import HallFunction
from hpf.registry.models import Staff

_HOURS = r"^(([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00))?$"


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


class TimetableRow(models.Model):
    """A timetable (办理时间) of a channel's function from a day on: see `hours.Timetable`.

    ``counted_act`` is the act whose events the database counts, ``""`` where nothing is counted.
    """

    channel = models.TextField(choices=[(one.value, CLOSABLE[one]) for one in OFFERED])
    function = models.TextField(choices=[(one.value, one.label) for one in HallFunction])
    starts_on = models.DateField()
    working_hours = models.TextField()
    resting_hours = models.TextField()
    counted_act = models.TextField(default="", db_default="")
    most = models.IntegerField(null=True)
    reason = models.TextField()
    state = models.TextField(choices=[(one.value, one.label) for one in ClosureState])
    made_by = models.ForeignKey(Staff, models.PROTECT)
    maker_name = models.TextField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "channels_timetable"
        constraints = (
            models.CheckConstraint(
                condition=Q(working_hours__regex=_HOURS, resting_hours__regex=_HOURS), name="channels_timetable_hours"
            ),
            models.CheckConstraint(
                condition=Q(most__isnull=True) | (Q(most__gte=1) & ~Q(counted_act="")), name="channels_timetable_most"
            ),
        )

    @property
    def table(self) -> Timetable:
        """As the rules see it."""
        channel, function = Channel(self.channel), HallFunction(self.function)
        return Timetable(channel, function, self.starts_on, self.working_hours, self.resting_hours, self.most)


class DayCount(models.Model):
    """How often an employer has done a counted act on the last day on which it did; written by the database alone."""

    employer_id = models.BigIntegerField()
    act = models.TextField()
    day = models.DateField()
    count = models.IntegerField()

    class Meta:
        db_table = "channels_daycount"
        constraints = (models.UniqueConstraint(fields=("employer_id", "act"), name="channels_daycount_one"),)
