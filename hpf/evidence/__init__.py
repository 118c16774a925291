"""The event log (凭据): every act, who, when, from where, what. Append-only, chained by SM3 (agreement §2.7(3))."""

from hpf.evidence.chain import ChainReport, Head, head, seal, verify_chain
from hpf.evidence.events import Event, Receipt, content_digest, done, event, events_about, receipt, record, record_all

__all__ = [
    "ChainReport",
    "Event",
    "Head",
    "Receipt",
    "content_digest",
    "done",
    "event",
    "events_about",
    "head",
    "receipt",
    "record",
    "record_all",
    "seal",
    "verify_chain",
]
