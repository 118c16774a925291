"""An employer gives up the hall: open business first, then the agreement ends; the center still reads everything."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hpf import ledger
from hpf.agreement.queries import acceptances
from hpf.evidence import Receipt
from hpf.hall_access.handler_change import PapersSeen, change_handler
from hpf.hall_access.models import HandlerChange
from hpf.hall_access.termination import TerminationForm, open_business, terminate
from hpf.inquiries.operations import ask
from hpf.inquiries.queries import left_open
from hpf.inquiries.rules import InquiryKind
from hpf.kernel import Fen, Key, Month, Refused, Severity
from hpf.ledger import EntryKind, Line
from hpf.notices.sms import outbox
from hpf.registry.codes import Role
from hpf.registry.models import BankAccount, Handler, UnitAccount
from hpf.remittance.operations import withdraw_sheet
from hpf.storage import durable, reading
from tests.integration.browser import PASSWORD, Browser, Newcomer, lay_hall, newcomer, staff_browser
from tests.integration.hall import CLERK, TODAY, another, quick_passwords
from tests.integration.test_handler_change import PNG, unit_of
from tests.integration.treasury.bank import Bank, add_trio, declare, settle
from tests.office import SYSTEM

FORM = TerminationForm("迁往外地", "李一", "王二", TODAY.isoformat(), form_seen=True, confirmed=True)

pytestmark = pytest.mark.usefixtures("ground")


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        yield shared_center


def end(known: Newcomer, form: TerminationForm = FORM) -> Receipt:
    return terminate(known.employer_id, form, by=CLERK, today=TODAY, now=datetime.now(UTC), key=Key.fresh())


class TestWhatIsUnderWay:
    def test_is_named_with_everything_that_the_form_lacks_and_must_be_ended_first(self) -> None:
        known = newcomer()
        unit = unit_of(known)
        add_trio(unit)
        case_no = declare(unit, Month(2026, 7))
        with pytest.raises(Refused) as refused:
            end(known, replace(FORM, reason="", filled_on="x", form_seen=False, confirmed=False))
        assert refused.value.codes == (
            "TERMINATE-FORM",
            "TERMINATE-CONFIRM",
            "TERMINATE-REQUIRED",
            "TERMINATE-DATE",
            "TERMINATE-OPEN-CASE",
        )
        assert refused.value.refusals[-1].case_no == case_no
        shown = staff_browser(Role.CLERK).open(f"/counter/employers/{known.employer_id}/termination/")
        assert f'<a href="/counter/cases/{case_no}/">' in shown
        withdraw_sheet(case_no=case_no, by=unit.handler, today=TODAY, key=Key.fresh())
        assert end(known).result["termination_id"]

    def test_money_that_is_not_allocated_is_a_hint_and_no_hindrance(self) -> None:
        known = newcomer()
        unit = unit_of(known)
        own = {"employer_id": unit.employer_id, "unit_account_id": unit.unit_account_id}
        draft = ledger.EntryDraft(Key.fresh(), EntryKind.MONEY_IN, "到账", **own)
        with durable(SYSTEM):
            bank = BankAccount.objects.get().ledger_account_id
            lines = (Line(bank, "D", Fen(5000)), Line(unit.unallocated_account_id, "C", Fen(5000)))
            ledger.post([draft], ledger.lines_query([lines]), on=TODAY, by=SYSTEM)
        with reading(SYSTEM):
            (hint,) = open_business(known.employer_id)
        assert (hint.code, hint.severity) == ("TERMINATE-MONEY", Severity.CHECK)
        assert end(known).result["termination_id"]

    def test_what_it_has_asked_and_nobody_has_answered_is_a_hint(self) -> None:
        known, other = newcomer(), newcomer()
        by: dict[str, Any] = {"by": known.actor, "today": TODAY, "now": datetime.now(UTC)}
        for title in ("何时到账", "怎样补缴"):
            ask(InquiryKind.QUESTION, title, "请问。", **by, key=Key.fresh())
        with reading(CLERK):
            (hint,) = left_open(known.employer_id)
            assert left_open(other.employer_id) == []
        assert hint.severity is Severity.CHECK
        assert "还有2件咨询建议没有答复：“何时到账”、“怎样补缴”" in hint.what
        page = staff_browser(Role.CLERK).open(f"/counter/employers/{known.employer_id}/termination/")
        assert hint.what in page

    def test_money_of_this_payer_that_waits_at_the_treasurers_desk_is_seen(self) -> None:
        known, bank = newcomer(), Bank.opened_with("0.00")
        with reading(SYSTEM):
            unit = UnitAccount.objects.get(employer_id=known.employer_id)
        mine = bank.line("30.00", payer_name=f" {known.application.name} ")
        settle(
            bank.file(
                mine,
                bank.line("5.00", payer_name="某代理公司", payer_account=unit.bank_account),
                bank.line("7.00", payer_name="别的单位"),
            )
        )
        with reading(SYSTEM):
            (hint,) = open_business(known.employer_id)
        assert (hint.code, hint.severity) == ("TERMINATE-UNIDENTIFIED", Severity.CHECK)
        assert "2笔" in hint.what
        assert "共35.00元" in hint.what
        assert mine.flow_no in hint.why
        page = staff_browser(Role.CLERK).open(f"/counter/employers/{known.employer_id}/termination/")
        assert hint.what in page


class TestTheEnd:
    def test_closes_sessions_in_the_same_breath_and_says_so(self) -> None:
        known, browser = newcomer(), Browser()
        known.settles(browser)
        end(known)
        page = browser.open("/roster/")
        assert page.address.startswith("/login/")
        assert "本单位的网厅服务已在柜台终止" in page
        with pytest.raises(Refused, match="ACCESS-ENDED"), durable(known.actor):
            pass

    def test_is_told_plainly_after_the_right_password_and_to_nobody_else(self) -> None:
        known, browser = newcomer(), Browser()
        known.settles(Browser())
        end(known)

        def says(password: str, user_name: str = known.user_name) -> str:
            page = browser.open("/login/")
            return browser.submit(page, "/login/", user_name=user_name, password=password).html

        assert "本单位的网厅服务已终止" in says(PASSWORD)
        assert "请到网点柜台办理" in says(PASSWORD)
        wrong, nobody = says("wrong"), says("wrong", "51119999999999")
        assert "用户名或密码不正确" in wrong
        assert shape_of(wrong, known.user_name) == shape_of(nobody, "51119999999999")

    def test_ends_the_agreement_with_the_day(self) -> None:
        known = newcomer()
        known.settles(Browser())
        with reading(SYSTEM):
            assert [one.ended_on for one in acceptances(known.employer_id)] == [None]
        end(known)
        with reading(SYSTEM):
            assert [one.ended_on for one in acceptances(known.employer_id)] == [TODAY]

    def test_is_told_to_the_handler(self) -> None:
        known = newcomer()
        end(known)
        with reading(SYSTEM):
            (text,) = [one.text for one in outbox(500) if one.mobile == known.mobile]
        assert f"{known.application.name}的单位网上业务大厅服务已于2026年8月10日终止" in text

    def test_comes_once(self) -> None:
        known = newcomer()
        end(known)
        with pytest.raises(Refused, match="ACCESS-NO-HANDLER"):
            end(known)

    def test_leaves_the_way_back_by_registering_a_handler(self) -> None:
        known = newcomer()
        end(known)
        done = change_handler(
            known.employer_id,
            another().handler,
            PapersSeen(letter_seen=True, card_seen=True),
            by=CLERK,
            today=TODAY,
            now=datetime.now(UTC),
            key=Key.fresh(),
        )
        with reading(SYSTEM):
            assert HandlerChange.objects.get(pk=done.result["change_id"]).kind == "anew"
            assert Handler.objects.filter(employer_id=known.employer_id, active=True).count() == 1


class TestAtTheCounter:
    def test_the_clerk_sees_what_is_open_fills_in_the_form_and_prints_it_twice(self) -> None:
        clerk, known = staff_browser(Role.CLERK), newcomer()
        unit = unit_of(known)
        add_trio(unit)
        case_no = declare(unit, Month(2026, 7))
        address = f"/counter/employers/{known.employer_id}/termination/"
        page = clerk.open(address)
        assert "还有 1 件业务须先办结" in page
        assert str(case_no) in page
        withdraw_sheet(case_no=case_no, by=unit.handler, today=TODAY, key=Key.fresh())
        page = clerk.open(address)
        assert "没有在办的业务，可以终止" in page
        assert "终止后会发生什么" in page
        assert f"用户名 {known.user_name} 立即停用" in page
        page = clerk.submit(
            page,
            address,
            reason="迁往外地",
            responsible="李一",
            filled_by="王二",
            filled_on=TODAY.isoformat(),
            form_seen="1",
            confirmed="1",
            scans=SimpleUploadedFile("申请表.png", PNG, "image/png"),
        )
        assert "网厅服务已终止，已短信告知经办人" in page
        (paper,) = re.findall(r'href="(/counter/terminations/\d+/form\.pdf)"', page.html)
        assert clerk.get(paper).content.startswith(b"%PDF-")
        employer = clerk.open(f"/counter/employers/{known.employer_id}/")
        assert "已终止" in employer
        assert "终止使用网厅" in employer
        assert "登记经办人" in employer

    def test_the_center_still_reads_everything(self) -> None:
        known = newcomer()
        unit = unit_of(known)
        add_trio(unit)
        case_no = declare(unit, Month(2026, 7))
        withdraw_sheet(case_no=case_no, by=unit.handler, today=TODAY, key=Key.fresh())
        end(known)
        clerk = staff_browser(Role.CLERK)
        assert clerk.open(f"/counter/cases/{case_no}/").status == 200
        assert known.application.name in clerk.open(f"/counter/employers/{known.employer_id}/")


def shape_of(html: str, user_name: str) -> str:
    """A page without what is different on every page: keys, tokens and the name that was typed."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html).replace(user_name, "")
