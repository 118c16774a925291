"""The demonstration's bank: one file a month, taken as everybody's files are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hpf.faces.batch.treasury import settle_statement
from hpf.faces.cli.demo.ground import member_of_staff
from hpf.faces.cli.demo.plan import CenterPlan, StrangerPlan
from hpf.kernel import Actor, Fen, Key, Month
from hpf.kernel.identity import with_check_characters
from hpf.registry.codes import Role
from hpf.remittance.models import Sheet
from hpf.storage import reading
from hpf.treasury.operations import import_statement
from hpf.treasury.queries import bank_statements
from hpf.treasury.statement import Side, Statement, StatementLine, write_statement


def pay(center: CenterPlan, month: Month, day: date, strangers: tuple[StrangerPlan, ...] = ()) -> None:
    """Let the money of a month's declared sheets come on a day, with strangers' behind it. Safe to repeat."""
    with reading(Actor.SYSTEM):
        content = write_statement(_statement(center, month, day, strangers))
    receipt = import_statement(
        content=content,
        by=member_of_staff(Role.TREASURER),
        today=day,
        key=Key.of("demonstration", "statement", month),
    )
    settle_statement(statement_id=receipt.result["statement_id"])


def _statement(center: CenterPlan, month: Month, day: date, strangers: tuple[StrangerPlan, ...]) -> Statement:
    lines = tuple(_lines(month, day, strangers))
    opening = next((one.closing for one in bank_statements() if one.ends_on < day), Fen(0))
    closing = opening + sum(int(line.amount) for line in lines)
    return Statement(center.founding.bank_account, day, day, opening, closing, lines)


def _lines(month: Month, day: date, strangers: tuple[StrangerPlan, ...]) -> Iterator[StatementLine]:
    sheets = Sheet.objects.filter(month=month).select_related("unit_account__employer").order_by("case_id")
    for number, sheet in enumerate(sheets, start=1):
        unit = sheet.unit_account
        yield StatementLine(
            line_no=number,
            flow_no=f"H{month.compact}{number:04d}",
            booked_on=day,
            side=Side.CREDIT,
            amount=sheet.due_fen,
            payer_name=unit.employer.name,
            payer_account=unit.bank_account,
            payer_bank=unit.bank_name,
            summary="转账",
            remark=f"公积金汇缴 {with_check_characters(sheet.case_id)}",
        )
    for number, stranger in enumerate(strangers, start=len(sheets) + 1):
        yield StatementLine(
            line_no=number,
            flow_no=f"{stranger.flow_no}{month.compact}",
            booked_on=day,
            side=Side.CREDIT,
            amount=stranger.amount,
            payer_name=stranger.payer_name,
            payer_account=stranger.payer_account,
            payer_bank="",
            summary=stranger.summary,
            remark=stranger.remark,
        )
