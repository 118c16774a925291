"""Published versions as both the public and the staff see them listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import Http404
from django.urls import reverse

from hpf.agreement import queries
from hpf.agreement.queries import Agreement
from hpf.faces.web.shapes.public import AgreementVersionPage, ComingVersion, DocumentVersions, VersionRow
from hpf.kernel.wording import wording
from hpf.registry.codes import AgreementDocument


def documents(today: date) -> tuple[DocumentVersions, ...]:
    """Every document that has versions, each with all of them, newest first."""
    known = queries.versions()
    found = (
        DocumentVersions(document.label, rows([one for one in known if one.document is document], today))
        for document in AgreementDocument
    )
    return tuple(one for one in found if one.rows)


def rows(known: Sequence[Agreement], today: date) -> tuple[VersionRow, ...]:
    """The versions of one document, newest first; the newest that has begun is the one in force."""
    newest = max((one.effective_on for one in known if one.effective_on <= today), default=None)
    return tuple(
        VersionRow(
            id=one.id,
            document=one.document.label,
            number=one.number,
            published_on=one.published_on,
            effective_on=one.effective_on,
            state="现行" if one.effective_on == newest else "即将生效" if one.effective_on > today else "历史",
            summary=one.summary,
            digest=one.digest,
        )
        for one in known
    )


def version_page(version_id: int, today: date, *, text_href: str) -> AgreementVersionPage:
    """One version whole. Raises ``Http404`` if there is none of this number."""
    shown = queries.version(version_id)
    if shown is None:
        raise Http404
    known = [one for one in queries.versions() if one.document is shown.document]
    (row,) = [row for row in rows(known, today) if row.id == version_id]
    text = wording(shown.text)
    return AgreementVersionPage(row, text.title, text.chapters, text_href)


def coming_version(today: date) -> ComingVersion | None:
    """The change of the service agreement that is published and not yet in force."""
    ahead = queries.coming(AgreementDocument.AGREEMENT, today)
    if ahead is None:
        return None
    href = reverse("agreement-version", args=[ahead.id])
    return ComingVersion(ahead.document.label, ahead.number, ahead.effective_on, ahead.summary, href)
