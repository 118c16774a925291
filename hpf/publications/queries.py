"""What is published, what was, and what the desk is working on. Nouns; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from importlib import resources
from typing import Any

from django.db.models import Q

from hpf.evidence import content_digest
from hpf.kernel import Actor
from hpf.publications import rules
from hpf.publications.models import Draft, Version
from hpf.publications.rules import AnnouncementState, Content, DraftState, FileEntry, Kind
from hpf.storage import Statements

statements = Statements(__package__)


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the public list."""

    id: int
    publication_id: int
    kind: Kind
    number: int
    title: str
    important: bool
    effective_on: date
    publish_at: datetime


@dataclass(frozen=True, slots=True)
class Published:
    """A version as it may be read. ``text`` is Markdown, ``digest`` its SM3 in hex with title and files."""

    id: int
    publication_id: int
    kind: Kind
    number: int
    title: str
    text: str
    change_summary: str
    important: bool
    effective_on: date
    publish_at: datetime
    files: tuple[FileEntry, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A publication as its desk lists it: the latest draft, and the latest version if there is one."""

    publication_id: int
    kind: Kind
    draft_id: int
    title: str
    state: DraftState
    writer: str
    written_at: datetime
    number: int | None
    publish_at: datetime | None
    take_down_at: datetime | None
    taken_down_at: datetime | None
    important: bool


@dataclass(frozen=True, slots=True)
class Announced:
    """The announcement of a message: its draft, how it stands, and since when. ``digest`` is its SM3 in hex."""

    publication_id: int
    draft_id: int
    state: AnnouncementState
    since: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Search:
    """The public list: of one kind or all, with words or without. ``now`` is the hall's moment."""

    now: datetime
    kind: str = ""
    words: str = ""

    def after(self, version_id: int, limit: int) -> list[Listed]:
        """The first, or those after a version, newest first."""
        return self._rows(version_id, 0, limit)

    def before(self, version_id: int, limit: int) -> list[Listed]:
        """The last before a version, newest first."""
        return self._rows(0, version_id, limit)[::-1]

    def _rows(self, after: int, before: int, limit: int) -> list[Listed]:
        words = sorted(rules.tokens(self.words))
        if self.words and not words:
            return []
        query = statements(
            "listed", now=self.now, kind=self.kind, tokens=words, after=after, before=before, limit=limit
        )
        return [Listed(id_, of, Kind(kind), *rest) for id_, of, kind, *rest in query.rows()]


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk's list, the last touched first."""

    kind: str = ""

    def after(self, draft_id: int, limit: int) -> list[DeskRow]:
        """The first, or those after a draft."""
        return self._rows(draft_id, 0, limit)

    def before(self, draft_id: int, limit: int) -> list[DeskRow]:
        """The last before a draft."""
        return self._rows(0, draft_id, limit)[::-1]

    def _rows(self, after: int, before: int, limit: int) -> list[DeskRow]:
        rows = statements("desk", kind=self.kind, after=after, before=before, limit=limit).rows()
        return [
            DeskRow(id_, Kind(kind), draft_id, title, DraftState(state), writer, at, *rest)
            for id_, kind, draft_id, title, state, writer, at, *rest in rows
        ]


def standing(publication_id: int, now: datetime) -> Published | None:
    """The version that stands now, ``None`` if none does."""
    rows = statements("standing", publication_id=publication_id, now=now).rows()
    return _published(Version.objects.select_related("publication").get(pk=rows[0][0])) if rows else None


def standing_by_slug(slugs: Sequence[str], now: datetime) -> dict[str, int]:
    """Slug → publication, of those that stand now."""
    return dict(statements("standing_by_slug", slugs=list(slugs), now=now).rows())


def announced(kind: str, subject_id: int, now: datetime) -> Announced | None:
    """The announcement of what is reviewed as ``kind`` and ``subject_id``, ``None`` if it has none."""
    found = statements("announced", kind=kind, subject_id=subject_id, now=now).rows()
    if not found:
        return None
    publication_id, draft_id, state, since, digest = found[0]
    return Announced(publication_id, draft_id, AnnouncementState(state), since, digest)


def can_be_stopped(publication_id: int, now: datetime) -> bool:
    """Whether a version is up, or is to come."""
    found = Version.objects.filter(publication_id=publication_id, taken_down_at=None)
    return found.filter(Q(take_down_at=None) | Q(take_down_at__gt=now)).exists()


def untold(now: datetime) -> list[int]:
    """The versions of something important that are out and of which employers have not been told."""
    return [version_id for (version_id,) in statements("untold", now=now).rows()]


def versions(publication_id: int, now: datetime) -> list[Published]:
    """All versions that are out or were, newest first; those that were taken down are not shown."""
    found = Version.objects.filter(publication_id=publication_id, publish_at__lte=now, taken_down_at=None)
    return [_published(one) for one in found.select_related("publication").order_by("-number")]


def to_acknowledge(handler_id: int, now: datetime) -> list[Published]:
    """The important ones that a handler has yet to acknowledge, oldest first."""
    ids = [id_ for id_, _ in statements("to_acknowledge", handler_id=handler_id, now=now).rows()]
    found = Version.objects.select_related("publication").in_bulk(ids)
    return [_published(found[id_]) for id_ in ids]


def former_text(publication_id: int) -> str | None:
    """The text of a publication's last version, ``None`` while there is none."""
    return (
        Version.objects.filter(publication_id=publication_id).order_by("-number").values_list("text", flat=True).first()
    )


def content_of(draft: Draft) -> Content:
    """A draft's content as the operations take it."""
    return Content(
        title=draft.title,
        text=draft.text,
        change_summary=draft.change_summary,
        important=draft.important,
        effective_on=draft.effective_on,
        publish_at=draft.publish_at,
        take_down_at=draft.take_down_at,
        files=files_of(draft),
    )


def columns_of(asked: Content, by: Actor) -> dict[str, Any]:
    """A content as the columns of the draft that somebody writes."""
    content = replace(asked, title=asked.title.strip(), text=asked.text.replace("\r\n", "\n").strip())
    return {
        "title": content.title,
        "text": content.text,
        "change_summary": content.change_summary.strip(),
        "important": content.important,
        "effective_on": content.effective_on,
        "publish_at": content.publish_at,
        "take_down_at": content.take_down_at,
        "files": [asdict(file) for file in content.files],
        "digest": content_digest(content.canonical),
        "writer_name": by.name,
    }


def files_of(row: Draft | Version) -> tuple[FileEntry, ...]:
    """The files of a draft or a version."""
    return tuple(FileEntry(**entry) for entry in row.files)


def demonstration_texts() -> Iterator[tuple[str, Kind, Content]]:
    """The texts shipped for demonstrations, with slug (``guide-sealing``) and kind; a center writes its own."""
    folder = resources.files(__package__).joinpath("texts")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        slug, (title, text) = file.name.removesuffix(".md"), file.read_text(encoding="utf-8").split("\n", 1)
        yield slug, Kind(slug.split("-")[0]), Content(title.removeprefix("# "), text.strip())


def _published(row: Version) -> Published:
    return Published(
        id=row.pk,
        publication_id=row.publication_id,
        kind=Kind(row.publication.kind),
        number=row.number,
        title=row.title,
        text=row.text,
        change_summary=row.change_summary,
        important=row.important,
        effective_on=row.effective_on,
        publish_at=row.publish_at,
        files=files_of(row),
        digest=bytes(row.digest).hex(),
    )
