"""The handler's pages about messages: the inbox, what is shown after the login, how he is reached."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from hpf.kernel import Actor
from hpf.notices.messages import Audience, tell
from hpf.notices.models import Delivery
from hpf.notices.sms import mailbox
from hpf.notices.templates import Way
from hpf.registry.models import Handler
from hpf.storage import durable, reading
from tests.integration.hall import TODAY
from tests.integration.portal import Desk, desk_with_trio, events, said
from tests.login import stand_on
from tests.office import open_center, open_unit


@pytest.fixture
def desk(center: Any) -> Desk:
    open_center()
    stand_on(TODAY)
    return desk_with_trio(open_unit())


def say(desk: Desk, title: str, *ways: Way) -> dict[str, int]:
    """Tell the desk's employer something; way → number of the delivery."""
    with durable(Actor.SYSTEM):
        values, to = {"title": title, "body": "第一段\n\n第二段"}, Audience(desk.unit.employer_id)
        number = tell("general", values, to=to, by=Actor.SYSTEM, today=TODAY, now=datetime.now(UTC), ways=ways)
    with reading(Actor.SYSTEM):
        return dict(Delivery.objects.filter(message_id=number).values_list("way", "pk"))


def states(desk: Desk) -> dict[str, str]:
    with reading(desk.unit.handler):
        return dict(Delivery.objects.values_list("way", "state"))


def test_a_message_is_counted_above_every_page_until_it_is_opened(desk: Desk, center: Any) -> None:
    number = say(desk, "停机维护", Way.INBOX)["inbox"]
    address = f"/messages/{number}/"
    assert "消息未读1" in said(desk.open("/roster/"))
    desk.open(address)
    assert states(desk) == {"inbox": "unread"}, "looking at an address alone proves nothing"
    page = desk.submit(desk.open("/messages/"), address)
    assert "停机维护" in page
    assert "<p>第二段</p>" in page
    assert "已读陈*" in said(page)
    assert "消息未读" not in said(desk.open("/roster/"))
    assert events(center, "read_messages") == [f"delivery:{number}"]
    assert "没有未读的消息" in desk.open("/messages/?show=unread")


def test_all_are_marked_as_read_at_once(desk: Desk) -> None:
    for title in ("一", "二", "三"):
        say(desk, title, Way.INBOX)
    page = desk.submit(desk.open("/messages/"), "/messages/read/")
    assert "全部标为已读" not in page


def test_another_employer_s_message_is_not_there(desk: Desk) -> None:
    stranger = Desk(open_unit("别家", "91511100MA62800040"), desk.browser)
    number = say(stranger, "给别家的", Way.INBOX)["inbox"]
    desk.open(f"/messages/{number}/", 404)
    assert "给别家的" not in desk.open("/messages/")


def test_nothing_opens_before_a_prompt_is_confirmed_and_then_what_was_asked_for(desk: Desk) -> None:
    typing = desk.open("/open/")
    say(desk, "协议将变更", Way.INBOX, Way.PROMPT)
    say(desk, "网点迁址", Way.INBOX, Way.PROMPT)
    assert "张三" in desk.submit(typing, "/open/", 422, name="张三")  # what stood open is taken as it was typed
    for address in ("/", "/messages/", "/declare/", "/seal/"):
        assert desk.open(address).address.startswith("/prompts/"), address
    for open_still in ("/sessions/", "/sessions/password/", "/restriction/", "/publications/", "/agreement/"):
        assert desk.open(open_still).address == open_still
    asked = desk.open("/roster/?state=sealed")
    assert "网点迁址" in desk.submit(asked, "/prompts/")
    after = desk.submit(desk.open(asked.address), "/prompts/")
    assert after.address == "/roster/?state=sealed"
    assert states(desk) == {"inbox": "read", "prompt": "confirmed"}


def test_the_first_page_shows_what_the_center_puts_there(desk: Desk) -> None:
    number = say(desk, "国庆期间照常办理", Way.PAGE)["page"]
    assert f'<a href="/messages/{number}/">国庆期间照常办理</a>' in desk.open("/")
    assert "第二段" in desk.open(f"/messages/{number}/")


def test_a_mail_address_is_confirmed_by_the_code_sent_to_it(desk: Desk) -> None:
    page = desk.open("/contact/")
    assert "****" in page
    assert "不在网上办理" in page
    desk.submit(page, "/contact/", 422, email="陈明@例子")
    page = desk.submit(desk.open("/contact/"), "/contact/", email="chen@example.com")
    desk.submit(page, "/contact/confirm/", 422, code="12345")
    with reading(Actor.SYSTEM):
        code = re.search(r"验证码(\d{6})", mailbox(1)[0].text)[1]  # type: ignore[index]
    page = desk.submit(desk.open("/contact/"), "/contact/confirm/", code=code)
    assert "电子邮箱已确认，邮件通知从现在起发到这里。" in page
    assert "chen@example.com" in page
    assert "确认邮箱" not in page
    desk.submit(page, "/contact/drop/")
    with reading(Actor.SYSTEM):
        assert Handler.objects.get(pk=desk.unit.handler.id).email is None
