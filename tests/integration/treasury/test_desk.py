"""What treasurer and handler see, and how a waiting line finds its owner."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from hpf.faces.batch.treasury import settle_statement
from hpf.kernel import Fen
from hpf.kernel.identity import mask_account, with_check_characters
from hpf.storage import reading
from hpf.treasury import queries
from hpf.treasury.rules import LineState
from hpf.treasury.statement import Side
from tests.integration.treasury.bank import (
    Bank,
    assign,
    balances,
    declare,
    lines,
    settle,
    take,
)
from tests.office import TREASURER, Unit, open_unit


def test_a_waiting_line_finds_its_owner(unit: Unit, trio, bank: Bank) -> None:
    case_no = declare(unit)
    settle(bank.file(bank.line("5551.28", "公积金"), bank.line("3.00", "还款", payer_name="某人")))
    with reading(TREASURER):
        queue = queries.lines(states=[LineState.UNIDENTIFIED])
        (best,) = queries.candidates().of(queue[0].line)
        assert queries.candidates().of(queue[1].line) == ()
    assert (best.case.case_no, best.clues[:2]) == (case_no, ("付款户名与单位名称一致", "金额与应缴金额一致"))

    assign(queue[0].id, unit)
    assert balances(unit.unallocated_account_id) == ["5,551.28"]
    with reading(TREASURER):
        assert queries.line(queue[0].id).state is LineState.ASSIGNED
        assert queries.outcomes()[LineState.UNIDENTIFIED] == (1, Fen(300))


def test_a_payer_is_known_by_its_account_and_by_its_name_though_nothing_is_awaited(unit: Unit, bank: Bank) -> None:
    with reading(TREASURER):
        account, number = unit.row.bank_account, unit.row.number
    settle(
        bank.file(
            bank.line("1.00", payer_name="某劳务公司", payer_account=f"{account[:4]} {account[4:]}"),
            bank.line("2.00"),
            bank.line("3.00", payer_account=account),
            bank.line("4.00", payer_name="", payer_account=""),
        )
    )
    with reading(TREASURER):
        owners = [[(one.unit_account_no, one.clues) for one in queries.owners(row.line)] for row in queries.lines()]
    by_account, by_name = "付款账号为单位登记账号", "付款户名与单位名称一致"
    assert owners == [[(number, (by_account,))], [(number, (by_name,))], [(number, (by_account, by_name))], []]


def test_an_employer_is_told_who_paid_only_where_it_paid_itself(unit: Unit, trio, bank: Bank) -> None:
    reference = with_check_characters(declare(unit))
    with reading(TREASURER):
        account = unit.row.bank_account
    settle(
        bank.file(
            bank.line("1.00", reference, payer_account=account),
            bank.line("2.00", reference, payer_name="某人", payer_account="6222999988887777"),
        )
    )
    with reading(unit.handler):
        stranger, own = queries.own_lines()
    assert (own.payer_name, own.payer_account) == ("测试单位", mask_account(account))
    assert (stranger.payer_name, stranger.payer_account) == ("", "")


def test_a_handler_sees_its_own_lines_and_never_a_payer(unit: Unit, trio, bank: Bank, center: Any) -> None:
    stranger = open_unit("另一单位", "12511100451268006X").handler
    reference = with_check_characters(declare(unit))
    settle(bank.file(bank.line("1.00", reference), bank.line("2.00", reference, payer_name="张三"), bank.line("3.00")))
    with reading(unit.handler):
        assert [line.amount.yuan for line in queries.own_lines()] == ["2.00", "1.00"]
    with reading(stranger):
        assert queries.own_lines() == []
    with center.connect("portal") as portal, pytest.raises(psycopg.errors.InsufficientPrivilege):
        portal.execute("SELECT payer_name FROM treasury_line")


def test_the_payer_s_account_is_not_kept_in_clear(unit: Unit, bank: Bank, center: Any) -> None:
    take(bank.file(bank.line("1.00", payer_account="6222 0000-1234")))
    with center.connect("superuser") as admin:
        (row,) = admin.execute("SELECT line::text FROM treasury_line line").fetchall()
    assert "622200001234" not in row[0]
    assert lines()[0].line.payer_account == "622200001234"


def test_a_statement_is_listed_with_its_sums_and_what_is_under_way(unit: Unit, trio, bank: Bank) -> None:
    reference = with_check_characters(declare(unit))
    content = bank.file(bank.line("5551.28", reference), bank.line("7.00"), bank.line("2.00", side=Side.DEBIT))
    statement_id = take(content).result["statement_id"]
    with reading(TREASURER):
        row = queries.bank_statement(statement_id)
        assert (row.credited.yuan, row.debited.yuan, row.line_count) == ("5,558.28", "2.00", 3)
        assert (row.unidentified, row.on_their_way, row.imported_by) == (1, 1, "钱进提交、何静复核")
        with pytest.raises(LookupError):
            queries.bank_statement(statement_id + 1)
    settle_statement(statement_id=statement_id)
    with reading(TREASURER):
        assert queries.bank_statement(statement_id).on_their_way == 0
        assert queries.outcomes(statement_id)[LineState.BOOKED] == (1, Fen(555_128))
