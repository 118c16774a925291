"""Recording acts, and answering a repeated act with its first receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.storage import Statements, lock_key, refusing, sm3

statements = Statements(__package__)

KEY_REUSED = Refusal(
    code="KEY-REUSED",
    what="这一次提交的编号已用于另一项办理",
    why="同一编号只办理一次，且办理的人、事项和内容须相同",
    remedy="请返回上一页重新打开表单后再提交",
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an accepted act leaves in the actor's hand: the event's number, the moment, and what came of it."""

    number: int
    act: str
    at: datetime
    result: Mapping[str, Any]
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """An act as the log keeps it. ``digest`` is the SM3 of what was asked for, in hex."""

    number: int
    act: str
    at: datetime
    business_day: date
    actor_name: str
    subject: str
    digest: str
    detail: Mapping[str, Any]
    result: Mapping[str, Any]


def event(number: int) -> Event | None:
    """An act by its number, ``None`` if there is none or the actor may not see it."""
    return next(iter(_events("event", number=number)), None)


def events_about(subject: str, limit: int = 50) -> list[Event]:
    """What was done to a subject (``case:26081000007``), newest first."""
    return _events("events_about", subject=subject, limit=limit)


def receipt(key: Key, content: Mapping[str, Any], by: Actor, act: str, *others: str) -> Receipt | None:
    """The receipt of an act already done under this key, or ``None``. Holds the key until the transaction ends.

    ``act`` and ``others`` are all the names under which the operation may record what it does. Raises ``Refused``
    (KEY-REUSED) if the key did something else, or if somebody else did it.
    """
    lock_key(key)
    found = _by_key(key)
    if found is None:
        return None
    first, digest, actor = found
    if first.act not in (act, *others) or actor != (by.kind.value, by.id) or digest != content_digest(content):
        raise Refused(KEY_REUSED)
    return first


def done(key: Key) -> Receipt | None:
    """What was done under a key, for a page that shows it."""
    found = _by_key(key)
    return found[0] if found else None


def record(
    act: str,
    *,
    by: Actor,
    today: date,
    subject: str = "",
    key: Key | None = None,
    content: Mapping[str, Any] | None = None,
    employer_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
    result: Mapping[str, Any] | None = None,
) -> Receipt:
    """Write one event in the present transaction.

    ``content`` is what was asked for: its digest is kept, so that the key cannot be used for something else.
    ``detail`` and ``result`` are kept in clear: no identity numbers, mobiles or passwords in them.
    """
    with refusing({"evidence_event_key": KEY_REUSED}):
        number, at = statements(
            "record",
            business_day=today,
            act=act,
            actor_kind=by.kind.value,
            actor_id=by.id,
            actor_name=by.name,
            channel=by.channel.value,
            address=by.address,
            employer_id=employer_id if employer_id is not None else by.employer_id,
            subject=subject,
            key=key,
            content_digest=content_digest(content or {}),
            detail=canonical(detail or {}),
            result=canonical(result or {}),
        ).row()
    return Receipt(number, act, at, dict(result or {}))


def record_all(act: str, *, by: Actor, today: date, acts: Sequence[tuple[str, int | None, Mapping[str, Any]]]) -> None:
    """Write one event for each ``(subject, employer id, result)`` of a set that the staff or the worker did at once."""
    statements(
        "record_all",
        business_day=today,
        act=act,
        actor_kind=by.kind.value,
        actor_id=by.id,
        actor_name=by.name,
        channel=by.channel.value,
        address=by.address,
        subjects=[subject for subject, _, _ in acts],
        employers=[employer_id for _, employer_id, _ in acts],
        content_digest=content_digest({}),
        results=[canonical(result) for _, _, result in acts],
    ).row()


def content_digest(content: Mapping[str, Any]) -> bytes:
    """The SM3 digest of a content in canonical form."""
    return sm3(canonical(content).encode())


def canonical(content: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no blanks; days, months, rates and keys as their text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _by_key(key: Key) -> tuple[Receipt, bytes, tuple[str, int | None]] | None:
    """The act of a key, with the digest of what was asked for, and by whom."""
    rows = statements("receipt_by_key", key=key).rows()
    if not rows:
        return None
    number, act, at, kind, actor_id, digest, result = rows[0]
    return Receipt(number, act, at, json.loads(result), repeated=True), bytes(digest), (kind, actor_id)


def _events(query: str, **params: object) -> list[Event]:
    return [
        Event(number, act, at, day, name, subject, bytes(digest).hex(), json.loads(detail), json.loads(result))
        for number, at, day, act, name, subject, digest, detail, result in statements(query, **params).rows()
    ]
