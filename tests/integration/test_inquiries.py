"""Questions and suggestions: asked, answered within the center's time, rated; nobody else reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from hpf.inquiries import operations, queries
from hpf.inquiries.models import Inquiry
from hpf.inquiries.rules import InquiryKind
from hpf.kernel import Key, Refused
from hpf.notices.models import Delivery
from hpf.policy import choose_business_day
from hpf.registry.codes import Role
from hpf.registry.models import Branch
from hpf.storage import durable, reading
from tests.integration.browser import Browser, Newcomer, lay_hall, newcomer, staff_browser
from tests.integration.hall import NOW, TODAY, quick_passwords
from tests.office import PLACE, SYSTEM, employ


@pytest.fixture
def hall(center: Any) -> Iterator[tuple[Newcomer, Browser]]:
    """A hall with a handler at his browser."""
    with quick_passwords():
        lay_hall()
        handler, browser = newcomer(), Browser()
        assert handler.settles(browser).address == "/"
        yield handler, browser


def act(by: Any, today: date = TODAY) -> dict[str, Any]:
    return {"by": by, "today": today, "now": NOW, "key": Key.fresh()}


def asked(handler: Newcomer) -> int:
    done = operations.ask(InquiryKind.QUESTION, "何时到账", "转账已两天。", **act(handler.actor))
    return int(done.result["inquiry_id"])


def test_a_question_is_asked_answered_told_and_rated(hall: Any) -> None:
    _, handler = hall
    page = handler.submit(handler.open("/questions/"), "/questions/", kind="question", title="何时到账", text="两天了")
    assert "已提交" in page
    assert "2026-08-17 前答复" in page  # the 10th is a Monday: five working days
    number = page.path.removeprefix("/questions")
    staff, desk = staff_browser(Role.CLERK), f"/counter/inquiries{number}"
    assert "1 件咨询建议待答复<" in staff.open("/counter/")
    assert "何时到账" in staff.open("/counter/inquiries/")
    assert "已答复" in staff.submit(staff.open(desk), f"{desk}answer/", text="今天入账。")
    with reading(SYSTEM):
        assert Delivery.objects.filter(message__template="inquiry-answered", way="inbox").count() == 1
    answered = handler.open(f"/questions{number}")
    assert "今天入账。" in answered
    rated = handler.submit(answered, f"/questions{number}rate/", rating="4", word="很快")
    assert "4分，满意：很快" in rated
    assert "/rate/" not in rated
    assert "4.0" in staff.open("/counter/inquiries/?shelf=answered")
    assert "咨询建议待答复" not in staff.open("/counter/")


def test_what_was_not_made_clear_is_asked_again_once_and_the_time_begins_anew(hall: Any) -> None:
    handler, clerk = hall[0], employ("林小满", Role.CLERK)
    number = asked(handler)
    operations.answer(number, "请等。", **act(clerk))
    later = date(2026, 8, 20)
    operations.ask_again(number, "等到何时？", **act(handler.actor, later))
    with reading(SYSTEM):
        assert Inquiry.objects.get().due_on == date(2026, 8, 27)
    operations.answer(number, "今天。", **act(clerk, later))
    with pytest.raises(Refused, match="INQUIRY-ASKED-AGAIN"):
        operations.ask_again(number, "还有", **act(handler.actor, later))


def test_only_what_is_open_is_answered_and_only_what_is_answered_is_rated(hall: Any) -> None:
    handler, clerk = hall[0], employ("林小满", Role.CLERK)
    number = asked(handler)
    with pytest.raises(Refused, match="INQUIRY-NOT-ANSWERED"):
        operations.rate(number, 5, "", **act(handler.actor))
    operations.answer(number, "今天。", **act(clerk))
    with pytest.raises(Refused, match="INQUIRY-NOT-OPEN"):
        operations.answer(number, "明天。", **act(clerk))
    with pytest.raises(Refused, match="INQUIRY-RATING"):
        operations.rate(number, 6, "", **act(handler.actor))
    operations.rate(number, 5, "", **act(handler.actor))
    with pytest.raises(Refused, match="INQUIRY-RATED"):
        operations.rate(number, 1, "", **act(handler.actor))


def test_an_answer_that_came_late_was_late_whatever_is_asked_again(hall: Any) -> None:
    handler, _ = hall
    clerk, number, late = employ("钱答", Role.CLERK), asked(handler), date(2026, 8, 20)
    operations.answer(number, "查到了。", **act(clerk, late))
    operations.ask_again(number, "等到何时？", **act(handler.actor, late))
    operations.answer(number, "今天。", **act(clerk, late))
    with reading(SYSTEM):
        assert queries.figures(late).late_answers == 1


def test_what_is_late_stands_on_a_list_of_its_own(hall: Any) -> None:
    asked(hall[0])
    with durable(SYSTEM):
        choose_business_day(date(2026, 8, 18))
    page = staff_browser(Role.MANAGER).open("/counter/inquiries/?shelf=overdue")
    assert "何时到账" in page
    assert "逾期 1 天" in page
    with reading(SYSTEM):
        assert (queries.figures(date(2026, 8, 17)).overdue, queries.figures(date(2026, 8, 18)).overdue) == (0, 1)


def test_another_branch_answers_what_is_forwarded_and_the_handler_reads_where_it_lies(hall: Any) -> None:
    handler, browser = hall
    with durable(SYSTEM):
        first, other = Branch.objects.get(), Branch.objects.create(code="09", name="城南管理部", place=PLACE)
    number = asked(handler)
    staff = staff_browser(Role.CLERK)
    page = staff.open(f"/counter/inquiries/{number}/")
    address = f"/counter/inquiries/{number}/forward/"
    assert f'<option value="{first.pk}">' not in page  # it lies there already
    assert "请选择转到的网点" in staff.submit(page, address, branch="")
    assert "请从所列网点中选择" in staff.submit(page, address, branch="99")
    staff.submit(page, address, branch=str(other.pk), note="该单位由城南经办。")
    assert "已转城南管理部办理。该单位由城南经办。" in browser.open(f"/questions/{number}/")
    assert "何时到账" not in staff.open(f"/counter/inquiries/?branch={first.pk}")
    assert "何时到账" in staff.open(f"/counter/inquiries/?branch={other.pk}")


def test_another_employer_sees_nothing_of_it_and_a_treasurer_cannot_answer(hall: Any) -> None:
    number = asked(hall[0])
    stranger = Browser()
    newcomer().settles(stranger)
    assert stranger.open(f"/questions/{number}/").status == 404
    assert "何时到账" not in stranger.open("/questions/")
    treasurer = staff_browser(Role.TREASURER)
    assert f"/counter/inquiries/{number}/answer/" not in treasurer.open(f"/counter/inquiries/{number}/")
    with pytest.raises(Refused, match="STAFF-ROLE"):
        operations.answer(number, "今天。", **act(employ("钱进", Role.TREASURER)))


def test_a_good_answer_becomes_a_frequent_question_by_way_of_the_desk_of_publications(hall: Any) -> None:
    number = asked(hall[0])
    operations.answer(number, "次日入账。", **act(employ("林小满", Role.CLERK)))
    publisher, address = staff_browser(Role.PUBLISHER), f"/counter/publications/new/question/?inquiry={number}"
    assert address in publisher.open(f"/counter/inquiries/{number}/")
    editor = publisher.open(address)
    assert "何时到账" in editor
    assert "次日入账。" in editor


def test_nobody_heaps_up_questions(hall: Any) -> None:
    for _ in range(20):
        asked(hall[0])
    with pytest.raises(Refused, match="INQUIRY-TOO-MANY"):
        asked(hall[0])
