"""The chain over the event log: one sealer links what is committed; anyone can verify it.

Each link's digest is SM3(previous digest ‖ the event as text). No business transaction waits for the head of the
chain: events are committed unlinked, and the sealer, who is alone, links them within seconds.
"""

from __future__ import annotations

from collections.abc import Collection
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


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of the chain at some moment. Kept outside the database it shows later that nothing was cut off.

    >>> Head.parse("12:0a1b")
    Head(position=12, digest=b'\\n\\x1b')
    >>> str(Head(12, bytes.fromhex("0a1b")))
    '12:0a1b'
    """

    position: int
    digest: bytes

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read ``position:digest``, the digest in hexadecimal. Raises ``ValueError``."""
        position, _, digest = text.partition(":")
        return cls(int(position), bytes.fromhex(digest))

    def __str__(self) -> str:
        return f"{self.position}:{self.digest.hex()}"


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


def head() -> Head:
    """The last link, inside a ``reading`` transaction of the staff; position 0 before the first."""
    position, digest = statements("chain_head").row()
    return Head(position, bytes(digest))


def verify_chain(known: Collection[Head] = ()) -> ChainReport:
    """Walk the whole chain inside a ``reading`` transaction of the staff; names the first link that does not hold.

    ``known`` are heads kept elsewhere: each must still be a link. Whoever owns the database could cut off the end of
    the log, or chain all of it anew, and the chain alone would not tell.
    """
    links, digest = 0, GENESIS
    fault: str | None = None
    query = statements("chain")
    with connection.chunked_cursor() as cursor:
        cursor.execute(query.text, query.params)
        while fault is None and (rows := cursor.fetchmany(BATCH)):
            links, digest, fault = _walk(rows, links, digest)
    fault = fault or next((_lost(kept) for kept in known if not _is_link(kept)), None)
    unsealed, orphaned = statements("unsealed_count").row()
    if fault is None and orphaned:
        fault = f"有{orphaned}个事件既未入链也不在待入链之列"
    return ChainReport(links, unsealed, fault)


def _is_link(kept: Head) -> bool:
    if kept.position == 0:
        return kept.digest == GENESIS
    return statements("link", position=kept.position).rows() == [(kept.digest,)]


def _lost(kept: Head) -> str:
    return f"第{kept.position}环不是此前记下的那一环，其后的日志被截去，或整条链被重做"


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
