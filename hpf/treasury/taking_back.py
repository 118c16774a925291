"""Money that goes out and may be a receipt that the bank takes back (冲正、退汇): found whatever file comes first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from hpf.treasury.cases import statements
from hpf.treasury.queries import paid_out, receipts, sums_paid_out
from hpf.treasury.rules import PayerMark, Reason, first_came, seems_taken_back, takes_back
from hpf.treasury.statement import Side, Statement, StatementLine


def came_before(statement: Statement, bank_account_id: int) -> dict[PayerMark, date]:
    """Since which day money came that a line of the statement might take back, by this file or an earlier one."""
    amounts = {int(line.amount) for line in statement.lines if line.side is Side.DEBIT}
    if not amounts:
        return {}
    of_file = (line for line in statement.lines if int(line.amount) in amounts)
    return first_came([*receipts(bank_account_id, amounts, statement.ends_on), *of_file])


def look_again(new: Sequence[StatementLine], bank_account_id: int) -> int:
    """Let money that went out by an earlier file wait for two persons, where new lines bring what it may take back.

    Who had confirmed it as a payment is not asked again. Returns how many lines wait now that did not.
    """
    receipts_of_file = [line for line in new if line.side is Side.CREDIT]
    if not receipts_of_file:
        return 0
    since = min(line.booked_on for line in receipts_of_file)
    sums = sums_paid_out(bank_account_id, since)  # on an ordinary day few or none, however many receipts there are
    came = first_came(line for line in receipts_of_file if int(line.amount) in sums)
    suspects = [
        one
        for one in paid_out(bank_account_id, {amount for amount, _ in came}, since)
        if takes_back(one.line, came) and all(finding.reason is Reason.OUTGOING for finding in one.findings)
    ]
    told = [{"id": one.id, "findings": [seems_taken_back(one.line).to_json()]} for one in suspects]
    return statements("suspect_lines", told=json.dumps(told, ensure_ascii=False)).execute() if told else 0
