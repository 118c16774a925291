"""Functions have hours and limits a day: set by two persons, announced, kept by the door and by the database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from hpf.channels import timetables
from hpf.channels.hours import ALL_DAY, NEVER, Timetable
from hpf.faces.counter.functions import FUNCTIONS
from hpf.faces.counter.permissions import WHO
from hpf.inquiries import operations as inquiries
from hpf.inquiries.models import Inquiry
from hpf.inquiries.rules import InquiryKind
from hpf.kernel import Actor, Channel, Key, Refused
from hpf.policy import choose_business_day
from hpf.registry.codes import HallFunction, Role
from hpf.storage import durable, reading
from tests.integration.browser import Browser, Newcomer, Page, lay_hall, newcomer, staff_browser
from tests.integration.hall import NOW, TODAY, quick_passwords
from tests.office import SYSTEM, employ

SATURDAY, MONDAY = date(2026, 8, 15), date(2026, 8, 17)
ON_WORKING_DAYS = Timetable(Channel.PORTAL, HallFunction.INQUIRIES, TODAY + timedelta(days=1), ALL_DAY, NEVER, 2)
DESK = "/counter/hours/"


@pytest.fixture
def hall(center: Any) -> Iterator[tuple[Newcomer, Browser]]:
    with quick_passwords():
        lay_hall()
        handler, browser = newcomer(), Browser()
        assert handler.settles(browser).address == "/"
        yield handler, browser


def turn_to(day: date) -> None:
    with durable(SYSTEM):
        choose_business_day(day)


def propose(plan: Timetable, by: Actor) -> int:
    return int(timetables.propose(plan, "结算", by=by, today=TODAY, key=Key.fresh()).result["timetable_id"])


def settled() -> None:
    """Working days only, and two questions a day, from tomorrow on."""
    row = propose(ON_WORKING_DAYS, employ("郑重", Role.PARAMETERS))
    by = employ("高远", Role.MANAGER)
    timetables.decide(row, timetables.ReviewState.APPROVED, note="", by=by, today=TODAY, key=Key.fresh())


def ask(by: Actor, day: date) -> None:
    inquiries.ask(InquiryKind.QUESTION, "何时到账", "两天了。", by=by, today=day, now=NOW, key=Key.fresh())


def sent(browser: Browser) -> Page:
    form = {"kind": "question", "title": "何时到账", "text": "两天了"}
    csrf = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    return Page("/questions/", browser.post("/questions/", {**form, **csrf, "key": Key.fresh()}))


def test_set_at_the_counter_by_two_announced_and_kept_from_its_day_on(hall: Any) -> None:
    _, handler = hall
    planner, manager = staff_browser(Role.PARAMETERS), staff_browser(Role.MANAGER)
    typed = {"function": "portal:inquiries", "starts_on": "2026-08-11", "working_hours": "0:00—24:00", "reason": "结算"}
    page = planner.submit(planner.open(DESK), DESK, **{**typed, "working_hours": "8-17"}, resting_hours="不办理")
    assert "不能识别" in page
    page = planner.submit(page, DESK, **typed, resting_hours="不办理", most="2")
    assert "工作日全天办理，休息日不办理；提交咨询建议每个单位每天最多2次" in page
    assert "/decide/" not in page
    manager.submit(manager.open(page.path), f"{page.path}decide/", verdict="approved")
    assert "8月11日起咨询建议的办理时间有变更" in handler.open("/messages/")
    assert "办理时间：" not in handler.open("/questions/")
    turn_to(SATURDAY)
    refused = sent(handler)
    assert refused.status == 503
    assert "8月17日00:00起可以办理，现在可以查询" in refused
    looked = handler.open("/questions/")
    assert "<fieldset disabled>" in looked
    assert "现在不在咨询建议的办理时间" in looked
    assert "休息日不办理" in Browser().open("/closures/")
    turn_to(MONDAY)
    assert "办理时间：工作日全天办理" in handler.open("/questions/")
    assert "每个单位每天最多2次" in handler.open("/")
    for _ in range(2):
        assert sent(handler).status == 303
    refused = sent(handler)
    assert refused.status == 422
    assert "今天已办满2次" in refused
    assert "明天0时起可以再办" in refused


def test_the_counter_has_hours_of_its_own(hall: Any) -> None:
    planner, manager = staff_browser(Role.PARAMETERS), staff_browser(Role.MANAGER)
    typed = {"function": "counter:inquiries", "starts_on": "2026-08-11", "reason": "夏季", "working_hours": "全天"}
    page = planner.submit(planner.open(DESK), DESK, **typed, resting_hours="不办理", most="2")
    assert "柜面咨询建议没有次数限制" in page
    page = planner.submit(page, DESK, **typed, resting_hours="不办理", most="")
    manager.submit(manager.open(page.path), f"{page.path}decide/", verdict="approved")
    _, handler = hall
    assert "柜面咨询建议" not in handler.open("/messages/")  # how the center works inside is nobody else's business
    assert sent(handler).status == 303
    turn_to(SATURDAY)
    assert "现行" in manager.open(page.path)
    assert sent(handler).status == 303
    clerk = staff_browser(Role.CLERK)
    with reading(SYSTEM):
        inquiry = f"/counter/inquiries/{Inquiry.objects.latest('pk').pk}/"
    refused = clerk.submit(clerk.open(inquiry), f"{inquiry}answer/", text="已到账。")
    assert refused.status == 503
    assert "现在不在柜面咨询建议的办理时间" in refused
    assert "8月17日00:00起可以办理" in refused


@pytest.mark.parametrize("name", ["grant-end", "termination", "decide-application", "grant-decide"])
def test_no_hours_keep_anybody_in_or_leave_undecided_what_was_handed_in(name: str) -> None:
    assert name in WHO
    assert name not in FUNCTIONS


def test_the_way_to_a_new_password_is_closed_at_once_and_by_itself(hall: Any) -> None:
    urgent = "/counter/closures/at-once/"
    administrator = staff_browser(Role.SYSTEM_ADMIN)
    typed = {"function": "recover_password", "reason": "有人冒用", "ends_at": ""}
    page = administrator.submit(administrator.open(urgent), urgent, **typed, channels="portal")
    assert "单位网厅没有“找回密码”这项业务" in page
    assert "停办中" in administrator.submit(page, urgent, **typed, channels="public")
    forgot = Browser().open("/forgot/")
    assert "公众页面找回密码现在停办" in forgot
    assert "<fieldset disabled>" in forgot
    assert "<fieldset disabled>" not in Browser().open("/apply/")


def test_two_at_once_do_not_both_pass_the_last_place_and_tomorrow_there_is_room(hall: Any) -> None:
    settled()
    handler, _ = hall
    ask(handler.actor, MONDAY)

    def tried(_: int) -> str:
        try:
            ask(handler.actor, MONDAY)
        except Refused as refused:
            return refused.refusals[0].code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(tried, range(4)))
    assert outcomes == ["DAILY-LIMIT", "DAILY-LIMIT", "DAILY-LIMIT", "done"]
    ask(replace(handler.actor, rehearses=True), MONDAY + timedelta(days=1))
    for _ in range(2):
        ask(handler.actor, MONDAY + timedelta(days=1))
    with pytest.raises(Refused, match="DAILY-LIMIT"):
        ask(handler.actor, MONDAY + timedelta(days=1))


def test_its_maker_does_not_approve_it_nor_anybody_when_its_day_has_come(hall: Any) -> None:
    maker, other = employ("郑重", Role.PARAMETERS), employ("高远", Role.MANAGER)
    row, approved = propose(ON_WORKING_DAYS, maker), timetables.ReviewState.APPROVED
    with pytest.raises(Refused, match="REVIEW-UNDER-WAY"):
        propose(replace(ON_WORKING_DAYS, most=3), maker)
    with pytest.raises(Refused, match="REVIEW-OWN-WORK"):
        timetables.decide(row, approved, note="", by=maker, today=TODAY, key=Key.fresh())
    late = ON_WORKING_DAYS.starts_on
    with pytest.raises(Refused, match="TIMETABLE-LATE"):
        timetables.decide(row, approved, note="", by=other, today=late, key=Key.fresh())


def test_what_nobody_approved_before_its_day_can_only_be_sent_back(hall: Any) -> None:
    address = f"{DESK}{propose(ON_WORKING_DAYS, employ('郑重', Role.PARAMETERS))}/"
    turn_to(ON_WORKING_DAYS.starts_on)
    manager = staff_browser(Role.MANAGER)
    page = manager.open(address)
    assert "逾期未复核</span></h1>" in page
    assert "请退回，由提出人改为以后的日期重新提出" in page
    assert "复核通过" not in page
    assert "未采用</span></h1>" in manager.submit(page, f"{address}decide/", verdict="returned", note="已过时")


ALONE = (
    "INSERT INTO channels_timetable (channel, function, starts_on, working_hours, resting_hours, reason, state,"
    " made_by_id, maker_name) SELECT 'portal', 'sealing', now(), '', '', 'x', 'approved', id, name FROM registry_staff"
    " LIMIT 1"
)


@pytest.mark.parametrize(
    "attack",
    [
        ALONE,
        "UPDATE channels_timetable SET state = 'approved'",
        "UPDATE channels_timetable SET most = 100",
        "DELETE FROM channels_timetable",
    ],
)
def test_the_database_lets_nobody_set_hours_alone(center: Any, hall: Any, attack: str) -> None:
    propose(ON_WORKING_DAYS, employ("郑重", Role.PARAMETERS))
    with center.connect("owner") as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(attack)
