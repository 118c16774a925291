"""The outbox of text messages."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q

from hpf.storage.fields import EncryptedField


class SmsState(models.TextChoices):
    """Where a text message stands. Without a gateway it waits: the demonstration shows what it did not send."""

    WAITING = "waiting", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    DELIVERED = "delivered", "已送达"
    FAILED = "failed", "发送失败"
    EXPIRED = "expired", "已过期未发"
    UNCLEAR = "unclear", "是否发出不明"


class SmsMessage(models.Model):
    """A text message to one mobile. Text and values are encrypted: they may carry a code.

    Worthless after ``valid_until``. It is handed to a gateway once: whoever takes it says SENDING and commits before
    he calls. ``values`` is a JSON object of the template's values, in the template's order.
    """

    mobile = EncryptedField(purpose="mobile")
    mobile_digest = models.BinaryField()
    template = models.TextField()
    version = models.IntegerField(default=1)
    text = EncryptedField(purpose="sms_text")
    values = EncryptedField(purpose="sms_values")
    segments = models.SmallIntegerField(default=1)
    state = models.TextField(choices=SmsState, default=SmsState.WAITING)
    created_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    gateway = models.TextField(default="")
    gateway_id = models.TextField(default="")
    settled_at = models.DateTimeField(null=True)
    reasons = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = (
            models.Index(
                ExpressionWrapper(Q(valid_until=None), output_field=models.BooleanField()),
                F("id"),
                name="notices_sms_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=("taken_at",), name="notices_sms_sending", condition=Q(state="sending")),
            models.Index(fields=("gateway_id",), name="notices_sms_gateway_id", condition=~Q(gateway_id="")),
            models.Index(fields=("state", "id")),
        )
