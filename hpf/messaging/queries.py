"""Messages as their employer sees them, each row one delivery in the hall; and as the center follows them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from hpf.evidence import Event, event, events_about
from hpf.messaging.models import EmailProof
from hpf.messaging.rules import code_is_open
from hpf.notices.models import Delivery, DeliveryState, OutboxMessage
from hpf.notices.templates import Way
from hpf.storage import Statements

statements = Statements(__package__)

LETTERS = "letters"
"""What printing letters is an act about."""
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


def prompts(moment: datetime) -> list[Delivery]:
    """What waits to be confirmed at the hall's ``moment``, oldest first."""
    waiting = Delivery.objects.filter(_stands(moment), way=Way.PROMPT, state=DeliveryState.UNCONFIRMED)
    return list(waiting.order_by("pk"))


def shown(now: datetime, moment: datetime, besides: Collection[str] = ()) -> list[Delivery]:
    """What stands on the first page at the hall's ``moment``: the latest of the last thirty days. Messages of the
    templates ``besides`` stand elsewhere on it."""
    found = Delivery.objects.filter(_stands(moment), way=Way.PAGE, sent_at__gt=now - SHOWN_FOR)
    return list(found.exclude(template__in=besides).order_by("-pk")[:_SHOWN_AT_ONCE])


def _stands(moment: datetime) -> Q:
    return Q(shown_until=None) | Q(shown_until__gt=moment)


def asked_email(handler_id: int, now: datetime) -> str:
    """The mail address to which a code is under way, ``""`` if none is."""
    proof = EmailProof.objects.filter(handler_id=handler_id).order_by("-pk").first()
    return proof.email if proof and code_is_open(proof, now) else ""


@dataclass(frozen=True, slots=True)
class DeliverySearch:
    """The deliveries of the center, newest first, of a way and a state; ``words`` are the number of a message or of a
    unit account, or a part of an employer's name."""

    words: str = ""
    way: str = ""
    state: str = ""
    message_id: int | None = None

    def after(self, number: int, limit: int) -> Sequence[Delivery]:
        """The rows that follow a delivery; 0 begins the list."""
        found = self._rows().filter(pk__lt=number) if number else self._rows()
        return list(found.order_by("-pk")[:limit])

    def before(self, number: int, limit: int) -> Sequence[Delivery]:
        """The rows that stand before a delivery, in the list's order."""
        return list(self._rows().filter(pk__gt=number).order_by("pk")[:limit])[::-1]

    def _rows(self) -> QuerySet[Delivery]:
        found = Delivery.objects.select_related("message", "employer")
        chosen = {"way": self.way, "state": self.state, "message_id": self.message_id}
        found = found.filter(**{name: value for name, value in chosen.items() if value})
        if not self.words:
            return found
        if self.words.isdecimal() and len(self.words) < 19:
            numbered = Q(message_id=int(self.words)) | Q(employer__unitaccount__number=self.words)
            return found.filter(numbered).distinct()
        return found.filter(employer__name__contains=self.words)


@dataclass(frozen=True, slots=True)
class Without:
    """The employers of an audience that a way will not reach as the register stands now.

    For mails those without a mail address, for letters those without one for the post; for every other way those
    without a handler, who would log in and whose mobile is bound.
    """

    branch_id: int | None
    employer_ids: tuple[int, ...] | None
    way: str

    def after(self, employer_id: int, limit: int) -> list[tuple[int, str]]:
        """The first, or those after one: (employer, name)."""
        return self._rows(employer_id, 0, limit)

    def before(self, employer_id: int, limit: int) -> list[tuple[int, str]]:
        """The last before one, in the list's order."""
        return self._rows(0, employer_id, limit)[::-1]

    def _rows(self, after: int, before: int, limit: int) -> list[tuple[int, str]]:
        audience = _audience(self.branch_id, self.employer_ids)
        found = statements("those_without", **audience, way=self.way, after=after, before=before, limit=limit)
        return [(int(number), str(name)) for number, name in found.rows()]


def reach(branch_id: int | None, employer_ids: tuple[int, ...] | None) -> tuple[int, int, int, int]:
    """How many employers an audience has, and how many have no handler, no mail address, no address for the post."""
    every, no_handler, no_mail, no_post = statements("without_address", **_audience(branch_id, employer_ids)).row()
    return int(every), int(no_handler), int(no_mail), int(no_post)


def _audience(branch_id: int | None, employer_ids: tuple[int, ...] | None) -> dict[str, object]:
    chosen = None if employer_ids is None else list(employer_ids)
    return {"branch_id": None if chosen is not None else branch_id, "employers": chosen}


def tally(message_id: int) -> list[tuple[Way, DeliveryState, int]]:
    """How a message stands: deliveries by way and state."""
    rows = statements("tally", message_id=message_id).rows()
    return [(Way(way), DeliveryState(state), count) for way, state, count in rows]


def unreached(message_id: int, moment: datetime) -> int:
    """How many employers a message has come to by no way that proves it, and by no letter; none once it is over at the
    hall's ``moment``."""
    (count,) = statements("unreached", message_id=message_id, moment=moment).row()
    return int(count)


def outgoing(delivery_id: int) -> OutboxMessage | None:
    """What went out for a delivery: tries, gateway, receipt, reasons."""
    return OutboxMessage.objects.filter(delivery_id=delivery_id).first()


def letters(delivery_ids: Sequence[int]) -> list[Delivery]:
    """Letters with what they say and to whom, in the order in which they are printed."""
    found = Delivery.objects.select_related("message", "employer").filter(pk__in=delivery_ids, way=Way.LETTER)
    return list(found.order_by("employer__postcode", "pk"))


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """A letter that waits to be printed. ``is_over``: what it says does not hold any more; ``was_reached``: the message
    has come to the employer by another way as well."""

    delivery: Delivery
    is_over: bool
    was_reached: bool


def waiting_letters(moment: datetime, limit: int) -> list[WaitingLetter]:
    """The oldest letters that wait to be printed, in the order of printing; last those that are over at ``moment``."""
    waiting = Delivery.objects.select_related("message", "employer").filter(
        way=Way.LETTER, state=DeliveryState.UNPRINTED
    )
    live = list(waiting.filter(_stands(moment)).order_by("pk")[:limit])
    over = list(waiting.exclude(_stands(moment)).order_by("pk")[: limit - len(live)])
    rows = statements("reached", letters=[one.pk for one in (*live, *over)]).rows()
    reached = {number for (number,) in rows}
    return [
        WaitingLetter(one, found is over, one.pk in reached)
        for found in (live, over)
        for one in sorted(found, key=lambda one: (one.employer.postcode, one.pk))
    ]


def ended_letters(delivery_ids: Sequence[int], moment: datetime) -> int:
    """How many of these letters are over at the hall's ``moment``."""
    return Delivery.objects.filter(pk__in=delivery_ids, shown_until__lte=moment).count()


def batches(recent: int = 50) -> list[Event]:
    """The batches of letters, latest first: all that the post has not taken yet, however old, and the latest others."""
    waiting = [event(number) for (number,) in statements("unposted_batches").rows()]
    known = [*waiting, *events_about(LETTERS, recent)]
    printed = {one.number: one for one in known if one is not None and one.act == "print_letters"}
    return [printed[number] for number in sorted(printed, reverse=True)]


def batch_numbers() -> dict[int, str]:
    """Act of printing: the number of its batch, from 1 each year (``2026-1``)."""
    return dict(statements("batch_numbers").rows())


def count_waiting_letters() -> int:
    """How many letters wait to be printed."""
    return Delivery.objects.filter(way=Way.LETTER, state=DeliveryState.UNPRINTED).count()
