"""Sheets (汇缴清册) and their lines."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hpf.casework.models import Case
from hpf.registry.models import UnitAccount
from hpf.storage.fields import FenField, MonthField, RateField


class Sheet(models.Model):
    """One unit account's month as it was declared. 上月 + 增加 − 减少 = 本月, in people and in money (H-06).

    ``reserved_fen`` of the unallocated money is set aside; ``due_fen`` is what the notice asks for; ``received_fen``
    has come under the notice's reference. ``events_through`` is the last timeline event known to the sheet.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True)
    employer_id = models.BigIntegerField()
    unit_account = models.ForeignKey(UnitAccount, models.PROTECT)
    month = MonthField()
    unit_rate = RateField()
    personal_rate = RateField()
    events_through = models.BigIntegerField()
    lines_digest = models.BinaryField()
    last_people = models.IntegerField()
    last_fen = FenField()
    added_people = models.IntegerField()
    added_fen = FenField()
    removed_people = models.IntegerField()
    removed_fen = FenField()
    people = models.IntegerField()
    unit_fen = FenField()
    personal_fen = FenField()
    total_fen = FenField()
    reserved_fen = FenField(default=0)
    due_fen = FenField()
    received_fen = FenField(default=0)
    last_day = models.DateField()
    declared_on = models.DateField()
    declared_by = models.TextField()
    declared_at = models.DateTimeField(db_default=Now())
    live = models.BooleanField(default=True)
    entry_id = models.BigIntegerField(null=True)
    booked_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("unit_account", "month"), condition=Q(live=True), name="remittance_sheet_month"
            ),
            models.CheckConstraint(
                condition=Q(people=F("last_people") + F("added_people") - F("removed_people"))
                & Q(total_fen=F("last_fen") + F("added_fen") - F("removed_fen"))
                & Q(total_fen=F("unit_fen") + F("personal_fen")),
                name="remittance_sheet_identity",
            ),
            models.CheckConstraint(
                condition=Q(due_fen=F("total_fen") - F("reserved_fen"), reserved_fen__gte=0, due_fen__gte=0),
                name="remittance_sheet_due",
            ),
        )


class SheetLine(models.Model):
    """One member's share of a sheet."""

    case_no = models.BigIntegerField()
    account_id = models.BigIntegerField()
    employer_id = models.BigIntegerField()
    base_fen = FenField()
    unit_fen = FenField()
    personal_fen = FenField()

    pk = models.CompositePrimaryKey("case_no", "account_id")
