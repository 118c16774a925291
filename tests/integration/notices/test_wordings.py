"""A center's own words for its messages: edited, reviewed, in force from their day; and ways that it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from hpf.casework.review import ReviewState
from hpf.kernel import Actor, ActorKind, Channel, Key, Refused
from hpf.messaging import wordings
from hpf.messaging.operations import send_message
from hpf.messaging.rules import Draft
from hpf.notices.messages import Audience, tell
from hpf.notices.models import Delivery, Message
from hpf.notices.places import PLACES
from hpf.notices.templates import OWN_PLACES, Version, Way, templates
from hpf.publications.announcing import Announcing
from hpf.registry.codes import Role
from hpf.storage import durable, reading
from tests.integration.browser import Browser, lay_hall, staff_browser
from tests.integration.hall import CLERK, NOW, REVIEWER, TODAY, desk, quick_passwords

TOMORROW = TODAY + timedelta(days=1)
PUBLISHER = Actor(ActorKind.STAFF, 1, "何发布", Channel.COUNTER, roles=frozenset({"publisher"}))
ACT: dict[str, Any] = {"today": TODAY, "now": NOW}
CODE = "booking-arrived"
OURS = Version(0, TOMORROW, "{month}入账了", "{month}{people}人{amount}元已入账", "{month}{people}人{amount}元已入账。")


@pytest.fixture
def hall(center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        yield


def draft(version: Version = OURS, code: str = CODE) -> int:
    receipt = wordings.draft_wording(code, version, by=PUBLISHER, **ACT, key=Key.fresh())
    return int(receipt.result["draft"])


def decide(number: int, verdict: ReviewState = ReviewState.APPROVED, note: str = "", by: Actor = REVIEWER) -> None:
    wordings.decide_wording(number, verdict, note=note, by=by, **ACT, key=Key.fresh())


def said_on(day: date) -> tuple[int, str]:
    owner = desk()
    values = {"month": "2026年8月", "people": "3", "amount": "1.00"}
    with durable(Actor.SYSTEM):
        number = tell(CODE, values, to=Audience(owner.employer_id), by=Actor.SYSTEM, today=day, now=NOW)
    with reading(Actor.SYSTEM):
        message = Message.objects.get(pk=number)
    return message.version, message.title


@pytest.mark.usefixtures("hall")
class TestAWording:
    def test_holds_from_its_day_on_when_a_second_person_has_approved_it(self) -> None:
        decide(draft())
        assert said_on(TODAY) == (1, "2026年8月汇缴已入账")
        assert said_on(TOMORROW) == (2, "2026年8月入账了")

    def test_is_not_approved_by_who_wrote_it(self) -> None:
        number = draft()
        with pytest.raises(Refused) as refused:
            decide(number, by=PUBLISHER)
        assert refused.value.codes == ("REVIEW-OWN-WORK",)

    def test_that_is_returned_changes_nothing(self) -> None:
        decide(draft(), ReviewState.RETURNED, "请写明金额")
        assert said_on(TOMORROW) == (1, "2026年8月汇缴已入账")

    @pytest.mark.parametrize("title", ["{month}\n已入账", "{month}\x00已入账", "{month}\u2028已入账"])
    def test_has_a_title_of_one_line(self, title: str) -> None:
        with pytest.raises(Refused, match="TEMPLATE-DOES-NOT-FIT"):
            draft(replace(OURS, title=title))

    def test_is_refused_with_every_reason_at_once(self) -> None:
        wrong = Version(0, TODAY, "", "{code}" + "长" * 300, "{month}已入账")
        with pytest.raises(Refused) as refused:
            draft(wrong)
        said = [one.what for one in refused.value.refusals]
        for words in (
            "没有这些变量：{code}", "未填写标题或正文", "短信内容缺少{month}年月", "短信内容缺少{amount}金额（元）",
            "正文缺少{people}人数", "生效日期须晚于今天",
        ):  # fmt: skip
            assert any(words in one for one in said), words
        assert "TEMPLATE-SMS-LONG" in refused.value.codes

    def test_is_looked_at_with_examples_before_it_is_handed_over(self) -> None:
        publisher = staff_browser(Role.PUBLISHER)
        address = f"/counter/templates/{CODE}/edit/"
        typed = {
            "effective_on": str(TOMORROW), "title": "{month}到账", "sms": "{month}{people}人{amount}元到账",
            "text": "{month}{people}人{amount}元到账。",
        }  # fmt: skip
        page = publisher.submit(publisher.open(address), address, act="preview", **typed)
        assert "2026年8月3人4,523.68元到账" in page
        page = publisher.submit(page, address, act="submit", **typed)
        assert "这是您经办的业务，请由他人复核" in page
        reviewer, draft_page = staff_browser(Role.REVIEWER), page.path
        assert "消息模板“汇缴到账”" in reviewer.open("/counter/reviews/")
        after = reviewer.submit(reviewer.open(draft_page), f"{draft_page}decide/", verdict="approved")
        assert "已发布" in after
        assert "随程序提供" in publisher.open(f"/counter/templates/{CODE}/")


VERSION = (
    "INSERT INTO notices_publishedversion (draft_no, code, number, effective_on, title, sms, text, published_at,"
    " drafted_by, approved_by) SELECT {draft}, code, 9, effective_on, {title}, sms, text, now(), '甲', '乙'"
    " FROM messaging_wording ORDER BY id LIMIT 1"
)
MASS = (
    "INSERT INTO messaging_massmessage (title, text, ways, numbers, state, made_by, made_at)"
    " VALUES ('题', '文', '{{inbox}}', '{{}}', '{state}', '甲', now())"
)


@pytest.mark.parametrize(
    "attack",
    [
        VERSION.format(draft="id", title="title"),
        VERSION.format(draft="NULL", title="title"),
        "UPDATE messaging_wording SET state = 'published', number = 9",
        "UPDATE messaging_wording SET text = 'x'",
        "UPDATE messaging_massmessage SET state = 'published'",
        "UPDATE messaging_massmessage SET message_no = 1",
        "UPDATE messaging_massmessage SET text = 'x'",
        "DELETE FROM messaging_massmessage",
        MASS.format(state="published"),
    ],
)
@pytest.mark.parametrize("role", ["staff", "owner"])
def test_nothing_that_one_person_wrote_is_said_in_the_center_s_name(
    center: Any, hall: Any, role: str, attack: str
) -> None:  # fmt: skip
    draft()
    send_message(Draft("题", "文", (Way.INBOX,)), Announcing(NOW), by=CLERK, **ACT, key=Key.fresh())
    with center.connect(role) as attacker, pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.execute(attack)


@pytest.mark.parametrize(
    "attack",
    [
        VERSION.format(draft="id", title="'another'"),
        "UPDATE notices_publishedversion SET sms = 'x'",
        "DELETE FROM notices_publishedversion",
        "UPDATE messaging_wording SET state = 'submitted'",
    ],
)
def test_not_even_the_owner_says_something_else_than_was_approved(center: Any, hall: Any, attack: str) -> None:
    decide(draft())
    with center.connect("owner") as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(attack)


@pytest.mark.usefixtures("hall")
class TestAWay:
    def switch(self, code: str, way: Way, *, on: bool = False, reason: str = "节约费用") -> None:
        wordings.switch_way(code, way, reason, on=on, by=PUBLISHER, **ACT, key=Key.fresh())

    def test_is_left_out_and_taken_again_with_a_reason(self) -> None:
        self.switch(CODE, Way.SMS)
        said_on(TODAY)
        with reading(Actor.SYSTEM):
            assert list(Delivery.objects.values_list("way", flat=True)) == ["inbox"]
        self.switch(CODE, Way.SMS, on=True)
        said_on(TODAY)
        with reading(Actor.SYSTEM):
            assert Delivery.objects.filter(way="sms").count() == 1

    def test_that_must_go_is_not_left_out(self) -> None:
        with pytest.raises(Refused) as refused:
            self.switch("restriction", Way.SMS, reason=" ")
        assert refused.value.codes == ("TEMPLATE-FIXED", "TEMPLATE-SWITCH-REASON")

    def test_is_switched_on_the_page_of_its_template(self) -> None:
        publisher: Browser = staff_browser(Role.PUBLISHER)
        address = f"/counter/templates/{CODE}/"
        page = publisher.submit(publisher.open(address), f"{address}switch/", reason="节约费用")
        assert "已停发" in page
        assert "手机短信" in publisher.open("/counter/templates/")


def test_every_place_of_every_template_has_a_name_and_an_example() -> None:
    assert {name for one in templates().values() for name in one.values} | OWN_PLACES <= PLACES.keys()
