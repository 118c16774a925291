"""Scans of what came with an application for registration: attached, looked at, taken off again by the clerk."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse

from hpf.casework.attachments import read
from hpf.casework.models import Attachment
from hpf.casework.scans import Scan
from hpf.employer_registration.models import KIND, PAPERS
from hpf.employer_registration.scans import attach_scans, take_scan_off
from hpf.evidence import Receipt
from hpf.faces.counter.registration import act
from hpf.faces.web import forms
from hpf.faces.web.answers import file_response
from hpf.faces.web.door import HallRequest
from hpf.faces.web.exports import export_of
from hpf.faces.web.forms import ask
from hpf.kernel import Key


@dataclass(frozen=True, slots=True)
class TakeOffForm:
    scan: int = ask("扫描件", forms.number())


def attach(request: HallRequest, application_id: int) -> HttpResponse:
    """What was scanned of each paper; all that is wrong with the files is said at once."""
    scans = [
        Scan(file.name or "", file.chunks(), where=paper.value, paper=paper.value)
        for paper in PAPERS
        for file in request.FILES.getlist(paper.value)
    ]
    return act(
        request,
        application_id,
        lambda key: attach_scans(application_id, scans, by=request.actor, today=request.today, key=key),
    )


def take_off(request: HallRequest, application_id: int) -> HttpResponse:
    """One that shows the wrong paper, or nothing legible."""

    def operate(key: Key) -> Receipt:
        form = forms.read(TakeOffForm, request.POST)
        return take_scan_off(application_id, form.scan, by=request.actor, today=request.today, key=key)

    return act(request, application_id, operate)


def scan(request: HallRequest, scan_id: int) -> HttpResponse:
    """A scan of an application, as it came; that it was taken out is an event with a number."""
    found = Attachment.objects.filter(subject_kind=KIND, pk=scan_id).first()
    if found is None:
        raise Http404
    export_of(request)
    return file_response(b"".join(read(found)), found.name, found.media_type, inline=True)
