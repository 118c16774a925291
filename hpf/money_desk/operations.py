"""Giving a waiting line's money to its owner (认领), taking it back where that was wrong, and giving up what the bank
took back (冲正): by two persons.

One proposes with a reason, and the papers that he has; another approves, and the money moves in the same transaction.
Between the two everything is judged again: the line may have moved, the money may be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from hpf import evidence
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.casework.scans import Scan, keep_scans_before, write_scans
from hpf.evidence import Receipt
from hpf.kernel import Actor, Fen, Key, Refusal, Refused
from hpf.money_desk import rules
from hpf.money_desk.models import Proposal
from hpf.money_desk.rules import REVIEW_KIND, Act, ProposalState
from hpf.notices.messages import Told, tell_each
from hpf.registry.codes import Role
from hpf.registry.models import UnitAccount
from hpf.registry.queries import is_on_duty
from hpf.registry.roles import require
from hpf.storage import durable, refusing
from hpf.treasury import owners, queries
from hpf.treasury.cases import say_missing
from hpf.treasury.owners import LockedLine, lock_line
from hpf.treasury.rules import LineState

_REFUSED_ACTS = {ReviewState.RETURNED: "return_line_proposal", ReviewState.REFUSED: "refuse_line_proposal"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become of a line's money. An assignment names the unit account, a reversal the receipt.

    Everything else takes the money from where it lies.
    """

    act: Act
    reason: str
    unit_account_id: int | None = None
    receipt_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a proposal is about, locked: its line, the receipt that this takes back, whose money it is."""

    line: LockedLine
    receipt: LockedLine | None
    unit: UnitAccount | None


def propose(line_id: int, wanted: Wanted, scans: Sequence[Scan] = (), *, by: Actor, today: date, key: Key) -> Receipt:
    """Propose what is to become of a line's money and hand it to a second person. ``result``: ``proposal_id``.

    Raises ``Refused`` with every reason: no reason given, no such unit account, the line does not stand where it must,
    the money lies in 暂存款 no more, another proposal waits. ``LookupError`` for no such line.
    """
    require(by, Role.TREASURER)
    content = {"line": line_id, **asdict(wanted), "scans": [scan.name for scan in scans]}
    written = write_scans(scans)
    with durable(by):
        if done := evidence.receipt(key, content, by, "propose_line_act"):
            return done
        about = _subject(wanted, lock_line(line_id))
        if refusals := [*rules.against_reason(wanted.reason), *_against(wanted.act, about)]:
            raise Refused(refusals)
        made = _made(about, wanted, by, today)
        keep_scans_before(written, REVIEW_KIND, made.pk)
        whose = about.unit.employer if about.unit else None
        title = f"{wanted.act.label} {about.line.amount.yuan} 元：{whose.name if whose else '未识别款'}"
        branch_id = whose.branch_id if whose else None
        review.submit(REVIEW_KIND, made.pk, title=title, by=by, today=today, branch_id=branch_id)
        return _record("propose_line_act", made, about, content, by=by, today=today, key=key)


def withdraw(proposal_id: int, *, by: Actor, today: date, key: Key) -> Receipt:
    """Take one's own proposal back before it is decided. Raises ``Refused`` (REVIEW-…)."""
    content = {"proposal": proposal_id, "withdraw": True}
    with durable(by):
        if done := evidence.receipt(key, content, by, "withdraw_line_proposal"):
            return done
        found, about = _held(proposal_id)
        review.withdraw(REVIEW_KIND, proposal_id, by=by)
        _end(found, ProposalState.WITHDRAWN, today)
        return _record("withdraw_line_proposal", found, about, content, by=by, today=today, key=key)


def decide(proposal_id: int, verdict: ReviewState, *, note: str, by: Actor, today: date, key: Key) -> Receipt:
    """Say the second person's word; approved, the money moves at once and the employer is told.

    Raises ``Refused`` (REVIEW-…) and, approved, with what has come to stand against it since it was proposed.
    """
    require(by, Role.TREASURER, Role.ACCOUNTANT)
    content = {"proposal": proposal_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, content, by, *Act, *_REFUSED_ACTS.values()):
            return done
        found, about = _held(proposal_id)
        review.decide(REVIEW_KIND, proposal_id, verdict, note=note, by=by)
        if verdict is not ReviewState.APPROVED:
            _end(found, ProposalState.REFUSED, today)
            return _record(_REFUSED_ACTS[verdict], found, about, content, by=by, today=today, key=key)
        act = Act(found.act)
        if refusals := _against(act, about) or _against_moved(found, about):
            raise Refused(refusals)
        _carry_out(found, about, by, today)
        return _record(act.value, found, about, content, by=by, today=today, key=key, tells_employer=True)


def _against(act: Act, about: _Subject) -> list[Refusal]:
    """What speaks against an act as the line stands now. The unit account is locked where its money is asked for."""
    line, receipt, unit = about.line, about.receipt, about.unit
    match act:
        case Act.ASSIGN:
            found = [] if line.state is LineState.UNIDENTIFIED else [rules.not_waiting(line.flow_no, line.state)]
            return found if unit else [*found, rules.UNIT_UNKNOWN]
        case Act.UNASSIGN if line.state is not LineState.ASSIGNED:
            return [rules.not_assigned(line.flow_no, line.state)]
        case Act.REVERSE | Act.PAY_OUT if line.state is not LineState.TAKEN_BACK:
            return [rules.not_taken_back(line.flow_no, line.state)]
        case Act.REVERSE if receipt is None:
            return [rules.NO_RECEIPT]
        case Act.REVERSE if receipt and (refusal := _beyond_reach(receipt, unit)):
            return [refusal]
    free = owners.free_money(unit.pk) if unit else line.amount
    return [] if free >= line.amount else [rules.money_gone(line.amount, free)]


def _beyond_reach(receipt: LockedLine, unit: UnitAccount | None) -> Refusal | None:
    """Why a receipt cannot be reversed where its money lies; what pays for a booked one is held from then on."""
    free = owners.free_money(unit.pk) if unit and receipt.state is LineState.BOOKED else Fen(0)
    return rules.beyond_reach(receipt.flow_no, receipt.state, covered=free >= receipt.amount)


def _against_moved(found: Proposal, about: _Subject) -> list[Refusal]:
    """What two persons decide upon is what one of them said who still may, of money that lies where it lay then."""
    found_gone = [] if is_on_duty(found.proposed_by_id, Role.TREASURER) else [rules.PROPOSER_GONE]
    lies = about.unit.pk if about.unit else None
    return found_gone if lies == found.unit_account_id else [*found_gone, rules.MONEY_MOVED]


def _carry_out(found: Proposal, about: _Subject, by: Actor, today: date) -> None:
    """Book what was approved, end the proposal with the entry, move the line, tell the employer: in this order, for the
    line moves by an approved proposal alone."""
    line = about.line
    given: dict[str, Any] = {"key": Key.of("line-proposal", found.pk), "by": by, "today": today}
    match Act(found.act), about:
        case Act.ASSIGN, _Subject(unit=UnitAccount() as unit):
            entry_id = owners.post_assignment(line, unit, **given)
            _end(found, ProposalState.APPROVED, today, entry_id=entry_id, told_before_id=line.employer_id)
            owners.assign(line, unit, entry_id)
            _tell("money-assigned", about, by, today)
        case Act.UNASSIGN, _:
            _end(found, ProposalState.APPROVED, today, entry_id=owners.post_unassignment(line, **given))
            owners.unassign(line, _told_before(line))
            _tell("money-unassigned", about, by, today)
        case Act.REVERSE, _Subject(receipt=LockedLine() as receipt):
            _end(found, ProposalState.APPROVED, today, entry_id=owners.post_reversal(receipt, **given))
            owners.offset(line, receipt)
            _tell("money-taken-back", about, by, today)
        case _:
            _end(found, ProposalState.APPROVED, today)
            owners.pay_out(line)


def _told_before(line: LockedLine) -> int | None:
    """The employer that was told of a line before it was assigned."""
    made = Proposal.objects.filter(entry_id=line.assigned_entry_id)
    return made.values_list("told_before_id", flat=True).first()


def _tell(template: str, about: _Subject, by: Actor, today: date) -> None:
    """Tell the employer in whose 暂存款 the money lay or lies now, if it is anybody's, and what its month lacks now."""
    if about.unit:
        values = {"amount": about.line.amount.yuan, "account": about.unit.number}
        tell_each(template, [Told(about.unit.employer_id, values)], by=by, today=today)
        say_missing([about.unit.pk], by=by, today=today)


def _subject(wanted: Wanted, line: LockedLine) -> _Subject:
    """What is meant, as it stands now. A receipt that the line cannot take back is none."""
    if wanted.act is Act.REVERSE:
        alike = {one.id for one in queries.receipts_like(queries.line(line.id))}
        receipt = lock_line(wanted.receipt_id) if wanted.receipt_id and wanted.receipt_id in alike else None
        return _Subject(line, receipt, _unit(receipt.unit_account_id if receipt else None))
    return _Subject(line, None, _unit(wanted.unit_account_id if wanted.act is Act.ASSIGN else line.unit_account_id))


def _held(proposal_id: int) -> tuple[Proposal, _Subject]:
    """A proposal with what it is about, all locked, the line first as all do."""
    line = lock_line(Proposal.objects.values_list("line_id", flat=True).get(pk=proposal_id))
    found = Proposal.objects.select_for_update().get(pk=proposal_id)
    return found, _subject(Wanted(Act(found.act), found.reason, found.unit_account_id, found.receipt_id), line)


def _unit(unit_account_id: int | None) -> UnitAccount | None:
    known = UnitAccount.objects.select_related("employer")
    return None if unit_account_id is None else known.filter(pk=unit_account_id).first()


def _made(about: _Subject, wanted: Wanted, by: Actor, today: date) -> Proposal:
    if by.id is None:
        raise Refused(review.NOT_STAFF)
    with refusing({"money_desk_proposal_one_waiting": rules.UNDER_REVIEW}):
        return Proposal.objects.create(
            line_id=about.line.id,
            act=wanted.act.value,
            unit_account_id=about.unit.pk if about.unit else None,
            receipt_id=about.receipt.id if about.receipt else None,
            reason=wanted.reason.strip(),
            state=ProposalState.PROPOSED.value,
            proposed_by_id=by.id,
            proposed_name=by.name,
            proposed_on=today,
        )


def _end(found: Proposal, state: ProposalState, today: date, **booked: int | None) -> None:
    changed = {"state": state.value, "decided_on": today, **booked}
    for name, value in changed.items():
        setattr(found, name, value)
    found.save(update_fields=list(changed))


def _record(
    act: str,
    found: Proposal,
    about: _Subject,
    content: dict[str, Any],
    *,
    by: Actor,
    today: date,
    key: Key,
    tells_employer: bool = False,
) -> Receipt:
    """Write the event. What is only proposed is not yet the employer's to read."""
    line, unit = about.line, about.unit
    detail: dict[str, Any] = {"what": Act(found.act).label, "amount_fen": int(line.amount)}
    if unit:
        detail["unit_account"] = unit.number
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"bank-line:{line.id}",
        key=key,
        content=content,
        employer_id=unit.employer_id if unit and tells_employer else None,
        detail=detail,
        result={"line_id": line.id, "proposal_id": found.pk},
    )
