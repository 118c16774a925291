"""登录安全: one's own password, authenticator and logins, changed and ended by their owner alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hpf.hall_access import queries
from hpf.hall_access.operations import end_own_sessions, principal
from hpf.hall_access.rules import OwnSecurity, Visit
from hpf.kernel import Actor
from hpf.notices.sms import outbox
from hpf.registry.codes import Role
from hpf.registry.models import Handler
from hpf.storage import durable, reading
from tests.conftest import CenterDatabase
from tests.house.addresses import addresses
from tests.integration.browser import (
    PASSWORD,
    STAFF_PASSWORD,
    Browser,
    Newcomer,
    lay_hall,
    newcomer,
    staff_browser,
    staff_logs_in,
)
from tests.integration.hall import Desk, desk, quick_passwords, visit
from tests.integration.test_authenticators import code_at

pytestmark = pytest.mark.usefixtures("ground")
NEW_PASSWORD = "lantern-sieve-pebble-7"


@pytest.fixture(scope="module")
def ground(shared_center):
    with quick_passwords():
        lay_hall()
        yield shared_center


def alive(token: str, at: Visit) -> bool:
    return principal(token, at) is not None


def own_security(token: str, by: Actor, at: Visit) -> OwnSecurity:
    with reading(by):
        return queries.own_security(token, by, at)


def settled() -> tuple[Newcomer, Browser]:
    known, browser = newcomer(), Browser()
    assert known.settles(browser).address == "/"
    return known, browser


def let_the_initial_password_last(known: Desk) -> None:
    with durable(Actor.SYSTEM):
        Handler.objects.filter(pk=known.handler_id).update(initial_password_expires_at=visit(99999).now)


def logs_in_three_times(known: Desk) -> list[str]:
    """Three browsers of one handler."""
    tokens = []
    for number in range(3):
        let_the_initial_password_last(known)
        tokens.append(known.log_in(visit(2 * number, agent=f"browser {number}")))
    return tokens


class TestSessions:
    def test_are_ended_one_by_one_or_all_the_others_at_once(self) -> None:
        known, at = desk(), visit(5)
        first, second, third = logs_in_three_times(known)
        with reading(known.handler):
            lines = queries.sessions(third)
        assert end_own_sessions(lines[1].id, token=third, by=known.handler, visit=at) == 1
        assert [alive(token, at) for token in (first, second, third)] == [True, False, True]
        assert end_own_sessions(lines[1].id, token=third, by=known.handler, visit=at) == 0
        assert end_own_sessions(None, token=third, by=known.handler, visit=at) == 1
        assert [alive(token, at) for token in (first, second, third)] == [False, False, True]
        with reading(known.handler):
            assert [line.ended_why for line in queries.sessions(third)] == ["", "由本人结束", "由本人结束"]

    def test_of_others_are_not_ended_whatever_number_is_sent(self) -> None:
        one, other = desk(), desk()
        mine, theirs = one.log_in(visit()), other.log_in(visit())
        with reading(other.handler):
            (line,) = queries.sessions(theirs)
        assert end_own_sessions(line.id, token=mine, by=one.handler, visit=visit(1)) == 0
        assert alive(theirs, visit(1))

    def test_say_when_they_end(self) -> None:
        token = desk().log_in(visit())
        found = principal(token, visit(3))
        assert found is not None
        assert found.idle_at == visit(18).now
        assert found.expires_at == visit().now + timedelta(hours=8)

    def test_end_though_their_page_goes_on_asking_by_itself(self) -> None:
        token = desk().log_in(visit())
        assert all(principal(token, visit(minute), renews=False) for minute in range(1, 15))
        assert principal(token, visit(15), renews=False) is None
        assert not alive(token, visit(15))

    def test_are_not_renewed_by_a_page_that_polls_and_are_by_a_click(self, ground: CenterDatabase) -> None:
        _, browser = settled()
        ages = []
        with ground.connect("superuser") as superuser:
            newest = "WHERE id = (SELECT max(id) FROM hall_access_websession)"
            superuser.execute(f"UPDATE hall_access_websession SET seen_at = seen_at - interval '10 minutes' {newest}")
            superuser.commit()
            for headers in ({"HX-Request": "true", "HX-Poll": "true"}, {"HX-Request": "true"}):
                assert browser.get("/", headers=headers).status_code == 200
                ((age,),) = superuser.execute(f"SELECT now() - seen_at FROM hall_access_websession {newest}").fetchall()
                ages.append(age > timedelta(minutes=5))
                superuser.commit()
        assert ages == [True, False]

    def test_that_nobody_has_used_for_too_long_are_said_to_be_over(self, ground: CenterDatabase) -> None:
        staff_browser(Role.CLERK)
        browser = staff_browser(Role.CLERK)
        assert "尚未退出" in browser.open("/counter/security/")
        with ground.connect("superuser") as superuser:
            others = "WHERE id < (SELECT max(id) FROM hall_access_websession)"
            superuser.execute(f"UPDATE hall_access_websession SET seen_at = seen_at - interval '2 hours' {others}")
        page = browser.open("/counter/security/")
        assert "长时间未操作" in page
        assert "尚未退出" not in page

    def test_that_are_over_send_the_page_to_the_login_and_not_the_part_that_polls(self) -> None:
        answer = Browser().get("/sessions/", headers={"HX-Request": "true", "HX-Poll": "true"})
        assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")

    @pytest.mark.parametrize(
        ("stood_on", "next_"),
        [
            ("http://localhost/roster/?state=sealed", "/roster/?state=sealed"),
            ("http://localhost/sessions/end/", ""),  # takes nothing but what is sent
            ("http://localhost//elsewhere.example/roster/", ""),
            ("http://elsewhere.example/roster/", ""),
            ("", ""),
        ],
    )
    def test_say_of_a_form_that_came_too_late_that_it_was_not_taken_and_lead_back(
        self, stood_on: str, next_: str
    ) -> None:
        browser = Browser()
        page = browser.open("/login/")
        late = browser.post("/open/", page.form("/login/"), headers={"Referer": stood_on})
        page = browser.open(late.headers["Location"])
        assert page.address.startswith("/login/?lost=1")
        assert "您刚才提交的内容没有办理" in page
        assert page.form("/login/").get("next", "") == next_

    def test_are_left_without_a_word_of_what_was_lost(self) -> None:
        browser = Browser()
        page = browser.open("/login/")
        assert browser.post("/leave/", page.form("/login/")).headers["Location"] == "/login/"

    def test_that_are_over_leave_no_empty_page_behind_a_form_that_came_back(self) -> None:
        for address, home in (("/sessions/end/", "/"), ("/counter/leave/", "/counter/")):
            page = Browser().open(address)
            assert (page.status, page.response.headers["Allow"]) == (405, "POST")
            assert f'href="{home}"' in page


class TestALoginFromElsewhere:
    def test_is_told_by_text_message_and_one_from_the_same_place_is_not(self) -> None:
        known = desk()

        def notices() -> int:
            with reading(Actor.SYSTEM):
                return sum(one.template == "login-notice" and one.mobile == known.mobile for one in outbox(1000))

        logs_in_three_times(known)
        assert notices() == 2  # the first login is nobody's news
        let_the_initial_password_last(known)
        known.log_in(visit(10, agent="browser 2"))
        assert notices() == 2


class TestThePage:
    def test_changes_the_password_and_ends_the_other_browsers(self) -> None:
        _, browser = settled()
        page = browser.open("/sessions/password/")
        refused = browser.submit(page, "/sessions/password/", old="wrong", password=NEW_PASSWORD, again=NEW_PASSWORD)
        assert (refused.status, "现在的密码不正确" in refused) == (422, True)
        page = browser.submit(page, "/sessions/password/", old=PASSWORD, password=NEW_PASSWORD, again=NEW_PASSWORD)
        assert page.address == "/sessions/"
        assert "修改密码" in page

    def test_enrols_an_authenticator_against_the_password_and_gives_it_up(self) -> None:
        known, browser = settled()
        page = browser.open("/sessions/authenticator/")
        secret = page.html.split('密钥是 <span class="code"><span class="copy">')[1].split("<")[0]
        now = Visit("", "", datetime.now(UTC), visit().today)
        wrong = browser.submit(page, "/sessions/authenticator/", old="wrong", code=code_at(secret, now))
        assert (wrong.status, secret in wrong) == (422, True)
        page = browser.submit(wrong, "/sessions/authenticator/", old=PASSWORD, code=code_at(secret, now))
        assert "请收好备用码" in page
        page = browser.open("/sessions/")
        assert "还有 10 个备用码" in page
        assert "原来的验证器和备用码不能再用" in browser.open("/sessions/authenticator/")
        drop = browser.open("/sessions/authenticator/drop/")
        assert browser.submit(drop, "/sessions/authenticator/drop/", old="wrong").status == 422
        page = browser.submit(drop, "/sessions/authenticator/drop/", old=PASSWORD)
        assert "还没有开通" in page
        with reading(Actor.SYSTEM):
            texts = [one.text for one in outbox(1000) if one.mobile == known.mobile]
        assert [("停用。" in text, "开通。" in text) for text in texts[:2]] == [(True, False), (False, True)]
        assert secret not in page

    def test_ends_another_browser_which_says_so_until_somebody_logs_in(self) -> None:
        browser = staff_browser(Role.PUBLISHER)
        assert "结束其他所有登录" not in browser.open("/counter/security/")
        elsewhere = staff_browser(Role.PUBLISHER)
        browser.submit(browser.open("/counter/security/"), "/counter/security/end/")
        for address in ("/counter/", "/counter/reviews/", "/counter/login/"):  # a browser has several windows
            assert "由本人在别处结束" in elsewhere.open(address)
        assert staff_logs_in(elsewhere, Role.PUBLISHER.value).address == "/counter/"
        elsewhere.submit(elsewhere.open("/counter/"), "/counter/leave/")
        assert "由本人在别处结束" not in elsewhere.open("/counter/login/")

    def test_that_rested_too_long_is_told_so_at_the_login_page_itself(self, ground: Any) -> None:
        for column, told in (("seen_at", "您较长时间没有操作"), ("expires_at", "本次登录已到最长时间")):
            _, browser = settled()
            with ground.connect("owner") as owner:
                owner.execute(f"UPDATE hall_access_websession SET {column} = now() - interval '16 minutes'")
            assert told in browser.open("/login/")

    def test_warns_before_the_session_ends_and_keeps_it_on_demand(self) -> None:
        _, browser = settled()
        assert "交接清单" not in browser.open("/sessions/")  # he took over from nobody
        page = browser.open("/")
        assert 840 < int(page.html.split('data-idle="')[1].split('"')[0]) <= 900
        token = browser.cookies["csrftoken"].value
        assert browser.post("/keep/", headers={"X-CSRFToken": token}).status_code == 204

    def test_of_the_staff_changes_the_password_too(self) -> None:
        browser = staff_browser(Role.ACCOUNTANT)
        assert "登录记录" in browser.open("/counter/security/")
        page = browser.open("/counter/security/password/")
        page = browser.submit(
            page, "/counter/security/password/", old=STAFF_PASSWORD, password=NEW_PASSWORD, again=NEW_PASSWORD
        )
        assert page.address == "/counter/security/"


class TestAnOldPassword:
    def test_is_reminded_of_and_never_forced(self) -> None:
        known = desk()
        token = known.log_in(visit())
        with durable(Actor.SYSTEM):
            Handler.objects.filter(pk=known.handler_id).update(password_changed_at=visit(-366 * 24 * 60).now)
        assert own_security(token, known.handler, visit(1)).password_is_old
        assert alive(token, visit(1))


def test_no_address_changes_the_bound_mobile() -> None:
    """Settled 21: only the counter does, with letter and identity card."""
    online = [one.name for one in addresses() if not one.name.startswith("counter:")]
    assert [name for name in online if "mobile" in name or "phone" in name] == []
