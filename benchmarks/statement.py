"""A bank's statement of 20,000 lines, from the file to every line where it belongs and every month booked."""

from __future__ import annotations

import random
import sys
from datetime import date
from typing import Any

from benchmarks.harness import Ground, ground, report, report_in_bare_statements, timed

LINES, UNITS, MEMBERS_EACH = 20_000, 6_000, 3
DAY, LAST_DAY = date(2026, 8, 10), date(2026, 8, 15)

_UNITS = """
WITH numbers AS (
    SELECT i, nextval(pg_get_serial_sequence('registry_employer', 'id')) AS employer,
           nextval(pg_get_serial_sequence('registry_unitaccount', 'id')) AS unit,
           nextval(pg_get_serial_sequence('ledger_account', 'id')) AS unallocated
    FROM generate_series(1, %(units)s) i
),
employers AS (
    INSERT INTO registry_employer (id, name, credit_code, postcode, address, legal_representative,
        legal_representative_phone, economic_type, affiliation, supervising_department, nature, declared_member_count,
        founded_on, registered_on, branch_id, industry)
    SELECT employer, '示范市第' || i || '商贸有限公司', 'C' || i, '614000', '', '', '\\x00', '150', '90', '', '39', 3,
           '2026-01-01', '2026-07-01', (SELECT id FROM registry_branch), 'F' FROM numbers
),
unallocated AS (
    INSERT INTO ledger_account (id, kind, subject, employer_id, unit_account_id, opened_on, segment_starts_on)
    SELECT unallocated, 'unallocated', '219', employer, unit, '2026-07-01', '2026-07-01' FROM numbers
)
INSERT INTO registry_unitaccount (id, number, employer_id, state, unit_rate, personal_rate, payday, first_month,
    opened_on, fund_department, bank_name, bank_account, bank_account_digest, unallocated_account_id, active_count,
    sealed_count)
SELECT unit, '5111' || lpad(i::text, 8, '0'), employer, '02', 800, 800, 10, '2026-07-01', '2026-07-01', 'finance', '',
       (%(accounts)s::bytea[])[i], sha256(i::text::bytea), unallocated, 3, 0
FROM numbers
"""
_MEMBERS = """
WITH numbers AS (
    SELECT u.id AS unit, u.employer_id AS employer, i, u.id * 10 + i AS digest,
           nextval(pg_get_serial_sequence('registry_member', 'id')) AS member,
           nextval(pg_get_serial_sequence('ledger_account', 'id')) AS account
    FROM registry_unitaccount u, generate_series(1, %(each)s) i
),
ledger AS (
    INSERT INTO ledger_account (id, kind, subject, employer_id, unit_account_id, opened_on, segment_starts_on)
    SELECT account, 'member', '201', employer, unit, '2026-07-01', '2026-07-01' FROM numbers
),
members AS (
    INSERT INTO registry_member (id, employer_id, name, identity_type, identity_number, identity_digest, sex)
    SELECT member, employer, '王' || i, '99', '\\x00', sha256(digest::text::bytea), '0' FROM numbers
)
INSERT INTO registry_account (id, number, member_id, employer_id, unit_account_id, state, base_fen, unit_fen,
                              personal_fen, first_month, opened_on, seal_reason)
SELECT account, '5111' || account, member, employer, unit, '01', 600000, 48000, 48000, '2026-07-01', '2026-07-01', ''
FROM numbers
"""
_SHEETS = """
WITH cases AS (
    INSERT INTO casework_case (kind, state, employer_id, unit_account_id, title, month, amount_fen, people,
                               business_day, opened_by)
    SELECT 'remittance', 'awaiting_payment', employer_id, id, '2026年7月汇缴', '2026-07-01', %(each)s * 96000, %(each)s,
           '2026-08-10', '陈明' FROM registry_unitaccount
    RETURNING number, employer_id, unit_account_id
),
holds AS (
    INSERT INTO casework_hold (employer_id, subject, kind, case_id)
    SELECT employer_id, 'unit:' || unit_account_id, 'remittance', number FROM cases
),
lines AS (
    INSERT INTO remittance_sheetline (case_no, account_id, employer_id, base_fen, unit_fen, personal_fen)
    SELECT c.number, a.id, c.employer_id, a.base_fen, a.unit_fen, a.personal_fen
    FROM cases c JOIN registry_account a USING (unit_account_id)
)
INSERT INTO remittance_sheet (case_id, employer_id, unit_account_id, month, unit_rate, personal_rate, events_through,
    lines_digest, last_people, last_fen, added_people, added_fen, removed_people, removed_fen, people, unit_fen,
    personal_fen, total_fen, reserved_fen, due_fen, received_fen, last_day, declared_on, declared_by, live)
SELECT number, employer_id, unit_account_id, '2026-07-01', 800, 800, 0, '\\x', 0, 0, %(each)s, %(each)s * 96000, 0, 0,
       %(each)s, %(each)s * 48000, %(each)s * 48000, %(each)s * 96000, 0, %(each)s * 96000, 0, '2026-08-15',
       '2026-08-10', '陈明', true
FROM cases
"""
_DIGESTS = """
UPDATE remittance_sheet s SET lines_digest = d.digest
FROM unnest(%(cases)s::bigint[], %(digests)s::bytea[]) AS d (case_no, digest) WHERE s.case_id = d.case_no
"""


def main() -> int:
    with ground() as place:
        return 0 if run(place) else 1


def run(place: Ground) -> bool:
    """Take the statement and settle it; whether it is quick enough, and the books are sound."""
    from hpf.casework.review import ReviewState
    from hpf.faces.batch.treasury import settle_statement
    from hpf.kernel import Key
    from hpf.money_desk.handing_in import bring_statement, decide
    from hpf.storage import reading
    from hpf.treasury import queries
    from hpf.treasury.rules import LineState
    from tests.office import ACCOUNTANT, TREASURER

    content = _file(_declared_months(place))
    place.analyze()
    brought, tried = timed(lambda: bring_statement(content, name="流水.csv", by=TREASURER, today=DAY, key=Key.fresh()))
    number = brought.result["handed_in_id"]
    receipt, taken = timed(
        lambda: decide(number, ReviewState.APPROVED, note="", by=ACCOUNTANT, today=DAY, key=Key.fresh())
    )
    _, settled = timed(lambda: settle_statement(statement_id=receipt.result["statement_id"]))
    with reading(TREASURER):
        booked, _ = queries.outcomes()[LineState.BOOKED]
    print(f"{len(content) / 1e6:.1f} MB, {booked:,} lines paid {UNITS:,} months of {MEMBERS_EACH} members each")
    _assert_sound()
    report(f"try {LINES:,} lines and hand them in, for there are payments", tried, "s")
    report(f"take {LINES:,} lines: read, judge, keep, book to 219", taken, "s")
    report(f"settle them: {UNITS:,} months booked to the members", settled, "s")
    report_in_bare_statements(place, "statement to matched and posted", taken + settled)
    return report(f"statement of {LINES:,} lines to matched and posted", taken + settled, "s", 10)


def _declared_months(place: Ground) -> list[int]:
    """Employers of three members, each with a declared month; the numbers of their cases."""
    import psycopg

    from hpf import ledger
    from hpf.remittance.queries import statements
    from hpf.storage import keyring, reading
    from tests.office import SYSTEM, open_center

    open_center()
    accounts = [keyring().encrypt("bank_account", _account(index)) for index in range(UNITS)]
    with psycopg.connect(place.server.url(), options="-c search_path=demo", autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")  # these employers came in by no application
        admin.execute(_UNITS, {"units": UNITS, "accounts": accounts})
        admin.execute("SET session_replication_role = origin")
        admin.execute(_MEMBERS, {"each": MEMBERS_EACH})
        admin.execute("ANALYZE")
        admin.execute(_SHEETS, {"each": MEMBERS_EACH})
        admin.execute("ANALYZE")
        cases = [number for (number,) in admin.execute("SELECT case_id FROM remittance_sheet ORDER BY unit_account_id")]
        with reading(SYSTEM):
            digests = ledger.lines_digests(statements("sheet_postings", case_numbers=cases))
        ordered = [digests[number] for number in range(1, len(cases) + 1)]
        admin.execute(_DIGESTS, {"cases": cases, "digests": ordered})
    return cases


def _account(index: int) -> str:
    return f"6222{index:015d}"


def _file(cases: list[int]) -> bytes:
    """Every month is paid, one in ten in two parts; the rest of the lines goes astray in the usual ways."""
    from hpf.kernel import Fen
    from hpf.kernel.identity import with_check_characters
    from hpf.treasury.statement import Side, Statement, StatementLine, write_statement

    rng = random.Random(5111)
    due = MEMBERS_EACH * 96_000
    drawn: list[tuple[int, int, str, dict[str, Any]]] = []
    for index, case_no in enumerate(cases):
        parts = (due,) if index % 10 else (due - 5_262, 5_262)
        drawn += [(index, fen, f"公积金汇缴 {with_check_characters(case_no)}", {}) for fen in parts]
    astray: tuple[tuple[str, dict[str, Any]], ...] = (
        ("公积金", {}),
        ("8月住房公积金", {"payer_account": "", "payer_name": "某某人力资源有限公司"}),
        (with_check_characters(1_999_999_999), {}),
        ("还贷 20260810", {"payer_name": "张三", "payer_account": "6217000012345678"}),
        ("退款", {"side": Side.DEBIT}),
    )
    while len(drawn) < LINES:
        drawn.append((rng.randrange(UNITS), rng.randrange(100, due), *rng.choice(astray)))
    lines = []
    for number, (index, fen, remark, change) in enumerate(drawn):
        usual: dict[str, Any] = {
            "side": Side.CREDIT,
            "payer_name": f"示范市第{index + 1}商贸有限公司",
            "payer_account": _account(index),
        }
        values = usual | change
        lines.append(
            StatementLine(
                number + 8, f"F{number:08d}", DAY, values["side"], Fen(fen), values["payer_name"],
                values["payer_account"], "示范银行", "转账", remark,
            )
        )  # fmt: skip
    came = sum(int(line.amount) if line.side is Side.CREDIT else -int(line.amount) for line in lines)
    opening = Fen(0)
    return write_statement(Statement("5100100000000001", DAY, DAY, opening, opening + came, tuple(lines)))


_WITHOUT_TIMELINE = "P6"  # sheets against the timeline: the months here are laid down without one


def _assert_sound() -> None:
    from hpf.ledger.invariants import checks as of_ledger
    from hpf.remittance.invariants import checks as of_remittance
    from hpf.storage import reading
    from hpf.treasury.invariants import checks as of_treasury
    from tests.office import SYSTEM

    with reading(SYSTEM):
        looked = (*of_ledger(), *of_treasury(), *of_remittance())
        faults = [check for check in looked if not check.sound and check.code != _WITHOUT_TIMELINE]
    if faults:
        raise RuntimeError(f"the books are not sound: {faults}")


if __name__ == "__main__":
    sys.exit(main())
