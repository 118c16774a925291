"""Giving a waiting line's money to its owner (认领), and taking it back where that was wrong: by two persons.

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
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.money_desk import rules
from hpf.money_desk.models import Proposal
from hpf.money_desk.rules import REVIEW_KIND, Act, ProposalState
from hpf.notices.messages import Told, tell_each
from hpf.registry.codes import Role
from hpf.registry.models import UnitAccount
from hpf.registry.roles import require
from hpf.storage import durable, refusing
from hpf.treasury import owners
from hpf.treasury.owners import LockedLine, lock_line
from hpf.treasury.rules import LineState

_REFUSED_ACTS = {ReviewState.RETURNED: "return_line_proposal", ReviewState.REFUSED: "refuse_line_proposal"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become of a line's money. A correction names no unit account: it takes it from where it was given."""

    act: Act
    reason: str
    unit_account_id: int | None = None


def propose(line_id: int, wanted: Wanted, scans: Sequence[Scan] = (), *, by: Actor, today: date, key: Key) -> Receipt:
    """Propose what is to become of a line's money and hand it to a second person. ``result``: ``proposal_id``.

    Raises ``Refused`` with every reason: no reason given, no such unit account, the line does not stand where it must,
    the money lies in 暂存款 no more, another proposal waits. ``LookupError`` for no such line.
    """
    require(by, Role.TREASURER)
    content = {"line": line_id, **asdict(wanted), "scans": [scan.name for scan in scans]}
    written = write_scans(scans)
    with durable(by):
        if done := evidence.receipt(key, content):
            return done
        line = lock_line(line_id)
        unit = _unit(wanted.unit_account_id if wanted.act is Act.ASSIGN else line.unit_account_id)
        refusals = [*rules.against_reason(wanted.reason), *_against(wanted.act, line, unit)]
        if unit is None or refusals:
            raise Refused(refusals)
        made = _made(line, wanted, unit, by, today)
        keep_scans_before(written, REVIEW_KIND, made.pk)
        title = f"{wanted.act.label} {line.amount.yuan} 元：{unit.employer.name}"
        review.submit(REVIEW_KIND, made.pk, title=title, by=by, today=today, branch_id=unit.employer.branch_id)
        return _record("propose_line_act", made, line, unit, content, by=by, today=today, key=key)


def withdraw(proposal_id: int, *, by: Actor, today: date, key: Key) -> Receipt:
    """Take one's own proposal back before it is decided. Raises ``Refused`` (REVIEW-…)."""
    content = {"proposal": proposal_id, "withdraw": True}
    with durable(by):
        if done := evidence.receipt(key, content):
            return done
        found, line, unit = _held(proposal_id)
        review.withdraw(REVIEW_KIND, proposal_id, by=by)
        _end(found, ProposalState.WITHDRAWN, today)
        return _record("withdraw_line_proposal", found, line, unit, content, by=by, today=today, key=key)


def decide(proposal_id: int, verdict: ReviewState, *, note: str, by: Actor, today: date, key: Key) -> Receipt:
    """Say the second person's word; approved, the money moves at once and the employer is told.

    Raises ``Refused`` (REVIEW-…) and, approved, with what has come to stand against it since it was proposed.
    """
    require(by, Role.TREASURER, Role.ACCOUNTANT)
    content = {"proposal": proposal_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, content):
            return done
        found, line, unit = _held(proposal_id)
        review.decide(REVIEW_KIND, proposal_id, verdict, note=note, by=by)
        if verdict is not ReviewState.APPROVED:
            _end(found, ProposalState.REFUSED, today)
            return _record(_REFUSED_ACTS[verdict], found, line, unit, content, by=by, today=today, key=key)
        act = Act(found.act)
        if refusals := _against(act, line, unit):
            raise Refused(refusals)
        (_assign if act is Act.ASSIGN else _unassign)(found, line, unit, by, today)
        return _record(act.value, found, line, unit, content, by=by, today=today, key=key, tells_employer=True)


def _against(act: Act, line: LockedLine, unit: UnitAccount | None) -> list[Refusal]:
    """What speaks against an act as the line stands now. The unit account is locked where its money is asked for."""
    if act is Act.ASSIGN:
        found = [] if line.state is LineState.UNIDENTIFIED else [rules.not_waiting(line.flow_no, line.state)]
        return found if unit else [*found, rules.UNIT_UNKNOWN]
    if line.state is not LineState.ASSIGNED or unit is None:
        return [rules.not_assigned(line.flow_no, line.state)]
    free = owners.free_money(unit.pk)
    return [] if free >= line.amount else [rules.money_gone(line.amount, free)]


def _assign(found: Proposal, line: LockedLine, unit: UnitAccount, by: Actor, today: date) -> None:
    entry_id = owners.post_assignment(line, unit, key=_key(found), by=by, today=today)
    _end(found, ProposalState.APPROVED, today, entry_id=entry_id, told_before_id=line.employer_id)
    owners.assign(line, unit, entry_id)
    _tell("money-assigned", line, unit, by, today)


def _unassign(found: Proposal, line: LockedLine, unit: UnitAccount, by: Actor, today: date) -> None:
    entry_id = owners.post_unassignment(line, key=_key(found), by=by, today=today)
    _end(found, ProposalState.APPROVED, today, entry_id=entry_id)
    before = Proposal.objects.filter(entry_id=line.assigned_entry_id).values_list("told_before_id", flat=True).first()
    owners.unassign(line, before)
    _tell("money-unassigned", line, unit, by, today)


def _key(found: Proposal) -> Key:
    return Key.of("line-proposal", found.pk)


def _tell(template: str, line: LockedLine, unit: UnitAccount, by: Actor, today: date) -> None:
    values = {"amount": line.amount.yuan, "account": unit.number}
    tell_each(template, [Told(unit.employer_id, values)], by=by, today=today)


def _held(proposal_id: int) -> tuple[Proposal, LockedLine, UnitAccount]:
    """A proposal with its line, both locked, the line first as all do."""
    line = lock_line(Proposal.objects.values_list("line_id", flat=True).get(pk=proposal_id))
    found = Proposal.objects.select_for_update().get(pk=proposal_id)
    return found, line, UnitAccount.objects.select_related("employer").get(pk=found.unit_account_id)


def _unit(unit_account_id: int | None) -> UnitAccount | None:
    known = UnitAccount.objects.select_related("employer")
    return None if unit_account_id is None else known.filter(pk=unit_account_id).first()


def _made(line: LockedLine, wanted: Wanted, unit: UnitAccount, by: Actor, today: date) -> Proposal:
    if by.id is None:
        raise Refused(review.NOT_STAFF)
    with refusing({"treasury_proposal_one_waiting": rules.UNDER_REVIEW}):
        return Proposal.objects.create(
            line_id=line.id,
            act=wanted.act.value,
            unit_account_id=unit.pk,
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
    line: LockedLine,
    unit: UnitAccount,
    content: dict[str, Any],
    *,
    by: Actor,
    today: date,
    key: Key,
    tells_employer: bool = False,
) -> Receipt:
    """Write the event. What is only proposed is not yet the employer's to read."""
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"bank-line:{line.id}",
        key=key,
        content=content,
        employer_id=unit.employer_id if tells_employer else None,
        detail={"what": Act(found.act).label, "unit_account": unit.number, "amount_fen": int(line.amount)},
        result={"line_id": line.id, "proposal_id": found.pk},
    )
