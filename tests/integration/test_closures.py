"""The hall closes for a time and opens by itself: announced, two persons, nothing half done at the border."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from hpf.casework.review import ReviewState
from hpf.channels import operations, queries
from hpf.channels.rules import Plan
from hpf.faces.batch.app import Held, task
from hpf.hall_access.termination import TerminationForm, terminate
from hpf.kernel import Actor, Channel, Key, Refused
from hpf.messaging import queries as messages
from hpf.notices.models import Delivery, Message
from hpf.policy import choose_business_day
from hpf.registry.codes import Role
from hpf.storage import durable, reading
from tests.integration.browser import Browser, Page, lay_hall, newcomer, staff_browser
from tests.integration.hall import CLERK, NOW, TODAY, quick_passwords
from tests.integration.publishing import CHINA
from tests.office import SYSTEM, employ

DAY = timedelta(days=1)
TOMORROW = datetime(2026, 8, 11, tzinfo=CHINA)
"""Maintenance lasts all of the 11th: the tests choose the day."""
ALL_OF_IT = Plan((Channel.PORTAL,), "", "系统升级", TOMORROW, TOMORROW + DAY)
MORNING = datetime(2026, 8, 10, 9, tzinfo=CHINA)
RAN: list[str] = []


@pytest.fixture
def hall(center: Any) -> Iterator[tuple[Actor, Actor]]:
    """A hall with one who plans and one who approves."""
    with quick_passwords():
        lay_hall()
        yield employ("郑重", Role.PARAMETERS, Role.MANAGER), employ("高远", Role.MANAGER)


def turn_to(day: date) -> None:
    with durable(SYSTEM):
        choose_business_day(day)


def propose(plan: Plan, by: Actor) -> int:
    return int(operations.propose(plan, by=by, today=TODAY, now=MORNING, key=Key.fresh()).result["closure_id"])


def close(plan: Plan, hall: tuple[Actor, Actor]) -> int:
    """Planned by one, approved by the other."""
    closure = propose(plan, hall[0])
    approve(closure, hall[1])
    return closure


def approve(closure: int, by: Actor, now: datetime = MORNING) -> None:
    operations.decide(closure, ReviewState.APPROVED, note="", by=by, today=TODAY, now=now, key=Key.fresh())


def lift(closure: int, by: Actor, now: datetime = TOMORROW) -> None:
    operations.lift(closure, by=by, today=now.date(), now=now, key=Key.fresh())


def at_work() -> Browser:
    browser = Browser()
    assert newcomer().settles(browser).address == "/"
    return browser


def send(browser: Browser, address: str) -> Page:
    """An empty form: 422 where it is read, 503 where it is not even looked at."""
    csrf = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    return Page(address, browser.post(address, csrf))


def test_announced_closed_and_open_again_without_anybody(hall: Any) -> None:
    close(ALL_OF_IT, hall)
    browser = at_work()
    assert "8月11日00:00起全部业务停办：系统升级" in browser.open("/seal/")
    assert "离开始还有" in browser.open("/login/")
    assert send(browser, "/seal/").status == 422
    turn_to(date(2026, 8, 11))
    refused = send(browser, "/seal/")
    assert refused.status == 503
    assert "预计8月12日00:00恢复" in refused
    assert 0 < int(refused.response.headers["Retry-After"]) <= 86400
    turn_to(date(2026, 8, 12))
    assert send(browser, "/seal/").status == 422
    assert "停办" not in browser.open("/seal/").html.replace("停办公告", "")


def test_who_has_ended_the_service_is_told_of_no_closure(hall: Any) -> None:
    here, gone = newcomer(), newcomer()
    form = TerminationForm("迁往外地", "李一", "王二", TODAY.isoformat(), form_seen=True, confirmed=True)
    terminate(gone.employer_id, form, by=CLERK, today=TODAY, now=NOW, key=Key.fresh())
    lift(close(ALL_OF_IT, hall), hall[0])
    with reading(SYSTEM):
        told = Message.objects.filter(template__startswith="closure-").values_list("pk", flat=True)
        assert len(told) == 2
        assert set(Delivery.objects.filter(message_id__in=told).values_list("employer_id", flat=True)) == {
            here.employer_id
        }


def test_while_closed_everything_is_looked_up_and_one_logs_in_and_out(hall: Any) -> None:
    close(ALL_OF_IT, hall)
    turn_to(date(2026, 8, 11))
    browser = at_work()
    page = browser.open("/seal/")
    assert page.status == 200
    assert "<fieldset disabled>" in page
    assert "全部业务现在停办" in page
    assert browser.open("/roster/").status == 200
    assert "<fieldset disabled>" not in browser.open("/roster/")
    assert browser.submit(page, "/leave/").address == "/login/"


def test_one_function_is_closed_alone_and_until_further_notice(hall: Any) -> None:
    closure = close(Plan((Channel.PORTAL,), "sealing", "核对数据", TOMORROW, None), hall)
    turn_to(date(2026, 8, 20))
    browser = at_work()
    assert send(browser, "/seal/").status == 503
    assert "恢复时间另行公告" in browser.open("/seal/")
    assert send(browser, "/open/").status == 422
    lift(closure, hall[0], TOMORROW + 9 * DAY)
    assert send(browser, "/seal/").status == 422


def test_a_single_form_of_what_is_closed_is_greyed_on_a_page_that_is_open(hall: Any) -> None:
    close(Plan((Channel.COUNTER,), "hall_access", "核对数据", TOMORROW, None), hall)
    known, clerk = newcomer(), staff_browser(Role.CLERK)
    address = f"/counter/employers/{known.employer_id}/"
    assert "<fieldset disabled" not in clerk.open(address)
    turn_to(date(2026, 8, 20))
    page = clerk.open(address)
    greyed = page.html.split(f'action="{address}hand-over/"')[1].split("</form>")[0]
    assert "<fieldset disabled" in greyed
    assert page.html.count("柜面经办人和办理权限现在停办") == 1
    assert "<fieldset disabled" not in page.html.split('action="/counter/leave/"')[1].split("</form>")[0]


def test_a_closed_counter_lets_staff_in_and_open_it_again(hall: Any) -> None:
    close(Plan((Channel.PORTAL, Channel.COUNTER), "", "系统升级", TOMORROW, TOMORROW + DAY), hall)
    turn_to(date(2026, 8, 11))
    publisher = staff_browser(Role.PUBLISHER)
    assert send(publisher, "/counter/publications/new/guide/").status == 503
    manager = staff_browser(Role.MANAGER)
    (row,) = _ids()
    page = manager.open(f"/counter/closures/{row}/")
    assert "停办中</span></h1>" in page
    lifted = manager.submit(page, f"/counter/closures/{row}/lift/")
    assert "已恢复</span></h1>" in lifted
    assert "已公告" not in lifted
    assert send(publisher, "/counter/publications/new/guide/").status == 422


def _ids() -> list[int]:
    with reading(SYSTEM):
        return [one.id for one in queries.standing(TOMORROW)]


def test_staff_go_on_where_the_counter_is_not_closed(hall: Any) -> None:
    close(ALL_OF_IT, hall)
    turn_to(date(2026, 8, 11))
    assert send(staff_browser(Role.PUBLISHER), "/counter/publications/new/guide/").status == 422


def test_the_system_s_administrator_closes_at_once_with_a_reason(hall: Any) -> None:
    handler, administrator = at_work(), staff_browser(Role.SYSTEM_ADMIN)
    page = administrator.open("/counter/closures/at-once/")
    assert "事先公告" not in page
    typed = {"function": "all", "channels": "portal", "ends_at": "2026-08-13T08:00"}
    assert "请填写原因" in administrator.submit(page, "/counter/closures/at-once/", **typed, reason="")
    closed = administrator.submit(page, "/counter/closures/at-once/", **typed, reason="数据库故障")
    assert "停办中</span></h1>" in closed
    assert "已公告" not in closed
    assert send(handler, "/seal/").status == 503
    assert "数据库故障" in handler.open("/")


def test_planned_at_the_counter_by_one_and_approved_by_another(hall: Any) -> None:
    planner, manager = staff_browser(Role.PARAMETERS), staff_browser(Role.MANAGER)
    typed = {"function": "all", "channels": "portal", "starts_at": "2026-08-11T22:00", "ends_at": "2026-08-12T06:00"}
    page = planner.submit(planner.open("/counter/closures/"), "/counter/closures/", **typed, reason="系统升级")
    assert "待复核" in page
    assert "全部业务停办" not in Browser().open("/login/")
    manager.submit(manager.open(page.path), f"{page.path}decide/", verdict="approved")
    assert "8月11日22:00起全部业务停办" in Browser().open("/closures/")


def test_what_is_planned_is_approved_by_another(hall: Any) -> None:
    closure = propose(ALL_OF_IT, hall[0])
    with pytest.raises(Refused, match="REVIEW-OWN-WORK"):
        approve(closure, hall[0])
    with reading(SYSTEM):
        assert queries.standing(TOMORROW) == ()


@pytest.mark.parametrize("late", [timedelta(minutes=-59), timedelta(), 2 * DAY])
def test_what_is_approved_too_late_to_be_read_of_does_not_close(hall: Any, late: timedelta) -> None:
    closure = propose(ALL_OF_IT, hall[0])
    with pytest.raises(Refused, match="CLOSURE-TOO-LATE"):
        approve(closure, hall[1], TOMORROW + late)
    assert titles() == []
    approve(closure, hall[1], TOMORROW - timedelta(hours=1))
    assert titles() == ["8月11日00:00起全部业务停办"]


def test_what_nobody_approved_in_time_says_so_and_can_only_be_refused(hall: Any) -> None:
    address = f"/counter/closures/{propose(ALL_OF_IT, hall[0])}/"
    turn_to(date(2026, 8, 11))
    manager = staff_browser(Role.MANAGER)
    page = manager.open(address)
    assert "逾期未复核</span></h1>" in page
    assert "现在通过已来不及公告" in page
    assert "复核通过" not in page
    assert "未采用</span></h1>" in manager.submit(page, f"{address}decide/", verdict="refused", note="已过时")


def test_who_closes_at_once_by_two_clicks_closes_once(hall: Any) -> None:
    administrator, key = employ("齐备", Role.SYSTEM_ADMIN), Key.fresh()
    receipts = {
        operations.close_at_once(
            replace(ALL_OF_IT, starts_at=at), by=administrator, today=TODAY, now=at, key=key
        ).number
        for at in (TOMORROW, TOMORROW + timedelta(seconds=1))
    }
    assert len(receipts) == 1


@pytest.mark.parametrize(("at", "outcome"), [(MORNING, "已取消"), (TOMORROW + DAY / 2, "已提前结束")])
def test_what_is_called_off_is_told_and_leaves_the_first_page(hall: Any, at: datetime, outcome: str) -> None:
    handler = newcomer().actor
    closure = close(ALL_OF_IT, hall)
    with reading(handler):
        assert [one.title for one in messages.shown(NOW, at)] == ["8月11日00:00起全部业务停办"]
        assert messages.shown(NOW, TOMORROW + DAY) == []  # it is over
    lift(closure, hall[0], at)
    assert titles()[-1] == f"全部业务停办{outcome}"
    with reading(handler):
        assert messages.shown(NOW, at) == []


def titles() -> list[str]:
    """What employers were told, in order."""
    with reading(SYSTEM):
        return [one.title for one in Message.objects.order_by("id")]


def test_a_closure_that_is_over_is_not_lifted(hall: Any) -> None:
    closure = close(ALL_OF_IT, hall)
    with pytest.raises(Refused, match="CLOSURE-NOT-STANDING"):
        lift(closure, hall[0], TOMORROW + DAY)
    lift(closure, hall[0])
    with pytest.raises(Refused, match="CLOSURE-NOT-STANDING"):
        lift(closure, hall[0])


def test_jobs_of_the_business_wait_until_the_worker_is_open(hall: Any) -> None:
    close(Plan((Channel.PORTAL, Channel.BATCH), "", "系统升级", TOMORROW, TOMORROW + DAY), hall)
    work = task("test:business", is_business=True)(lambda: RAN.append("done"))
    work()
    turn_to(date(2026, 8, 11))
    with pytest.raises(Held) as held:
        work()
    assert timedelta(0) < held.value.wait <= DAY
    assert len(RAN) == 1


CLOSURE = (
    "INSERT INTO channels_closure (channels, reason, starts_at, ends_at, urgent, state, made_by_id, maker_name)"
    " SELECT '{{portal}}', 'x', now(), now() + interval '1 hour', {urgent}, 'approved', id, name FROM registry_staff"
    " WHERE NOT 'system_admin' = ANY (roles)"
)


@pytest.mark.parametrize(
    "attack",
    [
        CLOSURE.format(urgent="false"),
        CLOSURE.format(urgent="true"),
        CLOSURE.format(urgent="true").replace("NOT 'system_admin'", "'system_admin'"),  # in his name, by another
        "UPDATE channels_closure SET state = 'approved'",
        "UPDATE channels_closure SET reason = 'x'",
        "DELETE FROM channels_closure",
    ],
)
def test_the_database_lets_nobody_close_the_hall_alone(center: Any, hall: Any, attack: str) -> None:
    propose(ALL_OF_IT, hall[0])
    with center.connect("owner") as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(attack)
