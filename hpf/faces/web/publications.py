"""A publication's text and files as pages show them, whichever face they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.casework.attachments import content
from hpf.faces.web.manual import picture
from hpf.faces.web.markdown import rendered
from hpf.faces.web.shapes.frame import Download
from hpf.faces.web.shapes.publications import Reading
from hpf.publications.queries import Published
from hpf.publications.rules import FileEntry, FileType


def reading_of(one: Published, hrefs: Sequence[str]) -> Reading:
    """A version as it is read; ``hrefs`` are the addresses of its files."""
    return Reading(
        kind=one.kind.label,
        title=one.title,
        number=one.number,
        effective_on=one.effective_on,
        published_on=one.publish_at,
        body=rendered(one.text, picture),
        change_summary=one.change_summary,
        digest=one.digest,
        downloads=downloads(one.files, hrefs),
    )


def downloads(files: Sequence[FileEntry], hrefs: Sequence[str]) -> tuple[Download, ...]:
    """Files as lists show them."""
    return tuple(
        Download(file.name, href, FileType(file.media_type).label, f"{max(1, file.size // 1024):,} KB")
        for file, href in zip(files, hrefs, strict=True)
    )


def addresses_of_files(one: Published) -> list[str]:
    """The public addresses of a version's files."""
    return [
        reverse("publication-file", args=[one.publication_id, one.number, place]) for place in range(len(one.files))
    ]


def file_answer(files: Sequence[FileEntry], place: int) -> HttpResponse:
    """A file by its place, always to be saved and never opened as a page."""
    if place >= len(files):
        raise Http404
    file = files[place]
    response = HttpResponse(b"".join(content(bytes.fromhex(file.digest))), content_type=file.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(file.name)}"
    return response
