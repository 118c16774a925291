"""What the network says of messages that were sent: kept as soon as it comes, noted as soon as its message is known.

A receipt may be quicker than the commit that stores the number under which the gateway took its message, and most
gateways give one once. So every receipt is written down first, in a transaction that does nothing else; it is noted on
its message in the next. One that finds no message waits for three days.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from hpf.kernel import Actor
from hpf.notices.gateways import DeliveryReceipt, Gateway, Pending
from hpf.notices.sms import PURPOSE
from hpf.notices.templates import Way
from hpf.storage import Statements, durable, keyring

statements = Statements(__package__)

RECEIPTS_FOR = timedelta(days=3)
# A gateway counts its numbers anew one day: what came long before a message was handed over is another one's.
_CLOCKS_APART = timedelta(minutes=5)
_ASKED_AT_ONCE = 20  # a gateway that has to be asked takes a call for each


def collect_receipts(gateway: Gateway, name: str, way: Way, now: datetime) -> int:
    """Fetch receipts of what was sent in the last three days, longest unasked first; returns for how many messages
    something new is known. What an earlier turn wrote down and did not live to note is noted too."""
    asked = {"way": way.value, "gateway": name, "since": now - RECEIPTS_FOR, "now": now, "limit": _ASKED_AT_ONCE}
    with durable(Actor.SYSTEM):
        rows = statements("pending_receipts", **asked).rows()
    pending = [Pending(number, keyring().decrypt(PURPOSE[way], bytes(address)), at) for number, address, at in rows]
    return take_receipts(gateway.receipts(pending), name, now)


def take_receipts(receipts: Iterable[DeliveryReceipt], name: str, now: datetime) -> int:
    """Write down what the network says of messages of a gateway, then note it; returns for how many it was news."""
    keep_receipts(receipts, name, now)
    return note_receipts(name, now)


def keep_receipts(receipts: Iterable[DeliveryReceipt], name: str, now: datetime) -> None:
    """Write receipts down, in a transaction of nothing else: the gateway gives none of them again."""
    taken = list(receipts)
    if not taken:
        return
    with durable(Actor.SYSTEM):
        statements(
            "keep_receipts",
            gateway=name,
            gateway_ids=[one.gateway_id for one in taken],
            delivered=[one.delivered for one in taken],
            reasons=[one.reason for one in taken],
            now=now,
        ).execute()


def note_receipts(name: str, now: datetime, gateway_id: str | None = None) -> int:
    """Note on their messages the receipts of a gateway that wait, or those of one number; returns of how many.

    In a transaction of its own, after the one that wrote the receipt or the number: whichever of the two came last
    finds both.
    """
    with durable(Actor.SYSTEM):
        asked = {"gateway": name, "gateway_id": gateway_id, "apart": _CLOCKS_APART, "now": now}
        (news,) = statements("note_receipts", **asked).row()
    return int(news)


def forget_receipts(now: datetime) -> int:
    """Forget receipts whose message nobody has heard of in three days; returns how many. Safe to repeat."""
    with durable(Actor.SYSTEM):
        return statements("forget_receipts", before=now - RECEIPTS_FOR).execute()
