"""kill -9 in the middle of a posting: of the worker, of the database. The month is booked once, and the books hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from time import monotonic

import psutil
import psycopg
import pytest
from django.db import connection, connections

from benchmarks.posting import MEMBERS_SQL
from hpf.kernel import Key, Month
from hpf.kernel.identity import with_check_characters
from hpf.policy import choose_business_day
from hpf.remittance.models import Sheet
from hpf.storage import durable, reading
from hpf.storage.embedded import EmbeddedServer
from hpf.treasury import operations
from tests.integration.test_hall import child
from tests.integration.treasury.bank import Bank, declare
from tests.office import SYSTEM, TREASURER, Unit, open_center, open_unit
from tests.running import Hall, new_folder

MEMBERS = 20_000
DAY = date(2026, 12, 10)
BACK_SECONDS = 60
POSTING = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%INSERT INTO ledger_posting%'"
ROUNDS = 3


@contextmanager
def django_on(hall: Hall) -> Iterator[None]:
    """Let this process's Django work on a hall's own database."""
    before = dict(connection.settings_dict)
    connections.close_all()
    server = EmbeddedServer(hall.folder)
    parts = psycopg.conninfo.conninfo_to_dict(server.url("hpf_demo_app"))
    connection.settings_dict.update(
        NAME=parts["dbname"], USER=parts["user"], HOST=parts["host"], PORT=parts["port"], PASSWORD=""
    )
    connection.settings_dict["OPTIONS"] = {**before["OPTIONS"], "requirepeer": parts["requirepeer"]}
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    with new_folder() as folder:
        yield Hall(folder, HPF_WORKER_DEAD_SECONDS="2")


@pytest.fixture(scope="module")
def running(hall: Hall) -> Iterator[psutil.Process]:
    with hall.running() as process, django_on(hall):
        yield process


@pytest.fixture(scope="module")
def unit(running: psutil.Process) -> Unit:
    open_center()
    unit = open_unit()
    with durable(SYSTEM), connection.cursor() as cursor:
        choose_business_day(DAY)
        cursor.execute(MEMBERS_SQL, {"count": MEMBERS, "employer": unit.employer_id, "unit": unit.unit_account_id})
    return unit


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank.opened_with("0.00")


def until(truth: Callable[[], bool], running: psutil.Process, seconds: float = BACK_SECONDS) -> None:
    """Look again and again until something is so; the hall must live on meanwhile."""
    end = monotonic() + seconds
    while not truth():
        assert monotonic() < end, "it did not happen in time"
        with pytest.raises(psutil.TimeoutExpired):
            running.wait(0.02)


def pay_next_month(unit: Unit, bank: Bank) -> int:
    """Declare the next month and let the bank bring its money; the worker has it before this returns the case."""
    with reading(SYSTEM):
        month = unit.row.due_month
    case_no = declare(unit, month, today=DAY)
    with reading(SYSTEM):
        due = Sheet.objects.get(pk=case_no).due_fen
    line = bank.line(due.plain_yuan, with_check_characters(case_no), booked_on=DAY)
    operations.import_statement(content=bank.file(line), by=TREASURER, today=DAY, key=Key.fresh())
    return case_no


def look(hall: Hall, statement: str) -> int:
    """A figure from the database; -1 while there is none to answer."""
    try:
        return int(str(hall.query(statement)))
    except psycopg.OperationalError:
        return -1


@pytest.mark.parametrize("victim", ["hpf.faces.batch", "postgres"])
@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_month_survives_kill_9_in_the_middle_of_its_posting(
    hall: Hall, running: psutil.Process, unit: Unit, bank: Bank, victim: str, number: int
) -> None:
    case_no = pay_next_month(unit, bank)
    until(lambda: look(hall, POSTING) > 0, running)
    doomed = child(running, victim)
    family = [doomed, *doomed.children(recursive=True)]
    for member in family:
        member.kill()
    psutil.wait_procs(family)
    connections.close_all()
    booked = f"SELECT count(*) FROM casework_case WHERE number = {case_no} AND state = 'booked'"
    until(lambda: look(hall, booked) == 1, running)
    entries = f"SELECT count(*) FROM ledger_entry WHERE about = {case_no} AND kind = 'remittance'"
    assert look(hall, entries) == 1


def test_afterwards_everything_holds(hall: Hall, running: psutil.Process, unit: Unit) -> None:
    with reading(SYSTEM):
        assert unit.row.paid_through == Month(2026, 7) + (2 * ROUNDS - 1)
    verdict = hall.hpf("verify")
    assert verdict.returncode == 0, verdict.stdout
