"""Again, at once and killed in the middle: every line books once. And the checks find what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hpf.casework.models import CaseState
from hpf.faces.batch.treasury import settle_statement
from hpf.kernel import Fen, Refused
from hpf.kernel.identity import with_check_characters
from hpf.remittance import operations as remittance
from hpf.remittance.models import Sheet
from hpf.storage import reading
from hpf.treasury.rules import LineState
from hpf.treasury.statement import Side
from tests.integration.test_references import NOBODY, put
from tests.integration.treasury.bank import (
    DAY,
    Bank,
    app_url,
    at_once,
    balances,
    declare,
    faults,
    lines,
    run_worker,
    settle,
    state_of,
    states,
    take,
)
from tests.office import SYSTEM, Unit

# --- Again, at once, and killed in the middle ---


def test_the_same_file_by_eight_windows_at_once_is_taken_once(unit: Unit, trio, bank: Bank) -> None:
    content = bank.file(bank.line("5551.28", with_check_characters(declare(unit))))
    outcomes = at_once(lambda _: take(content).act, 8)
    assert sorted(map(str, outcomes)) == ["('STATEMENT-REPEATED',)"] * 7 + ["import_statement"]
    assert len(lines()) == 1


def test_files_that_share_a_line_at_once_book_it_once(unit: Unit, trio, bank: Bank) -> None:
    line = bank.line("5551.28", with_check_characters(declare(unit)))
    first = bank.file(line)
    bank.balance -= line.amount
    second = bank.file(line, bank.line("1.00"))
    outcomes = at_once(lambda number: take((first, second)[number]).act)
    # The morning's file after the whole day's says a balance that the day has left behind, and brings nothing new.
    assert sorted(map(str, outcomes)) in (["import_statement"] * 2, ["('STATEMENT-GAP',)", "import_statement"])
    told = sorted(state for state in states() if state is not LineState.REPEATED)
    assert told == [LineState.MATCHED, LineState.UNIDENTIFIED]


def test_the_batch_by_eight_workers_at_once_books_once(unit: Unit, trio, august: int, bank: Bank) -> None:
    reference = with_check_characters(august)
    take(bank.file(bank.line("6000.00", reference)))
    statement_id = take(bank.file(bank.line("52.62", reference))).result["statement_id"]
    at_once(lambda _: settle_statement(statement_id=statement_id), 8)
    settle_statement(statement_id=statement_id)
    assert (state_of(august), balances(unit.unallocated_account_id)) == (CaseState.BOOKED, ["0.00"])
    assert states() == [LineState.BOOKED] * 3


def test_a_crash_after_the_import_loses_nothing_the_worker_finds_the_job(unit: Unit, trio, bank: Bank) -> None:
    case_no = declare(unit)
    take(bank.file(bank.line("5551.28", with_check_characters(case_no))))
    assert states() == [LineState.MATCHED]
    run_worker()
    assert (state_of(case_no), states()) == (CaseState.BOOKED, [LineState.BOOKED])


def test_a_crash_between_booking_and_noting_it_books_once(unit: Unit, trio, bank: Bank) -> None:
    case_no = declare(unit)
    statement_id = take(bank.file(bank.line("5551.28", with_check_characters(case_no)))).result["statement_id"]
    remittance.book(case_nos=[case_no], by=SYSTEM, today=DAY)  # and here the worker dies
    settle_statement(statement_id=statement_id)
    assert (states(), balances(unit.unallocated_account_id)) == ([LineState.BOOKED], ["0.00"])


def test_a_crash_between_counting_and_noting_it_counts_once(unit: Unit, august: int, bank: Bank) -> None:
    reference = with_check_characters(august)
    statement_id = take(bank.file(bank.line("6000.00", reference))).result["statement_id"]
    remittance.receive(received={august: Fen(600_000)}, by=SYSTEM, today=DAY)  # and here the worker dies
    rest = take(bank.file(bank.line("52.62", reference)))
    assert rest.result["matched"] == 1
    settle_statement(statement_id=statement_id)
    with reading(SYSTEM):
        assert Sheet.objects.get(pk=august).received_fen.yuan == "6,000.00"
    remittance.book(case_nos=[august], by=SYSTEM, today=DAY)  # and here the next one
    settle_statement(statement_id=rest.result["statement_id"])
    assert states() == [LineState.BOOKED] * 3


_TAKE_AND_SETTLE = """
import sys
from datetime import date
from pathlib import Path
import django
django.setup()
from hpf.faces.batch.treasury import settle_statement
from hpf.kernel import Key
from hpf.treasury import operations
from tests.office import TREASURER
print("ready", flush=True)
content = Path(sys.argv[1]).read_bytes()
receipt = operations.import_statement(content=content, by=TREASURER, today=date(2026, 8, 10), key=Key.fresh())
print("taken", flush=True)
settle_statement(statement_id=receipt.result["statement_id"])
"""


@pytest.mark.parametrize(("after", "seconds"), [("ready", 0.15), ("ready", 0.45), ("taken", 0.0)])
def test_a_process_killed_at_any_moment_leaves_books_that_the_next_one_completes(
    unit: Unit, trio, bank: Bank, center: Any, tmp_path: Path, after: str, seconds: float
) -> None:
    case_no = declare(unit)
    path = tmp_path / "statement.csv"
    path.write_bytes(
        bank.file(*(bank.line("1.00") for _ in range(2000)), bank.line("5551.28", with_check_characters(case_no)))
    )
    environ = os.environ | {"DATABASE_URL": app_url(center)}
    command = [sys.executable, "-c", _TAKE_AND_SETTLE, str(path)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != after:
            assert process.poll() is None
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()

    assert faults() == []
    with suppress(Refused):  # it had been taken already: then its job waits in the queue
        take(path.read_bytes())
    run_worker()
    assert (state_of(case_no), len(lines(3000))) == (CaseState.BOOKED, 2001)
    assert balances(unit.unallocated_account_id, *trio) == ["0.00", "960.00", "4,239.28", "352.00"]


# --- The checks find what is wrong ---

DAMAGES = {
    "每笔银行收款恰有一笔同额的到账记账": "treasury_line SET amount_fen = amount_fen + {sign}1",
    "各归集账户对账单的收款合计": "treasury_line SET amount_fen = amount_fen + {sign}1",
    "各归集账户末份对账单的期末余额": "treasury_statement SET closing_fen = closing_fen + {sign}1",
    "每份对账单逐笔相加相符": "treasury_statement SET closing_fen = closing_fen + {sign}1",
    "清册合计等于逐人合计": "remittance_sheetline SET unit_fen = unit_fen + {sign}1",
    "汇缴书的上月人数和金额": "remittance_sheet SET last_fen = last_fen + {sign}1, added_fen = added_fen - {sign}1",
}


@pytest.mark.parametrize("sentence", DAMAGES)
def test_a_fen_astray_is_found(unit: Unit, trio, bank: Bank, center: Any, sentence: str) -> None:
    settle(bank.file(bank.line("5551.28", with_check_characters(declare(unit)))))
    with center.connect("superuser") as admin:
        admin.execute("SET session_replication_role = replica")  # past the guards
        admin.execute(f"UPDATE {DAMAGES[sentence].format(sign='')}")
        found = faults()
        admin.execute(f"UPDATE {DAMAGES[sentence].format(sign='-')}")
    assert any(check.sentence.startswith(sentence) for check in found)


@pytest.mark.parametrize(
    ("sentence", "damage", "repair"),
    [
        (
            "待认领款项合计",
            "treasury_line SET state = 'unallocated', unit_account_id = 1 WHERE state = 'unidentified'",
            "treasury_line SET state = 'unidentified', unit_account_id = NULL WHERE state = 'unallocated'",
        ),
        (
            "各单位账户已入账的月份连续",
            "registry_unitaccount SET paid_through = '2026-08-01'",
            "registry_unitaccount SET paid_through = '2026-07-01'",
        ),
        (
            "清册、办件与付款的银行流水",
            "casework_case SET state = 'awaiting_payment'",
            "casework_case SET state = 'booked'",
        ),
        (
            "清册、办件与付款的银行流水",
            "remittance_sheet SET booked_on = NULL",
            "remittance_sheet SET booked_on = '2026-08-10'",
        ),
    ],
)
def test_a_state_that_contradicts_another_is_found(
    unit: Unit, trio, bank: Bank, center: Any, sentence: str, damage: str, repair: str
) -> None:
    settle(bank.file(bank.line("5551.28", with_check_characters(declare(unit))), bank.line("1.00")))
    with center.connect("superuser") as admin:
        admin.execute("SET session_replication_role = replica")  # past the guards
        admin.execute(f"UPDATE {damage}")
        found = faults()
        admin.execute(f"UPDATE {repair}")
    assert any(check.sentence.startswith(sentence) for check in found)


def test_a_person_twice_in_a_month_is_found(unit: Unit, trio, august: int, bank: Bank, center: Any) -> None:
    settle(bank.file(bank.line("6052.62", with_check_characters(august))))
    with center.connect("superuser") as admin:
        admin.execute("UPDATE remittance_sheet SET live = false, month = '2026-07-01' WHERE month = '2026-08-01'")
        found = faults()
        admin.execute("UPDATE remittance_sheet SET live = true, month = '2026-08-01' WHERE NOT live")
    assert any(check.code == "P3" for check in found)


def test_the_hall_s_roles_cannot_change_what_the_bank_said(unit: Unit, bank: Bank, center: Any) -> None:
    take(bank.file(bank.line("10.00")))
    for statement in (
        "UPDATE treasury_line SET amount_fen = 1",
        "DELETE FROM treasury_line",
        "DELETE FROM treasury_statement",
    ):
        with center.connect("staff") as staff, pytest.raises(psycopg.errors.InsufficientPrivilege):
            staff.execute(statement)


def test_a_line_that_points_to_nothing_neither_goes_in_nor_comes_about(center: Any, unit: Unit, bank: Bank) -> None:
    settle(bank.file(bank.line("2.00"), bank.line("2.00", side=Side.DEBIT)))
    receipt, back = lines()
    strange = {"id": NOBODY, "flow_no": "another"}
    inserted = {"statement_id": strange, "entry_id": {**strange, "side": "贷", "state": "unidentified"}}
    whose = f"unit_account_id = {unit.unit_account_id}, employer_id = {unit.employer_id}"
    changed = {
        "assigned_entry_id": f"state = 'assigned', {whose}, assigned_entry_id = {NOBODY} WHERE id = {receipt.id}",
        "offsets_id": f"state = 'offset', offsets_id = {NOBODY} WHERE id = {back.id}",
    }
    with center.connect("superuser") as raw:
        raw.execute("ALTER TABLE treasury_line DISABLE TRIGGER money_desk_line_moved")
        for column, row in inserted.items():
            with pytest.raises(psycopg.errors.ForeignKeyViolation, match=f"{column} points to nothing"):
                put(raw, "treasury_line", {**row, column: NOBODY})
        for column, change in changed.items():
            with pytest.raises(psycopg.errors.ForeignKeyViolation, match=f"{column} points to nothing"):
                raw.execute(f"UPDATE treasury_line SET {change}")
