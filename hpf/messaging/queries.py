"""Messages as their employer sees them: each row is one delivery in the hall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from hpf.messaging.models import EmailProof
from hpf.messaging.rules import code_is_open
from hpf.notices.models import Delivery, DeliveryState
from hpf.notices.templates import Way

SHOWN_FOR = timedelta(days=30)
_SHOWN_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Inbox:
    """The messages of the actor's own employer, newest first; with ``unread`` those that nobody has read."""

    unread: bool = False

    def after(self, number: int, limit: int) -> Sequence[Delivery]:
        """The rows that follow a message; 0 begins the list."""
        found = self._rows().filter(pk__lt=number) if number else self._rows()
        return list(found.order_by("-pk")[:limit])

    def before(self, number: int, limit: int) -> Sequence[Delivery]:
        """The rows that stand before a message, in the list's order."""
        return list(self._rows().filter(pk__gt=number).order_by("pk")[:limit])[::-1]

    def _rows(self) -> QuerySet[Delivery]:
        found = Delivery.objects.filter(way=Way.INBOX)
        return found.filter(state=DeliveryState.UNREAD) if self.unread else found


def in_the_hall(delivery_id: int) -> Delivery | None:
    """A message of one's own that is read in the hall, whatever brought it there."""
    ways = (Way.INBOX, Way.PROMPT, Way.PAGE)
    return Delivery.objects.select_related("handler").filter(pk=delivery_id, way__in=ways).first()


def prompts() -> list[Delivery]:
    """What waits to be confirmed, oldest first."""
    return list(Delivery.objects.filter(way=Way.PROMPT, state=DeliveryState.UNCONFIRMED).order_by("pk"))


def shown(now: datetime) -> list[Delivery]:
    """What stands on the first page: the latest of the last thirty days."""
    found = Delivery.objects.filter(way=Way.PAGE, sent_at__gt=now - SHOWN_FOR)
    return list(found.order_by("-pk")[:_SHOWN_AT_ONCE])


def asked_email(handler_id: int, now: datetime) -> str:
    """The mail address to which a code is under way, ``""`` if none is."""
    proof = EmailProof.objects.filter(handler_id=handler_id).order_by("-pk").first()
    return proof.email if proof and code_is_open(proof, now) else ""
