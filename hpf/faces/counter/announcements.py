"""网页公告 of a message, as the pages about that message show it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from hpf.faces.web.shapes.messages import Announcement
from hpf.messaging.operations import MASS_MESSAGE
from hpf.publications import queries
from hpf.publications.rules import AnnouncementState


def announcement_of(draft_id: int, moment: datetime) -> Announcement | None:
    """How the announcement of a message for many stands at the hall's ``moment``, ``None`` if it has none."""
    found = queries.announced(MASS_MESSAGE, draft_id, moment)
    if found is None:
        return None
    shown = found.state is AnnouncementState.SHOWN
    return Announcement(
        state=found.state,
        since=found.since,
        digest=found.digest,
        draft=reverse("counter:draft", args=[found.draft_id]),
        public=reverse("publication", args=[found.publication_id]) if shown else "",
    )
