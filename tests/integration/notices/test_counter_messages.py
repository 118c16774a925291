"""The center's pages about messages: what became of each, writing to one and to many, letters to the post."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.urls import reverse

from hpf.casework.review import ReviewState
from hpf.kernel import Actor, Key, Refused
from hpf.messaging import operations, wordings
from hpf.messaging.models import MassMessage
from hpf.messaging.rules import Draft
from hpf.notices import sending
from hpf.notices.gateways import Outcome, Verdict
from hpf.notices.messages import Audience, tell
from hpf.notices.models import Delivery, Message
from hpf.notices.templates import Way
from hpf.publications.announcing import Announcing
from hpf.publications.models import Draft as Announcement
from hpf.registry.codes import Role
from hpf.registry.models import Employer, Handler, UnitAccount
from hpf.storage import durable, reading
from tests.integration.browser import Browser, lay_hall, newcomer, staff_browser
from tests.integration.hall import CLERK, NOW, REVIEWER, TODAY, quick_passwords
from tests.integration.hall import desk as new_desk
from tests.integration.notices.test_sending import Carrier
from tests.integration.portal import events, said

ACT: dict[str, Any] = {"today": TODAY, "now": NOW}
ANNOUNCING = Announcing(NOW)


@pytest.fixture(autouse=True)
def hall(center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        yield


@pytest.fixture
def clerk(hall: Any) -> Browser:
    return staff_browser(Role.CLERK)


def number_of(employer_id: int) -> str:
    with reading(Actor.SYSTEM):
        return UnitAccount.objects.get(employer_id=employer_id).number


def say(employer_id: int, *ways: Way) -> int:
    values = {"title": "停机维护", "body": "第一段"}
    with durable(Actor.SYSTEM):
        return tell(
            "general", values, to=Audience(employer_id), by=Actor.SYSTEM, today=TODAY, now=datetime.now(UTC), ways=ways
        )


def states(message: int) -> dict[str, str]:
    with reading(Actor.SYSTEM):
        return dict(Delivery.objects.filter(message_id=message).values_list("way", "state"))


def test_a_failed_way_shows_its_tries_in_chinese_and_is_sent_again_with_a_reason(clerk: Browser, center: Any) -> None:
    message = say(new_desk().employer_id, Way.SMS)
    sending.drain(Carrier(Outcome(Verdict.UNCLEAR, reason="TimeoutError")), "http", Way.SMS, lambda: datetime.now(UTC))
    assert "是否发出不明" in clerk.open("/counter/messages/?way=sms&state=unclear")
    with reading(Actor.SYSTEM):
        delivery = Delivery.objects.get(message_id=message).pk
    address = f"/counter/messages/deliveries/{delivery}/"
    page = clerk.open(address)
    assert "网关在限定时间内没有答复" in page
    assert "已尝试1次" in said(page)
    assert clerk.submit(page, address).status == 422
    page = clerk.submit(clerk.open(address), address, reason="网关已恢复")
    assert "人工重发：网关已恢复" in page
    assert states(message) == {"sms": "waiting"}
    assert events(center, "send_again") == [f"delivery:{delivery}"]


def test_a_message_says_how_it_stands_by_each_way(clerk: Browser) -> None:
    message = say(new_desk().employer_id, Way.INBOX, Way.MAIL)
    page = clerk.open(f"/counter/messages/{message}/")
    for words in ("电子邮件没有地址1", "站内消息未读1", "第一段"):
        assert words in said(page)


def test_one_employer_is_written_to_at_once(clerk: Browser) -> None:
    owner = new_desk()
    page = clerk.submit(
        clerk.open("/counter/messages/new/"), "/counter/messages/new/",
        title="请补交资料", text="请于本月补交。", ways="inbox", numbers=number_of(owner.employer_id),
    )  # fmt: skip
    assert "各方式送达情况" in page
    with reading(Actor.SYSTEM):
        assert Delivery.objects.get(way=Way.INBOX, title="请补交资料").employer_id == owner.employer_id


def test_everything_that_is_wrong_with_a_message_is_said_at_once(clerk: Browser) -> None:
    page = clerk.submit(
        clerk.open("/counter/messages/new/"), "/counter/messages/new/",
        title="题" * 41, text="文", ways="prompt", numbers="123\n456",
    )  # fmt: skip
    assert page.status == 422
    for words in ("标题有41个字", "登录提示须同时发送站内消息", "有2个单位账号不存在：123、456"):
        assert words in page


def test_nothing_but_the_choice_of_all_means_all_employers(clerk: Browser) -> None:
    new_desk()
    form, said_at_all = clerk.open("/counter/messages/new/"), {"title": "通知", "text": "文", "ways": "inbox"}
    odd = [{"branch": branch} for branch in ("", "x", "٣", "9" * 18, "9" * 20, "9" * 5_000)]
    for given in [*odd, {"branch": "all", "numbers": "，；、"}]:
        assert clerk.submit(form, "/counter/messages/new/", **said_at_all, **given).status == 422, given
    with reading(Actor.SYSTEM):
        assert MassMessage.objects.count() == 0
    assert clerk.submit(form, "/counter/messages/new/", **said_at_all, branch="all").status == 200


def test_numbers_and_days_that_no_page_gives_name_no_record() -> None:
    auditor, handler = staff_browser(Role.AUDIT_ADMIN), Browser()
    newcomer().settles(handler)
    for day in ("0001-01-10", "9999-12-31", "9" * 5_000):
        assert auditor.open(f"/counter/events/?ends_on={day}").status == 200, day
    form = {"csrfmiddlewaretoken": handler.cookies["csrftoken"].value, "key": str(Key.fresh())}
    assert handler.post(reverse("portal:prompts"), form | {"delivery": "9" * 5_000}).status_code == 303


def test_chosen_employers_are_written_to_when_a_second_person_has_approved(clerk: Browser) -> None:
    first, second, third = new_desk(), new_desk(), new_desk()
    numbers = "\n".join(number_of(one.employer_id) for one in (first, second))
    page = clerk.submit(
        clerk.open("/counter/messages/new/"), "/counter/messages/new/",
        title="请核对基数", text="请核对。", ways="inbox", numbers=numbers,
    )  # fmt: skip
    assert "这是您经办的业务，请由他人复核" in page
    checker = staff_browser(Role.REVIEWER)
    assert "请核对基数" in checker.open("/counter/reviews/")
    address = page.path
    after = checker.submit(checker.open(address), f"{address}decide/", verdict="approved")
    assert "查看送达情况" in after
    with reading(Actor.SYSTEM):
        reached = set(Delivery.objects.filter(title="请核对基数").values_list("employer_id", flat=True))
        assert Message.objects.latest("pk").audience == "选定的2个单位"
    assert reached == {first.employer_id, second.employer_id}
    assert third.employer_id not in reached


def write_announced(title: str, *ways: str) -> Any:
    """A publisher writes to all, with the public page as one of the ways: the page of what waits."""
    writer = staff_browser(Role.PUBLISHER)
    new = "/counter/messages/new/"
    text = "7月1日起*调整*基数。\n- 请核对\n\n见<b>柜面</b>。"
    return writer.submit(writer.open(new), new, title=title, text=text, ways=[*ways, "announcement"], branch="all")


def test_one_word_sends_a_message_and_its_announcement_and_its_page_shows_how_both_stand() -> None:
    new_desk()
    address = write_announced("关于核对基数的通知", "inbox").path
    anybody = Browser()
    assert "关于核对基数的通知" not in anybody.open("/publications/")
    checker = staff_browser(Role.REVIEWER)
    page = checker.open(address)
    assert "待发布" in page, page.html
    page = checker.submit(page, f"{address}decide/", verdict="approved")
    with reading(Actor.SYSTEM):
        draft, message = Announcement.objects.get(), Message.objects.get()
    sent = checker.open(f"/counter/messages/{message.pk}/")
    assert "站内消息未读1" in said(sent)
    assert "状态展示中" in said(sent)
    assert "关于核对基数的通知" in anybody.open("/publications/")
    public = anybody.open(f"/publications/{draft.publication_id}/")
    assert "7月1日起*调整*基数。<br>\n- 请核对</p>\n<p>见&lt;b&gt;柜面&lt;/b&gt;。" in public.html
    publisher = staff_browser(Role.PUBLISHER)
    assert "随群发消息一并复核" in publisher.open(f"/counter/drafts/{draft.pk}/")
    desk = f"/counter/publications/{draft.publication_id}/"
    publisher.submit(publisher.open(desk), f"{desk}take-down/", reason="有误")
    assert "状态已下线" in said(publisher.open(sent.address))


def test_a_returned_message_takes_its_announcement_back() -> None:
    address = write_announced("题").path
    checker = staff_browser(Role.REVIEWER)
    page = checker.submit(checker.open(address), f"{address}decide/", verdict="returned", note="再核")
    assert "未发布" in page
    with reading(Actor.SYSTEM):
        assert Announcement.objects.get().state == "dropped"


def test_the_public_page_is_no_way_for_a_clerk_nor_for_chosen_employers(clerk: Browser) -> None:
    assert "announcement" not in clerk.open("/counter/messages/new/").html
    draft = Draft("题", "文", (Way.ANNOUNCEMENT,), numbers=("1", "2"))
    publisher = replace(CLERK, roles=frozenset({Role.PUBLISHER}))
    for by, code in ((CLERK, "STAFF-ROLE"), (publisher, "MESSAGE-ANNOUNCED-TO-SOME")):
        with pytest.raises(Refused) as refused:
            operations.send_message(draft, ANNOUNCING, by=by, **ACT, key=Key.fresh())
        assert code in refused.value.codes


ANNOUNCED = (
    "WITH p AS (INSERT INTO publications_publication (kind) VALUES ('announcement') RETURNING id)"
    " INSERT INTO publications_draft (publication_id, state, title, text, change_summary, important, files,"
    " digest, writers, writer_name, review_kind, review_subject)"
    " SELECT id, 'submitted', '{}', '{}', '', false, '[]', '', '{}', '', 'mass_message', {} FROM p"
)


def test_a_title_is_taken_without_the_blanks_around_it() -> None:
    draft = Draft("\u3000\u00a0题\u3000", "文", (Way.INBOX, Way.ANNOUNCEMENT))
    operations.send_message(
        draft, ANNOUNCING, by=replace(CLERK, roles=frozenset({Role.PUBLISHER})), **ACT, key=Key.fresh()
    )
    with reading(Actor.SYSTEM):
        assert MassMessage.objects.get().title == Announcement.objects.get().title == "题"


@pytest.mark.parametrize(
    ("title", "text", "writers", "refusal"),
    [("假", "文", "{%s}", "handed in"), ("题", "文", "{}", "handed in"), ("题", "假", "{%s}", "says what its message")],
)
def test_an_announcement_has_its_message_s_title_text_and_writer(
    center: Any, title: str, text: str, writers: str, refusal: str
) -> None:
    draft, publisher = (
        Draft("题", "文", (Way.INBOX, Way.ANNOUNCEMENT)),
        replace(CLERK, roles=frozenset({Role.PUBLISHER})),
    )
    number = operations.send_message(draft, ANNOUNCING, by=publisher, **ACT, key=Key.fresh())
    forged = ANNOUNCED.format(title, text, writers.replace("%s", str(CLERK.id)), number.result["draft"])
    with center.connect("staff") as attacker, pytest.raises(psycopg.errors.InsufficientPrivilege, match=refusal):
        attacker.execute(forged)


@pytest.mark.parametrize("role", ["staff", "owner"])
def test_no_other_announcement_comes_out_by_the_word_on_a_message(center: Any, role: str) -> None:
    draft = Draft("题", "文", (Way.INBOX,))
    number = operations.send_message(draft, ANNOUNCING, by=CLERK, **ACT, key=Key.fresh()).result["draft"]
    decide: dict[str, Any] = {"announcing": ANNOUNCING, "note": "", **ACT}
    operations.decide_mass_message(number, ReviewState.APPROVED, by=REVIEWER, key=Key.fresh(), **decide)
    with center.connect(role) as attacker, pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.execute(ANNOUNCED.format("题", "文", f"{{{CLERK.id}}}", number))


def test_before_a_message_is_approved_its_page_counts_and_lists_whom_each_way_will_not_reach() -> None:
    reached, mailless, left = new_desk(), new_desk(), new_desk()
    with durable(Actor.SYSTEM):
        Handler.objects.filter(employer_id=reached.employer_id).update(email="wang@example.com")
        Handler.objects.filter(employer_id=left.employer_id).update(active=False)
        for desk in (reached, mailless, left):
            Employer.objects.filter(pk=desk.employer_id).update(name=f"单位{desk.employer_id}号")
        Employer.objects.filter(pk=mailless.employer_id).update(address=" ")
    draft = Draft("题", "文", (Way.MAIL, Way.SMS, Way.LETTER))
    number = operations.send_message(draft, ANNOUNCING, by=CLERK, **ACT, key=Key.fresh()).result["draft"]
    checker, address = staff_browser(Role.REVIEWER), f"/counter/messages/drafts/{number}/"
    page = checker.open(address)
    for words in ("手机短信没有绑定手机的经办人1", "电子邮件没有确认过的邮箱2", "信函没有登记通信地址1", "现有3家"):
        assert words in said(page)
    by_mail, by_sms, by_post = (checker.open(f"{address}?lacking={way}") for way in ("mail", "sms", "letter"))
    assert [f"单位{one.employer_id}号" in by_mail for one in (reached, mailless, left)] == [False, True, True]
    assert [f"单位{one.employer_id}号" in by_sms for one in (reached, mailless, left)] == [False, False, True]
    assert [f"单位{one.employer_id}号" in by_post for one in (reached, mailless, left)] == [False, True, False]
    assert "送不到的单位" not in checker.submit(page, f"{address}decide/", verdict="approved")
    with reading(Actor.SYSTEM):
        sent = Message.objects.get().pk
    assert "手机短信没有地址1" in said(checker.open(f"/counter/messages/{sent}/"))


def test_a_clerk_writes_so_many_single_text_messages_a_day_and_no_site_in_one(center: Any) -> None:
    numbers = (number_of(new_desk().employer_id),)
    with center.connect("superuser") as superuser:
        superuser.execute("UPDATE policy_parameter SET value = '2' WHERE name = 'single_texts_a_day'")

    def write(title: str = "请来取件", by: Actor = CLERK, day: date = TODAY, way: Way = Way.SMS) -> tuple[str, ...]:
        try:
            draft = Draft(title, "文", (way,), numbers=numbers)
            operations.send_message(draft, ANNOUNCING, by=by, today=day, now=NOW, key=Key.fresh())
        except Refused as refused:
            return refused.codes
        return ()

    sites = ("见https://a.cn", "登录WWW．ABC．com", "登录网厅.中国", "见10.1.1.1", "见gjj-hall.gov.cn办理")
    for title in (*sites, "登录公积金.com", "见abc。com办理", "见abc.\u200bcom"):
        assert write(title) == ("MESSAGE-TITLE-SITE",), title
    assert write("按2.5%核对，12:00前", way=Way.INBOX) == write("见a.cn", way=Way.INBOX) == ()
    assert [write(), write("按2.5%核对。公司已改名的来柜台"), write()] == [(), (), ("MESSAGE-TEXTS-A-DAY",)]
    assert write(way=Way.INBOX) == write(by=replace(CLERK, id=(CLERK.id or 0) + 1)) == ()
    assert write(day=TODAY + timedelta(days=1)) == ()


def test_a_way_that_is_switched_off_is_neither_offered_nor_taken_nor_approved(clerk: Browser) -> None:
    one, publisher = number_of(new_desk().employer_id), replace(CLERK, roles=frozenset({Role.PUBLISHER}))

    def send(*ways: Way, to: tuple[str, ...] = (), title: str = "题") -> int:
        given = Draft(title, "文", ways, to)
        return int(operations.send_message(given, ANNOUNCING, by=CLERK, **ACT, key=Key.fresh()).result["draft"])

    waiting = send(Way.INBOX, Way.SMS)
    for way in (Way.SMS, Way.MAIL):
        wordings.switch_way("general", way, "省钱", on=False, by=publisher, **ACT, key=Key.fresh())
    page = clerk.open("/counter/messages/new/")
    assert ['value="sms"' in page, 'value="mail"' in page, 'value="inbox"' in page] == [False, False, True]
    for to in ((one,), ()):
        with pytest.raises(Refused) as refused:
            send(Way.INBOX, Way.SMS, Way.MAIL, to=to, title="")
        assert refused.value.codes == ("MESSAGE-TITLE-MISSING", "MESSAGE-WAY-OFF")
        assert "手机短信、电子邮件已停发" in str(refused.value.refusals)
    deciding: dict[str, Any] = {"announcing": ANNOUNCING, "by": REVIEWER, **ACT}
    with pytest.raises(Refused) as refused:
        operations.decide_mass_message(waiting, ReviewState.APPROVED, note="", key=Key.fresh(), **deciding)
    assert refused.value.codes == ("MESSAGE-WAY-OFF",)
    operations.decide_mass_message(waiting, ReviewState.RETURNED, note="短信已停发", key=Key.fresh(), **deciding)


def test_a_refused_message_for_all_goes_to_nobody() -> None:
    new_desk()
    draft = Draft("题", "文", (Way.INBOX,))
    number = int(operations.send_message(draft, ANNOUNCING, by=CLERK, **ACT, key=Key.fresh()).result["draft"])
    decide: dict[str, Any] = {"announcing": ANNOUNCING, **ACT}
    with pytest.raises(Refused):
        operations.decide_mass_message(number, ReviewState.APPROVED, note="", by=CLERK, key=Key.fresh(), **decide)
    operations.decide_mass_message(number, ReviewState.REFUSED, note="不妥", by=REVIEWER, key=Key.fresh(), **decide)
    with reading(Actor.SYSTEM):
        assert MassMessage.objects.get().state == "refused"
        assert not Message.objects.exists()
