"""Scans that were attached at the counter, and they alone: what employers upload is not handed out here."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.casework.attachments import read
from hpf.casework.models import Attachment
from hpf.casework.scans import KINDS
from hpf.faces.web.answers import file_response
from hpf.faces.web.door import HallRequest
from hpf.faces.web.exports import export_of
from hpf.faces.web.shapes.frame import Download


def scan(request: HallRequest, attachment_id: int) -> HttpResponse:
    """A scan, as it came. ``Http404`` for any other file: a roster holds everybody's identity number in clear."""
    found = _scans().filter(pk=attachment_id).first()
    if found is None:
        raise Http404
    export_of(request)
    return file_response(b"".join(read(found)), found.name, found.media_type, inline=True)


def scans_of(case_no: int) -> tuple[Download, ...]:
    """The scans of a case, as a page lists them."""
    found = _scans().filter(case_id=case_no).order_by("pk")
    return tuple(
        Download(one.name, reverse("counter:scan", args=[one.pk]), one.media_type.rpartition("/")[2].upper())
        for one in found
    )


def _scans() -> QuerySet[Attachment]:
    return Attachment.objects.filter(media_type__in=KINDS.values())
