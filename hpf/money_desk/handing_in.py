"""A bank's statement that does not prove itself: a gap beside it, nothing before it that it joins, a head that was
typed in, or money that goes out of the center's account. Two persons take it.

One hands the file in; nothing of it is booked. Another sees what it says and approves: then the same file is taken as
every other, judged as things stand then. A file that proves itself is taken at once, by one person (ADR 18). One that
continues a file that waits is handed in behind it: it stands on what nobody has approved yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hpf import evidence
from hpf.casework import attachments, review
from hpf.casework.attachments import Written
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.kernel import Actor, Fen, Key, Refused
from hpf.kernel.collection import few_collections
from hpf.money_desk import queries
from hpf.money_desk.models import HandedIn
from hpf.money_desk.rules import (
    BY_NOBODY,
    FOLLOWS,
    HANDED_IN_ALREADY,
    PROPOSER_GONE,
    STATEMENT_REVIEW_KIND,
    ProposalState,
)
from hpf.registry.codes import Role
from hpf.registry.queries import is_on_duty
from hpf.registry.roles import require
from hpf.storage import durable, reading, refusing
from hpf.treasury.gaps import Gap, Gapped
from hpf.treasury.operations import PaysOut, import_statement, statement_digest, take_statement
from hpf.treasury.rules import plain_account
from hpf.treasury.statement import Statement, StatementHead, read_statement

_ENDS = {
    ReviewState.RETURNED: "return_statement",
    ReviewState.REFUSED: "refuse_statement",
}


class Waiting(Refused):
    """The very statement waits for a second person already, under ``handed_in_id``."""

    def __init__(self, handed_in_id: int) -> None:
        super().__init__(HANDED_IN_ALREADY)
        self.handed_in_id = handed_in_id


@few_collections()
def bring_statement(
    content: bytes,
    *,
    name: str,
    typed: StatementHead | None = None,
    gap: bool = False,
    by: Actor,
    today: date,
    key: Key,
) -> Receipt:
    """Take a statement that proves itself; hand one that does not to a second person.

    ``typed`` are the totals typed in beside a file without a head, ``gap`` the word that a statement is missing beside
    this one. ``result`` names the ``statement_id``, or the ``handed_in_id``. Raises ``Refused`` as ``import_statement``
    does: what would be refused then is not handed in; ``Waiting`` where it was handed in before; and nothing is in
    nobody's name (STATEMENT-BY-NOBODY).
    """
    require(by, Role.TREASURER)
    statement = read_statement(content, typed, today=today)
    asked = {"statement": statement_digest(statement).hex()}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "import_statement", "hand_in_statement"):
            return done
    doubtful = statement.head_typed or gap
    beside = _beside(statement, gap, by, today) if doubtful else _Beside()
    if not statement.head_typed and beside == _Beside():
        try:
            return import_statement(content=content, by=by, today=today, key=key)
        except PaysOut:
            pass
        except Gapped:
            beside = _beside(statement, gap, by, today)
    if by.id is None:
        raise Refused(BY_NOBODY)
    written = attachments.write([content])
    with durable(by):
        if done := evidence.receipt(key, asked, by, "hand_in_statement"):
            return done
        made = _kept(written, statement, name, beside, by, today)
        title = f"{statement.account_no} {statement.starts_on}至{statement.ends_on}"
        review.submit(STATEMENT_REVIEW_KIND, made.pk, title=title, by=by, today=today)
        return _record("hand_in_statement", made, asked, by=by, today=today, key=key)


def withdraw(handed_in_id: int, *, by: Actor, today: date, key: Key) -> Receipt:
    """Take one's own statement back before it is decided. Raises ``Refused`` (REVIEW-…)."""
    asked = {"handed_in": handed_in_id, "withdraw": True}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "withdraw_statement"):
            return done
        found = HandedIn.objects.select_for_update().get(pk=handed_in_id)
        review.withdraw(STATEMENT_REVIEW_KIND, handed_in_id, by=by)
        _end(found, ProposalState.WITHDRAWN, today)
        return _record("withdraw_statement", found, asked, by=by, today=today, key=key)


@few_collections()
def decide(handed_in_id: int, verdict: ReviewState, *, note: str, by: Actor, today: date, key: Key) -> Receipt:
    """Say the second person's word; approved, the statement is taken at once.

    Raises ``Refused`` (REVIEW-…), and what taking it raises: it was only tried when it was handed in.
    """
    require(by, Role.TREASURER, Role.ACCOUNTANT)
    asked = {"handed_in": handed_in_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "import_statement", *_ENDS.values()):
            return done
        found = HandedIn.objects.select_for_update().get(pk=handed_in_id)
        review.decide(STATEMENT_REVIEW_KIND, handed_in_id, verdict, note=note, by=by)
        if verdict is not ReviewState.APPROVED:
            _end(found, ProposalState.REFUSED, today)
            return _record(_ENDS[verdict], found, asked, by=by, today=today, key=key)
        if not is_on_duty(found.proposed_by_id, Role.TREASURER):
            raise Refused(PROPOSER_GONE)
        if follows(found):
            raise Refused(FOLLOWS)
        statement = statement_of(found, today)
        _end(found, ProposalState.APPROVED, today)
        return take_statement(
            statement,
            statement_digest(statement),
            content=asked,
            by=by,
            today=today,
            key=key,
            gaps=_gaps(found.gaps),
            handed_in_id=handed_in_id,
            handed_in_by=found.proposed_name,
        )


def follows(found: HandedIn) -> HandedIn | None:
    """The statement that this one continues, if it still waits as this one does."""
    if found.state != ProposalState.PROPOSED.value:
        return None
    return HandedIn.objects.filter(pk=found.follows_id or 0, state=found.state).first()


def statement_of(found: HandedIn, today: date = date.max) -> Statement:
    """What a handed-in file says, with what was typed beside it; ``Refused`` if it tells of days after ``today``."""
    content = b"".join(attachments.content(bytes(found.digest)))
    return read_statement(content, _typed(found.typed), today=today)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What a statement lacks beside it, and which waiting one it continues."""

    gaps: tuple[Gap, ...] = ()
    follows_id: int | None = None


def _beside(statement: Statement, gap: bool, by: Actor, today: date) -> _Beside:
    """What a statement lacks beside those that were taken, or where it continues one that waits, beside that.

    Raises ``Gapped`` unless ``gap`` says that something is missing, ``Refused`` with all else that would keep it out.
    """
    alone = _tried([statement], by, today)
    if alone and (waiting := _waiting_before(statement, by)):
        known = {one for found in waiting for one in _gaps(found.gaps)}
        tried = _tried([*(statement_of(found) for found in waiting), statement], by, today)
        left = tuple(one for one in tried if one not in known)
        if left != alone and (gap or _asked_anyway(left)):
            return _Beside(left, waiting[-1].pk)
    if not gap and not _asked_anyway(alone):
        raise Gapped(alone)
    return _Beside(alone)


def _asked_anyway(gaps: Sequence[Gap]) -> bool:
    """Whether two persons are asked without anybody's word that something is missing: before all that is known."""
    return all(gap.before_all for gap in gaps)


def _waiting_before(statement: Statement, by: Actor) -> list[HandedIn]:
    """Others of the same account that wait for a second person and end no later, the last one last."""
    digest = statement_digest(statement)
    with reading(by):
        others = [one for one in queries.statements_waiting() if bytes(one.statement_digest) != digest]
        found = [(statement_of(one), one) for one in others]
    account = plain_account(statement.account_no)
    own = [
        (said.ends_on, one.pk, one)
        for said, one in found
        if plain_account(said.account_no) == account and said.ends_on <= statement.ends_on
    ]
    return [one for _, _, one in sorted(own, key=lambda each: each[:2])]


def _tried(statements: Sequence[Statement], by: Actor, today: date) -> tuple[Gap, ...]:
    """Take statements one after the other and let go of them again: what the last one lacks beside it.

    Raises ``Refused`` with everything else that would keep the last one out.
    """
    gaps: tuple[Gap, ...] = ()
    with durable(replace(by, rehearses=True)):
        for one in statements:
            tried, digest, asked = replace(one, head_typed=False), statement_digest(one), {"statement": "tried"}
            try:
                take_statement(tried, digest, content=asked, by=by, today=today, key=Key.fresh())
                gaps = ()
            except Gapped as gapped:
                gaps = gapped.gaps
            except Refused:
                if one is statements[-1]:
                    raise
    return gaps


def _kept(written: Written, statement: Statement, name: str, beside: _Beside, by: Actor, today: date) -> HandedIn:
    if by.id is None:
        raise Refused(review.NOT_STAFF)
    digest = statement_digest(statement)
    for waiting in HandedIn.objects.filter(statement_digest=digest, state=ProposalState.PROPOSED.value):
        raise Waiting(waiting.pk)
    with refusing({"money_desk_handed_in_once": HANDED_IN_ALREADY}):
        return HandedIn.objects.create(
            name=attachments.shown_name(name),
            size=written.size,
            digest=written.digest,
            statement_digest=digest,
            typed=_head_of(statement) if statement.head_typed else None,
            gap_told="；".join(gap.told for gap in beside.gaps),
            gaps=[_kept_gap(gap) for gap in beside.gaps],
            follows_id=beside.follows_id,
            state=ProposalState.PROPOSED.value,
            proposed_by_id=by.id,
            proposed_name=by.name,
            proposed_on=today,
        )


def _head_of(statement: Statement) -> dict[str, str | int]:
    return {
        "account_no": statement.account_no,
        "starts_on": statement.starts_on.isoformat(),
        "ends_on": statement.ends_on.isoformat(),
        "opening": int(statement.opening),
        "closing": int(statement.closing),
        "line_count": len(statement.lines),
    }


def _typed(head: dict[str, Any] | None) -> StatementHead | None:
    if head is None:
        return None
    days = {name: date.fromisoformat(head[name]) for name in ("starts_on", "ends_on")}
    return StatementHead(**{**head, **days, "opening": Fen(head["opening"]), "closing": Fen(head["closing"])})


def _kept_gap(gap: Gap) -> dict[str, str | int]:
    kept: dict[str, str | int] = {
        "starts_on": gap.starts_on.isoformat(),
        "opening_fen": int(gap.opening),
        "gap_fen": int(gap.missing),
    }
    return {**kept, "before_all": True} if gap.before_all else kept


def _gaps(kept: list[dict[str, Any]]) -> tuple[Gap, ...]:
    return tuple(
        Gap(date.fromisoformat(one["starts_on"]), Fen(one["opening_fen"]), Fen(one["gap_fen"]), "before_all" in one)
        for one in kept
    )


def _end(found: HandedIn, state: ProposalState, today: date) -> None:
    found.state, found.decided_on = state.value, today
    found.save(update_fields=["state", "decided_on"])


def _why(found: HandedIn) -> str:
    if found.typed is not None:
        return "手工填写文件头"
    return "有付款" if found.follows_id is None else "接续待复核的对账单"


def _record(act: str, found: HandedIn, content: dict[str, Any], *, by: Actor, today: date, key: Key) -> Receipt:
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"handed-in:{found.pk}",
        key=key,
        content=content,
        detail={"file": bytes(found.digest).hex(), "what": found.gap_told or _why(found)},
        result={"handed_in_id": found.pk},
    )
