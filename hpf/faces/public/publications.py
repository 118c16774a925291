"""What the center publishes, for everybody: the list, one text, its former versions, its files."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hpf.faces.web.door import HallRequest
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.manual import slug_of
from hpf.faces.web.pages import page
from hpf.faces.web.publications import addresses_of_files, file_answer, reading_of
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.shapes.publications import PublicationPage, PublicationRow, PublicationsPage, VersionRow
from hpf.publications import queries
from hpf.publications.queries import Listed, Published, Search
from hpf.publications.rules import Kind

ROWS = 20


def publications(request: HallRequest) -> HttpResponse:
    """What stands now, newest first: of one kind or all, with words or without."""
    given = request.GET
    kind = given["kind"] if given.get("kind") in list(Kind) else ""
    search = Search(request.visit.moment, kind, given.get("q", "").strip()[:60])
    keyset = Keyset.of(request, ROWS)
    found = keyset.page(search.after, search.before)
    shape = PublicationsPage(
        rows=tuple(_row(one, request) for one in found.rows),
        pager=keyset.pager(found, lambda one: one.id),
        tabs=tuple(_tabs()),
        here=_tab(kind),
        kind=kind,
        q=search.words,
    )
    return page(request, "public/publications.html", shape)


def publication(request: HallRequest, publication_id: int) -> HttpResponse:
    """The version that stands now."""
    one = queries.standing(publication_id, request.visit.moment)
    if one is None:
        raise Http404
    return page(request, "public/publication.html", _page(request, one, one))


def chapter(request: HallRequest, name: str) -> HttpResponse:
    """A chapter of the manual by its name, as pages lead to it; all of the manual where that one is not out."""
    return _by_slug(request, slug_of(name), Kind.MANUAL)


def privacy(request: HallRequest) -> HttpResponse:
    """What the center says of personal data (隐私说明), as the foot of every page leads to it."""
    return _by_slug(request, "policy-privacy", Kind.POLICY)


def _by_slug(request: HallRequest, slug: str, kind: Kind) -> HttpResponse:
    found = queries.standing_by_slug([slug], request.visit.moment)
    return publication(request, found[slug]) if found else HttpResponseRedirect(_tab(kind))


def version(request: HallRequest, publication_id: int, number: int) -> HttpResponse:
    """A version by its number, also one that has been followed by another."""
    standing = queries.standing(publication_id, request.visit.moment)
    shape = _page(request, _version(request, publication_id, number), standing)
    return page(request, "public/publication.html", shape)


def version_file(request: HallRequest, publication_id: int, number: int, place: int) -> HttpResponse:
    """A file of a version."""
    return file_answer(_version(request, publication_id, number).files, place)


def _version(request: HallRequest, publication_id: int, number: int) -> Published:
    for one in queries.versions(publication_id, request.visit.moment):
        if one.number == number:
            return one
    raise Http404


def _page(request: HallRequest, shown: Published, standing: Published | None) -> PublicationPage:
    kind = shown.kind
    return PublicationPage(
        reading=reading_of(shown, addresses_of_files(shown)),
        listing=Link(kind.label, _tab(kind)),
        versions=tuple(
            _version_row(one, standing) for one in queries.versions(shown.publication_id, request.visit.moment)
        ),
        upcoming=shown.effective_on > request.today,
        superseded=(
            Link(standing.title, reverse("publication", args=[shown.publication_id]))
            if standing is not None and standing.id != shown.id
            else None
        ),
    )


def _version_row(one: Published, standing: Published | None) -> VersionRow:
    return VersionRow(
        href=reverse("publication-version", args=[one.publication_id, one.number]),
        number=one.number,
        published_on=one.publish_at,
        effective_on=one.effective_on,
        change_summary=one.change_summary,
        current=standing is not None and standing.id == one.id,
    )


def _row(one: Listed, request: HallRequest) -> PublicationRow:
    return PublicationRow(
        href=reverse("publication", args=[one.publication_id]),
        kind=one.kind.label,
        title=one.title,
        important=one.important,
        published_on=one.publish_at,
        effective_on=one.effective_on,
        upcoming=one.effective_on > request.today,
    )


def _tabs() -> list[Link]:
    return [Link("全部", _tab("")), *(Link(kind.label, _tab(kind)) for kind in Kind)]


def _tab(kind: str) -> str:
    return reverse("publications") + (f"?kind={kind}" if kind else "")
