"""Rosters and their rows between upload and opening. Whatever identifies a person is encrypted, as in the register."""

from __future__ import annotations

from django.db import models

from hpf.casework.models import Attachment, Case
from hpf.registry.codes import IdentityType, Sex
from hpf.storage.fields import EncryptedField, FenField, MonthField


class Verdict(models.TextChoices):
    """What may become of a row: the gravest of its findings."""

    GOOD = "good", "可以开户"
    CHECK = "check", "请核对"
    MEND = "mend", "需要更正"
    REFUSED = "refused", "不能办理"


class Choice(models.TextChoices):
    """What the handler wants with a roster that is not good throughout."""

    GOOD_ROWS = "good_rows", "合格的先开户"
    ALL_OR_NOTHING = "all_or_nothing", "全部合格后一并开户"


class Roster(models.Model):
    """An uploaded roster. ``findings`` are those about the file or the unit, ``groups`` the rows' by code.

    ``ready_…`` sum the rows that go in as they are, ``mend_…`` those that go in once their proposals are accepted.
    ``ground`` is the digest of what the verdicts stand on. ``choice`` and ``accept_mended`` are the handler's.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True)
    employer_id = models.BigIntegerField()
    attachment = models.ForeignKey(Attachment, models.PROTECT)
    sheet = models.TextField(default="")
    checked_on = models.DateField(null=True)
    ground = models.BinaryField(null=True)
    people = models.IntegerField(default=0)
    good = models.IntegerField(default=0)
    to_check = models.IntegerField(default=0)
    to_mend = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    ready_base_fen = FenField(default=0)
    ready_unit_fen = FenField(default=0)
    ready_personal_fen = FenField(default=0)
    mend_base_fen = FenField(default=0)
    mend_unit_fen = FenField(default=0)
    mend_personal_fen = FenField(default=0)
    findings = models.JSONField(default=list)
    groups = models.JSONField(default=list)
    choice = models.TextField(choices=Choice, default="")
    accept_mended = models.BooleanField(default=False)
    opened = models.IntegerField(null=True)


class RosterRow(models.Model):
    """One person to be opened, from a roster or a form; ``row_no`` is the row on the sheet.

    ``findings`` are the row's refusals without full identity and mobile numbers. ``member_id`` and ``account_id`` are
    there once the account is open.
    """

    case_no = models.BigIntegerField()
    row_no = models.IntegerField()
    employer_id = models.BigIntegerField()
    verdict = models.TextField(choices=Verdict)
    name = models.TextField()
    identity_type = models.TextField(choices=IdentityType, null=True)
    identity_number = EncryptedField(purpose="identity", null=True)
    identity_digest = models.BinaryField(null=True)
    mobile = EncryptedField(purpose="mobile", null=True)
    mobile_digest = models.BinaryField(null=True)
    sex = models.TextField(choices=Sex)
    birthday = models.DateField(null=True)
    bank_card = EncryptedField(purpose="bank_account", null=True)
    wage_fen = FenField(null=True)
    base_fen = FenField(null=True)
    unit_fen = FenField(null=True)
    personal_fen = FenField(null=True)
    first_month = MonthField(null=True)
    findings = models.JSONField()
    member_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)

    pk = models.CompositePrimaryKey("case_no", "row_no")

    class Meta:
        indexes = (models.Index(fields=("case_no", "verdict", "row_no"), name="account_opening_row_verdict"),)
