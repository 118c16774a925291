"""The ledger attacked: in any order by hypothesis, by raw SQL as each of the hall's roles, by many threads at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hpf import ledger
from hpf.kernel import Key, Month, Refused
from hpf.ledger import EntryDraft, EntryKind, Line
from hpf.storage import durable
from tests.conftest import own_center
from tests.integration.books import DAY, JULY, SYSTEM, Books, assert_sound

LAST_DAY = date(2026, 12, 31)


class LedgerMachine(RuleBasedStateMachine):
    """Post, correct, reverse, retry and close in any order. A model in Python says what the balances must be."""

    @initialize()
    def open_books(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        self.books = Books()
        self.day = DAY
        self.model = [0, 0, 0, 0]
        self.posted: dict[str, tuple[list[int], object]] = {}
        self.entries: dict[int, list[int]] = {}
        self.reversed: set[int] = set()
        self.corrected: set[tuple[int, Month]] = set()
        self.number = 0
        self.closed = DAY - timedelta(days=1)

    def key(self) -> str:
        self.number += 1
        return f"machine-{self.number:06d}"

    def apply(self, changes: list[int], act, key: str) -> None:
        """Do an act and the model's part of it, or expect the refusal that the model foretells."""
        possible = all(have + change >= 0 for have, change in zip(self.model, changes, strict=True))
        if self.day <= self.closed or not possible:
            with pytest.raises(Refused):
                act()
            return
        receipt = act()
        assert not receipt.repeated
        self.model = [have + change for have, change in zip(self.model, changes, strict=True)]
        self.entries[receipt.entry_id] = changes
        self.posted[key] = (changes, act)

    @rule(fen=st.integers(1, 10**9))
    def money_comes_in(self, fen: int) -> None:
        key, day = self.key(), self.day
        self.apply([0, 0, 0, fen], lambda: self.books.money_in(fen, key, day), key)

    @rule(amounts=st.lists(st.integers(1, 10**8), min_size=3, max_size=3), ahead=st.integers(0, 5))
    def a_month_is_booked(self, amounts: list[int], ahead: int) -> None:
        key, day, month = self.key(), self.day, JULY + ahead
        self.apply([*amounts, -sum(amounts)], lambda: self.books.book_month(amounts, key, month, day), key)

    @rule(member=st.integers(0, 2), fen=st.integers(1, 10**7), ahead=st.integers(0, 2))
    def a_person_month_is_corrected(self, member: int, fen: int, ahead: int) -> None:
        key, day, month = self.key(), self.day, JULY + ahead
        if (member, month) in self.corrected:
            with pytest.raises(Refused):
                self.books.correct(member, fen, key, month, day)
            return
        changes = [0, 0, 0, fen]
        changes[member] = -fen
        before = len(self.entries)
        self.apply(changes, lambda: self.books.correct(member, fen, key, month, day), key)
        if len(self.entries) > before:
            self.corrected.add((member, month))

    @precondition(lambda self: self.entries)
    @rule(data=st.data())
    def an_entry_is_reversed(self, data) -> None:
        entry_id = data.draw(st.sampled_from(sorted(self.entries)))
        key, day = self.key(), self.day
        if entry_id in self.reversed:
            with pytest.raises(Refused):
                self.books.reverse(entry_id, key, day)
            return
        before = dict(self.entries)
        self.apply([-change for change in self.entries[entry_id]], lambda: self.books.reverse(entry_id, key, day), key)
        if len(self.entries) > len(before):
            self.reversed |= {entry_id, max(self.entries)}

    @precondition(lambda self: self.posted)
    @rule(data=st.data())
    def a_posting_is_retried(self, data) -> None:
        _, act = self.posted[data.draw(st.sampled_from(sorted(self.posted)))]
        try:
            repeated = act().repeated
        except Refused as refused:
            repeated = refused.codes == ("LEDGER-REVERSED",)
        assert repeated

    @precondition(lambda self: self.day < LAST_DAY)
    @rule()
    def the_next_day_begins(self) -> None:
        self.day += timedelta(days=1)

    @rule()
    def the_day_is_closed(self) -> None:
        with durable(SYSTEM):
            numbered = ledger.close_through(self.day, by=SYSTEM, today=self.day)
            assert not numbered or self.day > self.closed
        self.closed = self.day

    @invariant()
    def the_books_are_as_the_model_says(self) -> None:
        if hasattr(self, "books"):
            assert self.books.balances() == self.model
            assert_sound()


@pytest.mark.parametrize(("histories", "steps"), [(8, 30), pytest.param(100, 100, marks=pytest.mark.attack)])
def test_in_any_order_the_books_stay_sound(server, histories: int, steps: int) -> None:
    class Machine(LedgerMachine):
        """Each history has a database of its own."""

        @initialize()
        def open_books(self) -> None:
            self.context = own_center(server)
            self.context.__enter__()
            super().open_books()

        def teardown(self) -> None:
            if hasattr(self, "context"):
                self.context.__exit__(None, None, None)

    patience = settings(
        max_examples=histories,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Machine, settings=patience)


def entry_of(total: int, lines: str = "", day: str = "2026-08-10") -> str:
    """A raw entry with raw postings, as someone with the hall's password could try."""
    entry = (
        "INSERT INTO ledger_entry"
        " (key, content_digest, lines_digest, kind, book_date, value_date, narrative, actor, total_fen)"
        f" VALUES ('raw-entry', '', '', 'money_in', '{day}', '{day}', '', '', {total})"
    )
    if not lines:
        return entry
    return (
        f"WITH e AS ({entry} RETURNING id)"
        " INSERT INTO ledger_posting (entry_id, account_id, book_date, value_date, side, amount_fen)"
        f" SELECT id, 1, DATE '{day}', DATE '{day}', side, fen FROM e, (VALUES {lines}) v (side, fen)"
    )


ATTACKS = {
    "an entry changed": "UPDATE ledger_entry SET total_fen = total_fen + 1",
    "an entry deleted": "DELETE FROM ledger_entry",
    "entries truncated": "TRUNCATE ledger_entry CASCADE",
    "a posting changed": "UPDATE ledger_posting SET amount_fen = amount_fen + 1",
    "a posting deleted": "DELETE FROM ledger_posting",
    "postings truncated": "TRUNCATE ledger_posting",
    "a year of postings truncated": "TRUNCATE ledger_posting_2026",
    "a partition changed directly": "UPDATE ledger_posting_2026 SET amount_fen = 1",
    "a posting joined to an old entry": (
        "INSERT INTO ledger_posting (entry_id, account_id, book_date, value_date, side, amount_fen)"
        " SELECT id, 1, book_date, value_date, 'C', 5 FROM ledger_entry LIMIT 1"
    ),
    "an entry without postings": entry_of(5),
    "an unbalanced entry": entry_of(5, "('D', 5), ('C', 4)"),
    "a negative amount outside a reversal": entry_of(-5, "('D', -5), ('C', -5)"),
    "an entry on a closed day": entry_of(5, "('D', 5), ('C', 5)", day="2026-08-01"),
    "a balance below zero": "UPDATE ledger_account SET current_fen = -1 WHERE keeps_balance",
    "an account deleted": "DELETE FROM ledger_account",
    "a day opened again": "DELETE FROM ledger_closed_day",
    "a voucher renumbered": "UPDATE ledger_voucher SET number = number + 1",
    "a trigger switched off": "ALTER TABLE ledger_posting DISABLE TRIGGER ALL",
    "the guards dropped": "DROP FUNCTION ledger_immutable() CASCADE",
    "the role changed": "SET ROLE postgres",
    "guards bypassed": "SET session_replication_role = replica",
}


@pytest.mark.parametrize("role", ["portal", "staff"])
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_raw_sql_as_the_halls_own_roles_is_refused(shared_center, attacked_books, role: str, attack: str) -> None:
    with shared_center.connect("app") as raw:
        raw.execute(f"SET ROLE hpf_demo_{role}")
        raw.execute("SELECT set_config('hpf.employer', '7', false)")
        with pytest.raises(psycopg.Error):
            raw.execute(attack)
    assert attacked_books.balances() == [100, 100, 100, 0]


@pytest.fixture(scope="module")
def attacked_books(shared_center) -> Books:
    books = Books()
    books.money_in(300)
    books.book_month([100, 100, 100])
    with durable(SYSTEM):
        ledger.close_through(date(2026, 8, 5), by=SYSTEM, today=DAY)
    return books


def test_the_attacked_books_are_still_sound(shared_center, attacked_books) -> None:
    assert_sound()


def in_threads(count: int, act, rounds: int) -> list:
    def run(number: int):
        try:
            return act(number)
        except Refused as refused:
            return refused.codes
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(rounds)))


def test_the_same_key_from_many_threads_books_once(center) -> None:
    books = Books()
    receipts = in_threads(8, lambda _: books.money_in(500), 32)
    assert len({receipt.entry_id for receipt in receipts}) == 1
    assert sum(not receipt.repeated for receipt in receipts) == 1
    assert books.balances()[-1] == 500


def test_money_for_one_month_is_not_spent_twice_by_two_threads(center) -> None:
    books = Books()
    books.money_in(350)
    outcomes = in_threads(8, lambda number: books.book_month([100, 100, 100], f"month-{number:04d}"), 8)
    assert sum(outcome == ("LEDGER-NEGATIVE",) for outcome in outcomes) == 7
    assert books.balances() == [100, 100, 100, 50]
    assert_sound()


def test_posting_to_two_units_in_either_order_never_deadlocks(center) -> None:
    books = Books()
    with durable(SYSTEM):
        other = ledger.open_account(ledger.Kind.UNALLOCATED, on=DAY, employer_id=8, unit_account_id=80)

    def both(number: int) -> int:
        drafts = [
            EntryDraft(Key(f"pair-{number:04d}-{unit}"), EntryKind.MONEY_IN, "试记", None, employer, unit)
            for employer, unit in ((7, 70), (8, 80))
        ]
        lines = [
            (Line(books.bank, "D", 1), Line(books.unallocated, "C", 1)),
            (Line(books.bank, "D", 1), Line(other, "C", 1)),
        ]
        if number % 2:
            drafts.reverse()
            lines.reverse()
        with durable(SYSTEM):
            return len(ledger.post(drafts, ledger.lines_query(lines), on=DAY, by=SYSTEM))

    assert in_threads(8, both, 60) == [2] * 60
    assert_sound()


def test_a_day_closed_while_postings_run_is_complete(center) -> None:
    books = Books()

    def act(number: int):
        if number == 10:
            with durable(SYSTEM):
                ledger.close_through(DAY, by=SYSTEM, today=DAY)
            return "closed"
        return books.money_in(1, f"money-{number:06d}")

    in_threads(8, act, 40)
    assert_sound()
