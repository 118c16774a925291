"""Sealing members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import F, Max

from hpf import evidence
from hpf.casework import cases
from hpf.casework.models import CaseKind, CaseState
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Month, Refused
from hpf.registry import timeline
from hpf.registry.codes import AccountState, SealReason, TimelineKind
from hpf.registry.models import Account, TimelineEvent, UnitAccount
from hpf.sealing.rules import SealingShape, refusals
from hpf.storage import durable


def seal_members(
    *,
    unit_account_id: int,
    account_ids: Sequence[int],
    effective_month: Month,
    reason: str,
    by: Actor,
    today: date,
    key: Key,
) -> Receipt:
    """Seal members of a unit account from a month on (封存). All of them or, with all reasons, none.

    Raises ``Refused``. Basis: 条例2026 §15; settled 17.
    """
    ids = sorted(set(account_ids))
    content = {"unit": unit_account_id, "accounts": ids, "month": effective_month, "reason": reason}
    with durable(by):
        if done := evidence.receipt(key, content, by, "seal_members"):
            return done
        unit = timeline.lock_unit_account(unit_account_id)
        accounts = list(Account.objects.filter(pk__in=ids, unit_account=unit).select_related("member"))
        declared = next(iter(cases.in_the_way([f"unit:{unit.pk}"], [CaseKind.REMITTANCE])), None)
        if found := refusals(
            _shapes(accounts),
            effective_month,
            unit.due_month,
            declared.month if declared else None,
            reason in SealReason.values,
            Month.of(today),
            unknown=len(ids) - len(accounts),
            declared_case=declared.case_no if declared else None,
        ):
            raise Refused(found)
        case = cases.open_case(
            CaseKind.SEALING,
            CaseState.DONE,
            employer_id=unit.employer_id,
            unit_account_id=unit.pk,
            title=f"封存{len(accounts)}人，{effective_month.chinese}起",
            month=effective_month,
            by=by,
            today=today,
            people=len(accounts),
        )
        _seal(unit, accounts, effective_month, reason, case.number, today)
        return evidence.record(
            "seal_members",
            by=by,
            today=today,
            subject=f"case:{case.number}",
            key=key,
            content=content,
            employer_id=unit.employer_id,
            detail={"accounts": ids, "month": effective_month, "reason": reason},
            result={"case_no": case.number, "people": len(accounts)},
        )


def _seal(unit: UnitAccount, accounts: list[Account], month: Month, reason: str, case_no: int, today: date) -> None:
    TimelineEvent.objects.bulk_create(
        TimelineEvent(
            employer_id=unit.employer_id,
            unit_account=unit,
            account=account,
            kind=TimelineKind.SEALING,
            effective_month=month,
            reason=reason,
            case_no=case_no,
            business_day=today,
        )
        for account in accounts
    )
    Account.objects.filter(pk__in=[account.pk for account in accounts]).update(
        state=AccountState.SEALED, seal_reason=reason
    )
    UnitAccount.objects.filter(pk=unit.pk).update(
        active_count=F("active_count") - len(accounts), sealed_count=F("sealed_count") + len(accounts)
    )


def _shapes(accounts: list[Account]) -> list[SealingShape]:
    openings = dict(
        TimelineEvent.objects.filter(account__in=accounts, kind__in=(TimelineKind.OPENING, TimelineKind.UNSEALING))
        .values_list("account_id")
        .annotate(last=Max("effective_month"))
    )
    return [
        SealingShape(
            account_no=account.number,
            name=account.member.name,
            active=account.state == AccountState.ACTIVE,
            state_label=AccountState(account.state).label,
            last_opening=openings[account.pk],
        )
        for account in accounts
    ]
