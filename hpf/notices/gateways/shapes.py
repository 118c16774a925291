"""What goes to a gateway and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way to a mobile or a mail address. A text begins with the signature, a mail has a subject.

    ``values`` stand in the template's order.
    """

    id: int
    address: str
    text: str
    template: str
    values: Mapping[str, str]
    subject: str = ""


class Verdict(StrEnum):
    """What became of one call of the gateway."""

    SENT = "sent"  # the gateway took it
    REJECTED = "rejected"  # the gateway said no; the same again gives the same answer
    UNAVAILABLE = "unavailable"  # certainly not sent: nobody answered the door, or all are asked to come back later
    LATER = "later"  # certainly not sent: this address is asked to come back later, others are taken
    UNCLEAR = "unclear"  # handed over without an answer: it may have been sent


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, with the gateway's number of the message or its reason."""

    verdict: Verdict
    gateway_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that was sent and of which no receipt has come."""

    gateway_id: str
    address: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryReceipt:
    """What the network says of a message that was sent."""

    gateway_id: str
    delivered: bool
    reason: str = ""


class Gateway(Protocol):
    """A way out. Calls take at most the seconds that the settings allow, and raise nothing for what a gateway does."""

    def send(self, message: Outgoing) -> Outcome:
        """Hand over one message."""

    def receipts(self, pending: Sequence[Pending]) -> list[DeliveryReceipt]:
        """Receipts that wait to be fetched; ``[]`` where the gateway brings them by itself."""

    def close(self) -> None:
        """End the connection, if there is one."""
