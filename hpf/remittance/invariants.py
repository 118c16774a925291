"""What holds of all booked months (domain 4.5): what anyone may run. It alarms; it never repairs."""

from __future__ import annotations

from hpf import ledger, policy
from hpf.ledger.invariants import Check
from hpf.registry.models import Center
from hpf.remittance.queries import statements

_SENTENCES = {
    "contiguous": ("P4", "各单位账户已入账的月份连续，缴至年月为其最后一个月"),
    "person_once": ("P3", "同一单位账户同一月份的汇缴中每人至多一次"),
    "totals": ("P11", "清册合计等于逐人合计，等于入账金额"),
    "bridge": ("P5", "汇缴书的上月人数和金额等于上一份已入账清册的本月"),
    "states": ("P7", "清册、办件与付款的银行流水同为已入账或同为未入账，登记的到账与流水相符"),
    "owners": ("P1", "清册及其逐人明细、办件、入账记账属同一单位账户"),
}


def checks() -> list[Check]:
    """Run every check of the remittance inside a ``reading`` transaction of the staff."""
    results = []
    for name, (code, sentence) in _SENTENCES.items():
        compared, faults = statements(f"check_{name}").row()
        results.append(Check(code, sentence, compared, tuple(faults or ())))
    return [*results, _digests(), _replay()]


def _digests() -> Check:
    """Whose share is whose, even where all sums hold: the lines still make the digest that was agreed and posted."""
    digests = ledger.digests_query(statements("all_postings"))
    compared, faults = statements("check_digests").over(digests=digests).row()
    return Check("P2", "清册逐人明细的摘要与核定、入账时相同", compared, tuple(faults or ()))


def _replay() -> Check:
    """A sheet is the replay of the timeline that it knew, by the rounding of its month."""
    months = [month for (month,) in statements("months").rows()]
    place = Center.objects.get().place if months else ""
    roundings = [policy.law_on(month, place).rounding.value for month in months]
    compared, faults = statements("check_replay", months=months, roundings=roundings).row()
    return Check("P6", "清册的人数、比例、基数和逐人缴存额与其时的时间线一致", compared, tuple(faults or ()))
