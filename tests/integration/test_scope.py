"""Who sees what: pooled connections carry nothing over, centers are apart, and the application's login is nobody."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date

import psycopg
import pytest
from django.db import DatabaseError, DataError, NotSupportedError, ProgrammingError, connection

from hpf.kernel import Key, Month, Rate, Rounding
from hpf.ledger.invariants import checks
from hpf.registry.models import Account, UnitAccount
from hpf.registry.queries import members
from hpf.remittance import operations
from hpf.remittance.models import Sheet
from hpf.storage import Query, asked, durable, reading
from tests.integration.test_remittance import preview
from tests.office import SYSTEM, Unit, add_member, open_center, open_unit

JULY = Month(2026, 7)
DAY = date(2026, 8, 10)


def units(count: int) -> list[Unit]:
    open_center()
    return [open_unit(f"单位{number}", f"91511100{number:09d}0") for number in range(count)]


@pytest.mark.parametrize("rounds", [1_000, pytest.param(10_000, marks=pytest.mark.attack)])
def test_interleaved_readers_of_many_employers_see_their_own_rows_only(center, rounds: int) -> None:
    all_units = units(50)
    for unit in all_units:
        add_member(unit, "甲", "6000.00", JULY)

    def look(number: int) -> bool:
        unit = random.Random(number).choice(all_units)
        with reading(unit.handler):
            seen = set(Account.objects.values_list("employer_id", flat=True))
            seen |= set(UnitAccount.objects.values_list("employer_id", flat=True))
        return seen == {unit.employer_id}

    def run(part: int) -> bool:
        try:
            return all(look(number) for number in range(part, rounds, 4))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(run, range(4)))


def test_a_prepared_statement_shows_each_role_and_employer_what_is_theirs(center) -> None:
    mine, other = units(2)
    for unit in (mine, other):
        add_member(unit, "甲", "6000.00", JULY)
    for _ in range(8):  # the server keeps one plan for all parameters from the sixth time on
        with reading(mine.handler):
            assert len(members(mine.unit_account_id)) == 1
            assert members(other.unit_account_id) == []
        with reading(SYSTEM):
            assert len(members(other.unit_account_id)) == 1
        with reading(other.handler):
            assert members(mine.unit_account_id) == []


def whose() -> tuple[str, ...]:
    """Who acts on Django's connection at this moment, as guards and policies ask it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('hpf.employer', true), current_setting('hpf.staff', true)")
        return tuple(said or "" for said in cursor.fetchone())


def break_off(unit: Unit, broken: str) -> None:
    with reading(unit.handler), connection.cursor() as cursor:
        assert len(members(unit.unit_account_id)) == 1  # a prepared statement
        cursor.execute(broken)


def test_a_transaction_that_fails_leaves_nothing_of_its_actor_on_the_connection(center) -> None:
    mine, other = units(2)
    for unit in (mine, other):
        add_member(unit, "甲", "6000.00", JULY)
    login = ("hpf_demo_app", "", "")
    for broken in ("SELECT 1/0", f"SET LOCAL hpf.employer = '{other.employer_id}'; SELECT nothing"):
        with pytest.raises(DatabaseError):
            break_off(mine, broken)
        assert whose() == login
        with reading(other.handler):
            assert (members(mine.unit_account_id), len(members(other.unit_account_id))) == ([], 1)
    connection.set_autocommit(False)
    with pytest.raises(psycopg.Error):
        connection.connection.begin("SET LOCAL hpf.staff = '2'; SET LOCAL ROLE nobody_of_the_hall")
    connection.rollback()
    connection.set_autocommit(True)
    assert whose() == login


def test_a_connection_that_prepared_statements_outlives_a_change_of_the_schema(center) -> None:
    (unit,) = units(1)
    add_member(unit, "甲", "6000.00", JULY)
    for change in ("ADD COLUMN later text", "DROP COLUMN later", "ALTER COLUMN name TYPE varchar(200)"):
        with reading(unit.handler):
            assert len(members(unit.unit_account_id)) == 1
        with center.connect("superuser") as owner:
            owner.execute(f"ALTER TABLE registry_member {change}")
        with suppress(NotSupportedError), reading(unit.handler):  # a column of another kind costs one page
            members(unit.unit_account_id)
        with reading(unit.handler):
            assert len(members(unit.unit_account_id)) == 1


def test_a_statement_asked_by_itself_is_its_askers_and_leaves_nothing_behind(center) -> None:
    first, second = units(2)
    own = Query("SELECT id FROM registry_unitaccount")
    assert [asked(unit.handler, own) for unit in (first, second)] == [
        [(first.unit_account_id,)],
        [(second.unit_account_id,)],
    ]
    fails = Query("SELECT set_config('hpf.employer', '2', false), 1 / %(zero)s", {"zero": 0})
    with pytest.raises(DataError):
        asked(first.handler, fails)
    assert whose() == ("hpf_demo_app", "", "")
    with reading(first.handler), pytest.raises(RuntimeError):
        asked(second.handler, own)


def test_outside_a_transaction_of_somebody_nothing_can_be_read(center) -> None:
    units(1)
    with pytest.raises(ProgrammingError):
        UnitAccount.objects.count()


def test_a_reader_cannot_write(center) -> None:
    (unit,) = units(1)
    with pytest.raises(Exception, match="read-only"), reading(unit.handler):
        UnitAccount.objects.update(active_count=1)


def test_the_portal_cannot_reach_the_queue_the_ledger_or_another_employer(center) -> None:
    mine, other = units(2)
    account = add_member(other, "乙", "6000.00", JULY)
    attempts = (
        "SELECT count(*) FROM procrastinate_jobs",
        "DELETE FROM procrastinate_jobs",
        "UPDATE ledger_account SET current_fen = 1",
        f"UPDATE ledger_account SET current_fen = 1 WHERE id = {account}",
        "INSERT INTO ledger_entry (key) VALUES ('x')",
        "SELECT password_hash FROM registry_staff",
        "SELECT token FROM hall_access_websession",
        f"INSERT INTO registry_timelineevent (employer_id, kind) VALUES ({other.employer_id}, 'rate')",
        "SET ROLE hpf_demo_owner",
    )
    with center.connect("app") as raw:
        raw.execute("SET ROLE hpf_demo_portal")
        raw.execute("SELECT set_config('hpf.employer', %s, false)", [str(mine.employer_id)])
        for attempt in attempts:
            with pytest.raises(psycopg.Error):
                raw.execute(attempt)
        assert raw.execute("SELECT count(*) FROM registry_account").fetchone() == (0,)
        touched = raw.execute("UPDATE registry_account SET state = '02'").rowcount
        assert touched == 0


@pytest.mark.parametrize("pairs", [10, pytest.param(1_000, marks=pytest.mark.attack)])
def test_a_double_click_declares_once_every_time(center, pairs: int) -> None:
    (unit,) = units(1)
    add_member(unit, "甲", "6000.00", JULY)
    digest = preview(unit, JULY).digest

    def click(key: Key) -> int:
        try:
            receipt = operations.submit_sheet(
                unit_account_id=unit.unit_account_id,
                month=JULY,
                digest=digest,
                use_unallocated=False,
                by=unit.handler,
                today=DAY,
                key=key,
            )
            return int(receipt.result["case_no"])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for _ in range(pairs):
            key = Key.fresh()
            first, second = pool.map(click, (key, key))
            assert first == second
            operations.withdraw_sheet(case_no=first, by=unit.handler, today=DAY, key=Key.fresh())
    with reading(SYSTEM):
        assert Sheet.objects.count() == pairs
        assert all(check.sound for check in checks())


@pytest.mark.parametrize("rounding", list(Rounding), ids=lambda rounding: rounding.name)
def test_sql_and_python_round_alike(shared_center, rounding: Rounding) -> None:
    chance = random.Random(7)
    pairs = [(chance.randrange(1, 10**7), chance.randrange(0, 10_000)) for _ in range(20_000)]
    bases, rates = zip(*pairs, strict=True)
    with durable(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT contribution_fen(base, rate, %s) FROM unnest(%s::bigint[], %s::integer[]) AS t (base, rate)",
            [rounding.value, list(bases), list(rates)],
        )
        answers = [row[0] for row in cursor.fetchall()]
    assert answers == [int(Rate(rate).of(base, rounding)) for base, rate in pairs]
