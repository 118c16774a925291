"""A message's announcement (网页公告): it waits with its message, and comes out by the word that lets the message out.

What a second person reads and decides is the message; its announcement has the same words (ADR 22). The item that keeps
the message is told of `Announcing` by its face, and calls it inside its own transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.kernel import Actor, Refused
from hpf.publications import rules
from hpf.publications.models import Draft, Publication
from hpf.publications.operations import publish
from hpf.publications.queries import columns_of
from hpf.publications.rules import Content, DraftState, Kind
from hpf.storage import assert_in_transaction


@dataclass(frozen=True, slots=True)
class Announcing:
    """The public page as a way of messages, at the hall's ``moment``."""

    moment: datetime

    def hand_in(self, kind: str, subject_id: int, title: str, text: str, *, by: Actor) -> int:
        """Keep the announcement of what waits for a second person as ``kind`` and ``subject_id``; gives its draft.

        ``text`` is plain. Raises ``Refused`` with everything that is wrong with the content (PUBLICATION-…).
        """
        assert_in_transaction()
        if by.id is None:
            raise Refused(review.NOT_STAFF)
        content = Content(title, rules.plain(text))
        if refusals := rules.against(Kind.ANNOUNCEMENT, content):
            raise Refused(refusals)
        made = Draft.objects.create(
            publication=Publication.objects.create(kind=Kind.ANNOUNCEMENT.value),
            state=DraftState.SUBMITTED.value,
            writers=[by.id],
            review_kind=kind,
            review_subject=subject_id,
            **columns_of(content, by),
        )
        return int(made.pk)

    def decide(self, kind: str, subject_id: int, verdict: ReviewState) -> None:
        """Do with the announcement what was decided: it comes out, or is given up as its message is."""
        assert_in_transaction()
        draft = Draft.objects.select_for_update().get(review_kind=kind, review_subject=subject_id)
        approved = verdict is ReviewState.APPROVED
        if approved:
            publish(draft, self.moment)
        draft.state = (DraftState.PUBLISHED if approved else DraftState.DROPPED).value
        draft.save(update_fields=["state"])
