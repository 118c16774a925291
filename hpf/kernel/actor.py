"""Who acts, for whom and through which door. Every operation is told; none finds out for itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar

TWO_STEPS = "two_steps"


class ActorKind(StrEnum):
    HANDLER = "handler"
    STAFF = "staff"
    SYSTEM = "system"
    PUBLIC = "public"


class Channel(StrEnum):
    """The door an act came through (办理渠道)."""

    PORTAL = "portal"
    COUNTER = "counter"
    PUBLIC = "public"
    BATCH = "batch"
    COMMAND_LINE = "cli"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or program behind an act.

    ``id`` is the handler's or staff member's id, ``employer_id`` the employer for whom a handler acts; the
    database shows a handler the rows of that employer and no others. ``roles`` are those of a staff member; of who acts
    for an employer, what he does there (``Duty``), and ``TWO_STEPS`` where one prepares and another approves.

    What an actor who ``rehearses`` does is tried in full and undone. ``prepared`` is the number of the prepared act
    that he carries out as its approver: it counts as approved with his transaction, or not at all.
    """

    kind: ActorKind
    id: int | None
    name: str
    channel: Channel
    employer_id: int | None = None
    roles: frozenset[str] = frozenset()
    address: str = ""
    rehearses: bool = False
    prepared: int | None = None

    SYSTEM: ClassVar[Actor]
    ANONYMOUS: ClassVar[Actor]

    @property
    def is_handler(self) -> bool:
        return self.kind is ActorKind.HANDLER

    @property
    def in_two_steps(self) -> bool:
        """Whether what he submits for his employer is approved by another."""
        return self.is_handler and TWO_STEPS in self.roles

    @property
    def is_staff(self) -> bool:
        return self.kind is ActorKind.STAFF

    def through(self, channel: Channel, address: str = "") -> Actor:
        """The same actor coming through another door."""
        return replace(self, channel=channel, address=address or self.address)


Actor.SYSTEM = Actor(ActorKind.SYSTEM, None, "系统", Channel.BATCH)
Actor.ANONYMOUS = Actor(ActorKind.PUBLIC, None, "公众", Channel.PUBLIC)
