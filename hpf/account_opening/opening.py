"""Turning staged rows into members with accounts: the same few statements for one person and for 100,000."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from hpf import ledger
from hpf.account_opening.laws import statements
from hpf.account_opening.masking import to_json
from hpf.account_opening.models import Verdict
from hpf.account_opening.standings import known, taken
from hpf.kernel import Fen, Refusal
from hpf.registry import timeline
from hpf.registry.models import UnitAccount
from hpf.storage import assert_in_transaction


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened, and the rows that were not because the person got an account meanwhile, with the findings."""

    people: int
    base: Fen
    unit_amount: Fen
    personal_amount: Fen
    late: Mapping[int, tuple[Refusal, ...]]


def open_staged(unit: UnitAccount, case_no: int, verdicts: Sequence[Verdict], today: date) -> Opened:
    """Open the accounts of a case's rows with these verdicts. The caller holds the lock of the unit account.

    Members, ledger accounts, accounts, timeline events with wage and base, name tokens and the unit's counts: a fixed
    number of statements. Who has got an account since the check is left out and named. Basis: 条例 §13.
    """
    assert_in_transaction()
    statements("plan_for_a_set").row()
    scope = {"case_no": case_no, "unit_account_id": unit.pk}
    statements("open_members", case_no=case_no, verdicts=list(verdicts)).execute()
    ledger.open_member_accounts(statements("opened_ledger_accounts", **scope), on=today)
    statements("open_accounts", opened_on=today, **scope).execute()
    statements("opening_events", opened_on=today, **scope).execute()
    timeline.statements("name_tokens").over(names=statements("opened_names", case_no=case_no)).execute()
    people, base, unit_fen, personal_fen = statements("opened_totals", case_no=case_no).row()
    UnitAccount.objects.filter(pk=unit.pk).update(active_count=F("active_count") + people)
    late = _late(unit.pk, case_no, verdicts, today)
    return Opened(people, Fen(base), Fen(unit_fen), Fen(personal_fen), late)


def refuse_rows(case_no: int, refused: Mapping[int, tuple[Refusal, ...]]) -> None:
    """Add findings to rows that can no longer be opened, and count the roster anew."""
    if refused:
        texts = [json.dumps([to_json(finding) for finding in found]) for found in refused.values()]
        statements("refuse_rows", case_no=case_no, row_numbers=list(refused), findings=texts).execute()
        statements("count_rows", case_no=case_no).execute()


def _late(
    unit_account_id: int, case_no: int, verdicts: Sequence[Verdict], today: date
) -> dict[int, tuple[Refusal, ...]]:
    rows = statements("late_rows", case_no=case_no, verdicts=list(verdicts)).rows()
    if not rows:
        return {}
    people = known([bytes(digest) for _, digest, _ in rows], unit_account_id)
    return {number: taken(people[bytes(digest)], bytes(name), today, f"第{number}行 ") for number, digest, name in rows}
