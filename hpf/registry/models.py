"""The register's rows. Identity numbers, mobiles and bank accounts are encrypted, with a digest beside for search."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Now, Right

from hpf.registry.codes import (
    ADMINISTRATOR_ROLES,
    BUSINESS_ROLES,
    AccountState,
    Affiliation,
    AgreementDocument,
    Duty,
    EconomicType,
    FundDepartment,
    IdentityType,
    Industry,
    Nature,
    SealReason,
    Sex,
    TimelineKind,
    UnitState,
)
from hpf.storage.fields import EncryptedField, FenField, MonthField, RateField


def organisation_of(column: str) -> Right:
    """In the database, what `hpf.kernel.identity.organisation_code` says of a column's code."""
    return Right(Left(column, 17), 9)


class Center(models.Model):
    """The center itself: one row. ``number_prefix`` begins its account numbers; ``place`` chooses its law.

    ``icp_record`` (ICP备案号), ``police_record`` (公安备案号) and ``site_code`` (网站标识码): pages show them.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.TextField()
    place = models.TextField()
    number_prefix = models.TextField()
    hotline = models.TextField()
    address = models.TextField(default="")
    icp_record = models.TextField(default="")
    police_record = models.TextField(default="")
    site_code = models.TextField(default="")
    unidentified_account_id = models.BigIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="registry_center_one"),)


class Branch(models.Model):
    """A branch (管理部). ``place`` may carry limits of its own; ``services`` says what is done there."""

    code = models.TextField(unique=True)
    name = models.TextField()
    place = models.TextField()
    address = models.TextField(default="")
    hours = models.TextField(default="")
    phone = models.TextField(default="")
    services = models.TextField(default="")


class BankAccount(models.Model):
    """An account of the center at a bank (公积金专户) and its ledger account under 101."""

    number = models.TextField(unique=True)
    name = models.TextField()
    bank = models.TextField()
    ledger_account_id = models.BigIntegerField(unique=True)
    collects = models.BooleanField(default=True)


class Staff(models.Model):
    """A person who works at the center.

    Who administers does no business, and does one of the three administrations only (三员, settled 20). ``password_by``
    is who gave him the last initial password, ``None`` for the founding of the center; a trigger keeps it.
    """

    user_name = models.TextField(unique=True)
    name = models.TextField()
    password_hash = models.TextField()
    must_change_password = models.BooleanField(default=True)
    initial_password_expires_at = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)
    password_by = models.BigIntegerField(null=True)
    branch = models.ForeignKey(Branch, models.PROTECT)
    roles = ArrayField(models.TextField())
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(roles__contained_by=BUSINESS_ROLES)
                | Q(roles__contained_by=ADMINISTRATOR_ROLES, roles__len__lte=1),
                name="registry_staff_apart",
            ),
        )


class Employer(models.Model):
    """An employer (缴存单位), with the fields of 附件1; once, by whichever of its two codes.

    ``application_id`` is the approved application by which it came in: a trigger lets no employer in without one.
    """

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
    registered_on = models.DateField()
    application_id = models.BigIntegerField(null=True, unique=True)
    branch = models.ForeignKey(Branch, models.PROTECT)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("name",), name="registry_employer_name"),
            models.UniqueConstraint(fields=("credit_code",), name="registry_employer_credit_code"),
            models.UniqueConstraint(organisation_of("credit_code"), name="registry_employer_organisation"),
        )


class UnitAccount(models.Model):
    """A unit account (单位账户): ratio, month pointer, payday and payment reference belong here (settled 27)."""

    number = models.TextField(unique=True)
    employer = models.ForeignKey(Employer, models.PROTECT)
    state = models.TextField(choices=UnitState, default=UnitState.OPENED)
    unit_rate = RateField()
    personal_rate = RateField()
    payday = models.SmallIntegerField()
    first_month = MonthField()
    paid_through = MonthField(null=True)
    opened_on = models.DateField()
    fund_department = models.TextField(choices=FundDepartment)
    bank_name = models.TextField()
    bank_account = EncryptedField(purpose="bank_account")
    bank_account_digest = models.BinaryField()
    unallocated_account_id = models.BigIntegerField(unique=True)
    active_count = models.IntegerField(default=0)
    sealed_count = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(payday__range=(1, 31)), name="registry_unit_payday"),
            models.CheckConstraint(
                condition=Q(active_count__gte=0, sealed_count__gte=0), name="registry_unit_counts_not_negative"
            ),
        )
        indexes = (models.Index(fields=("bank_account_digest",)),)

    @property
    def due_month(self):  # type: ignore[no-untyped-def]
        """应汇缴年月: the month after the one paid through; for a new unit its first (domain H-01)."""
        return self.paid_through.next if self.paid_through else self.first_month


class Handler(models.Model):
    """Who acts for an employer in the hall: its one handler (经办人), and whom the center has granted beside him.

    ``grant_id`` is the grant by which somebody beside the handler came in: a trigger lets nobody in without one.
    ``login`` is the handler of another employer as whom an agent (代办人) logs in; he has no password here.
    """

    employer = models.ForeignKey(Employer, models.PROTECT)
    duty = models.TextField(choices=Duty, default=Duty.HANDLER, db_default=Duty.HANDLER)
    grant_id = models.BigIntegerField(null=True, unique=True)
    login = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    name = models.TextField()
    identity_number = EncryptedField(purpose="identity")
    identity_digest = models.BinaryField()
    mobile = EncryptedField(purpose="mobile")
    mobile_digest = models.BinaryField()
    email = EncryptedField(purpose="email", null=True)
    user_name = models.TextField(unique=True)
    password_hash = models.TextField()
    must_change_password = models.BooleanField(default=True)
    initial_password_expires_at = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    registered_on = models.DateField()
    agreement_version = models.TextField(default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("employer",), condition=Q(active=True, duty=Duty.HANDLER), name="registry_handler_one"
            ),
            models.UniqueConstraint(
                fields=("employer",), condition=Q(active=True, duty=Duty.APPROVER), name="registry_handler_approver"
            ),
            models.UniqueConstraint(
                fields=("employer", "identity_digest"), condition=Q(active=True), name="registry_handler_person"
            ),
            models.UniqueConstraint(
                fields=("employer", "mobile_digest"), condition=Q(active=True), name="registry_handler_mobile"
            ),
            models.CheckConstraint(
                condition=Q(duty=Duty.HANDLER, grant_id=None) | ~Q(duty=Duty.HANDLER) & Q(grant_id__isnull=False),
                name="registry_handler_granted",
            ),
            models.CheckConstraint(
                condition=Q(duty=Duty.AGENT, login__isnull=False) | ~Q(duty=Duty.AGENT) & Q(login=None),
                name="registry_handler_agent",
            ),
        )


class AgreementVersion(models.Model):
    """A published version of the service agreement or of a special rule, in force until the document's next one is.

    ``text`` is Markdown, ``digest`` its plain SM3. Never changed: what handlers accepted stays readable. ``draft_id``
    is the draft that two persons agreed on; the versions with which a center is founded have none. ``binding`` are the
    numbers of the clauses that bind the user, ``None`` of versions from before they were named.
    """

    document = models.TextField(choices=AgreementDocument, default=AgreementDocument.AGREEMENT)
    number = models.TextField()
    published_on = models.DateField()
    effective_on = models.DateField()
    summary = models.TextField()
    text = models.TextField()
    digest = models.BinaryField()
    draft_id = models.BigIntegerField(null=True, unique=True)
    binding = ArrayField(models.TextField(), null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("document", "number"), name="registry_agreement_number"),
            models.UniqueConstraint(fields=("document", "effective_on"), name="registry_agreement_day"),
            models.CheckConstraint(
                condition=Q(effective_on__gte=F("published_on")), name="registry_agreement_not_backdated"
            ),
        )


class Member(models.Model):
    """A person (职工), one per identity document. ``employer`` is the present one."""

    employer = models.ForeignKey(Employer, models.PROTECT, db_constraint=False)
    name = models.TextField()
    identity_type = models.TextField(choices=IdentityType)
    identity_number = EncryptedField(purpose="identity")
    identity_digest = models.BinaryField()
    mobile = EncryptedField(purpose="mobile", null=True)
    mobile_digest = models.BinaryField(null=True)
    sex = models.TextField(choices=Sex)
    birthday = models.DateField(null=True)
    bank_card = EncryptedField(purpose="bank_account", null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("identity_digest",), name="registry_member_identity"),)


class Account(models.Model):
    """A member's account (个人账户), one for life. Its id is that of its ledger account.

    The monthly amounts are those of the present base and ratios; a sheet never reads them, it replays the timeline.
    """

    id = models.BigIntegerField(primary_key=True)
    number = models.TextField()
    member = models.OneToOneField(Member, models.PROTECT, db_constraint=False)
    employer = models.ForeignKey(Employer, models.PROTECT, db_index=False, db_constraint=False)
    unit_account = models.ForeignKey(UnitAccount, models.PROTECT, db_index=False, db_constraint=False)
    state = models.TextField(choices=AccountState, default=AccountState.ACTIVE)
    wage_fen = FenField(null=True)
    base_fen = FenField()
    unit_fen = FenField()
    personal_fen = FenField()
    first_month = MonthField()
    opened_on = models.DateField()
    seal_reason = models.TextField(choices=SealReason, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(base_fen__gt=0, unit_fen__gte=0, personal_fen__gte=0), name="registry_account_amounts"
            ),
            models.UniqueConstraint(fields=("number",), name="registry_account_number"),
        )
        indexes = (
            models.Index(fields=("unit_account", "id")),
            models.Index(fields=("unit_account", "state", "id")),
            models.Index(fields=("employer", "number")),
        )

    @property
    def monthly_fen(self):  # type: ignore[no-untyped-def]
        """Both sides' monthly amount."""
        return self.unit_fen + self.personal_fen


class NameToken(models.Model):
    """A piece of a member's name, for search by ``=``: the surname, and pairs of characters."""

    employer = models.ForeignKey(Employer, models.PROTECT, db_constraint=False, db_index=False)
    token = models.TextField()
    account = models.ForeignKey(Account, models.PROTECT, db_constraint=False, db_index=False)

    pk = models.CompositePrimaryKey("employer", "token", "account")


class TimelineEvent(models.Model):
    """Something that holds from a month on. The sheet of a month is the replay of events up to that month."""

    employer = models.ForeignKey(Employer, models.PROTECT, db_constraint=False, db_index=False)
    unit_account = models.ForeignKey(UnitAccount, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, null=True, db_constraint=False, db_index=False)
    kind = models.TextField(choices=TimelineKind)
    effective_month = MonthField()
    wage_fen = FenField(null=True)
    base_fen = FenField(null=True)
    unit_rate = RateField(null=True)
    personal_rate = RateField(null=True)
    reason = models.TextField(default="")
    case_no = models.BigIntegerField(null=True)
    business_day = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=TimelineKind.RATE, account=None, unit_rate__isnull=False, personal_rate__isnull=False)
                | (~Q(kind=TimelineKind.RATE) & Q(account__isnull=False)),
                name="registry_timeline_subject",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=(TimelineKind.OPENING, TimelineKind.UNSEALING, TimelineKind.BASE))
                | Q(base_fen__gt=0),
                name="registry_timeline_base",
            ),
        )
        indexes = (
            models.Index(
                F("unit_account"),
                F("account"),
                F("effective_month").desc(),
                F("id").desc(),
                name="registry_timeline_replay",
            ),
        )


class IdentityLookup(models.Model):
    """A question whether someone has an account elsewhere: logged and limited (settled 24)."""

    employer_id = models.BigIntegerField()
    asked_at = models.DateTimeField(db_default=Now())
    number_count = models.IntegerField()

    class Meta:
        indexes = (models.Index(fields=("employer_id", "asked_at")),)
