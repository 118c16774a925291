"""Kept out and let in again: at the counter in person, and a whole office behind one address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hpf.hall_access.operations import finish_login, issue_code, start_login
from hpf.hall_access.passwords import ask_reset, resend_reset_code
from hpf.hall_access.rules import Visit
from hpf.hall_access.unlocking import unlock_handler
from hpf.kernel import Actor, Key, Refused
from hpf.notices.sms import outbox
from hpf.registry.codes import Role
from hpf.registry.models import Handler
from hpf.storage import durable, reading
from tests.integration.browser import Browser, lay_hall, limit, staff_browser
from tests.integration.hall import CLERK, REVIEWER, Desk, desk, last_code, quick_passwords, visit

pytestmark = pytest.mark.usefixtures("ground")
OFFICE = "198.51.100.8"


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Iterator[Any]:
    with quick_passwords():
        lay_hall()
        yield shared_center


@pytest.fixture(autouse=True)
def nobody_tried_yet(ground: Any) -> None:
    with ground.connect("owner") as owner:
        owner.execute("DELETE FROM hall_access_throttle")


def refused(act: Any, *args: object, **kwargs: object) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


def unlock(user: Desk, reason: str = "试错多次", *, card_seen: bool = True, by: Actor = CLERK, at: Any = None) -> Any:
    return unlock_handler(user.handler_id, reason, card_seen=card_seen, by=by, visit=at or visit(), key=Key.fresh())


def tries_wrong_passwords(user: Desk, times: int = 5, at: Visit | None = None) -> None:
    for _ in range(times):
        assert refused(start_login, user.user_name, "wrong", at or visit()) == ("ACCESS-LOGIN-FAILED",)


def tries_wrong_codes_all_day(user: Desk) -> None:
    for minute in range(4):
        challenge = user.challenge(visit(minute))
        issue_code(challenge, visit(minute))
        wrong = f"{(int(last_code(user.mobile)) + 1) % 1_000_000:06d}"
        for _ in range(5):
            refused(finish_login, challenge, wrong, visit(minute))


class TestTheCounter:
    def test_lets_in_who_tried_too_many_codes(self) -> None:
        user = desk()
        tries_wrong_codes_all_day(user)
        challenge = user.challenge(visit(61))
        issue_code(challenge, visit(61))
        code = last_code(user.mobile)
        with pytest.raises(Refused) as locked:
            finish_login(challenge, code, visit(61))
        assert locked.value.codes == ("ACCESS-CODES-USED-UP",)
        assert "携带身份证到网点柜台" in locked.value.refusals[0].remedy
        unlock(user, at=visit(61))
        assert user.log_in(visit(62))

    def test_lets_in_who_tried_too_many_passwords(self) -> None:
        user = desk()
        tries_wrong_passwords(user)
        assert refused(user.challenge, visit()) == ("ACCESS-WAIT",)
        unlock(user)
        assert user.log_in(visit())

    def test_tells_the_user_and_keeps_the_reason(self, ground: Any) -> None:
        user = desk()
        tries_wrong_passwords(user)
        receipt = unlock(user, "忘记密码，试错多次")
        with reading(Actor.SYSTEM):
            assert next(one for one in outbox() if one.mobile == user.mobile).template == "login-unlocked"
        with ground.connect("superuser") as superuser:
            act, subject, reason = superuser.execute(
                "SELECT act, subject, detail::jsonb->>'reason' FROM evidence_event WHERE id = %s", [receipt.number]
            ).fetchone()
        assert (act, subject, reason) == ("unlock_handler", f"handler:{user.handler_id}", "忘记密码，试错多次")

    def test_says_everything_that_is_wrong_at_once(self) -> None:
        user = desk()
        assert refused(unlock, user, " ", card_seen=False) == ("UNLOCK-CARD", "UNLOCK-REASON", "ACCESS-NOT-LOCKED")
        assert refused(unlock, user, "长" * 201) == ("UNLOCK-TOO-LONG", "ACCESS-NOT-LOCKED")
        assert refused(unlock, user, by=REVIEWER) == ("STAFF-ROLE",)
        assert refused(unlock_handler, 0, "x", card_seen=True, by=CLERK, visit=visit(), key=Key.fresh()) == (
            "ACCESS-NO-HANDLER",
        )

    def test_does_not_open_an_address_that_waits(self) -> None:
        user = desk()
        for number in range(25):
            refused(start_login, f"nobody{number}", "wrong", visit())
        tries_wrong_passwords(user)
        unlock(user)
        with pytest.raises(Refused) as waits:
            user.challenge(visit())
        assert "换一个网络" in waits.value.refusals[0].remedy
        assert user.log_in(visit(address="203.0.113.200"))

    def test_has_a_page_for_it(self) -> None:
        user, clerk = desk(), staff_browser(Role.CLERK)
        address = f"/counter/users/{user.handler_id}/unlock/"
        assert address in clerk.open(f"/counter/employers/{user.employer_id}/")
        assert "现在没有锁定" in clerk.open(address)
        browser = Browser()
        for _ in range(6):
            page = browser.submit(browser.open("/login/"), "/login/", user_name=user.user_name, password="wrong")
        assert "后再试" in page
        assert clerk.submit(clerk.open(address), address).status == 422
        page = clerk.submit(clerk.open(address), address, card_seen="1", reason="试错多次")
        assert "已解除锁定，已短信告知本人" in page
        assert "现在没有锁定" in page


class TestAnOfficeBehindOneAddress:
    def test_comes_in_whole_on_the_last_day_though_everybody_slips_once(self) -> None:
        """More people than wrong passwords and codes are allowed from an address: who comes in is not counted."""
        limit(address_failures=6, codes_from_an_address=6)
        for number in range(12):
            at = visit(number / 4, OFFICE)
            user = desk()
            tries_wrong_passwords(user, 1, at)
            assert user.log_in(at)

    def test_is_no_cover_for_bombing_telephones(self) -> None:
        limit(codes_from_an_address=6)
        at = visit(address=OFFICE)
        for _ in range(6):
            issue_code(desk().challenge(at), at)
        assert refused(issue_code, desk().challenge(at), at) == ("ACCESS-CODE-WAIT",)

    def test_is_not_kept_out_by_a_guesser_in_the_next_room(self) -> None:
        limit(address_failures=6)
        regular, newcomer = desk(), desk()
        regular.log_in(visit(address=OFFICE))
        later = visit(5, OFFICE)
        for number in range(6):
            assert refused(start_login, f"nobody{number}", "wrong", later) == ("ACCESS-LOGIN-FAILED",)
        assert refused(newcomer.challenge, later) == ("ACCESS-WAIT",)
        # his initial password is spent: that it is looked at at all shows that he may try
        assert refused(regular.challenge, later) == ("ACCESS-INITIAL-SPENT",)
        tries_wrong_passwords(regular, 3, later)
        assert refused(regular.challenge, later) == ("ACCESS-INITIAL-SPENT",)
        assert refused(regular.challenge, later) == ("ACCESS-WAIT",)

    def test_gets_its_codes_though_somebody_in_it_asks_for_what_is_never_sent(self) -> None:
        limit(address_failures=30, codes_from_an_address=6)
        at = visit(address=OFFICE)
        impatient = desk().challenge(at)
        issue_code(impatient, at)
        for number in range(7):
            assert refused(issue_code, impatient, at) == ("ACCESS-CODE-WAIT",)
            recovery = ask_reset(f"nobody{number}", "91511102MB0000000X", at)
            for _ in range(7):
                resend_reset_code(recovery, at)
        assert desk().log_in(at)

    def test_gets_the_codes_of_its_regulars_though_somebody_in_it_bombs_telephones(self) -> None:
        limit(codes_from_an_address=6)
        regular = desk()
        regular.log_in(visit(address=OFFICE))
        with durable(Actor.SYSTEM):
            Handler.objects.filter(pk=regular.handler_id).update(must_change_password=False)
        later = visit(5, OFFICE)
        for _ in range(6):
            issue_code(desk().challenge(later), later)
        assert refused(issue_code, desk().challenge(later), later) == ("ACCESS-CODE-WAIT",)
        assert regular.log_in(later)
