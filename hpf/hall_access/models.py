"""Sessions, logins under way, codes, counters of failures. Only digests of secrets; nobody but the functions of
``guards.sql`` reads or writes these tables."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hpf.casework.models import Case
from hpf.registry.codes import Duty
from hpf.registry.models import Handler, Staff
from hpf.storage.fields import EncryptedField


class PrincipalKind(models.TextChoices):
    """Who a session belongs to."""

    HANDLER = "handler", "经办人"
    STAFF = "staff", "中心工作人员"


class SessionEnd(models.TextChoices):
    """Why a session ended."""

    LOGGED_OUT = "logged_out", "安全退出"
    IDLE = "idle", "长时间未操作"
    EXPIRED = "expired", "超过最长登录时间"
    REPLACED = "replaced", "在其他浏览器登录"
    ENDED = "ended", "由本人结束"
    PASSWORD_CHANGED = "password_changed", "密码已修改"
    AUTHENTICATOR_CHANGED = "authenticator_changed", "身份验证器已开通或更换"
    HANDLER_CHANGED = "handler_changed", "经办人已变更"
    MOBILE_CHANGED = "mobile_changed", "绑定手机已变更"
    TERMINATED = "terminated", "网厅服务已终止"
    GRANT_ENDED = "grant_ended", "办理权限已终止"
    RESTRICTED = "restricted", "网厅使用已被中止"


class Limits(models.Model):
    """What access is limited to: one row, which the functions read; no caller can stretch it (settled 21)."""

    id = models.SmallIntegerField(primary_key=True, db_default=1)
    idle_minutes = models.IntegerField(db_default=15)
    absolute_hours = models.IntegerField(db_default=8)
    browsers = models.IntegerField(db_default=3)
    login_minutes = models.IntegerField(db_default=10)
    code_minutes = models.IntegerField(db_default=5)
    code_tries = models.IntegerField(db_default=5)
    code_gap_seconds = models.IntegerField(db_default=60)
    codes_an_hour = models.IntegerField(db_default=5)
    codes_a_day = models.IntegerField(db_default=10)
    free_failures = models.IntegerField(db_default=5)
    first_delay_seconds = models.IntegerField(db_default=30)
    longest_delay_seconds = models.IntegerField(db_default=3600)
    address_failures = models.IntegerField(db_default=30)
    address_window_minutes = models.IntegerField(db_default=10)
    wrong_codes_a_day = models.IntegerField(db_default=20)
    resets_an_hour = models.IntegerField(db_default=2)
    resets_a_day = models.IntegerField(db_default=3)
    codes_from_an_address = models.IntegerField(db_default=25)
    codes_window_minutes = models.IntegerField(db_default=5)
    proof_effort = models.IntegerField(db_default=200_000)
    proof_minutes = models.IntegerField(db_default=10)
    unproved_tries = models.IntegerField(db_default=10)
    unproved_window_minutes = models.IntegerField(db_default=10)
    login_notice = models.BooleanField(db_default=True)
    dengbao = models.BooleanField(db_default=False)
    password_days = models.IntegerField(db_default=365)
    dengbao_password_days = models.IntegerField(db_default=90)
    looks_an_hour = models.IntegerField(db_default=200)
    looks_a_day = models.IntegerField(db_default=600)
    looks_percent_an_hour = models.IntegerField(db_default=10)
    looks_percent_a_day = models.IntegerField(db_default=30)
    staff_looks_an_hour = models.IntegerField(db_default=120)
    staff_looks_a_day = models.IntegerField(db_default=500)
    looks_stop_factor = models.IntegerField(db_default=2)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="hall_access_limits_one"),)


class WebSession(models.Model):
    """One browser logged in. ``expires_at`` is absolute; ``seen_at`` is renewed at most once a minute.

    ``acting_id`` is the user as whom an agent chose to act: of his own employer, or of one that granted it.
    """

    token_digest = models.BinaryField(unique=True)
    kind = models.TextField(choices=PrincipalKind)
    principal_id = models.BigIntegerField()
    employer_id = models.BigIntegerField(null=True)
    acting_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(choices=SessionEnd, default="")
    address = models.TextField()
    agent = models.TextField()

    class Meta:
        indexes = (models.Index(fields=("kind", "principal_id", "-id")),)


class ChallengePurpose(models.TextChoices):
    """What the codes of a challenge are good for: a code for one opens nothing of the other."""

    LOGIN = "login", "登录"
    RESET = "reset", "找回密码"


class Challenge(models.Model):
    """A login whose password was right and whose code is still to come, or a password being recovered.

    ``initial``: it was the initial password. A recovery has a ``stand_in``, the keyed digest of what was typed, under
    which its codes are counted; nobody's has no principal besides: nobody learns who exists. ``proved_at``: the code
    sent to the mobile was right; ``passed_at``: that of the authenticator was.
    """

    token_digest = models.BinaryField(unique=True)
    kind = models.TextField(choices=PrincipalKind, default=PrincipalKind.HANDLER)
    principal_id = models.BigIntegerField(null=True)
    purpose = models.TextField(choices=ChallengePurpose, default=ChallengePurpose.LOGIN)
    stand_in = models.BinaryField(null=True)
    initial = models.BooleanField()
    tries = models.IntegerField(default=0)
    proved_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("kind", "principal_id"), condition=Q(closed_at=None), name="hall_access_under_way"),
            models.Index(fields=("stand_in",), condition=~Q(stand_in=None), name="hall_access_typed"),
        )


class Code(models.Model):
    """A code sent to a mobile for one challenge. Its digest is keyed: six digits cannot be guessed from it.

    One without ``mobile_digest`` was sent to nobody and opens nothing (`hall_access_issue_code`). ``asked_from`` is the
    counter that it was counted under: of the address that asked for it.
    """

    challenge = models.ForeignKey(Challenge, models.CASCADE)
    mobile_digest = models.BinaryField(null=True)
    code_digest = models.BinaryField()
    asked_from = models.BinaryField(default=b"")
    tries = models.IntegerField(default=0)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("challenge",), condition=Q(closed_at=None), name="hall_access_code_one"),
        )
        indexes = (models.Index(fields=("mobile_digest", "issued_at")),)


class PastPassword(models.Model):
    """A hash that a password had before, the last five of everybody's: none of them is taken again where that is asked
    for."""

    kind = models.TextField(choices=PrincipalKind)
    principal_id = models.BigIntegerField()
    password_hash = models.TextField()
    retired_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("kind", "principal_id")),)


class Authenticator(models.Model):
    """An authenticator app (身份验证器) that proved itself once. No time step up to ``last_step`` is taken again.

    One of the staff's opens nothing until it is released. ``check_number`` is shown to its owner and to who releases
    it, so that both mean the same one; ``password_by`` gave him the password under which it was enrolled.
    """

    kind = models.TextField(choices=PrincipalKind)
    principal_id = models.BigIntegerField()
    secret = EncryptedField(purpose="authenticator")
    last_step = models.BigIntegerField()
    enrolled_at = models.DateTimeField()
    check_number = models.TextField(default="")
    password_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "principal_id"), name="hall_access_authenticator_one"),)


class Release(models.Model):
    """That an authenticator of the staff's is its owner's own (放行): said by an administrator of security, once.

    ``founding``: by the founding of the center, of its first administrator of security; there is one such in its life.
    ``witnessed_by``: the second of the two others who let an administrator of security in, that of audit.
    Kept when the authenticator is gone. Written by ``hall_access_release``, ``…_by_two`` and the founding's rule alone.
    """

    authenticator_id = models.BigIntegerField(unique=True)
    staff_id = models.BigIntegerField()
    founding = models.BooleanField(default=False)
    released_by = models.BigIntegerField(null=True)
    witnessed_by = models.BigIntegerField(null=True)
    released_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("founding",), condition=Q(founding=True), name="hall_access_release_first"),
            models.CheckConstraint(condition=~Q(released_by=F("staff_id")), name="hall_access_release_by_another"),
            models.CheckConstraint(
                condition=~Q(witnessed_by__in=(F("staff_id"), F("released_by"))), name="hall_access_release_witness"
            ),
        )


class BackupCode(models.Model):
    """A code on paper for the day on which the authenticator is lost. Works once. Only its keyed digest is kept."""

    authenticator = models.ForeignKey(Authenticator, models.CASCADE)
    code_digest = models.BinaryField()
    used_at = models.DateTimeField(null=True)


class Throttle(models.Model):
    """Failures counted under a keyed digest: of (door, user name, address), or of an address alone.

    ``reported``: that it is blocked now stands in the event log; further knocks at a closed door do not fill it.
    ``account`` is the keyed digest of the user name alone, where there is one: by it the counter unlocks.
    """

    subject = models.BinaryField(primary_key=True)
    failures = models.IntegerField()
    since = models.DateTimeField()
    blocked_until = models.DateTimeField()
    reported = models.BooleanField(default=False)
    account = models.BinaryField(null=True)

    class Meta:
        indexes = (models.Index(fields=("account",), condition=~Q(account=None), name="hall_access_of_account"),)


class SpentProof(models.Model):
    """A proof of work (工作量证明) that was used: none works twice. Kept until it would have expired anyway."""

    digest = models.BinaryField(primary_key=True)
    expires_at = models.DateTimeField()


class LookingState(models.TextChoices):
    """How somebody who looks up many records is held back."""

    FREE = "", "正常"
    ASKED = "asked", "待确认"
    CONFIRMED = "confirmed", "已确认"
    STOPPED = "stopped", "已暂停"


class Look(models.Model):
    """A record that somebody looked up on this day of his, under its keyed digest: the same one counts once."""

    kind = models.TextField(choices=PrincipalKind)
    principal_id = models.BigIntegerField()
    subject = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "principal_id", "subject"), name="hall_access_look_once"),
        )


class Tally(models.Model):
    """How many different records somebody has looked up in an hour and in a day of his, and what came of it."""

    kind = models.TextField(choices=PrincipalKind)
    principal_id = models.BigIntegerField()
    hour_since = models.DateTimeField()
    hour_count = models.IntegerField(default=0)
    day_since = models.DateTimeField()
    day_count = models.IntegerField(default=0)
    state = models.TextField(choices=LookingState, default=LookingState.FREE)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "principal_id"), name="hall_access_tally_one"),)


class LooksChange(models.Model):
    """Other limits of looking up (查询限额), proposed by one; the database puts them in force when another approved."""

    looks_an_hour = models.IntegerField()
    looks_a_day = models.IntegerField()
    looks_percent_an_hour = models.IntegerField()
    looks_percent_a_day = models.IntegerField()
    staff_looks_an_hour = models.IntegerField()
    staff_looks_a_day = models.IntegerField()
    looks_stop_factor = models.IntegerField()
    reason = models.TextField()
    made_by = models.ForeignKey(Staff, models.PROTECT)
    maker_name = models.TextField()
    made_at = models.DateTimeField(db_default=Now())
    applied_at = models.DateTimeField(null=True)


class ChangeKind(models.TextChoices):
    """What was changed at the counter."""

    HANDLER = "handler", "经办人变更"
    MOBILE = "mobile", "手机号码变更"
    ANEW = "anew", "重新登记经办人"


class HandlerChange(models.Model):
    """A change of handler, or of the one handler's mobile, at the counter (agreement §2.5).

    ``old_handler`` is ``None`` where there was nobody: the hall is opened anew. The case carries number and scans.
    ``put_away_at``: the new handler has put the hand-over pack (交接清单) away. ``proved_at``: he has come in since;
    until then the clerk who made the change, ``changed_by_id``, gives him no password. The database keeps these two.
    """

    employer_id = models.BigIntegerField()
    kind = models.TextField(choices=ChangeKind)
    case = models.OneToOneField(Case, models.PROTECT)
    old_handler = models.ForeignKey(Handler, models.PROTECT, null=True, related_name="+")
    new_handler = models.ForeignKey(Handler, models.PROTECT, related_name="+", db_index=False)
    old_mobile_masked = models.TextField()
    new_mobile_masked = models.TextField()
    changed_on = models.DateField()
    changed_at = models.DateTimeField()
    changed_by = models.TextField()
    changed_by_id = models.BigIntegerField(null=True)
    put_away_at = models.DateTimeField(null=True)
    proved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("employer_id", "-id")), models.Index(fields=("new_handler", "-id")))


class Termination(models.Model):
    """An employer's own end of the service (附件2, agreement §2.6): as the form says, and the day on which it ended."""

    employer_id = models.BigIntegerField()
    case = models.OneToOneField(Case, models.PROTECT)
    handler = models.ForeignKey(Handler, models.PROTECT, related_name="+")
    reason = models.TextField()
    responsible = models.TextField()
    filled_by = models.TextField()
    filled_on = models.DateField()
    ended_on = models.DateField()
    ended_at = models.DateTimeField()
    ended_by = models.TextField()

    class Meta:
        indexes = (models.Index(fields=("employer_id", "-id")),)


class GrantState(models.TextChoices):
    """Where a grant stands."""

    PROPOSED = "proposed", "待复核"
    GRANTED = "granted", "已准许"
    REFUSED = "refused", "未准许"
    ENDED = "ended", "已终止"


class Grant(models.Model):
    """Somebody beside the handler who may act for an employer (settled 19): proposed by one, granted by another.

    An approver's makes two steps of everything that the employer submits, from ``starts_on`` until it has ended. An
    agent's names the handler of another employer as whom he logs in. ``end_reason``: its end is asked for.
    """

    employer_id = models.BigIntegerField()
    duty = models.TextField(choices=Duty)
    name = models.TextField()
    identity_number = EncryptedField(purpose="identity")
    identity_digest = models.BinaryField()
    mobile = EncryptedField(purpose="mobile")
    login = models.ForeignKey(Handler, models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    case = models.OneToOneField(Case, models.PROTECT)
    state = models.TextField(choices=GrantState, default=GrantState.PROPOSED)
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    end_reason = models.TextField(default="")
    ended_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(default="")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(duty=Duty.HANDLER), name="hall_access_grant_beside"),
            models.CheckConstraint(
                condition=Q(state=GrantState.ENDED, ended_on__isnull=False)
                | ~Q(state=GrantState.ENDED) & Q(ended_on=None),
                name="hall_access_grant_ended",
            ),
            models.UniqueConstraint(
                fields=("employer_id", "identity_digest"),
                condition=Q(state__in=(GrantState.PROPOSED, GrantState.GRANTED)),
                name="hall_access_grant_once",
            ),
        )
        indexes = (
            models.Index(fields=("employer_id", "-id")),
            models.Index(fields=("employer_id",), condition=Q(duty=Duty.APPROVER), name="hall_access_grant_two_step"),
        )


class StaffProposal(models.Model):
    """Roles and branch that the system's administrator asks for; they take effect when that of security agrees.

    The decision is a review of the kind ``staff_roles`` about the member of the staff; the latest proposal is meant.
    """

    staff_id = models.BigIntegerField()
    branch_id = models.BigIntegerField()
    roles = ArrayField(models.TextField())
    proposed_by = models.BigIntegerField()
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(proposed_by=F("staff_id")), name="hall_access_nobody_for_himself"),
        )
        indexes = (models.Index(fields=("staff_id", "-id")),)
