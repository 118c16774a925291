"""What stands on the papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from hpf.kernel import Fen, Month
from hpf.papers.agreements import agreement_certificate
from hpf.papers.forms import registration_form, termination_form
from hpf.papers.marks import grouped, qr_code
from hpf.papers.notices_and_receipts import payment_notice, remittance_receipt
from hpf.papers.pdf import plain, render
from hpf.papers.rosters import LINES_PER_PAGE, VOLUME_LINES, remittance_roster, volumes
from hpf.papers.shapes import Headcount, MemberStatement, RestrictionNotice
from hpf.papers.slips import (
    counter_slip,
    handover_pack,
    initial_password_letter,
    letters,
    restriction_notice,
)
from hpf.papers.statements import member_statement
from tests.unit.papers.specimens import (
    CERTIFICATE,
    FORM,
    HOSTILE_NAMES,
    IMPRINT,
    LETTER,
    LETTERS,
    NOTICE,
    PACK,
    RECEIPT,
    SLIP,
    STATEMENT,
    TERMINATION,
    pages,
    roster,
    sheet,
    text,
    title,
    yuan,
)


def test_a_notice_says_what_to_pay_where_to_and_until_when() -> None:
    printed = text(payment_notice(NOTICE))
    for words in (
        "示范市住房公积金管理中心", "示范建材有限公司", "990100000214", "2026年11月", "215 人", "¥415,902.40",
        "肆拾壹万伍仟玖佰零贰元肆角整", "2026 1100 0732", "公积金 2026 1100 0732", "9905 1016 4000 0000 211",
        "示范银行示范分行营业部", "2026年11月15日", "2026-11-10 09:10:02", "陈晓梅", "12329", "（2026年修订）第十九条",
    ):  # fmt: skip
        assert words in printed


def test_a_notice_carries_the_remittance_sheet_line() -> None:
    row = "2026年11月 214 412,345.60 3 5,760.00 2 2,203.20 215 415,902.40 0 0.00"
    printed = text(payment_notice(NOTICE))
    assert row in printed
    assert "应缴合计 415,902.40 暂存款抵缴 0.00 暂存款可用 1,204.00" in printed


def test_a_notice_asks_only_for_what_unallocated_money_does_not_cover() -> None:
    printed = text(payment_notice(replace(NOTICE, from_unallocated=yuan("1204"), unallocated_free=Fen(0))))
    assert "¥414,698.40" in printed
    assert "肆拾壹万肆仟陆佰玖拾捌元肆角整" in printed
    assert "暂存款抵缴 1,204.00" in printed


def test_a_notice_does_not_ask_again_for_what_came_beside() -> None:
    printed = text(payment_notice(replace(NOTICE, beside=yuan("15902.40"))))
    for wanted in ("¥400,000.00", "另记暂存款 15,902.40", "到账后请在单位网厅用暂存款缴款"):
        assert wanted in printed
    assert "到账后自动入账" not in printed


def test_a_list_that_was_given_up_says_so_across_every_page() -> None:
    given_up = replace(roster(60), state="已撤回", is_void=True)
    assert ["已撤回作废" in page.replace(" ", "") for page in pages(remittance_roster(given_up))] == [True, True]
    assert "作废" not in text(remittance_roster(roster(60))).replace(" ", "")


def test_several_months_stand_on_one_notice() -> None:
    months = (sheet(Month(2026, 9)), sheet(Month(2026, 10)), sheet(Month(2026, 11)))
    printed = pages(payment_notice(replace(NOTICE, sheets=months)))
    assert len(printed) == 1
    assert "2026年9月至2026年11月" in printed[0]
    assert "¥1,247,707.20" in printed[0]


def test_back_payment_is_part_of_the_sum() -> None:
    with_back = replace(sheet(), back=Headcount(1, yuan("160")))
    assert "¥416,062.40" in text(payment_notice(replace(NOTICE, sheets=(with_back,))))


def test_a_sheet_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(ValueError, match=r"is not the month's 415,902\.40"):
        replace(sheet(), unit_share=yuan("207951.21"))


def test_a_notice_cannot_take_more_from_unallocated_money_than_is_due() -> None:
    with pytest.raises(ValueError, match="暂存款"):
        replace(NOTICE, from_unallocated=NOTICE.due + 1)
    with pytest.raises(ValueError, match="without a month"):
        replace(NOTICE, sheets=())


def test_a_receipt_says_when_and_from_what_the_month_was_booked() -> None:
    paper = remittance_receipt(RECEIPT)
    printed = text(paper)
    assert "住房公积金汇缴回单" in title(paper)
    for words in (
        "¥415,902.40", "肆拾壹万伍仟玖佰零贰元肆角整", "HJ2026111400000731", "2026年11月14日", "9906********0018",
        "F20261114-731", "414,698.40", "本单位暂存款抵缴 1,204.00", "215 位职工", "单位网厅", "日终后编号",
    ):  # fmt: skip
        assert words in printed


def test_a_receipt_printed_after_day_close_carries_its_voucher_number() -> None:
    printed = text(remittance_receipt(replace(RECEIPT, voucher_no="2611000017")))
    assert "2611000017" in printed
    assert "日终后编号" not in printed


@pytest.mark.parametrize(
    "printed",
    [
        lambda second: payment_notice(replace(NOTICE, approver=second)),
        lambda second: remittance_receipt(replace(RECEIPT, approver=second)),
        lambda second: remittance_roster(replace(roster(3), approver=second)),
    ],
)
def test_a_paper_names_who_entered_it_and_who_approved_it(printed: Callable[[str], bytes]) -> None:
    alone, both = squeezed(text(printed(""))), squeezed(text(printed("周复核")))
    assert "经办人" in alone
    assert "复核周复核" in both
    assert "录入" in both
    assert "经办人" not in both


def test_a_list_ends_with_totals_in_figures_and_words() -> None:
    printed = pages(remittance_roster(roster(75)))
    assert len(printed) == 2
    assert "合计　75 人" in printed[1]
    assert "缴存基数 450,000.00" in printed[1]
    assert "月缴存额合计 72,000.00" in printed[1]
    assert "柒万贰仟元整" in printed[1]
    assert "合计　75 人" not in printed[0]


@pytest.mark.parametrize("people", [0, 1, 39, 40, 41, 80])
def test_a_list_prints_everybody_once_whatever_their_number(people: int) -> None:
    printed = text(remittance_roster(roster(people)))
    assert [printed.count(f"9901{number:011d}") for number in range(people)] == [1] * people
    assert f"合计　{people} 人" in printed


@pytest.mark.parametrize("people", [36, 37, 40, 41, 42, 77, 80])
def test_the_totals_of_a_list_stand_below_at_least_five_people(people: int) -> None:
    last = pages(remittance_roster(roster(people)))[-1]
    assert f"合计　{people} 人" in last
    assert sum(f"9901{number:011d}" in last for number in range(people)) >= 5
    assert last.index("单位月缴存额") < last.index(f"合计　{people} 人")


def test_every_page_has_its_number_and_the_papers() -> None:
    printed = pages(remittance_roster(roster(3 * LINES_PER_PAGE - 5)))
    assert [f"第 {number} 页　共 3 页" in page for number, page in enumerate(printed, start=1)] == [True] * 3
    assert all(IMPRINT.number in page and "打印时间 2026-08-10 09:12:33" in page for page in printed)


def test_a_list_of_ten_thousand_is_one_volume_and_a_longer_one_goes_on_counting() -> None:
    longer = roster(VOLUME_LINES + 50)
    assert volumes(roster(VOLUME_LINES)) == 1
    assert volumes(longer) == 2
    second = text(remittance_roster(longer, volume=2))
    assert "第2册 共2册" in second
    assert f"9901{VOLUME_LINES:011d}" in second
    assert f"\n{VOLUME_LINES + 1}\n" in second
    assert "合计　10,050 人" in second
    with pytest.raises(ValueError, match="no volume 3"):
        remittance_roster(longer, volume=3)


def test_long_lists_one_after_another_take_the_memory_of_one() -> None:
    for name in "甲乙":
        remittance_roster(roster(6_000, (name,)))
    before = resident_megabytes()
    for name in "丙丁戊己":
        remittance_roster(roster(6_000, (name,)))
    assert resident_megabytes() - before < 60


def test_a_letter_shows_user_name_and_password_as_they_are() -> None:
    paper = initial_password_letter(LETTER)
    assert len(pages(paper)) == 1
    for words in ("990100000214", "h7Kq-2mXt-9RwB", "2026年9月9日", "https://hall.example"):
        assert words in text(paper).replace(" ", "")


def test_the_password_letter_of_an_approver_is_for_the_approver() -> None:
    said = text(initial_password_letter(replace(LETTER, duty="复核人", handler="司徒明")))
    assert "复核人本人拆阅" in said
    assert "经办人" not in said


def test_the_registration_form_comes_in_duplicate_and_says_the_same_twice() -> None:
    center, employer = pages(registration_form(FORM))
    assert "中心留存" in center
    assert "单位留存" in employer
    for copy in (center, employer):
        words = squeezed(copy)
        for part in (
            FORM.name, FORM.address, "阿依古丽·买买提", "700000000063", "9905101640000000211", "8%", "8.5%", "10,000人",
            "城镇私营企业及其他城镇企业", "注：本表一式二份，示范市住房公积金管理中心和缴存单位各留存一份",
            "单位负责人：", "单位签章：", "所有条款，自愿申请开通单位网上业务大厅",
        ):  # fmt: skip
            assert part in words, part


@pytest.mark.parametrize("paper", [registration_form(FORM), termination_form(TERMINATION), letters(LETTERS)])
def test_what_is_handed_to_different_people_counts_its_own_pages(paper: bytes) -> None:
    assert ["第 1 页　共 1 页" in page for page in pages(paper)] == [True, True]


def test_the_codes_of_the_registration_form_stand_on_one_line_with_their_labels() -> None:
    for copy in pages(registration_form(FORM)):
        assert "统一社会信用代码 91511100MA6280003F" in copy
        assert "经办人身份证号码 990101199003071235" in copy


def test_a_statement_keeps_a_running_balance() -> None:
    printed = text(member_statement(STATEMENT))
    for words in ("12,480.00", "13,440.00", "14,400.00", "3,000.01", "11,399.99", "壹万壹仟叁佰玖拾玖元玖角玖分"):
        assert words in printed
    assert "合计　3 笔 1,920.00 3,000.01 11,399.99" in printed


def test_a_long_statement_repeats_its_head_on_each_page() -> None:
    many: MemberStatement = replace(STATEMENT, movements=STATEMENT.movements[:1] * 120)
    printed = pages(member_statement(many))
    assert len(printed) > 3
    assert all("入账日期 业务类型 汇补缴年月" in page for page in printed[:-1])


@pytest.mark.parametrize("hostile", HOSTILE_NAMES)
def test_a_name_is_never_read_as_source(hostile: str) -> None:
    """ASVS 1.3.7: what looks like Typst is printed letter by letter."""
    unit = replace(NOTICE.unit, name=hostile)
    for paper in (
        payment_notice(replace(NOTICE, unit=unit, remittance_note=hostile)),
        remittance_receipt(replace(RECEIPT, unit=unit, channel=hostile)),
        remittance_roster(roster(3, (hostile,))),
        initial_password_letter(replace(LETTER, unit=unit, password=hostile)),
        member_statement(replace(STATEMENT, member_name=hostile)),
        registration_form(replace(FORM, name=hostile, address=hostile)),
    ):
        assert squeezed(hostile) in squeezed(text(paper))


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert payment_notice(NOTICE) == payment_notice(NOTICE)


def test_an_hour_is_printed_by_the_clock_in_beijing() -> None:
    utc = datetime.fromisoformat("2026-08-10T16:30:00+00:00")
    assert plain(utc) == "2026-08-11 00:30:00"
    with pytest.raises(ValueError, match="time zone"):
        plain(utc.replace(tzinfo=None))


def test_only_what_has_a_way_to_be_written_is_printed() -> None:
    with pytest.raises(TypeError, match="cannot print float"):
        plain([1, "王", None, True, 0.1])


def test_a_broken_template_is_an_error_and_no_empty_paper() -> None:
    with pytest.raises(RuntimeError, match="No such file"):
        render("no_such_paper", {}, printed_at=IMPRINT.printed_at)


def test_a_reference_is_grouped_by_four_and_fits_a_code() -> None:
    assert grouped("202611000732") == "2026 1100 0732"
    assert qr_code("202611000732").startswith("<svg")


def resident_megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1_000_000


def squeezed(words: str) -> str:
    return "".join(words.split())


def test_a_certificate_says_who_accepted_what_when_and_from_where_and_holds_the_whole_text() -> None:
    printed = text(agreement_certificate(CERTIFICATE))
    for words in (
        "示范建材有限公司", "单位网上业务大厅服务协议", "版本 2026-1", "2026年7月1日 起生效", "陈晓梅",
        "2026-08-10 09:00:00", "203.0.113.7", "Firefox/140.0", "有效", "一、服务内容",
        "1.1 贵单位可以登记职工。", '1.2 #read("x") 照印。',
    ):  # fmt: skip
        assert words in printed
    assert CERTIFICATE.digest in printed.replace(" ", "").replace("\n", "")


def test_a_certificate_of_an_agreement_that_ended_says_when() -> None:
    printed = text(agreement_certificate(replace(CERTIFICATE, ended_on=date(2026, 9, 30))))
    assert "已于2026年9月30日终止" in squeezed(printed)


def test_a_slip_of_the_counter_says_what_was_changed_and_is_signed() -> None:
    printed = text(counter_slip(SLIP))
    for words in ("138****1234", "139****0001", "99010000021402", "办理后请注意", "李静", "12329"):
        assert words in printed


def test_letters_of_a_batch_stand_each_on_a_sheet_of_its_own_with_address_and_digest() -> None:
    printed = letters(LETTERS)
    assert len(pages(printed)) == 2
    words = text(printed)
    for part in ("614000", "嘉州大道1号", "示范建材有限公司", "第二行", "消息编号", "4711"):
        assert part in words
    assert "ab" * 32 in squeezed(words)


def test_a_hand_over_pack_lists_open_business_dates_money_and_a_year() -> None:
    printed = text(handover_pack(PACK))
    for words in ("前任经办人陈晓梅", "26081000000012", "6,052.62", "待缴款", "2026-08-15", "1,204.00 元", "接收人"):
        assert words in printed


def test_a_hand_over_pack_of_nothing_says_so() -> None:
    printed = text(handover_pack(replace(PACK, open_cases=(), history=())))
    assert "没有尚未办结的业务" in printed
    assert "没有办理过业务" in printed


def test_a_form_of_termination_is_printed_in_duplicate_with_the_day_on_which_it_ended() -> None:
    copies = pages(termination_form(TERMINATION))
    assert len(copies) == 2
    for copy, kind in zip(copies, ("中心留存", "单位留存"), strict=True):
        for words in (kind, "附件 2", "网厅登陆用户", "99010000021401", '#read("x")', "李一", "孙桂", "2026年8月10日"):
            assert words in copy


def test_a_notice_of_a_restriction_says_what_why_by_which_clause_and_how_to_appeal() -> None:
    notice = RestrictionNotice(
        center=SLIP.center,
        imprint=SLIP.imprint,
        unit=SLIP.unit,
        title="中止使用网厅通知书",
        deed="中止",
        used="使用单位网上业务大厅",
        scope="全部业务（中止使用）",
        reason="用程序批量抓取页面",
        version="一",
        clause="第6.1(1)条",
        clause_text='(1) 使用程序批量抓取页面 #read("x")；',
        until="自2026年8月10日起，2026年9月1日恢复",
        decided_on=date(2026, 8, 10),
        appeal_by=date(2026, 8, 25),
        answer_days=5,
    )
    printed = squeezed(text(restriction_notice(notice)))
    for words in (
        "中止使用网厅通知书", "本中心决定中止贵单位使用单位网上业务大厅",
        "全部业务（中止使用）", "用程序批量抓取页面", "第6.1(1)条", '#read("x")',
        "2026年9月1日恢复", "可以申诉一次，最迟在2026年8月25日提出", "5个工作日内答复", "缴存义务不变",
    ):  # fmt: skip
        assert words in printed
