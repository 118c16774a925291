"""kill -9 of the worker, the database and the web server in the middle of things (proofs 11, 12, 13; settled 35).

A month is booked once, an upload leaves nothing, and the books hold: three times each here, fifty by `make attack`.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from time import monotonic

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from benchmarks.posting import MEMBERS_SQL
from hpf.account_opening.operations import discard_roster
from hpf.kernel import Key, Month
from hpf.kernel.identity import with_check_characters
from hpf.papers.shapes import UnitShape
from hpf.papers.workbooks import roster_template
from hpf.policy import choose_business_day
from hpf.remittance.models import Sheet
from hpf.storage import durable, reading
from hpf.storage.embedded import EmbeddedServer
from hpf.treasury import operations
from tests.integration.test_hall import child
from tests.integration.treasury.bank import Bank, declare
from tests.login import browser
from tests.office import SYSTEM, TREASURER, Unit, open_center, open_unit
from tests.running import Hall, new_folder

MEMBERS = 20_000
DAY = date(2026, 12, 10)
BACK_SECONDS = 60
POSTING = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%INSERT INTO ledger_posting%'"
LAST_MONTH = Month(2026, 12)
ROUNDS = [*range(3), *(pytest.param(number, marks=pytest.mark.attack) for number in range(3, 53))]


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
        yield Hall(folder, HPF_WORKER_DEAD_SECONDS="2", HPF_DATA_KEYS=settings.DATA_KEYS)


@pytest.fixture(scope="module")
def running(hall: Hall) -> Iterator[psutil.Process]:
    with hall.running() as process, django_on(hall):
        yield process


@dataclass
class Payers:
    """Employers of many members: the next one comes when the last has paid its year."""

    units: list[Unit] = field(default_factory=list)
    months: int = 0

    def next(self) -> Unit:
        """Who pays a month now."""
        with reading(SYSTEM):
            used_up = not self.units or self.units[-1].row.paid_through == LAST_MONTH
        if used_up:
            self.units.append(self._another(len(self.units) + 1))
        self.months += 1
        return self.units[-1]

    def _another(self, number: int) -> Unit:
        unit = open_unit(f"测试单位{number}", f"{number:017d}0")
        with durable(SYSTEM), connection.cursor() as cursor:
            cursor.execute(MEMBERS_SQL, {"count": MEMBERS, "employer": unit.employer_id, "unit": unit.unit_account_id})
        return unit


@pytest.fixture(scope="module")
def center(running: psutil.Process) -> None:
    open_center()
    with durable(SYSTEM):
        choose_business_day(DAY)


@pytest.fixture(scope="module")
def payers(hall: Hall, center: None) -> Iterator[Payers]:
    """When all is done, every month that was paid is booked, and the books hold."""
    payers = Payers()
    yield payers
    assert look(hall, "SELECT count(*) FROM casework_case WHERE state = 'booked'") == payers.months
    verdict = hall.hpf("verify")
    assert verdict.returncode == 0, verdict.stdout


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
        month, payer = unit.row.due_month, unit.row.employer.name
    case_no = declare(unit, month, today=DAY)
    with reading(SYSTEM):
        due = Sheet.objects.get(pk=case_no).due_fen
    line = bank.line(due.plain_yuan, with_check_characters(case_no), booked_on=DAY, payer_name=payer)
    operations.import_statement(content=bank.file(line), by=TREASURER, today=DAY, key=Key.fresh())
    return case_no


def look(hall: Hall, statement: str) -> int:
    """A figure from the database; -1 while there is none to answer."""
    try:
        return int(str(hall.query(statement)))
    except psycopg.OperationalError:
        return -1


@pytest.mark.parametrize("victim", ["hpf.faces.batch", "postgres"])
@pytest.mark.parametrize("number", ROUNDS)
def test_a_month_survives_kill_9_in_the_middle_of_its_posting(
    hall: Hall, running: psutil.Process, payers: Payers, bank: Bank, victim: str, number: int
) -> None:
    case_no = pay_next_month(payers.next(), bank)
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


@dataclass(frozen=True)
class Answer:
    """What the hall answered over HTTP: status, text, and the cookies it set."""

    status: int
    text: str
    cookies: str


def ask(hall: Hall, method: str, path: str, cookies: str, body: bytes = b"", kind: str = "text/plain") -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", hall.port, timeout=30)
    headers = {"Cookie": cookies, "Content-Type": kind, "Origin": f"http://127.0.0.1:{hall.port}"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    given = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    return Answer(answer.status, answer.read().decode(), "; ".join(given))


def upload_body(fields: dict[str, str], workbook: bytes) -> tuple[bytes, str]:
    """A form with a file, as a browser sends it; (body, content type)."""
    parts = [
        f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    head = '--cut\r\nContent-Disposition: form-data; name="file"; filename="roster.xlsx"\r\n\r\n'
    return ("".join(parts) + head).encode() + workbook + b"\r\n--cut--\r\n", "multipart/form-data; boundary=cut"


def cut_off(hall: Hall, running: psutil.Process, cookies: str, body: bytes, kind: str) -> None:
    """Send half of an upload, kill the web server, and see the connection die."""
    connection = http.client.HTTPConnection("127.0.0.1", hall.port, timeout=30)
    connection.putrequest("POST", "/upload/")
    for name, value in (("Cookie", cookies), ("Content-Type", kind), ("Content-Length", str(len(body)))):
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(body[: len(body) // 2])
    web = child(running, "granian")
    family = [web, *web.children(recursive=True)]
    for member in family:
        member.kill()
    psutil.wait_procs(family)
    with pytest.raises((OSError, http.client.HTTPException)):
        _send_the_rest(connection, body[len(body) // 2 :])


def _send_the_rest(connection: http.client.HTTPConnection, rest: bytes) -> None:
    connection.send(rest)
    connection.getresponse()


@pytest.fixture(scope="module")
def unit(payers: Payers) -> Unit:
    """Who uploads."""
    return open_unit("上传单位", "91511100MA6280003F")


@pytest.fixture(scope="module")
def cookies(unit: Unit) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser(unit).cookies.items())


@pytest.mark.parametrize("number", ROUNDS)
def test_an_upload_cut_off_by_the_death_of_the_web_server_leaves_nothing_and_works_again(
    hall: Hall, running: psutil.Process, unit: Unit, cookies: str, number: int
) -> None:
    until(hall.answers, running)
    page = ask(hall, "GET", "/upload/", cookies)
    fields = {
        name: re.search(f'name="{name}" value="([^"]+)"', page.text)[1] for name in ("csrfmiddlewaretoken", "key")
    }
    person = {"name": "张三", "document_type": "身份证", "monthly_wage": "6000", "first_month": "202612"}
    with reading(SYSTEM):
        unit_number = unit.row.number
    workbook = roster_template(UnitShape("上传单位", unit_number), rows=[person] * 500)
    body, kind = upload_body(fields, workbook)
    cases = "SELECT count(*) FROM casework_case WHERE kind = 'account_opening'"
    before = look(hall, cases)
    cut_off(hall, running, f"{cookies}; {page.cookies}", body, kind)
    assert look(hall, cases) == before
    until(hall.answers, running)
    assert ask(hall, "POST", "/upload/", f"{cookies}; {page.cookies}", body, kind).status == 303
    assert ask(hall, "POST", "/upload/", f"{cookies}; {page.cookies}", body, kind).status == 303
    assert look(hall, cases) == before + 1
    ready = f"{cases} AND state = 'ready'"
    until(lambda: look(hall, ready) == 1, running)
    case_no = look(hall, "SELECT max(number) FROM casework_case WHERE kind = 'account_opening'")
    discard_roster(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
