"""A month of 100,000 members: declared, and posted against the bare UPDATE … RETURNING → INSERT of the same rows."""

from __future__ import annotations

import sys
from datetime import date
from statistics import median

from benchmarks.harness import Bare, Ground, ground, report, timed

MEMBERS = 100_000
DAY = date(2026, 9, 10)

MEMBERS_SQL = """
WITH numbers AS (
    SELECT nextval(pg_get_serial_sequence('ledger_account', 'id')) AS id, i FROM generate_series(1, %(count)s) i
),
ledger AS (
    INSERT INTO ledger_account (id, kind, subject, employer_id, unit_account_id, opened_on, segment_starts_on)
    SELECT id, 'member', '201', %(employer)s, %(unit)s, '2026-07-01', '2026-07-01' FROM numbers
),
members AS (
    INSERT INTO registry_member (employer_id, name, identity_type, identity_number, identity_digest, sex)
    SELECT %(employer)s, '王' || i, '99', '\\x00', sha256((%(employer)s || '-' || i)::bytea), '0' FROM numbers
    RETURNING id, name
),
accounts AS (
    INSERT INTO registry_account (id, number, member_id, employer_id, unit_account_id, state, base_fen, unit_fen,
                                  personal_fen, first_month, opened_on, seal_reason)
    SELECT n.id, '5111' || n.id, m.id, %(employer)s, %(unit)s, '01', 600000 + n.i,
           (600000 + n.i) * 8 / 100, (600000 + n.i) * 8 / 100, '2026-07-01',
           '2026-07-01', '' FROM numbers n JOIN members m ON m.name = '王' || n.i
)
INSERT INTO registry_timelineevent (employer_id, unit_account_id, account_id, kind, effective_month, base_fen, reason,
                                    business_day)
SELECT %(employer)s, %(unit)s, id, 'opening', '2026-07-01', 600000 + i, '', '2026-07-01' FROM numbers
"""


def main() -> int:
    with ground() as place:
        return 0 if run(place, MEMBERS) else 1


def run(place: Ground, count: int) -> bool:
    """Declare and post three months for so many members; whether the goals are met."""
    from django.db import connection

    from hpf import ledger
    from hpf.kernel import Key, Month
    from hpf.ledger import EntryDraft, EntryKind, Line
    from hpf.registry.models import BankAccount
    from hpf.remittance import operations, queries
    from hpf.storage import durable, reading
    from tests.office import PLACE, SYSTEM, open_center, open_unit

    open_center()
    unit = open_unit()
    with durable(SYSTEM), connection.cursor() as cursor:
        cursor.execute(MEMBERS_SQL, {"count": count, "employer": unit.employer_id, "unit": unit.unit_account_id})
    bare = Bare(place, count)
    place.analyze()

    def declare(month: Month) -> tuple[int, int]:
        with reading(unit.handler):
            preview = queries.preview(unit.row, month, DAY, PLACE)
        receipt = operations.submit_sheet(
            unit_account_id=unit.unit_account_id,
            month=month,
            digest=preview.digest,
            use_unallocated=False,
            by=unit.handler,
            today=DAY,
            key=Key.fresh(),
        )
        return int(receipt.result["case_no"]), preview.sheet.total

    def money_in(fen: int) -> None:
        draft = EntryDraft(Key.fresh(), EntryKind.MONEY_IN, "到账", None, unit.employer_id, unit.unit_account_id)
        with durable(SYSTEM):
            bank = BankAccount.objects.get().ledger_account_id
            lines = (Line(bank, "D", fen), Line(unit.unallocated_account_id, "C", fen))
            ledger.post([draft], ledger.lines_query([lines]), on=DAY, by=SYSTEM)

    declared, posted, least = [], [], []
    for month in (Month(2026, 7), Month(2026, 8), Month(2026, 9)):
        (case_no, total), seconds = timed(lambda month=month: declare(month))
        declared.append(seconds)
        money_in(total)
        place.analyze()
        least.append(bare.run())
        (booking,), seconds = timed(lambda case_no=case_no: operations.book(case_nos=[case_no], by=SYSTEM, today=DAY))
        if booking.entry_id is None:
            raise RuntimeError(f"not booked: {booking.refusal}")
        posted.append(seconds)
    met = [report(f"declare a month for {count:,} members (worst of 3)", max(declared), "s", 5)]
    report(f"bare UPDATE … RETURNING → INSERT of {count:,} rows (median of 3)", median(least), "s")
    met.append(report(f"post {count:,} members, balances, event (median of 3)", median(posted), "s", 3 * median(least)))
    return all(met)


if __name__ == "__main__":
    sys.exit(main())
