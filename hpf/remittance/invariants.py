"""What holds of all booked months (domain 4.5): what anyone may run. It alarms; it never repairs."""

from __future__ import annotations

from hpf.ledger.invariants import Check
from hpf.remittance.queries import statements

_SENTENCES = {
    "contiguous": ("P4", "各单位账户已入账的月份连续，缴至年月为其最后一个月"),
    "person_once": ("P3", "同一单位账户同一月份的汇缴中每人至多一次"),
    "totals": ("P11", "清册合计等于逐人合计，等于入账金额"),
    "bridge": ("P5", "汇缴书的上月人数和金额等于上一份已入账清册的本月"),
    "states": ("P7", "清册、办件与付款的银行流水同为已入账或同为未入账"),
}


def checks() -> list[Check]:
    """Run every check of the remittance inside a ``reading`` transaction of the staff."""
    results = []
    for name, (code, sentence) in _SENTENCES.items():
        compared, faults = statements(f"check_{name}").row()
        results.append(Check(code, sentence, compared, tuple(faults or ())))
    return results
