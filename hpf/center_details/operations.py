"""Changing what everybody reads about the center, with two persons; in force at once when it is approved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hpf import evidence
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.center_details import rules
from hpf.center_details.models import Change
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refused
from hpf.registry.models import Branch, Center
from hpf.storage import Statements, durable, lock_key

REVIEW_KIND = "center_details"
statements = Statements(__package__)


def propose_center(after: Mapping[str, str], reason: str, *, by: Actor, today: date, key: Key) -> Receipt:
    """Propose other details of the center: its name, hotline, address and registrations at the foot of every page.

    Raises ``Refused`` with everything that is wrong (DETAILS-…); REVIEW-UNDER-WAY.
    """
    return _propose(Change(), after, rules.CENTER_LABELS, reason, by, today, key)


def propose_branch(
    branch_id: int, after: Mapping[str, str], reason: str, *, by: Actor, today: date, key: Key
) -> Receipt:
    """Propose other details of a branch. Raises as `propose_center`."""
    return _propose(Change(branch_id=branch_id), after, rules.BRANCH_LABELS, reason, by, today, key)


def propose_new_branch(after: Mapping[str, str], reason: str, *, by: Actor, today: date, key: Key) -> Receipt:
    """Propose a new branch. Raises as `propose_center`; DETAILS-CODE for a number that another has."""
    return _propose(Change(adds_branch=True), after, rules.NEW_BRANCH_LABELS, reason, by, today, key)


def decide(change_id: int, verdict: ReviewState, *, note: str, by: Actor, today: date, key: Key) -> Receipt:
    """Say the second person's word; approved, everybody reads it with his next page.

    Raises ``Refused``: as `review.decide`; DETAILS-CHANGED, DETAILS-CODE where something else came first.
    """
    asked = {"change_id": change_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "decide_center_details"):
            return done
        change = Change.objects.filter(pk=change_id).first()
        if change is None:
            raise Refused(review.OVER)
        lock_key(_subject(change))
        review.decide(REVIEW_KIND, change_id, verdict, note=note, by=by)
        if verdict is ReviewState.APPROVED:
            if now_held(change) != change.before:
                raise Refused(rules.CHANGED_MEANWHILE)
            _refuse_taken(change, change.after)
            statements("apply", change_id=change_id).row()
        return _record("decide_center_details", change, asked, by, today, key)


def now_held(change: Change) -> dict[str, str]:
    """What stands now where a change is to be made; nothing where it adds a branch."""
    if change.adds_branch:
        return {}
    held: Branch | Center = Branch.objects.get(pk=change.branch_id) if change.branch_id else Center.objects.get()
    labels = rules.BRANCH_LABELS if change.branch_id else rules.CENTER_LABELS
    return {name: getattr(held, name) for name in labels}


def _propose(
    change: Change,
    given: Mapping[str, str],
    labels: Mapping[str, str],
    reason: str,
    by: Actor,
    today: date,
    key: Key,
) -> Receipt:
    asked = {"subject": _subject(change), "after": given, "reason": reason}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "propose_center_details"):
            return done
        if not by.is_staff or by.id is None:
            raise Refused(review.NOT_STAFF)
        lock_key(_subject(change))
        change.before, change.after = now_held(change), {name: given[name].strip() for name in labels}
        if refusals := rules.against(change.after, change.before, labels, reason):
            raise Refused(refusals)
        _refuse_taken(change, change.after)
        if not change.adds_branch and _is_waiting(change):
            raise Refused(review.UNDER_WAY)
        change.reason, change.made_by_id, change.maker_name = reason.strip(), by.id, by.name
        change.save()
        review.submit(REVIEW_KIND, change.pk, title=title_of(change), by=by, today=today)
        return _record("propose_center_details", change, asked, by, today, key)


def _is_waiting(change: Change) -> bool:
    """Whether another change of the same waits for its second person."""
    others = Change.objects.filter(branch=change.branch, adds_branch=False, applied_at=None)
    waiting = {one.subject_id for one in review.pending([REVIEW_KIND])}
    return bool(waiting & set(others.values_list("pk", flat=True)))


def _refuse_taken(change: Change, after: Mapping[str, str]) -> None:
    if change.adds_branch and Branch.objects.filter(code=after["code"]).exists():
        raise Refused(rules.CODE_TAKEN)


def title_of(change: Change) -> str:
    """What a change is about, in a line."""
    if change.adds_branch:
        return f"新增网点：{change.after['name']}"
    return f"网点变更：{change.before['name']}" if change.branch_id else "页脚和中心信息变更"


def _subject(change: Change) -> str:
    return "branch:new" if change.adds_branch else f"branch:{change.branch_id}" if change.branch_id else "center:1"


def _record(act: str, change: Change, asked: Mapping[str, object], by: Actor, today: date, key: Key) -> Receipt:
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=_subject(change),
        key=key,
        content=asked,
        detail={"before": change.before, "after": change.after, "reason": change.reason},
        result={"change_id": change.pk},
    )
