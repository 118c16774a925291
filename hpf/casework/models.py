"""Cases and what hangs on them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hpf.registry.models import Handler
from hpf.storage.fields import EncryptedField, FenField, MonthField


class CaseKind(models.TextChoices):
    """What a case is about, by the item's folder or what the item does, where it does several things."""

    ACCOUNT_OPENING = "account_opening", "个人账户设立"
    SEALING = "sealing", "封存"
    REMITTANCE = "remittance", "汇缴"
    HANDLER_CHANGE = "handler_change", "经办人变更"
    MOBILE_CHANGE = "mobile_change", "手机号码变更"
    TERMINATION = "termination", "网厅终止"
    ACCESS_GRANT = "access_grant", "办理权限"


class CaseState(models.TextChoices):
    """The states of all cases; which item uses which stands in its rules as a transition table."""

    CHECKING = "checking", "检查中"
    READY = "ready", "待确认"
    WORKING = "working", "办理中"
    DONE = "done", "已办结"
    AWAITING_PAYMENT = "awaiting_payment", "待缴款"
    AWAITING_REST = "awaiting_rest", "待补足"
    BOOKED = "booked", "已入账"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "已过期"
    REFUSED = "refused", "不能办理"

    @classmethod
    def final(cls) -> tuple[CaseState, ...]:
        """States in which nothing is under way any more: exclusion ends with them."""
        return (cls.DONE, cls.BOOKED, cls.WITHDRAWN, cls.LAPSED, cls.REFUSED)


class Case(models.Model):
    """One case. ``number`` is what people quote; with two check digits behind, it is the payment reference."""

    number = models.BigAutoField(primary_key=True)
    kind = models.TextField(choices=CaseKind)
    state = models.TextField(choices=CaseState)
    employer_id = models.BigIntegerField()
    unit_account_id = models.BigIntegerField()
    title = models.TextField()
    month = MonthField(null=True)
    amount_fen = FenField(null=True)
    people = models.IntegerField(null=True)
    business_day = models.DateField()
    opened_by = models.TextField()
    opened_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (
            models.Index(fields=("employer_id", "-number")),
            models.Index(fields=("unit_account_id", "kind", "-number")),
        )


class Hold(models.Model):
    """A subject that a case under way keeps for itself: one case of a kind per subject, in all channels at once."""

    employer_id = models.BigIntegerField()
    subject = models.TextField()
    kind = models.TextField(choices=CaseKind)
    case = models.ForeignKey(Case, models.PROTECT)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("subject", "kind"), name="casework_hold_once"),)


class Attachment(models.Model):
    """A file of a case. It lies in the data folder under its digest; the name it came with is only shown.

    What came before there was an employer belongs to a subject instead, named as its review is (``subject_kind``,
    ``subject_id``); ``paper`` says which of the subject's papers it shows. The portal never sees it.
    """

    employer_id = models.BigIntegerField(null=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True)
    subject_kind = models.TextField(default="", db_default="")
    subject_id = models.BigIntegerField(null=True)
    paper = models.TextField(default="", db_default="")
    name = models.TextField()
    media_type = models.TextField()
    size = models.BigIntegerField()
    digest = models.BinaryField()
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(employer_id__isnull=False, subject_kind="", subject_id=None)
                | Q(employer_id=None, case=None, subject_id__isnull=False) & ~Q(subject_kind=""),
                name="casework_attachment_one_owner",
            ),
        )
        indexes = (
            models.Index(
                fields=("subject_kind", "subject_id"),
                condition=Q(subject_id__isnull=False),
                name="casework_attachment_of",
            ),
        )


class PreparedState(models.TextChoices):
    """Where a prepared act stands inside its employer."""

    WAITING = "waiting", "待单位复核"
    APPROVED = "approved", "已通过"
    RETURNED = "returned", "已退回"
    WITHDRAWN = "withdrawn", "已收回"


class PreparedAct(models.Model):
    """What one person of an employer prepared and another is to approve (单位内部复核): an operation's name, its
    arguments, and the key under which it is carried out once. Nothing has happened before it is approved.
    """

    employer_id = models.BigIntegerField()
    act = models.TextField()
    title = models.TextField()
    arguments = EncryptedField(purpose="prepared_act")
    digest = models.BinaryField()
    key = models.TextField(unique=True)
    state = models.TextField(choices=PreparedState, default=PreparedState.WAITING)
    prepared_by = models.ForeignKey(Handler, models.PROTECT, related_name="+")
    preparer_name = models.TextField()
    prepared_at = models.DateTimeField(db_default=Now())
    business_day = models.DateField()
    decided_by = models.ForeignKey(Handler, models.PROTECT, null=True, related_name="+")
    decider_name = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(default="")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(decided_by=F("prepared_by")), name="casework_prepared_two_persons"),
            models.CheckConstraint(
                condition=Q(state__in=(PreparedState.APPROVED, PreparedState.RETURNED), decided_by__isnull=False)
                | Q(state__in=(PreparedState.WAITING, PreparedState.WITHDRAWN), decided_by=None),
                name="casework_prepared_decided",
            ),
            models.UniqueConstraint(
                fields=("employer_id", "digest"),
                condition=Q(state=PreparedState.WAITING),
                name="casework_prepared_once",
            ),
        )
        indexes = (models.Index(fields=("employer_id", "-id")),)


class Progress(models.Model):
    """How far long work on a case has come."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True)
    employer_id = models.BigIntegerField()
    phase = models.TextField()
    done = models.BigIntegerField()
    total = models.BigIntegerField()
    started_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
