"""What a handler does on the portal: each act once, refusals with every reason on the page, nothing beside the form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hpf.casework.models import CaseState
from hpf.kernel import Key
from hpf.kernel.identity import with_check_characters
from hpf.registry.codes import AccountState
from hpf.registry.models import Account, UnitAccount
from hpf.remittance.models import Sheet
from hpf.storage import durable, reading
from tests.integration.browser import Page, confirms
from tests.integration.hall import quick_passwords
from tests.integration.portal import (
    JULY,
    OTHER_CODE,
    Desk,
    account_number,
    desk_with_trio,
    events,
    latest_case,
    latest_sheet,
    said,
)
from tests.integration.treasury.bank import Bank, declare, faults, open_hall, run_worker, settle
from tests.office import SYSTEM, add_member, open_unit
from tests.unit.account_opening.people import citizen_number, person


@pytest.fixture
def bank(center: Any) -> Bank:
    return Bank.opened_with("0.00")


@pytest.fixture
def desk(center: Any) -> Iterator[Desk]:
    with quick_passwords():
        yield desk_with_trio(open_hall())
    assert faults() == []


def sheets() -> int:
    with reading(SYSTEM):
        return Sheet.objects.count()


# Declaring


def test_declaring_leads_to_the_sheet_which_says_so(desk: Desk) -> None:
    page = desk.declare(way="transfer")
    assert page.address.startswith(f"/sheet/{latest_sheet().pk}/?done=")
    assert "已提交核定。" in said(page)
    assert desk.open("/declare/").address == f"/sheet/{latest_sheet().pk}/"


def test_the_same_click_twice_declares_once_and_leads_to_the_same_page(desk: Desk) -> None:
    form = desk.open("/declare/").form("/declare/") | {"way": "transfer"}
    first, second = (desk.browser.post("/declare/", form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert sheets() == 1


def test_a_change_since_the_preview_is_refused_on_the_page_with_the_new_figures(desk: Desk) -> None:
    page = desk.open("/declare/")
    add_member(desk.unit, "丁", "5333.33", JULY)
    after = desk.submit(page, "/declare/", 422, way="transfer")
    assert "清册与您核对时相比已有变动" in said(after)
    assert "6,404.62" in said(after)
    assert sheets() == 0


def test_everything_that_speaks_against_a_month_stands_on_its_page_and_nothing_can_be_submitted(desk: Desk) -> None:
    add_member(desk.unit, "戊", "2199.99", JULY)
    add_member(desk.unit, "己", "26495.51", JULY)
    page = desk.open("/declare/")
    assert "戊的缴存基数2,199.99元不在2026年7月的上下限之内" in said(page)
    assert "己的缴存基数26,495.51元不在2026年7月的上下限之内" in said(page)
    assert "提交核定" not in said(page)


def test_a_damaged_form_is_refused_in_words(desk: Desk) -> None:
    after = desk.declare(422, way="gold", digest="xyz", month="13")
    for wanted in ("选项不存在", "试算摘要已失效", "年月不是年月"):
        assert wanted in said(after).replace("“", "")
    assert "这个页面已经失效" in said(desk.declare(422, way="transfer", key=""))


def test_what_is_added_to_a_form_changes_nothing(desk: Desk) -> None:
    stranger = open_unit("另一单位", OTHER_CODE)
    desk.declare(
        way="transfer",
        unit_account_id=stranger.unit_account_id,
        employer_id=stranger.employer_id,
        state="booked",
        total_fen=1,
        reserved_fen=555128,
    )
    sheet = latest_sheet()
    assert (sheet.employer_id, sheet.total_fen.yuan, sheet.reserved_fen) == (desk.unit.employer_id, "5,551.28", 0)
    assert sheet.case.state == CaseState.AWAITING_PAYMENT


def test_a_form_without_its_token_does_nothing(desk: Desk) -> None:
    form = desk.open("/declare/").form("/declare/") | {"way": "transfer"}
    del form["csrfmiddlewaretoken"]
    assert desk.browser.post("/declare/", form).status_code == 403
    assert sheets() == 0


# Withdrawing and paying


def test_a_month_is_withdrawn_once_and_can_be_declared_again(desk: Desk) -> None:
    page = desk.declare(way="transfer")
    action = f"/sheet/{latest_sheet().pk}/withdraw/"
    form = page.form(action)
    after = desk.submit(page, action)
    assert "已撤回核定" in said(after)
    assert desk.browser.post(action, form).status_code == 303
    assert "待核定" in said(desk.open("/"))
    withdrawn = action.removesuffix("withdraw/")
    assert "重新核定" in said(desk.open(withdrawn))
    desk.declare(way="transfer")
    assert sheets() == 2
    assert "重新核定" not in said(desk.open(withdrawn))


def test_a_month_for_which_money_came_is_not_withdrawn(desk: Desk, bank: Bank) -> None:
    page = desk.declare(way="transfer")
    sheet = latest_sheet()
    settle(bank.file(bank.line("100.00", reference(sheet))))
    confirms(desk.browser)
    after = desk.submit(page, f"/sheet/{sheet.pk}/withdraw/", 422)
    assert "本月汇缴已到账100.00元，不能撤回" in said(after)
    assert "待补足" in said(after)


def reference(sheet: Sheet) -> str:
    return with_check_characters(sheet.pk)


def test_unallocated_money_pays_a_month_that_waits_and_the_page_follows(desk: Desk, bank: Bank) -> None:
    case_no = declare(desk.unit)
    settle(bank.file(bank.line("6000.00", reference(latest_sheet()))))
    home = said(desk.open("/"))
    assert "付清即入账，不用再转账" in home
    assert "等贵单位付款" not in home
    page = desk.open(f"/sheet/{case_no}/")
    assert "收到6,000.00元，多于应缴" in said(page)
    assert "暂存款里有6,000.00元，够付这一个月的5,551.28元" in said(page)
    assert "请按下面的内容转账" not in said(page)
    assert "钱还没有到账" not in said(page)
    assert f"/sheet/{case_no}/notice.pdf" not in page.html
    after = desk.submit(page, f"/sheet/{case_no}/pay/")
    assert "正在记入个人账户" in said(after)
    region = {"hx_request": "true", "hx_target": "arrivals"}
    asks = unescape(re.findall(r'hx-get="([^"]+)"', after.html)[0])
    waiting = desk.open(asks, **region)
    assert "HX-Refresh" not in waiting.response.headers
    run_worker()
    booked = desk.open(asks, **region)
    assert booked.response.headers["HX-Refresh"] == "true"
    paid = said(desk.open(f"/sheet/{case_no}/"))
    assert "已入账5,551.28元" in paid
    assert "多于应缴，已全部记入贵单位暂存款" in paid
    assert "请选择用暂存款缴纳" not in paid
    assert "-5,551.28" in said(desk.open("/unallocated/")).replace("−", "-")


def test_too_little_unallocated_money_is_refused_in_words(desk: Desk) -> None:
    case_no = declare(desk.unit)
    form = {"key": Key.fresh(), **desk.open("/").form("/leave/")}
    answer = desk.browser.post(f"/sheet/{case_no}/pay/", form)
    assert answer.status_code == 422
    assert "到账金额不足" in said(Page("", answer))


def test_a_month_paid_from_unallocated_money_is_booked_by_the_worker(desk: Desk, bank: Bank) -> None:
    settle(bank.file(bank.line("7000.00", reference_of_july(desk))))
    page = desk.declare(way="unallocated")
    assert "正在记入个人账户" in said(page)
    run_worker()
    assert "已入账" in said(desk.open("/"))


def reference_of_july(desk: Desk) -> str:
    """The reference of a notice that is withdrawn before its money comes: the money becomes unallocated."""
    page = desk.declare(way="transfer")
    sheet = latest_sheet()
    desk.submit(page, f"/sheet/{sheet.pk}/withdraw/")
    return reference(sheet)


def test_a_booking_that_failed_says_why_on_the_page(desk: Desk, bank: Bank) -> None:
    settle(bank.file(bank.line("7000.00", reference_of_july(desk))))
    page = desk.declare(way="unallocated")
    with durable(SYSTEM):
        Account.objects.filter(base_fen=220_000).update(state=AccountState.WITHDRAWN)
    run_worker()
    assert "上次没有入账：清册与您核对时相比已有变动：丙" in said(desk.open(page.address))
    assert "没有入账" in said(desk.open("/"))
    with durable(SYSTEM):
        Account.objects.filter(base_fen=220_000).update(state=AccountState.ACTIVE)


# Sealing


def test_people_ticked_in_the_roster_are_sealed_and_leave_a_receipt(desk: Desk) -> None:
    numbers = [account_number(6000), account_number(2200)]
    page = desk.open("/seal/?" + "&".join(f"account={number}" for number in numbers))
    assert "封存2人" in said(page)
    action = page.address
    form = desk.browser.post(action, page.form(action) | {"accounts": numbers, "reason": "01"})
    assert form.status_code == 303
    receipt = said(desk.open(form.headers["Location"]))
    for wanted in ("封存2人，2026年7月起", "2人", "办件号", "陈*"):
        assert wanted in receipt
    assert "正常1封存2" in said(desk.open("/roster/"))
    assert "终止或解除劳动合同" in said(desk.open(f"/roster/{numbers[0]}/"))


def test_a_sealing_that_is_refused_keeps_what_was_typed(desk: Desk) -> None:
    page = desk.open(f"/seal/?account={account_number(2200)}")
    after = desk.submit(page, page.address, 422, reason="02", effective_month="2026-06")
    assert "封存不能从该月起生效" in said(after)
    assert 'value="2026-06"' in after
    assert '<option value="02" selected>' in after
    missing = desk.submit(page, page.address, 422, effective_month="2026-07")
    assert "请选择封存原因" in said(missing)


def test_only_own_members_can_be_sealed(desk: Desk, center: Any) -> None:
    stranger = open_unit("另一单位", OTHER_CODE)
    add_member(stranger, "外人", "3000.00", JULY)
    page = desk.open(f"/seal/?account={account_number(2200)}")
    form = page.form(page.address) | {"accounts": account_number(3000), "reason": "01"}
    assert desk.browser.post(page.address, form).status_code == 404
    assert events(center, "asked_for_nothing") == ["url:/seal/"]


# One person by form


def typed(serial: int = 1, **changes: str) -> dict[str, str]:
    return {
        "name": "欧阳建国",
        "document_type": "身份证",
        "document_number": citizen_number(serial),
        "mobile": "13800000001",
        "monthly_wage": "8000",
        "first_month": "2026-07",
    } | changes


def test_one_person_is_opened_by_form(desk: Desk) -> None:
    page = desk.submit(desk.open("/open/"), "/open/", **typed())
    assert "开户：欧阳建国" in said(page)
    assert "/receipt/" in page.address
    assert "欧阳建国" in said(desk.open("/roster/?q=建国"))
    assert "全部4" in said(desk.open("/roster/"))


def test_everything_wrong_with_a_person_stands_beside_its_field(desk: Desk) -> None:
    after = desk.submit(desk.open("/open/"), "/open/", 422, **typed(name="", mobile="1380", monthly_wage="六千"))
    for field in ("name", "mobile", "monthly_wage"):
        assert f'id="f-{field}-e"' in after
    assert 'value="1380"' in after


def test_a_proposal_to_mend_is_accepted_on_the_page(desk: Desk) -> None:
    wrong = typed(name="欧阳 建国")
    after = desk.submit(desk.open("/open/"), "/open/", 422, **wrong)
    assert "按建议更正后开户" in said(after)
    hopeless = desk.submit(after, "/open/", 422, **{**wrong, "mobile": "1380"})
    assert "按建议更正后开户" not in said(hopeless)
    assert "手机号码1**0不能登记" in said(hopeless)
    page = desk.submit(after, "/open/", **wrong, accept_mended="1")
    assert "开户：欧阳建国" in said(page)


# A roster


def test_a_roster_goes_from_upload_to_open_accounts(desk: Desk, tmp_path: Path) -> None:
    page = desk.upload(tmp_path, person(1), person(2, name="李四"), person(3, document_number="511"))
    assert "正在核对" in said(page)
    region = {"hx_request": "true", "hx_target": "preview"}
    assert "HX-Refresh" not in desk.open(page.address, **region).response.headers
    run_worker()
    assert desk.open(page.address, **region).response.headers["HX-Refresh"] == "true"
    page = desk.open(page.address.split("?")[0])
    for wanted in ("共3行", "可以开户2行", "需要更正或不能办理1行", "可以开户的月缴存额1,920.00元"):
        assert wanted in said(page)
    assert "检查完，等您确认" in said(desk.open("/"))
    assert "全部一起开户有1行不能办理" in said(page)
    desk.submit(page, page.address)
    run_worker()
    assert "已为2人开户。其余1行没有开户" in said(desk.open(page.address))
    assert "全部 3 已开户 2 没有开户 1".replace(" ", "") in said(desk.open(page.address)).replace(" ", "")
    assert "第1–1行，共1行" in said(desk.open(f"{page.address}?show=left"))
    assert "全部5" in said(desk.open("/roster/"))
    marked = desk.open(f"{page.address}marked.xlsx")
    assert marked.response.content.startswith(b"PK")


def test_the_rows_of_one_finding_or_verdict_can_be_looked_at(desk: Desk, tmp_path: Path) -> None:
    address = desk.upload(tmp_path, person(1), person(2, name="李四", document_number="511")).address.split("?")[0]
    run_worker()
    refused = said(desk.open(f"{address}?show=refused"))
    assert "李四" in refused
    assert "张三" not in refused
    assert "第1–1行，共1行" in said(desk.open(f"{address}?show=good"))


def test_all_or_nothing_is_refused_while_a_row_is_to_be_mended(desk: Desk, tmp_path: Path) -> None:
    address = desk.upload(tmp_path, person(1), person(2, name="李 四")).address.split("?")[0]
    run_worker()
    page = desk.open(address)
    after = desk.submit(page, address, 422, mode="all_or_nothing")
    assert "名册中有1人还不能开户" in said(after)
    desk.submit(after, address, mode="all_or_nothing", accept_mended="1")
    run_worker()
    assert "已为2人开户" in said(desk.open(address))


def test_a_roster_can_be_given_up(desk: Desk, tmp_path: Path) -> None:
    address = desk.upload(tmp_path, person(1)).address.split("?")[0]
    run_worker()
    page = desk.submit(desk.open(address), f"{address}discard/")
    assert "八月.xlsx" in said(page)
    assert "这份花名册已撤回" in said(desk.open(address))


def test_a_roster_whose_ground_has_changed_is_checked_again(desk: Desk, tmp_path: Path) -> None:
    address = desk.upload(tmp_path, person(1)).address.split("?")[0]
    run_worker()
    page = desk.open(address)
    with durable(SYSTEM):
        UnitAccount.objects.filter(pk=desk.unit.unit_account_id).update(first_month="2026-08-01")
    after = desk.submit(page, address, 422)
    assert "核对结果已经过时" in said(after)
    assert "正在核对" in said(desk.submit(after, f"{address}recheck/"))
    with durable(SYSTEM):
        UnitAccount.objects.filter(pk=desk.unit.unit_account_id).update(first_month="2026-07-01")


def test_a_file_that_is_no_workbook_is_refused_with_the_reason(desk: Desk) -> None:
    page = desk.submit(desk.open("/upload/"), "/upload/", file=SimpleUploadedFile("八月.xlsx", b"no workbook"))
    run_worker()
    assert latest_case().state == CaseState.REFUSED
    assert "这个文件不能办理，没有开户" in said(desk.open(page.address))


def test_an_upload_without_a_file_is_refused_on_the_page(desk: Desk) -> None:
    assert "请选择" in said(desk.submit(desk.open("/upload/"), "/upload/", 422))
