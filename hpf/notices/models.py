"""Messages: what was said, to whom it went by which way, and what waits in the outbox."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q

from hpf.notices.templates import Way
from hpf.registry.models import Employer, Handler
from hpf.storage.fields import EncryptedField

WAYS = [(way.value, way.label) for way in Way]


class DeliveryState(models.TextChoices):
    """Where a delivery stands. What leaves the house goes through the outbox; what stays waits to be read."""

    WAITING = "waiting", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    DELIVERED = "delivered", "已送达"
    FAILED = "failed", "发送失败"
    EXPIRED = "expired", "已过期未发"
    UNCLEAR = "unclear", "是否发出不明"
    UNREACHABLE = "unreachable", "没有地址"
    UNREAD = "unread", "未读"
    READ = "read", "已读"
    UNCONFIRMED = "unconfirmed", "待确认"
    CONFIRMED = "confirmed", "已确认"
    SHOWN = "shown", "展示中"
    UNPRINTED = "unprinted", "待打印"
    PRINTED = "printed", "已打印"
    POSTED = "posted", "已交寄"
    TAKEN_OUT = "taken_out", "不再寄送"


class Message(models.Model):
    """What was said, once, whoever it went to. Never changed: with its deliveries it is the proof.

    ``digest`` is the SM3 of title and text as they were sent; ``about`` names what it speaks of, where a later word
    takes its place.
    """

    template = models.TextField()
    about = models.TextField(default="", db_default="")
    version = models.IntegerField()
    title = models.TextField()
    text = models.TextField()
    important = models.BooleanField()
    ways = ArrayField(models.TextField(choices=WAYS))
    audience = models.TextField()
    sender = models.TextField()
    sent_at = models.DateTimeField()
    business_day = models.DateField()
    digest = models.BinaryField()

    class Meta:
        indexes = (models.Index(fields=("about",), name="notices_message_about", condition=~models.Q(about="")),)


class Delivery(models.Model):
    """A message to one employer by one way. What is read in the hall carries its text, and the template by which pages
    know where it leads; the rest is read by staff.

    ``proof`` is what shows it besides: the number under which the post took a letter; ``reason`` why a letter goes to
    the post no more. On pages, and at the login, it stands until ``shown_until``, a moment of the hall; after it a
    letter has lost its purpose.
    """

    message = models.ForeignKey(Message, models.PROTECT)
    employer = models.ForeignKey(Employer, models.PROTECT, db_index=False)
    handler = models.ForeignKey(Handler, models.PROTECT, null=True, db_index=False)
    way = models.TextField(choices=WAYS)
    state = models.TextField(choices=DeliveryState)
    important = models.BooleanField()
    title = models.TextField(default="")
    text = models.TextField(default="")
    template = models.TextField(default="", db_default="")
    sent_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(default="")
    proof = models.TextField(db_default="")
    reason = models.TextField(db_default="")
    shown_until = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("employer", "way", "-id"), name="notices_delivery_of"),
            models.Index(
                fields=("employer", "way"),
                name="notices_delivery_open",
                condition=Q(state__in=("unread", "unconfirmed")),
            ),
            models.Index(fields=("way", "state", "id"), name="notices_delivery_state"),
        )


class OutboxMessage(models.Model):
    """A text message or a mail to one address. Text and values are encrypted: they may carry a code.

    Worthless after ``valid_until``. It is handed to a gateway once: whoever takes it says SENDING and commits before
    he calls. ``values`` is a JSON object of the template's values, in the template's order. ``address`` is encrypted
    as the register has it, a mobile or a mail address: `sending` knows which. ``digest`` is a keyed one of a text that
    no message keeps: it shows what was sent after the text itself was forgotten. ``submissions`` are the moments at
    which a gateway was given it and did not say that it has not: they are what is charged.
    """

    way = models.TextField(choices=WAYS)
    address = models.BinaryField()
    address_digest = models.BinaryField(null=True)
    template = models.TextField()
    version = models.IntegerField()
    subject = models.TextField(default="")
    text = EncryptedField(purpose="sms_text")
    values = EncryptedField(purpose="sms_values")
    digest = models.BinaryField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    segments = models.SmallIntegerField(default=1)
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True)
    state = models.TextField(choices=DeliveryState, default=DeliveryState.WAITING)
    created_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    submissions = ArrayField(models.DateTimeField(), default=list)
    asked_at = models.DateTimeField(null=True)
    gateway = models.TextField(default="")
    gateway_id = models.TextField(default="")
    settled_at = models.DateTimeField(null=True)
    reasons = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = (
            models.Index(
                F("way"),
                ExpressionWrapper(Q(valid_until=None), output_field=models.BooleanField()),
                F("id"),
                name="notices_outbox_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=("taken_at",), name="notices_outbox_sending", condition=Q(state="sending")),
            models.Index(fields=("settled_at",), name="notices_outbox_unanswered", condition=Q(state="sent")),
            models.Index(fields=("gateway_id",), name="notices_outbox_gateway_id", condition=~Q(gateway_id="")),
            models.Index(fields=("taken_at",), name="notices_outbox_taken", condition=Q(way="sms")),
            models.Index(fields=("state", "id"), name="notices_outbox_state"),
        )


class GatewayReceipt(models.Model):
    """What a gateway said of a message, until it is noted there: the outbox may not know its number yet.

    Forgotten after three days. The lowest number came first.
    """

    gateway = models.TextField()
    gateway_id = models.TextField()
    delivered = models.BooleanField()
    reason = models.TextField()
    came_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("gateway", "gateway_id"), name="notices_gatewayreceipt_of"),)


class PublishedVersion(models.Model):
    """A version of a template as the center says it, instead of the one that came with the program. Never changed.

    ``draft_no`` is the wording that a second person approved.
    """

    draft_no = models.BigIntegerField(unique=True, null=True)
    code = models.TextField()
    number = models.IntegerField()
    effective_on = models.DateField()
    title = models.TextField()
    sms = models.TextField()
    text = models.TextField()
    published_at = models.DateTimeField()
    drafted_by = models.TextField()
    approved_by = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("code", "number"), name="notices_version_number"),)
        indexes = (models.Index(fields=("code", "-effective_on"), name="notices_version_on"),)


class SwitchedOff(models.Model):
    """A way by which the center does not send a template."""

    code = models.TextField()
    way = models.TextField(choices=WAYS)
    reason = models.TextField()
    switched_by = models.TextField()
    switched_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("code", "way"), name="notices_switched_off_once"),)
