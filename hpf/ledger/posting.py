"""Posting: one statement for the entries, their postings and the balances, whatever the head count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from hpf.kernel import Actor, Fen, Key, Month, Refusal, Refused
from hpf.storage import Query, Statements, assert_in_transaction, refusing, sm3

statements = Statements(__package__)


class EntryKind(StrEnum):
    """What an entry is about."""

    MONEY_IN = "money_in"
    IDENTIFIED = "identified"
    REMITTANCE = "remittance"
    CORRECTION = "correction"
    REVERSAL = "reversal"
    EXTERNAL = "external"

    @property
    def label(self) -> str:
        """The word on papers and pages."""
        return _LABELS[self]


_LABELS = {
    EntryKind.MONEY_IN: "到账",
    EntryKind.IDENTIFIED: "未识别款转入暂存款",
    EntryKind.REMITTANCE: "汇缴",
    EntryKind.CORRECTION: "错缴更正",
    EntryKind.REVERSAL: "红冲",
    EntryKind.EXTERNAL: "外部业务",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One posting: ``side`` is D or C; ``month`` the contribution month it is for, if any."""

    account_id: int
    side: str
    amount_fen: int
    month: Month | None = None


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """An entry about to be posted. ``expected`` is the lines' digest that the posting must reproduce."""

    key: Key
    kind: EntryKind
    narrative: str
    about: int | None = None
    employer_id: int | None = None
    unit_account_id: int | None = None
    value_date: date | None = None
    reverses_id: int | None = None
    expected: bytes | None = None


@dataclass(frozen=True, slots=True)
class EntryReceipt:
    """A posted entry. ``repeated`` says that the key had booked before and nothing was booked now."""

    entry_id: int
    key: Key
    total: Fen
    lines_digest: bytes
    book_date: date
    repeated: bool


class LinesChanged(Exception):
    """The posting's own query gave other lines than those agreed; nothing was posted."""

    def __init__(self, key: Key) -> None:
        super().__init__(f"the lines of {key} differ from those agreed")
        self.key = key


DAY_CLOSED = Refusal(
    code="LEDGER-DAY-CLOSED",
    what="该记账日已日终结账",
    why="结账后的日期不再记账",
    remedy="请以当前业务日重新办理",
)
NEGATIVE = Refusal(
    code="LEDGER-NEGATIVE",
    what="账户余额不足",
    why="个人账户和暂存款的余额不得为负",
    remedy="请核对金额后重新办理",
)
TOO_LARGE = Refusal(
    code="LEDGER-TOO-LARGE",
    what="账户余额超出上限",
    why="个人账户和暂存款的余额应小于1万亿元，更大的金额不会是真实款项",
    remedy="请与银行核对到账金额后重新办理",
)
REVERSED_BEFORE = Refusal(
    code="LEDGER-REVERSED",
    what="该笔记账已红冲过",
    why="一笔记账只能红冲一次",
    remedy="请查看已有的红冲凭证",
)
CORRECTED_BEFORE = Refusal(
    code="LEDGER-CORRECTED",
    what="该职工该月份已做过错缴更正",
    why="同一职工同一月份只更正一次",
    remedy="请查看已有的更正记录",
)
KEY_REUSED = Refusal(
    code="LEDGER-KEY-REUSED",
    what="记账编号已用于另一笔内容不同的记账",
    why="同一编号只记一次账，且内容须相同",
    remedy="请重新发起该笔业务",
)

_GUARDS = {
    "ledger_l8": DAY_CLOSED,
    "ledger_account_carried": NEGATIVE,
    "ledger_account_current": NEGATIVE,
    "ledger_account_bound": TOO_LARGE,
    "ledger_entry_reverses": REVERSED_BEFORE,
    "ledger_corrected_month_once": CORRECTED_BEFORE,
}


def lines_query(groups: Sequence[Sequence[Line]]) -> Query:
    """The posting query of lines that are at hand, a group for each draft in its order.

    For large sheets, hand ``post`` a named query instead.
    """
    rows = [(number, line) for number, group in enumerate(groups, start=1) for line in group]
    return statements(
        "given_lines",
        given_numbers=[number for number, _ in rows],
        given_accounts=[line.account_id for _, line in rows],
        given_sides=[line.side for _, line in rows],
        given_amounts=[int(line.amount_fen) for _, line in rows],
        given_months=[line.month.first_day if line.month else None for _, line in rows],
    )


def post(drafts: Sequence[EntryDraft], lines: Query, *, on: date, by: Actor) -> dict[Key, EntryReceipt]:
    """Post entries with the lines that a query gives.

    ``lines`` yields ``(n, account_id, side, amount_fen, month)``; ``n`` is the place of the line's draft, from 1. Takes
    the locks of the drafts' unit accounts in order, then inserts entries and postings and moves balances in one
    statement. A key that has booked before books nothing and gives its first receipt. Every draft has a receipt in the
    answer.

    Raises ``Refused`` (closed day, balance negative or beyond all bounds, key used for other content) and
    ``LinesChanged``; in both cases nothing may be kept of the transaction.
    """
    assert_in_transaction()
    units = sorted({draft.unit_account_id for draft in drafts if draft.unit_account_id is not None})
    statements("lock_units", locked_units=units).rows()
    receipts = _earlier(drafts, lines)
    fresh = [draft for draft in drafts if draft.key not in receipts]
    if fresh:
        statements("ensure_year", year=on.year).rows()
        ids = dict(zip((d.key for d in fresh), statements("next_ids", count=len(fresh)).rows(), strict=True))
        given_ids = [ids[draft.key][0] if draft.key in ids else None for draft in drafts]
        with refusing(_GUARDS):
            rows = (
                statements(
                    "post",
                    locked_units=units,
                    given_ids=given_ids,
                    book_date=on,
                    actor=_signature(by),
                    **_columns(drafts, on),
                )
                .over(lines=lines)
                .rows()
            )
        receipts |= _receipts(rows, on)
    return _agreed(drafts, receipts)


def lines_digests(lines: Query) -> dict[int, bytes]:
    """The digest of each draft's lines by its number, as ``post`` would make it. Writes nothing (settled 6)."""
    return {n: bytes(digest) for n, digest in digests_query(lines).rows()}


def digests_query(lines: Query) -> Query:
    """The digests of lines as a query of ``(n, digest)``, to stand inside another statement."""
    return statements("lines_digests").over(lines=lines)


def reverse(entry_id: int, *, key: Key, narrative: str, on: date, by: Actor) -> EntryReceipt:
    """红冲: post the mirror of a whole entry, with the original's value date. Once per entry.

    Raises ``Refused`` if the entry was reversed before, is a reversal itself, or a balance would fall below zero.
    """
    assert_in_transaction()
    original = statements("entry_for_reversal", entry_id=entry_id).row()
    kind, value_date, about, employer_id, unit_account_id = original
    if kind == EntryKind.REVERSAL:
        raise Refused(REVERSED_BEFORE)
    draft = EntryDraft(
        key, EntryKind.REVERSAL, narrative, about, employer_id, unit_account_id, value_date, reverses_id=entry_id
    )
    mirror = statements("mirror_lines", mirror_of=entry_id)
    return post([draft], mirror, on=on, by=by)[key]


def _content_digest(draft: EntryDraft) -> bytes:
    parts = (draft.kind, draft.narrative, draft.about, draft.employer_id, draft.unit_account_id, draft.reverses_id)
    return sm3("\x1f".join(map(str, parts)).encode())


def _columns(drafts: Sequence[EntryDraft], on: date) -> dict[str, object]:
    return {
        "keys": [draft.key for draft in drafts],
        "kinds": [draft.kind.value for draft in drafts],
        "narratives": [draft.narrative for draft in drafts],
        "abouts": [draft.about for draft in drafts],
        "employers": [draft.employer_id for draft in drafts],
        "units": [draft.unit_account_id for draft in drafts],
        "given_value_dates": [draft.value_date or on for draft in drafts],
        "reverses": [draft.reverses_id for draft in drafts],
        "reversals": [draft.reverses_id is not None for draft in drafts],
        "corrections": [draft.kind is EntryKind.CORRECTION for draft in drafts],
        "digests": [_content_digest(draft) for draft in drafts],
    }


def _signature(by: Actor) -> str:
    return f"{by.kind}:{by.id or ''}:{by.name}"


def _earlier(drafts: Sequence[EntryDraft], lines: Query) -> dict[Key, EntryReceipt]:
    """Receipts of keys that had booked before. The content must be the same, and the lines, if any still come."""
    found = statements("entries_by_key", keys=[draft.key for draft in drafts]).rows()
    if not found:
        return {}
    places = {draft.key: (number, draft) for number, draft in enumerate(drafts, start=1)}
    now = lines_digests(lines)
    receipts = {}
    for key, entry_id, total, content, digest, book_date in found:
        number, draft = places[Key(key)]
        if bytes(content) != _content_digest(draft) or now.get(number, bytes(digest)) != bytes(digest):
            raise Refused(KEY_REUSED)
        receipts[Key(key)] = EntryReceipt(entry_id, Key(key), Fen(total), bytes(digest), book_date, True)
    return receipts


def _receipts(rows: list[tuple[Any, ...]], on: date) -> dict[Key, EntryReceipt]:
    if any(strangers for *_, strangers in rows):
        raise ValueError("a line names an account that is not there, or one of a unit account that no draft names")
    return {
        Key(key): EntryReceipt(entry_id, Key(key), Fen(total), bytes(digest), on, False)
        for key, entry_id, total, digest, _ in rows
    }


def _agreed(drafts: Sequence[EntryDraft], receipts: dict[Key, EntryReceipt]) -> dict[Key, EntryReceipt]:
    for draft in drafts:
        if draft.expected is not None:
            if draft.key not in receipts or receipts[draft.key].lines_digest != draft.expected:
                raise LinesChanged(draft.key)
        elif draft.key not in receipts:
            raise ValueError(f"no lines for {draft.key}")
    return receipts
