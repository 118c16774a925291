"""Nobody is asked to pay twice: a month that waits while its money has come otherwise, or too late."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from hpf.kernel import Key
from hpf.kernel.identity import with_check_characters
from hpf.money_desk.operations import Wanted
from hpf.money_desk.rules import Act
from hpf.remittance import operations as remittance
from tests.integration.browser import confirms
from tests.integration.hall import quick_passwords
from tests.integration.portal import Desk, desk_with_trio, latest_sheet, said
from tests.integration.treasury.bank import (
    DAY,
    Bank,
    assign,
    decide,
    declare,
    faults,
    lines,
    open_hall,
    propose,
    run_worker,
    settle,
)

TRANSFER = "请按下面的内容转账"


@pytest.fixture
def bank(center: Any) -> Bank:
    return Bank.opened_with("1000000.00")


@pytest.fixture
def desk(center: Any) -> Iterator[Desk]:
    with quick_passwords():
        yield desk_with_trio(open_hall())
    assert faults() == []


def claim(desk: Desk, bank: Bank, yuan: str, remark: str) -> None:
    """Money of somebody else comes, and two persons say that it is the employer's."""
    settle(bank.file(bank.line(yuan, remark, payer_name="某人")))
    assign(lines()[-1].id, desk.unit)


def sheet_page(desk: Desk, case_no: int) -> Any:
    return desk.open(f"/sheet/{case_no}/")


def notice_text(desk: Desk, case_no: int) -> str:
    paper = desk.open(f"/sheet/{case_no}/notice.pdf").response.content
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).replace(" ", "")


def texts(center: Any, template: str) -> list[str]:
    with center.connect("superuser") as admin:
        rows = admin.execute("SELECT text FROM notices_message WHERE template = %s ORDER BY id", [template]).fetchall()
    return [text for (text,) in rows]


@pytest.mark.parametrize("with_code", [True, False])
def test_claimed_money_pays_the_month_and_no_transfer_is_asked_for(desk: Desk, bank: Bank, with_code: bool) -> None:
    case_no = declare(desk.unit)
    remark = with_check_characters(case_no)
    settle(bank.file(bank.line("5551.28", remark if with_code else "抄错的码", payer_name="某人")))
    before = said(sheet_page(desk, case_no))
    assert ("正在等待认领" in before) == with_code
    assert TRANSFER in before
    assign(lines()[-1].id, desk.unit)
    page = sheet_page(desk, case_no)
    after = said(page)
    assert "核定以后记入贵单位暂存款5,551.28元" in after
    assert "够付这一个月的5,551.28元，不用再转账" in after
    assert "5,551.28已认领，记入贵单位暂存款" in after
    for wrong in (TRANSFER, remark, "钱还没有到账", "汇缴通知单PDF", "等待认领"):
        assert wrong not in after
    assert desk.open(f"/sheet/{case_no}/notice.pdf").address == f"/sheet/{case_no}/"
    home = said(desk.open("/"))
    assert "去用暂存款付清" in home
    assert "等付款" not in home
    desk.submit(page, f"/sheet/{case_no}/pay/")
    run_worker()
    paid = said(sheet_page(desk, case_no))
    assert "已入账5,551.28元" in paid
    assert "5,551.28已认领，记入贵单位暂存款" in paid
    assert "暂存款5,551.28已用于本月汇缴" in paid


def test_nothing_untrue_is_said_of_the_payer_of_money_that_came_before_its_code(desk: Desk, bank: Bank) -> None:
    case_no = declare(desk.unit)
    settle(bank.file(bank.line("5551.28", with_check_characters(case_no), booked_on=DAY - timedelta(days=1))))
    page = said(sheet_page(desk, case_no))
    assert "有一笔注明本缴款码的款项，还没有确认是贵单位的款，正在等待认领" in page
    for wrong in ("付款人不是", "到账的钱留在暂存款"):
        assert wrong not in page


def test_money_that_came_with_the_code_of_a_withdrawn_sheet_has_come(desk: Desk, bank: Bank) -> None:
    old = declare(desk.unit)
    remittance.withdraw_sheet(case_no=old, by=desk.unit.handler, today=DAY, key=Key.fresh())
    case_no = declare(desk.unit)
    assert "钱还没有到账，可以撤回" in said(sheet_page(desk, case_no))
    settle(bank.file(bank.line("5551.28", with_check_characters(old))))
    page = said(sheet_page(desk, case_no))
    for wanted in ("用暂存款缴款", "核定以后记入的款项在暂存款里", "可以撤回，到账的钱留在暂存款"):
        assert wanted in page
    assert "还没有到账" not in page


def test_where_claimed_money_does_not_suffice_only_the_rest_is_asked_for(desk: Desk, bank: Bank, center: Any) -> None:
    case_no = declare(desk.unit)
    claim(desk, bank, "912.48", "抄错的码")
    page = said(sheet_page(desk, case_no))
    assert "核定以后记入贵单位暂存款912.48元，不用再转。还差4,638.80元" in page
    assert "转账金额（元）4,638.80" in page
    notice = notice_text(desk, case_no)
    assert "¥4,638.80" in notice
    assert "¥5,551.28" not in notice
    assert "还须转账4,638.80元" in said(desk.open("/"))
    settle(bank.file(bank.line("4638.80", with_check_characters(case_no))))
    assert texts(center, "short-money") == []
    assert len(texts(center, "month-covered")) == 1
    page = sheet_page(desk, case_no)
    assert TRANSFER not in said(page)
    assert "还差" not in said(page)
    desk.submit(page, f"/sheet/{case_no}/pay/")
    run_worker()
    assert "已入账5,551.28元" in said(sheet_page(desk, case_no))


def test_money_short_and_money_beside_leave_only_what_neither_brought(desk: Desk, bank: Bank) -> None:
    case_no = declare(desk.unit)
    settle(bank.file(bank.line("2000.00", with_check_characters(case_no))))
    confirms(desk.browser)
    notice = notice_text(desk, case_no)
    assert "¥3,551.28" in notice
    assert "暂存款可用0.00" in notice  # what came is 已到账, and not to be used otherwise
    claim(desk, bank, "1000.00", "")
    confirms(desk.browser)
    assert "转账金额（元）2,551.28" in said(sheet_page(desk, case_no))
    notice = notice_text(desk, case_no)
    for wanted in ("¥2,551.28", "已到账2,000.00", "另记暂存款1,000.00"):
        assert wanted in notice


def test_money_missing_is_said_as_it_is_after_each_change_of_what_came_beside(
    desk: Desk, bank: Bank, center: Any
) -> None:
    case_no = declare(desk.unit)
    settle(bank.file(bank.line("2000.00", with_check_characters(case_no))))
    assert "还差3,551.28元" in said(desk.open("/"))
    claim(desk, bank, "1000.00", "")
    assert "应到账5,551.28元，已到账3,000.00元，还差2,551.28元" in said(desk.open("/prompts/"))
    assert "还差3,551.28元" not in said(desk.open("/prompts/"))
    claim(desk, bank, "2551.28", "")
    assert len(texts(center, "month-covered")) == 1
    assert "还差" not in said(desk.open("/"))
    decide(propose(lines()[-1].id, Wanted(Act.UNASSIGN, "付款人是别家单位")))
    assert "还差2,551.28元" in said(desk.open("/"))
    settle(bank.file(bank.line("2551.28", with_check_characters(case_no))))
    assert "还差" not in said(desk.open("/"))


def test_who_chose_to_transfer_though_unallocated_money_suffices_is_told_where_to(desk: Desk, bank: Bank) -> None:
    claim(desk, bank, "6000.00", "")
    desk.declare(way="transfer")
    page = said(sheet_page(desk, latest_sheet().pk))
    assert "用暂存款付清的，不用再转账" in page
    assert "转账金额（元）5,551.28" in page
    assert "已认领" not in page


def test_a_correction_of_what_was_claimed_asks_for_the_whole_again(desk: Desk, bank: Bank) -> None:
    case_no = declare(desk.unit)
    claim(desk, bank, "5551.28", "")
    decide(propose(lines()[-1].id, Wanted(Act.UNASSIGN, "付款人是别家单位")))
    page = said(sheet_page(desk, case_no))
    assert "转账金额（元）5,551.28" in page
    assert "已认领" not in page


def test_a_notice_that_is_over_is_not_offered_and_one_step_leads_on(desk: Desk, bank: Bank) -> None:
    case_no = declare(desk.unit, today=date(2026, 8, 3))  # its notice ends on the 8th
    page = sheet_page(desk, case_no)
    for wanted in ("通知单已过最后一天，请勿再转账", "撤回，重新核定"):
        assert wanted in said(page)
    for wrong in (TRANSFER, "待缴款", "汇缴通知单PDF", "确认撤回核定"):
        assert wrong not in said(page)
    assert desk.open(f"/sheet/{case_no}/notice.pdf").address == f"/sheet/{case_no}/"
    home = said(desk.open("/"))
    assert "通知单已过最后一天，请撤回后重新核定" in home
    for page in ("/", "/records/"):
        listed = said(desk.open(page))
        assert "通知单已过期" in listed
        assert "待缴款" not in listed
    assert "查看缴款码" not in home
    settle(bank.file(bank.line("1300.00", with_check_characters(case_no), booked_on=date(2026, 8, 9))))
    page = sheet_page(desk, case_no)
    assert "重新申报" not in said(page)
    assert "钱还没有到账" not in said(page)
    after = desk.submit(page, f"/sheet/{case_no}/withdraw/")
    assert "重新核定" in said(after)


def test_withdrawing_says_what_follows_before_it_is_done(desk: Desk) -> None:
    desk.declare(way="transfer")
    page = sheet_page(desk, latest_sheet().pk)
    folded = page.html.partition("<details><summary>撤回核定</summary>")[2].partition("</details>")[0]
    assert "已经交给财务或银行的，请先收回" in folded
    assert "确认撤回核定" in folded
    assert page.html.count("/withdraw/") == 1
    desk.submit(page, f"/sheet/{latest_sheet().pk}/withdraw/")
    paper = desk.open(f"/sheet/{latest_sheet().pk}/lines.pdf").response.content
    assert "已撤回作废" in PdfReader(io.BytesIO(paper)).pages[0].extract_text().replace(" ", "")
