"""The event log: a million events linked, and the whole chain verified."""

from __future__ import annotations

import sys

from benchmarks.harness import Ground, ground, report, timed

EVENTS = 1_000_000

_EVENTS = """
SET search_path = demo;
WITH events AS (
    INSERT INTO evidence_event (business_day, act, actor_kind, actor_id, actor_name, channel, address, employer_id,
                                subject, content_digest, detail, result)
    SELECT '2026-08-10', 'submit_sheet', 'handler', i % 5000, '陈明', 'portal', '203.0.113.7', i % 5000,
           'case:' || 1000000000 + i, sha256(i::text::bytea), jsonb_build_object('total_fen', i), '{}'
    FROM generate_series(1, 1000000) i RETURNING id
)
INSERT INTO evidence_unsealed SELECT id FROM events
"""


def main() -> int:
    with ground() as place:
        return 0 if _run(place) else 1


def _run(place: Ground) -> bool:
    import psycopg

    from hpf import evidence
    from hpf.kernel import Actor
    from hpf.storage import reading

    with psycopg.connect(place.server.url()) as admin:
        admin.execute(_EVENTS)
    place.analyze()

    def seal_all() -> None:
        while evidence.seal():
            pass

    _, sealed = timed(seal_all)
    report(f"link {EVENTS:,} events, 10,000 at a time", sealed, "s")
    place.analyze()
    with reading(Actor.SYSTEM):
        chain, verified = timed(evidence.verify_chain)
    if chain.fault or chain.links != EVENTS:
        raise RuntimeError(f"the chain does not hold: {chain}")
    return report(f"verify the chain of {EVENTS:,} events", verified, "s", 10)


if __name__ == "__main__":
    sys.exit(main())
