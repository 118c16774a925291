"""What somebody changes past all guards, as the database's superuser, `hpf verify` names."""

from __future__ import annotations

from typing import Any

import pytest

from hpf import ledger
from hpf.faces.cli.verify import Finding, look
from hpf.kernel.identity import with_check_characters
from hpf.storage import durable
from tests.integration.treasury.bank import AUGUST, DAY, Bank, add_trio, assign, declare, lines, open_hall, settle
from tests.office import SYSTEM, open_unit

# What is changed, and the code of a check that must name it.
TAMPERINGS = {
    "the shares of two members exchanged on a booked sheet": (
        "P2",
        "UPDATE remittance_sheetline l SET (base_fen, unit_fen, personal_fen) ="
        " (SELECT o.base_fen, o.unit_fen, o.personal_fen FROM remittance_sheetline o"
        "  WHERE o.case_no = l.case_no AND o.account_id = (SELECT sum(id) FROM two) - l.account_id)"
        " FROM booked WHERE l.case_no = booked.id AND l.account_id IN (SELECT id FROM two)",
    ),
    "money moved between the two sides of two members": (
        "P6",
        "UPDATE remittance_sheetline l SET unit_fen = unit_fen + two.sign, personal_fen = personal_fen - two.sign"
        " FROM two, booked WHERE l.case_no = booked.id AND l.account_id = two.id",
    ),
    "the postings of two members exchanged": (
        "L5",
        "UPDATE ledger_posting SET account_id = (SELECT sum(id) FROM two) - account_id"
        " WHERE account_id IN (SELECT id FROM two)",
    ),
    "the unallocated money of two units exchanged": (
        "R1",
        "UPDATE registry_unitaccount SET unallocated_account_id = -unallocated_account_id;"
        " UPDATE registry_unitaccount u SET unallocated_account_id ="
        " (SELECT -sum(o.unallocated_account_id) FROM registry_unitaccount o WHERE o.id <> u.id)",
    ),
    "postings given to another employer": (
        "L2",
        "UPDATE ledger_posting SET employer_id = 999 WHERE employer_id IS NOT NULL",
    ),
    "postings given to another unit account": (
        "L2",
        "UPDATE ledger_posting SET unit_account_id = 999 WHERE unit_account_id IS NOT NULL",
    ),
    "entries given to another employer": (
        "R1",
        "UPDATE ledger_entry SET employer_id = 999 WHERE employer_id IS NOT NULL",
    ),
    "an entry and its postings given to another unit": (
        "P1",
        "UPDATE ledger_entry e SET (unit_account_id, employer_id) = (SELECT id, employer_id FROM stranger)"
        " WHERE kind = 'remittance'; UPDATE ledger_posting p SET (unit_account_id, employer_id) ="
        " (SELECT id, employer_id FROM stranger) FROM ledger_entry e WHERE e.id = p.entry_id AND e.kind = 'remittance'",
    ),
    "money in given to another unit": (
        "L9",
        "UPDATE ledger_entry e SET (unit_account_id, employer_id) = (SELECT id, employer_id FROM stranger)"
        " WHERE kind = 'money_in' AND unit_account_id IS NOT NULL",
    ),
    "a claimed line given to another unit": (
        "L9",
        "UPDATE treasury_line SET (unit_account_id, employer_id) = (SELECT id, employer_id FROM stranger)"
        " WHERE state = 'assigned'",
    ),
    "money counted for a month that no line brought": (
        "P7",
        "UPDATE remittance_sheet SET received_fen = 100 WHERE booked_on IS NULL",
    ),
    "accounts given to another employer": ("R1", "UPDATE ledger_account SET employer_id = 999 WHERE kind = 'member'"),
    "members given to another employer": (
        "R1",
        "UPDATE registry_member SET employer_id = (SELECT employer_id FROM stranger)",
    ),
    "a sheet's lines given to another employer": ("P1", "UPDATE remittance_sheetline SET employer_id = 999"),
    "a case given to another employer": ("P1", "UPDATE casework_case SET employer_id = 999"),
    "the hold of a case under way taken away": ("C1", "DELETE FROM casework_hold"),
    "the hold of a case that has ended left behind": (
        "C1",
        "INSERT INTO casework_hold (employer_id, subject, kind, case_id)"
        " SELECT employer_id, 'unit:0', kind, number FROM casework_case WHERE state = 'booked'",
    ),
    "the base of an account": ("R3", "UPDATE registry_account SET base_fen = base_fen + 100"),
    "the state of an account": ("R3", "UPDATE registry_account SET state = '02'"),
    "the amounts of an account": (
        "R3",
        "UPDATE registry_account SET unit_fen = unit_fen + 200, personal_fen = personal_fen - 200",
    ),
    "a base in the timeline": (
        "P6",
        "UPDATE registry_timelineevent SET base_fen = base_fen + 1 WHERE kind = 'opening'",
    ),
    "base and account together": (
        "P6",
        "UPDATE registry_timelineevent SET base_fen = base_fen + 1 WHERE kind = 'opening';"
        " UPDATE registry_account SET base_fen = base_fen + 1",
    ),
    "a month in the timeline": (
        "P6",
        "UPDATE registry_timelineevent SET effective_month = '2026-08-01' FROM two WHERE account_id = two.id",
    ),
    "a rate in the timeline": ("P6", "UPDATE registry_timelineevent SET unit_rate = 500 WHERE kind = 'rate'"),
    "an event of the timeline taken away": (
        "R3",
        "DELETE FROM registry_timelineevent USING two WHERE account_id = two.id",
    ),
    "the guard of the timeline switched off": (
        "R2",
        "ALTER TABLE registry_timelineevent DISABLE TRIGGER registry_timeline_immutable",
    ),
    "both sides of a day's totals": (
        "L9",
        "UPDATE ledger_control_total SET debit_fen = debit_fen + 1, credit_fen = credit_fen + 1",
    ),
    "a day's totals taken away": ("L9", "DELETE FROM ledger_control_total WHERE subject = '219'"),
}
_AT_HAND = (
    "CREATE TEMP VIEW two AS SELECT id, row_number() OVER (ORDER BY id) * 2 - 3 AS sign FROM registry_account"
    " ORDER BY id LIMIT 2;"
    "CREATE TEMP VIEW booked AS SELECT case_id AS id FROM remittance_sheet WHERE booked_on IS NOT NULL;"
    "CREATE TEMP VIEW stranger AS SELECT id, employer_id FROM registry_unitaccount ORDER BY id DESC LIMIT 1"
)


@pytest.fixture
def hall(center: Any) -> Any:
    """A booked month and a declared one, claimed money, another employer, and a closed day."""
    unit = open_hall()
    open_unit("另一单位", "12511100451268006X")
    add_trio(unit)
    bank = Bank.opened_with("0.00")
    settle(bank.file(bank.line("5551.28", with_check_characters(declare(unit))), bank.line("7.00")))
    assign(lines()[1].id, unit)
    declare(unit, AUGUST)
    with durable(SYSTEM):
        ledger.close_through(DAY, by=SYSTEM, today=DAY)
    return center


def broken() -> list[Finding]:
    return [finding for finding in look() if finding.faults]


def test_what_nobody_touched_holds(hall: Any) -> None:
    assert broken() == []


@pytest.mark.parametrize(("code", "tampering"), TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_what_is_changed_past_all_guards_is_named(hall: Any, code: str, tampering: str) -> None:
    with hall.connect("superuser") as superuser:
        superuser.execute(_AT_HAND)
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(tampering)
    assert code in {finding.code for finding in broken()}
