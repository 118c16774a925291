"""L9, the part where the bank meets the books: what anyone may run. It alarms; it never repairs."""

from __future__ import annotations

from hpf.ledger.invariants import Check
from hpf.treasury.cases import statements

_SENTENCES = {
    "entries": "每笔银行收款恰有一笔同额的到账记账，认领、冲正的另有一笔，此外没有",
    "bank": "各归集账户对账单的收款合计等于账上的到账合计",
    "closing": "各归集账户末份对账单的期末余额等于账上存款加减尚未入账的付款",
    "unidentified": "待认领款项合计等于未识别款余额",
    "statements": "每份对账单逐笔相加相符，同一账户相邻的对账单首尾相接，所载流水相同",
    "once": "同一账号、同一日期、同一流水号只入账一次",
}


def checks() -> list[Check]:
    """Run every check of the treasury inside a ``reading`` transaction of the staff."""
    results = []
    for name, sentence in _SENTENCES.items():
        compared, faults, *undecided = statements(f"check_{name}").row()
        still_open = tuple(one for some in undecided for one in some or ())
        results.append(Check("L9", sentence, compared, tuple(faults or ()), still_open))
    return results
