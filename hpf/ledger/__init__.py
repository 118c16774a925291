"""The ledger: accounts, entries, postings, balances, day sums, closed days.

It is append-only. What was wrong is corrected by a further entry; every entry carries a key, and the same key books
once. The invariants L1–L9 are guarded by the database (``guards.sql``) and proved by ``hpf.ledger.invariants``.
"""

from hpf.ledger.accounts import Kind, member_movements, open_account, open_member_accounts
from hpf.ledger.books import close_through
from hpf.ledger.posting import (
    EntryDraft,
    EntryKind,
    EntryReceipt,
    Line,
    LinesChanged,
    digests_query,
    lines_digests,
    lines_query,
    post,
    reverse,
)

__all__ = [
    "EntryDraft",
    "EntryKind",
    "EntryReceipt",
    "Kind",
    "Line",
    "LinesChanged",
    "close_through",
    "digests_query",
    "lines_digests",
    "lines_query",
    "member_movements",
    "open_account",
    "open_member_accounts",
    "post",
    "reverse",
]
