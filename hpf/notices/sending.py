"""Taking what waits in the outbox to the gateway: each message once, whatever dies in between.

A message is marked SENDING and committed before the gateway is called. What came of the call is written in a second
transaction. Who dies between the two leaves a message of which nobody can say whether it went out: it becomes UNCLEAR
and is never handed over again by itself. Only what certainly was not sent is tried again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from hpf.kernel import Actor
from hpf.notices.gateways import Gateway, Outcome, Outgoing, Verdict
from hpf.notices.models import DeliveryState
from hpf.notices.receipts import collect_receipts, note_receipts, take_receipts
from hpf.notices.sms import PURPOSE
from hpf.notices.templates import Way
from hpf.storage import Statements, assert_in_transaction, durable, keyring
from hpf.storage.queue import defer

statements = Statements(__package__)

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=30)
MAX_ATTEMPTS = 16
# No call of a gateway takes longer; whoever is silent for so long after taking a message is dead.
ORPHANED_AFTER = timedelta(minutes=2)

_OF_VERDICT = {
    Verdict.SENT: DeliveryState.SENT,
    Verdict.REJECTED: DeliveryState.FAILED,
    Verdict.UNCLEAR: DeliveryState.UNCLEAR,
}

_NOT_SENT = (Verdict.UNAVAILABLE, Verdict.LATER)


def tidy(now: datetime) -> None:
    """Give up what came too late, and say of what a dead taker left that nobody knows."""
    with durable(Actor.SYSTEM):
        statements("expire", now=now).execute()
        statements("orphans", now=now, before=now - ORPHANED_AFTER).execute()


def hand_over(gateway: Gateway, name: str, way: Way, clock: Callable[[], datetime]) -> None:
    """One round: what is due goes out, and what the network says meanwhile is kept, also where nothing went out."""
    if drain(gateway, name, way, clock):
        collect_receipts(gateway, name, way, clock())
    else:
        take_receipts(gateway.receipts(()), name, clock())


def drain(gateway: Gateway, name: str, way: Way, clock: Callable[[], datetime]) -> int:
    """Hand over what is due, one by one, until nothing is or the gateway fails; returns how many it took.

    ``name`` is kept with each message. A gateway that does not answer ends the round: the rest waits for the next one,
    and not for one timeout each. What a gateway wants back later keeps nobody else waiting.
    """
    with durable(Actor.SYSTEM):
        statements("strand", now=clock()).execute()
    handed_over = 0
    while taken := _take(name, way, clock()):
        message, attempts, valid_until = taken
        outcome = gateway.send(message)
        _settle(message.id, outcome, attempts, valid_until, clock())
        if outcome.gateway_id:
            note_receipts(name, clock(), outcome.gateway_id)  # one may have been quicker than we are
        if outcome.verdict in (Verdict.UNAVAILABLE, Verdict.UNCLEAR):
            break
        handed_over += outcome.verdict is not Verdict.LATER
    return handed_over


def try_again(delivery_id: int, reason: str, now: datetime) -> DeliveryState | None:
    """Let a delivery that failed or is unclear go out once more, as a person decided; ``None`` if it is none of these.

    It goes to the handler in office now, where he is to be reached now. Where there is nobody, or no address, it is
    ``UNREACHABLE``.
    """
    assert_in_transaction()
    rows = statements("try_again", delivery_id=delivery_id, reason=reason, now=now).rows()
    if not rows:
        return None
    state = DeliveryState(rows[0][0])
    if state is DeliveryState.WAITING:
        for way in PURPOSE:
            defer("send_messages", lock=way.value, way=way.value)
    return state


def give_up(now: datetime, *, handler_id: int | None = None, mobile: str = "") -> None:
    """Let what was written before ``now`` and still waits go nowhere: for a handler who acts no more, or to a mobile.

    What goes out by way of an employer follows its handler by itself; to a mobile goes what is for him alone.
    """
    assert_in_transaction()
    if handler_id is not None:
        statements("give_up_for", handler_id=handler_id, now=now).execute()
    if mobile:
        statements("give_up_at", digest=keyring().digest(PURPOSE[Way.SMS], mobile), now=now).execute()


def _take(name: str, way: Way, now: datetime) -> tuple[Outgoing, int, datetime | None] | None:
    with durable(Actor.SYSTEM):
        rows = statements("take", way=way.value, now=now, gateway=name).rows()
    if not rows:
        return None
    number, address, subject, text, template, values, attempts, valid_until = rows[0]
    keys = keyring()
    message = Outgoing(
        number,
        keys.decrypt(PURPOSE[way], bytes(address)),
        keys.decrypt("sms_text", bytes(text)),
        template,
        json.loads(keys.decrypt("sms_values", bytes(values))),
        subject,
    )
    return message, attempts, valid_until


def _settle(number: int, outcome: Outcome, attempts: int, valid_until: datetime | None, now: datetime) -> None:
    state, due_at = _next(outcome, attempts, valid_until, now)
    with durable(Actor.SYSTEM):
        statements(
            "settle",
            id=number,
            state=state.value,
            gateway_id=outcome.gateway_id,
            due_at=due_at,
            handed_over=outcome.verdict not in _NOT_SENT,
            reason=outcome.reason,
            now=now,
        ).execute()


def _next(
    outcome: Outcome, attempts: int, valid_until: datetime | None, now: datetime
) -> tuple[DeliveryState, datetime | None]:
    """What becomes of a message after a call: waits of 5, 10, 20 … seconds, up to half an hour and sixteen times."""
    if outcome.verdict not in _NOT_SENT:
        return _OF_VERDICT[outcome.verdict], None
    due_at = now + min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    if valid_until is not None and due_at >= valid_until:
        return DeliveryState.EXPIRED, None
    return (DeliveryState.WAITING, due_at) if attempts < MAX_ATTEMPTS else (DeliveryState.FAILED, None)
