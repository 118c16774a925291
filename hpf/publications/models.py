"""What the center drafts, what it has published, and who has acknowledged it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hpf.publications.rules import DraftState, Kind
from hpf.registry.models import Handler


class Publication(models.Model):
    """Something published (一项发布内容), through all its versions. Pages lead to it by ``slug``, if it has one."""

    kind = models.TextField(choices=[(one.value, one.label) for one in Kind])
    slug = models.TextField(unique=True, null=True)


class Draft(models.Model):
    """One draft (一稿). ``writers`` are all who had a hand in it: none of them may review it.

    ``review_subject`` is filled where it is decided with something else, such as the message that it announces.
    """

    publication = models.ForeignKey(Publication, models.PROTECT)
    state = models.TextField(choices=[(one.value, one.label) for one in DraftState], default=DraftState.WRITING.value)
    title = models.TextField()
    text = models.TextField()
    change_summary = models.TextField()
    important = models.BooleanField()
    effective_on = models.DateField(null=True)
    publish_at = models.DateTimeField(null=True)
    take_down_at = models.DateTimeField(null=True)
    files = models.JSONField(default=list)
    digest = models.BinaryField()
    writers = ArrayField(models.BigIntegerField())
    writer_name = models.TextField()
    written_at = models.DateTimeField(db_default=Now())
    review_kind = models.TextField(default="publication", db_default="publication")
    review_subject = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("publication",),
                condition=Q(state__in=[DraftState.WRITING.value, DraftState.SUBMITTED.value]),
                name="publications_draft_one_open",
            ),
            models.UniqueConstraint(fields=("review_kind", "review_subject"), name="publications_draft_one_of_subject"),
            models.CheckConstraint(
                condition=(Q(review_kind="publication") & Q(review_subject=None))
                | (~Q(review_kind="publication") & Q(review_subject__isnull=False)),
                name="publications_draft_review",
            ),
        )


class Version(models.Model):
    """One version (一版) as everybody may read it: the approved draft's content, never changed. ``digest`` is SM3.

    It shows from ``publish_at`` until ``take_down_at``, and not once it was taken down. ``told_at`` is when employers
    were told of something important, ``message_no`` by which message.
    """

    draft = models.OneToOneField(Draft, models.PROTECT, primary_key=True)
    publication = models.ForeignKey(Publication, models.PROTECT, db_index=False)
    number = models.IntegerField()
    title = models.TextField()
    text = models.TextField()
    change_summary = models.TextField()
    important = models.BooleanField()
    effective_on = models.DateField()
    publish_at = models.DateTimeField()
    take_down_at = models.DateTimeField(null=True)
    files = models.JSONField(default=list)
    digest = models.BinaryField()
    told_at = models.DateTimeField(null=True)
    message_no = models.BigIntegerField(null=True)
    taken_down_at = models.DateTimeField(null=True)
    taken_down_by = models.TextField(default="", db_default="")
    taken_down_reason = models.TextField(default="", db_default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("publication", "number"), name="publications_version_number"),)
        indexes = (
            models.Index(fields=("publish_at",), name="publications_version_time"),
            models.Index(fields=("publication",), condition=Q(important=True), name="publications_version_important"),
        )


class Token(models.Model):
    """A word by which a version is found, by equality."""

    pk = models.CompositePrimaryKey("token", "version_id")
    token = models.TextField()
    version = models.ForeignKey(Version, models.PROTECT, db_index=False)


class Acknowledgement(models.Model):
    """A handler's acknowledgement (公告确认) for his employer: version, digest, moment, address, browser."""

    employer_id = models.BigIntegerField()
    handler = models.ForeignKey(Handler, models.PROTECT, db_index=False)
    version = models.ForeignKey(Version, models.PROTECT)
    digest = models.BinaryField()
    acknowledged_at = models.DateTimeField()
    address = models.TextField()
    agent = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("handler", "version"), name="publications_acknowledgement_once"),
        )
        indexes = (models.Index(fields=("employer_id",)),)
