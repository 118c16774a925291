"""One login, several employers: the agent chooses, the session keeps it, and nothing of two employers mixes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hpf import evidence
from hpf.hall_access.models import Limits
from hpf.hall_access.operations import principal
from hpf.hall_access.queries import login_by_number
from hpf.hall_access.rules import Stage
from hpf.kernel import Key, Month, Refused
from hpf.registry.codes import Duty, SealReason
from hpf.registry.models import Handler, UnitAccount
from hpf.sealing.operations import seal_members
from hpf.storage import durable, reading
from hpf.storage.tokens import token_digest
from tests.integration import restricting
from tests.integration.browser import PASSWORD, Browser, Newcomer, Page, lay_hall, limit, newcomer
from tests.integration.granting import Granted, end, granted
from tests.integration.hall import TODAY, limit_looking, quick_passwords, visit
from tests.integration.treasury.bank import add_trio
from tests.office import SYSTEM, Unit

pytestmark = pytest.mark.usefixtures("ground")


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Iterator[Any]:
    with quick_passwords():
        lay_hall()
        limit(code_gap_seconds=0)  # an agent logs in with two browsers within a minute
        yield shared_center


def office() -> tuple[Newcomer, Newcomer, Granted, Browser]:
    """An agent at home, the employer that granted him, the grant, and his browser before the choice."""
    agent, other = newcomer(), newcomer()
    grant, browser = granted(other, Duty.AGENT, agent=agent.user_name), Browser()
    page = agent.logs_in(browser)
    page = browser.submit(page, "/password/", password=PASSWORD, again=PASSWORD)
    assert page.address == "/employers/"
    return agent, other, grant, browser


def choose(browser: Browser, user_id: int) -> Page:
    """Choose, and accept the agreement for that employer where it is still to be accepted."""
    page = browser.submit(browser.open("/employers/"), "/employers/", user_id=str(user_id))
    if page.address == "/agreement/":
        page = browser.submit(page, "/agreement/", accepted="1")
    return page


class TestTheChoice:
    def test_comes_before_everything_and_names_the_employer_on_every_page(self) -> None:
        agent, other, grant, browser = office()
        page = browser.open("/roster/")
        assert page.path == "/employers/"
        above = page.html.partition("<main")[0]
        assert agent.application.name not in above
        assert "/messages/" not in above
        page = choose(browser, grant.user.handler_id)
        assert other.application.name in page
        for address in ("/roster/", "/records/", "/unallocated/"):
            page = browser.open(address)
            assert other.application.name in page, address
            assert agent.application.name not in page, address
            assert "切换单位" in page, address

    def test_stays_where_the_chosen_employer_is_put_out_for_breach_and_opens_nothing_else(self) -> None:
        agent, other, _, browser = office()
        restricting.restrict(agent.employer_id, restricting.suspension())
        assert agent.logs_in(browser, PASSWORD).address == "/employers/"
        assert choose(browser, agent.handler_id).address == "/restriction/"
        page = browser.open("/employers/")
        assert other.application.name in page
        assert 'href="/roster/"' not in page

    def test_asks_for_the_agreement_of_each_employer_and_for_the_rule_of_agents(self) -> None:
        agent, _, grant, browser = office()
        page = browser.submit(browser.open("/employers/"), "/employers/", user_id=str(grant.user.handler_id))
        assert page.address == "/agreement/"
        choose(browser, grant.user.handler_id)
        assert "/agreement/rules/agency/" in browser.open("/upload/").address
        assert choose(browser, agent.handler_id).status == 200
        assert browser.open("/upload/").address == "/upload/"  # at home he is no agent

    def test_leads_on_to_what_was_asked_for_by_way_of_the_agreement(self) -> None:
        _, _, grant, browser = office()
        page = browser.submit(browser.open("/questions/"), "/employers/", user_id=str(grant.user.handler_id))
        assert page.address == "/agreement/?next=%2Fquestions%2F"
        assert browser.submit(page, "/agreement/", accepted="1").address == "/questions/"

    def test_opens_nobody_else_s_door(self) -> None:
        _, other, _, browser = office()
        for number in (str(other.handler_id), str(other.handler_id + 1_000_000), "0", "x", "9" * 30):
            page = browser.submit(browser.open("/employers/"), "/employers/", user_id=number)
            assert page.status == 422
            assert "您不能为所选的单位办理业务" in page
            assert "user_id</" not in page

    def test_is_not_asked_of_who_has_nothing_to_choose(self) -> None:
        browser = Browser()
        known = newcomer()
        assert known.settles(browser).address == "/"
        assert "切换单位" not in browser.open("/")

    def test_stands_in_the_log_of_the_employer_that_was_chosen(self) -> None:
        _, other, grant, browser = office()
        choose(browser, grant.user.handler_id)
        with reading(other.actor):
            assert evidence.events_about(f"handler:{grant.user.handler_id}")[-1].act == "choose_employer"

    def test_kills_the_forms_that_were_shown_for_another_employer(self) -> None:
        agent, _, grant, browser = office()
        choose(browser, agent.handler_id)
        shown = browser.open("/open/").form("/open/")
        choose(browser, grant.user.handler_id)
        assert browser.post("/open/", shown).status_code == 403

    def test_lets_the_agent_say_by_the_password_of_home_what_so_many_records_are_for(self, ground: Any) -> None:
        _, _, grant, browser = office()
        choose(browser, grant.user.handler_id)
        limit_looking(ground, looks_an_hour=1, looks_percent_an_hour=0)
        try:
            browser.open("/roster/?words=x")
            asked = browser.open("/roster/?words=y")
            assert asked.address.startswith("/looking/")
            assert browser.submit(asked, "/looking/", reason="核对", old="不是密码").status == 422
            after = browser.submit(asked, "/looking/", reason="核对", old=PASSWORD)
            assert after.address.startswith("/roster/")
        finally:
            limit_looking(ground, looks_an_hour=200, looks_percent_an_hour=10)

    def test_leaves_the_password_where_the_agent_is_at_home(self) -> None:
        _, _, grant, browser = office()
        choose(browser, grant.user.handler_id)
        browser.open("/sessions/")
        token = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
        for address in ("/sessions/password/", "/sessions/authenticator/", "/sessions/authenticator/drop/"):
            assert browser.post(address, token).status_code == 403, address


class TestTheEnd:
    def test_of_one_grant_cuts_that_employer_at_once_and_leaves_the_others(self) -> None:
        agent, _, grant, browser = office()
        third = newcomer()
        kept = granted(third, Duty.AGENT, agent=agent.user_name)
        choose(browser, grant.user.handler_id)
        end(grant.grant_id)
        page = browser.open("/roster/")
        assert page.path == "/employers/"  # and not silently at home
        assert third.application.name in page
        assert choose(browser, grant.user.handler_id).status == 422
        assert third.application.name in choose(browser, kept.user.handler_id)
        end(kept.grant_id)
        assert "现在没有委托您代办的单位" in browser.open("/employers/")

    def test_stops_an_act_of_his_that_is_under_way(self) -> None:
        _, other, grant, _ = office()
        with reading(SYSTEM):
            unit = UnitAccount.objects.get(employer_id=other.employer_id)
        accounts = add_trio(Unit(other.employer_id, unit.pk, unit.unallocated_account_id, other.actor))
        end(grant.grant_id)
        with pytest.raises(Refused, match="ACCESS-ENDED"):
            seal_members(
                unit_account_id=unit.pk,
                account_ids=accounts[:1],
                effective_month=Month(2026, 9),
                reason=SealReason.ENDED,
                by=grant.user.actor,
                today=TODAY,
                key=Key.fresh(),
            )

    def test_shows_the_agent_no_choice_before_the_day(self) -> None:
        agent, other = newcomer(), newcomer()
        granted(other, Duty.AGENT, agent=agent.user_name, starts_on="2026-08-20")
        browser = Browser()
        page = agent.logs_in(browser)
        page = browser.submit(page, "/password/", password=PASSWORD, again=PASSWORD)
        assert page.address == "/agreement/"  # where there is nothing to choose nobody is asked
        assert "切换单位" not in page
        assert other.application.name not in page


def test_a_login_is_traced_to_the_employer_that_was_chosen_in_it() -> None:
    agent, other, grant, browser = office()
    found = principal(browser.cookies["hall"].value, visit())
    assert found
    traced = []
    for user in (agent.handler_id, grant.user.handler_id):
        choose(browser, user)
        with reading(SYSTEM):
            login = login_by_number(found.session_id)
        assert login
        traced.append((login.user_name, login.employer))
    assert traced == [(agent.user_name, agent.application.name), (agent.user_name, other.application.name)]


def test_an_agent_looks_up_as_much_as_the_employers_need_for_whom_he_acts(ground: Any) -> None:
    agent, other, _, browser = office()
    later = newcomer()
    granted(later, Duty.AGENT, agent=agent.user_name, starts_on="2026-08-20")
    with durable(SYSTEM):
        UnitAccount.objects.filter(employer_id=other.employer_id).update(active_count=1000)
        UnitAccount.objects.filter(employer_id=later.employer_id).update(active_count=70_000)
    with reading(SYSTEM):
        limits = Limits.objects.get()
    with ground.connect("superuser") as admin:
        allowed = admin.execute(
            "SELECT (hall_access_looks_allowed(l, s)).* FROM hall_access_limits l, hall_access_websession s"
            " WHERE s.token_digest = %s",
            [token_digest(browser.cookies["hall"].value)],
        ).fetchone()
    assert allowed == (
        limits.looks_an_hour + 1000 * limits.looks_percent_an_hour // 100,
        limits.looks_a_day + 1000 * limits.looks_percent_a_day // 100,
    )


def test_two_browsers_of_one_agent_never_mix_two_employers() -> None:
    agent, other, grant, first = office()
    second = Browser()
    agent.logs_in(second, PASSWORD)
    choose(first, agent.handler_id)
    choose(second, grant.user.handler_id)
    for turn in range(40):
        browser, here, elsewhere = (first, agent, other) if turn % 2 else (second, other, agent)
        page = browser.open(("/roster/", "/records/", "/")[turn % 3])
        assert here.application.name in page
        assert elsewhere.application.name not in page


def test_a_session_is_one_employer_s_at_a_time() -> None:
    agent, other, grant, browser = office()
    token = browser.cookies["hall"].value
    stages = []
    for user in (None, agent.handler_id, grant.user.handler_id):
        if user:
            choose(browser, user)
        found = principal(token, visit())
        assert found
        stages.append((found.stage is Stage.MUST_CHOOSE, found.actor.employer_id))
    assert stages == [(True, agent.employer_id), (False, agent.employer_id), (False, other.employer_id)]
    with reading(grant.user.actor):
        assert set(Handler.objects.values_list("employer_id", flat=True)) == {other.employer_id}
