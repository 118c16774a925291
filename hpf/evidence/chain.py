"""The chain over the event log: one sealer links what is committed; anyone can verify it.

Each link's digest is SM3(previous digest ‖ the event as text). No business transaction waits for the head of the
chain: events are committed unlinked, and the sealer, who is alone, links them within seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.db import connection

from hpf.evidence.events import statements
from hpf.kernel import Actor
from hpf.storage import durable, lock_key

GENESIS = bytes(32)
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class ChainReport:
    """``fault`` is ``None`` for a sound chain, else the first position that does not hold and why, in Chinese."""

    links: int
    unsealed: int
    fault: str | None


def seal() -> int:
    """Link up to 10,000 committed events; returns how many. Safe to run at the same time as itself."""
    with durable(Actor.SYSTEM):
        lock_key("evidence.seal")
        position, digest = statements("chain_head").row()
        events = statements("unsealed_events", limit=BATCH).rows()
        links = []
        for event_id, text in events:
            position, digest = position + 1, _link(bytes(digest), text)
            links.append((position, event_id, digest))
        if links:
            positions, ids, digests = zip(*links, strict=True)
            statements("insert_links", positions=list(positions), ids=list(ids), digests=list(digests)).execute()
        return len(links)


def verify_chain() -> ChainReport:
    """Walk the whole chain inside a ``reading`` transaction of the staff; names the first link that does not hold."""
    links, digest = 0, GENESIS
    fault: str | None = None
    query = statements("chain")
    with connection.chunked_cursor() as cursor:
        cursor.execute(query.text, query.params)
        while fault is None and (rows := cursor.fetchmany(BATCH)):
            links, digest, fault = _walk(rows, links, digest)
    unsealed, orphaned = statements("unsealed_count").row()
    if fault is None and orphaned:
        fault = f"有{orphaned}个事件既未入链也不在待入链之列"
    return ChainReport(links, unsealed, fault)


def _walk(rows: list[tuple[Any, ...]], links: int, digest: bytes) -> tuple[int, bytes, str | None]:
    for position, event_id, stored, text in rows:
        if position != links + 1:
            return links, digest, f"第{links + 1}环缺失，其后为第{position}环"
        if text is None:
            return links, digest, f"第{position}环所记事件{event_id}已不存在"
        digest = _link(digest, text)
        if digest != bytes(stored):
            return links, digest, f"第{position}环（事件{event_id}）与其摘要不符，内容或次序被改动"
        links += 1
    return links, digest, None


def _link(previous: bytes, text: str) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(previous + text.encode())
    return digest.finalize()
