"""Applications for registration (登记申请): 附件1 as it was accepted, and how far it has come."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hpf.registry.codes import Affiliation, EconomicType, FundDepartment, Industry, Nature
from hpf.registry.models import Branch, organisation_of
from hpf.storage.fields import EncryptedField, MonthField, RateField


class ApplicationState(models.TextChoices):
    """Where an application stands. ``guards.sql`` keeps the way from one to the next."""

    PREFILLED = "prefilled", "预填"
    ACCEPTED = "accepted", "受理中"
    UNDER_REVIEW = "under_review", "待复核"
    REGISTERED = "registered", "已登记"
    RETURNED = "returned", "退回补正"
    REFUSED = "refused", "不予登记"
    WITHDRAWN = "withdrawn", "已撤回"

    @classmethod
    def under_way(cls) -> tuple[ApplicationState, ...]:
        """States that keep name and code for the application; what anybody prefills keeps nothing from anybody."""
        return (cls.ACCEPTED, cls.UNDER_REVIEW, cls.RETURNED)

    @classmethod
    def at_the_clerk(cls) -> tuple[ApplicationState, ...]:
        """States in which a clerk may correct it."""
        return (cls.PREFILLED, cls.ACCEPTED, cls.RETURNED)


class Material(models.TextChoices):
    """What the handler brings along (agreement §2.1); all of it is seen before a second person is asked."""

    IDENTITY_SEEN = "identity_seen", "经办人身份证原件已核对，人证一致"
    IDENTITY_COPY = "identity_copy", "身份证复印件 1 份"
    LETTER = "letter", "单位介绍信，已盖章"
    FORM = "form", "单位开户登记申请表一式二份，负责人已签字、单位已签章"


PAPERS = {
    Material.IDENTITY_COPY: "经办人身份证复印件",
    Material.LETTER: "单位介绍信",
    Material.FORM: "单位开户登记申请表",
}
"""What is scanned, or for which the clerk says why not, before a second person is asked."""

KIND = "employer_registration"
"""Under which kind applications are reviewed (``casework.review``) and hold their scans."""


class Application(models.Model):
    """An application. It holds what `rules.Registration` says, so whatever stands here was once without fault.

    ``number`` is what people quote and what a form prints: random, with two check digits. ``scans_waived`` says why a
    paper was not scanned. ``employer_id`` is set by the approval.
    """

    number = models.TextField(unique=True)
    state = models.TextField(choices=ApplicationState)
    name = models.TextField()
    credit_code = models.TextField()
    postcode = models.TextField()
    address = models.TextField()
    legal_representative = models.TextField()
    legal_representative_phone = EncryptedField(purpose="phone")
    economic_type = models.TextField(choices=EconomicType)
    affiliation = models.TextField(choices=Affiliation)
    supervising_department = models.TextField(default="")
    nature = models.TextField(choices=Nature)
    industry = models.TextField(choices=Industry, default="")
    declared_member_count = models.IntegerField()
    founded_on = models.DateField()
    branch = models.ForeignKey(Branch, models.PROTECT)
    unit_rate = RateField()
    personal_rate = RateField()
    payday = models.SmallIntegerField()
    first_month = MonthField()
    fund_department = models.TextField(choices=FundDepartment)
    bank_name = models.TextField()
    bank_account = EncryptedField(purpose="bank_account")
    handler_name = models.TextField()
    handler_identity_number = EncryptedField(purpose="identity")
    handler_mobile = EncryptedField(purpose="mobile")
    handler_mobile_digest = models.BinaryField(null=True)
    materials = ArrayField(models.TextField(choices=Material), default=list)
    scans_waived = models.TextField(default="", db_default="")
    accepted_by = models.TextField(default="")
    accepted_on = models.DateField(null=True)
    employer_id = models.BigIntegerField(null=True, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("name",),
                condition=Q(state__in=("accepted", "under_review", "returned")),
                name="employer_registration_name_under_way",
            ),
            models.UniqueConstraint(
                fields=("credit_code",),
                condition=Q(state__in=("accepted", "under_review", "returned")),
                name="employer_registration_code_under_way",
            ),
            models.UniqueConstraint(
                organisation_of("credit_code"),
                condition=Q(state__in=("accepted", "under_review", "returned")),
                name="employer_registration_organisation_under_way",
            ),
        )
        indexes = (models.Index(fields=("state", "-id")),)


class Limits(models.Model):
    """What the public form is limited to: one row, which the functions read; no caller can stretch it."""

    id = models.SmallIntegerField(primary_key=True, db_default=1)
    code_minutes = models.IntegerField(db_default=5)
    code_tries = models.IntegerField(db_default=5)
    code_gap_seconds = models.IntegerField(db_default=60)
    codes_an_hour = models.IntegerField(db_default=5)
    codes_a_day = models.IntegerField(db_default=10)
    codes_an_hour_from_address = models.IntegerField(db_default=20)
    proved_minutes = models.IntegerField(db_default=15)
    kept_days = models.IntegerField(db_default=30)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="employer_registration_limits_one"),)


class Proof(models.Model):
    """A code sent to a mobile for one browser: to keep a form (``number`` comes with it), or to read one.

    Only digests of secrets; nobody but the functions of ``guards.sql`` reads or writes this table. A number that no
    application has gets its row too, under a digest that is no mobile's.
    """

    token_digest = models.BinaryField(unique=True)
    number = models.TextField()
    mobile_digest = models.BinaryField()
    address_digest = models.BinaryField()
    code_digest = models.BinaryField()
    tries = models.IntegerField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    proved_until = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("mobile_digest", "issued_at")),
            models.Index(fields=("address_digest", "issued_at")),
        )
