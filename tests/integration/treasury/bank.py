"""A center's bank and what tests do with its files."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from hpf import ledger
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.faces.batch.treasury import settle_statement
from hpf.faces.batch.worker import worker_connector
from hpf.kernel import Actor, Fen, Key, Month, Refused
from hpf.kernel.identity import with_check_characters
from hpf.ledger.accounts import balance
from hpf.ledger.invariants import Check
from hpf.ledger.invariants import checks as ledger_checks
from hpf.money_desk import handing_in
from hpf.money_desk import operations as money_desk
from hpf.money_desk.operations import Wanted
from hpf.money_desk.rules import Act
from hpf.policy import choose_business_day
from hpf.registry.codes import TimelineKind
from hpf.remittance import operations as remittance
from hpf.remittance import queries as remittance_queries
from hpf.remittance.invariants import checks as remittance_checks
from hpf.remittance.models import Sheet
from hpf.storage import durable, reading, role_name
from hpf.treasury import queries
from hpf.treasury.invariants import checks as treasury_checks
from hpf.treasury.rules import LineState
from hpf.treasury.statement import Side, Statement, StatementHead, StatementLine, write_statement
from tests.office import ACCOUNTANT, PLACE, SYSTEM, TREASURER, Unit, add_event, add_member, open_center, open_unit

JULY, AUGUST = Month(2026, 7), Month(2026, 8)
DAY = date(2026, 8, 10)
BANK = "5100100000000001"


@dataclass
class Bank:
    """The center's bank: each file goes on where the last one ended."""

    balance: Fen
    numbers: Iterator[int]

    @classmethod
    def opened_with(cls, yuan: str) -> Bank:
        return cls(Fen.from_yuan(yuan), count(1))

    def line(self, yuan: str, remark: str = "", **change: Any) -> StatementLine:
        flow_no = f"F{next(self.numbers):06d}"
        amount = Fen.from_yuan(yuan)
        came = StatementLine(8, flow_no, DAY, Side.CREDIT, amount, "测试单位", "", "示范银行", "转账", remark)
        return replace(came, **change)

    def statement(self, *lines: StatementLine) -> Statement:
        days = [line.booked_on for line in lines] or [DAY]
        opening = self.balance
        self.balance += sum(line.amount if line.side is Side.CREDIT else -line.amount for line in lines)
        return Statement(BANK, min(days), max(days), opening, self.balance, lines)

    def file(self, *lines: StatementLine) -> bytes:
        return write_statement(self.statement(*lines))


def open_hall() -> Unit:
    """A center on the day of the scenario, with one employer."""
    open_center()
    with durable(SYSTEM):
        choose_business_day(DAY)
    return open_unit()


def add_trio(unit: Unit) -> tuple[int, int, int]:
    people = (("甲", "6000.00"), ("乙", "26495.50"), ("丙", "2200.00"))
    a, b, c = (add_member(unit, name, base, JULY) for name, base in people)
    return a, b, c


def declare_august(unit: Unit, trio: tuple[int, int, int], bank: Bank) -> int:
    settle(bank.file(bank.line("5551.28", with_check_characters(declare(unit)))))
    add_member(unit, "丁", "5333.33", AUGUST)
    with durable(SYSTEM):
        add_event(unit, trio[2], TimelineKind.SEALING, AUGUST)
    case_no = declare(unit, AUGUST)
    with reading(SYSTEM):
        assert Sheet.objects.get(pk=case_no).due_fen.yuan == "6,052.62"
    return case_no


def faults() -> list[Check]:
    with reading(SYSTEM):
        checks = [*ledger_checks(), *treasury_checks(), *remittance_checks()]
        return [check for check in checks if not check.sound]


def declare(unit: Unit, month: Month = JULY, today: date = DAY, use_unallocated: bool = False) -> int:
    with reading(unit.handler):
        preview = remittance_queries.preview(unit.row, month, today, PLACE)
    receipt = remittance.submit_sheet(
        unit_account_id=unit.unit_account_id,
        month=month,
        digest=preview.digest,
        use_unallocated=use_unallocated,
        by=unit.handler,
        today=today,
        key=Key.fresh(),
    )
    return int(receipt.result["case_no"])


def take(
    content: bytes,
    key: Key | None = None,
    typed: StatementHead | None = None,
    gap: bool = False,
    today: date | None = None,
) -> Any:
    """Import a file, on the last day of which it tells if no other is given; by two persons what needs two."""
    given: dict[str, Any] = {"today": today or _last(content), "key": key or Key.fresh()}
    brought = handing_in.bring_statement(content, name="流水.csv", typed=typed, gap=gap, by=TREASURER, **given)
    if "statement_id" in brought.result:
        return brought
    number, given["key"] = brought.result["handed_in_id"], Key.fresh()
    return handing_in.decide(number, ReviewState.APPROVED, note="", by=ACCOUNTANT, **given)


def _last(content: bytes) -> date:
    days = re.findall(rb"20\d\d-\d\d-\d\d", content)
    return max(DAY, *(date.fromisoformat(day.decode()) for day in days))


def settle(content: bytes) -> Any:
    """Take a file and let the batch carry it through."""
    receipt = take(content)
    settle_statement(statement_id=receipt.result["statement_id"])
    return receipt


def propose(line_id: int, wanted: Wanted, by: Actor = TREASURER, key: Key | None = None) -> int:
    """What the treasurer proposes for a line; the proposal's number."""
    done = money_desk.propose(line_id, wanted, by=by, today=DAY, key=key or Key.fresh())
    return int(done.result["proposal_id"])


def decide(proposal_id: int, verdict: ReviewState = ReviewState.APPROVED, key: Key | None = None) -> Receipt:
    """The accountant's word on it."""
    note = "" if verdict is ReviewState.APPROVED else "凭证不符"
    return money_desk.decide(proposal_id, verdict, note=note, by=ACCOUNTANT, today=DAY, key=key or Key.fresh())


def assign(line_id: int, unit: Unit) -> None:
    """A waiting line becomes a unit account's, by both of them."""
    decide(propose(line_id, Wanted(Act.ASSIGN, "已与单位核实", unit.unit_account_id)))


def refused(content: bytes, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refusal:
        take(content, **more)
    return [(each.code, each.what) for each in refusal.value.refusals]


def lines(limit: int = 100) -> list[queries.BankLine]:
    with reading(TREASURER):
        return queries.lines(limit=limit)


def states() -> list[LineState]:
    return [line.state for line in lines()]


def balances(*accounts: int) -> list[str]:
    with reading(SYSTEM):
        return [balance(account).yuan for account in accounts]


def state_of(case_no: int) -> str:
    with reading(SYSTEM):
        return Sheet.objects.select_related("case").get(pk=case_no).case.state


def totals() -> dict[str, tuple[str, str]]:
    with reading(SYSTEM):
        return {code: (debit.yuan, credit.yuan) for code, (debit, credit) in ledger.books.trial_balance().items()}


def at_once(work: Any, times: int = 2) -> list[Any]:
    def run(number: int) -> Any:
        try:
            return work(number)
        except Refused as refusal:
            return refusal.codes
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def app_url(center: Any) -> str:
    """The database's address for a process of its own, as the hall logs in."""
    return str(center.server.url(role_name(settings.CENTER, "app"), center.name))


def run_worker() -> None:
    """Let a worker do all that is due."""

    async def work(worker: Any) -> None:
        async with worker.open_async():
            await worker.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)

    with app.replace_connector(worker_connector()) as worker:
        asyncio.run(work(worker))
