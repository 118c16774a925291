"""The outbox of text messages."""

from __future__ import annotations

from django.db import models

from hpf.storage.fields import EncryptedField


class SmsPurpose(models.TextChoices):
    """Why a text message is sent."""

    LOGIN_CODE = "login_code", "登录验证码"


class SmsState(models.TextChoices):
    """Where a text message stands. A gateway moves it on; the demonstration has none and shows what waits."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "发送失败"


class SmsMessage(models.Model):
    """A text message to one mobile. The text is encrypted too: it may carry a code. Worthless after ``valid_until``."""

    mobile = EncryptedField(purpose="mobile")
    mobile_digest = models.BinaryField()
    purpose = models.TextField(choices=SmsPurpose)
    text = EncryptedField(purpose="sms_text")
    state = models.TextField(choices=SmsState, default=SmsState.WAITING)
    created_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("state", "id")),)
