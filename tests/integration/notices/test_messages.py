"""One message by several ways: told once, delivered to each employer by each way, and proved."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from time import monotonic
from typing import Any

import pytest
from django.db import connection

from hpf.hall_access.ending import end_user
from hpf.hall_access.models import SessionEnd
from hpf.kernel import Actor, Key, Refused
from hpf.messaging import operations, own
from hpf.notices import sending, usage
from hpf.notices.gateways import Outcome, Verdict
from hpf.notices.messages import Audience, tell
from hpf.notices.models import Delivery, DeliveryState, Message, OutboxMessage
from hpf.notices.rendering import Unfilled
from hpf.notices.sms import mailbox, outbox
from hpf.notices.templates import Way
from hpf.registry.models import Branch, Employer, Handler
from hpf.storage import durable, keyring, reading, sm3
from tests.integration.hall import CLERK, NOW, TODAY, Desk, desk, lay_ground
from tests.integration.notices.test_sending import Carrier

ARRIVED = {"month": "2026年8月", "people": "3", "amount": "4,523.68"}
ALL_WAYS = (Way.PAGE, Way.PROMPT, Way.INBOX, Way.SMS, Way.MAIL, Way.LETTER)
MANY = 10_000


@pytest.fixture(autouse=True)
def ground(center: Any) -> None:
    """A center of one's own for each test."""
    lay_ground()


def say(template: str, values: dict[str, object], to: Audience, **more: Any) -> int:
    with durable(Actor.SYSTEM):
        return tell(template, values, to=to, by=Actor.SYSTEM, today=TODAY, now=NOW, **more)


def stood(number: int) -> dict[str, str]:
    """Way → state of the deliveries of a message that went to one employer."""
    with reading(Actor.SYSTEM):
        return dict(Delivery.objects.filter(message_id=number).values_list("way", "state"))


def ask_email(owner: Desk, address: str, now: datetime = NOW) -> None:
    own.ask_email(address, by=owner.handler, today=TODAY, now=now, key=Key.fresh())


def confirm_email(owner: Desk, code: str, now: datetime = NOW) -> None:
    own.confirm_email(code, by=owner.handler, today=TODAY, now=now, key=Key.fresh())


def mailed_code() -> str:
    """The code in the latest mail, as its reader sees it."""
    with reading(Actor.SYSTEM):
        found = re.search(r"验证码(\d{6})", mailbox(1)[0].text)
    assert found is not None
    return found[1]


def bind_email(owner: Desk, address: str) -> None:
    """The handler asks for a code at an address, and types it in. His mails are out by then."""
    ask_email(owner, address)
    confirm_email(owner, mailed_code())
    sending.drain(Carrier(), "test", Way.MAIL, lambda: NOW)
    sending.drain(Carrier(), "test", Way.SMS, lambda: NOW)


def to(owner: Desk) -> Audience:
    return Audience(owner.employer_id)


class TestOneEmployer:
    def test_gets_a_message_by_each_way_of_its_template(self) -> None:
        number = say("booking-arrived", ARRIVED, to(desk()))
        assert stood(number) == {"sms": "waiting", "inbox": "unread"}
        with reading(Actor.SYSTEM):
            message = Message.objects.get(pk=number)
            inbox = Delivery.objects.get(message_id=number, way=Way.INBOX)
        assert inbox.title == message.title == "2026年8月汇缴已入账"
        assert inbox.text == message.text
        assert inbox.text.startswith("贵单位2026年8月汇缴3人、4,523.68元已入账")

    def test_s_message_is_kept_with_its_digest_sender_and_day(self) -> None:
        number = say("booking-arrived", ARRIVED, to(desk()))
        with reading(Actor.SYSTEM):
            message = Message.objects.get(pk=number)
        assert bytes(message.digest) == sm3(f"{message.title}\n{message.text}".encode())
        assert (message.sender, message.business_day, message.template, message.version) == (
            "系统",
            TODAY,
            "booking-arrived",
            1,
        )

    def test_gets_a_restriction_by_six_ways_with_what_each_needs(self) -> None:
        owner = desk()
        bind_email(owner, "wang@example.com")
        number = say("restriction", RESTRICTED, to(owner))
        assert stood(number) == {
            "sms": "waiting",
            "inbox": "unread",
            "prompt": "unconfirmed",
            "mail": "waiting",
            "letter": "unprinted",
        }
        carrier = Carrier()
        sending.drain(carrier, "test", Way.MAIL, lambda: NOW)
        sending.drain(carrier, "test", Way.SMS, lambda: NOW)
        mail, text = carrier.handed
        assert (mail.address, mail.subject) == ("wang@example.com", "关于中止使用单位网上业务大厅的通知")
        assert "原因：提交虚假资料，违反《单位网上业务大厅服务协议》第3.2条。" in mail.text
        assert text.address == owner.mobile
        assert text.text.endswith("也可拨打0833-12345。")
        assert stood(number)["mail"] == stood(number)["sms"] == "sent"

    def test_without_a_mail_address_is_said_to_have_none(self) -> None:
        number = say("termination", {"employer": "甲公司", "day": "2026年8月10日"}, to(desk()))
        assert stood(number)["mail"] == DeliveryState.UNREACHABLE
        with reading(Actor.SYSTEM):
            assert not OutboxMessage.objects.filter(way=Way.MAIL).exists()

    def test_without_a_handler_is_reached_by_what_needs_none(self) -> None:
        owner = desk()
        with durable(Actor.SYSTEM):
            Handler.objects.filter(pk=owner.handler_id).update(active=False)
        number = say("termination", {"employer": "甲公司", "day": "2026年8月10日"}, to(owner))
        assert stood(number) == {"sms": "unreachable", "mail": "unreachable", "letter": "unprinted"}

    def test_can_be_told_something_by_its_own_handler_s_act(self) -> None:
        owner = desk()
        with durable(owner.handler):
            number = tell("restriction-lifted", DONE, to=to(owner), by=owner.handler, today=TODAY, now=NOW)
        assert stood(number) == {"sms": "waiting", "inbox": "unread"}

    def test_cannot_tell_another_one_anything(self) -> None:
        owner, stranger = desk(), desk()
        with durable(owner.handler):
            number = tell("restriction-lifted", DONE, to=to(stranger), by=owner.handler, today=TODAY, now=NOW)
        assert stood(number) == {}

    def test_is_told_by_some_of_the_ways_if_so_chosen(self) -> None:
        assert stood(say("booking-arrived", ARRIVED, to(desk()), ways=[Way.INBOX])) == {"inbox": "unread"}
        with pytest.raises(ValueError, match="letter"):
            say("booking-arrived", ARRIVED, to(desk()), ways=[Way.LETTER])

    @pytest.mark.parametrize("values", [{}, {**ARRIVED, "code": "1"}])
    def test_is_told_nothing_if_the_values_do_not_fit(self, values: dict[str, object]) -> None:
        with pytest.raises(Unfilled):
            say("booking-arrived", values, to(desk()))

    def test_is_told_no_secret_but_by_text_message(self) -> None:
        with pytest.raises(ValueError, match="secret"):
            say("login-code", {"code": "123456", "minutes": 5}, to(desk()))

    def test_sees_neither_what_others_got_nor_what_was_said(self) -> None:
        owner, stranger = desk(), desk()
        say("booking-arrived", ARRIVED, to(owner))
        with reading(stranger.handler):
            assert not Delivery.objects.exists()
        with reading(owner.handler):
            assert Delivery.objects.count() == 2


class TestTheHandler:
    def test_reads_confirms_and_it_is_kept_who_and_when(self) -> None:
        owner = desk()
        values = {"title": "停机维护", "body": "第一段\n\n第二段"}
        number = say("general", values, to(owner), ways=[Way.INBOX, Way.PROMPT])
        with reading(owner.handler):
            found = {row.way: row for row in Delivery.objects.all()}
        assert found["inbox"].text == "第一段\n\n第二段"
        act = {"by": owner.handler, "today": TODAY, "now": NOW}
        own.read_messages([found["inbox"].pk], **act, key=Key.fresh())
        own.confirm_message(found["prompt"].pk, **act, key=Key.fresh())
        assert stood(number) == {"inbox": "read", "prompt": "confirmed"}
        with reading(Actor.SYSTEM):
            assert set(Delivery.objects.values_list("settled_by", "settled_at")) == {("王秀英", NOW)}

    def test_reads_all_at_once(self) -> None:
        owner = desk()
        for _ in range(3):
            say("booking-arrived", ARRIVED, to(owner))
        act = {"by": owner.handler, "today": TODAY, "now": NOW}
        assert own.read_messages([], **act, key=Key.fresh()).result == {"count": 3}
        assert own.read_messages([], **act, key=Key.fresh()).result == {"count": 0}

    def test_cannot_read_for_another(self) -> None:
        owner, stranger = desk(), desk()
        say("booking-arrived", ARRIVED, to(owner))
        with reading(owner.handler):
            its = Delivery.objects.get(way=Way.INBOX)
        with pytest.raises(Refused) as refused:
            own.read_messages([its.pk], by=stranger.handler, today=TODAY, now=NOW, key=Key.fresh())
        assert refused.value.codes == ("MESSAGE-GONE",)

    @pytest.mark.parametrize(
        "address",
        [
            "王@例子",
            "a@b",
            "a b@example.com",
            "a@example.com\nBcc: b@example.com",
            "@x.cn",
            "a..b@x.cn",
            ".a@x.cn",
            "a.@x.cn",
        ],
    )
    def test_is_told_what_is_wrong_with_an_address(self, address: str) -> None:
        with pytest.raises(Refused) as refused:
            ask_email(desk(), address)
        assert refused.value.codes == ("MESSAGE-ADDRESS",)

    def test_confirms_an_address_by_the_code_that_was_sent_to_it_and_his_mobile_is_told(self) -> None:
        owner = desk()
        bind_email(owner, "wang@example.com")
        with reading(owner.handler):
            assert Handler.objects.get(pk=owner.handler_id).email == "wang@example.com"
        with reading(Actor.SYSTEM):
            assert "wa***@example.com" in next(one.text for one in outbox() if one.mobile == owner.mobile)

    def test_has_five_tries_at_a_code_and_each_counts(self) -> None:
        owner = desk()
        ask_email(owner, "wang@example.com")
        code = mailed_code()
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        for left in (4, 3, 2, 1, 0):
            with pytest.raises(Refused) as refused:
                confirm_email(owner, wrong)
            assert refused.value.codes == ("MESSAGE-CODE-WRONG",)
            assert (f"还可以再试{left}次" in refused.value.refusals[0].why) == bool(left)
        with pytest.raises(Refused) as refused:
            confirm_email(owner, code)
        assert refused.value.codes == ("MESSAGE-CODE-OVER",)

    def test_is_sent_one_code_a_minute_however_many_requests_come_at_once(self) -> None:
        owner, together = desk(), Barrier(6)

        def ask(number: int) -> tuple[str, ...]:
            together.wait()
            try:
                ask_email(owner, f"wang{number}@example.com")
            except Refused as refused:
                return refused.codes
            finally:
                connection.close()
            return ()

        with ThreadPoolExecutor(6) as pool:
            assert sorted(pool.map(ask, range(6))) == [(), *[("MESSAGE-CODE-SOON",)] * 5]

    def test_is_sent_one_code_a_minute_and_the_latest_counts(self) -> None:
        owner = desk()
        ask_email(owner, "wang@example.com")
        first = mailed_code()
        with pytest.raises(Refused) as refused:
            ask_email(owner, "li@example.com")
        assert refused.value.codes == ("MESSAGE-CODE-SOON",)
        ask_email(owner, "li@example.com", NOW + timedelta(minutes=2))
        if (latest := mailed_code()) != first:
            with pytest.raises(Refused):
                confirm_email(owner, first, NOW + timedelta(minutes=2))
        confirm_email(owner, latest, NOW + timedelta(minutes=2))
        with reading(owner.handler):
            assert Handler.objects.get(pk=owner.handler_id).email == "li@example.com"

    def test_may_take_his_address_back(self) -> None:
        owner = desk()
        bind_email(owner, "wang@example.com")
        own.drop_email(by=owner.handler, today=TODAY, now=NOW, key=Key.fresh())
        with reading(owner.handler):
            assert Handler.objects.get(pk=owner.handler_id).email is None


def test_a_branch_is_told_and_the_others_are_not() -> None:
    ours, other = desk(), desk()
    with durable(Actor.SYSTEM):
        there = Branch.objects.create(code="02", name="五通桥区管理部", place="511112")
        Employer.objects.filter(pk=other.employer_id).update(branch=there)
        home = Branch.objects.get(code="01").pk
    say("general", {"title": "题", "body": "文"}, Audience(None, home, "市中区"), ways=[Way.INBOX])
    with reading(Actor.SYSTEM):
        assert list(Delivery.objects.values_list("employer_id", flat=True)) == [ours.employer_id]


def test_ten_thousand_employers_are_a_few_statements(center: Any) -> None:
    owner = desk()
    bind_email(owner, "wang@example.com")
    with center.connect("superuser") as superuser:
        multiply(superuser, owner.employer_id)
    began = monotonic()
    number = say("general", {"title": "停机维护", "body": "今晚停机维护。"}, Audience(), ways=ALL_WAYS)
    assert monotonic() - began < 30
    with reading(Actor.SYSTEM):
        assert Delivery.objects.filter(message_id=number).count() == len(ALL_WAYS) * MANY
        assert OutboxMessage.objects.exclude(delivery=None).filter(delivery__message_id=number).count() == 2 * MANY
        assert (
            OutboxMessage.objects.filter(delivery__message_id=number).values("delivery").distinct().count() == 2 * MANY
        )


def multiply(superuser: Any, employer_id: int) -> None:
    """Employers and handlers like the first one, so that there are ten thousand."""
    superuser.execute("SET session_replication_role = replica")  # they come without applications
    for table, its in (("registry_employer", "id"), ("registry_handler", "employer_id")):
        columns = [
            name
            for (name,) in superuser.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema"
                " AND table_name = %s ORDER BY ordinal_position",
                [table],
            )
        ]
        fresh = {
            "id": f"{employer_id} + 1000000 + n",
            "employer_id": f"{employer_id} + 1000000 + n",
            "name": "name || n",
            "credit_code": "lpad(n::text, 9, '0')",
            "user_name": "user_name || n",
            "application_id": "NULL",
        }
        chosen = ", ".join(fresh.get(column, f'"{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        superuser.execute(
            f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table}, generate_series(1, %s) n WHERE {its} = %s",
            [MANY - 1, employer_id],
        )
    superuser.execute("ANALYZE")


class TestTheCenter:
    def test_sends_a_failed_delivery_again_when_a_person_says_so(self) -> None:
        clerk = Actor(Actor.SYSTEM.kind, None, "系统", Actor.SYSTEM.channel)
        number = say("booking-arrived", ARRIVED, to(desk()))
        sending.drain(Carrier(Outcome(Verdict.UNCLEAR)), "test", Way.SMS, lambda: NOW)
        assert stood(number)["sms"] == "unclear"
        with reading(Actor.SYSTEM):
            delivery = Delivery.objects.get(message_id=number, way=Way.SMS)
        act = {"by": clerk, "today": TODAY, "now": NOW}
        operations.send_again(delivery.pk, "网关已恢复", **act, key=Key.fresh())
        carrier = Carrier()
        sending.drain(carrier, "test", Way.SMS, lambda: NOW)
        assert len(carrier.handed) == 1
        assert stood(number)["sms"] == "sent"
        with reading(Actor.SYSTEM):
            assert [one.messages for one in usage.by_day(NOW)] == [2]  # each time is charged
        with pytest.raises(Refused) as refused:
            operations.send_again(delivery.pk, "网关已恢复", **act, key=Key.fresh())
        assert refused.value.codes == ("MESSAGE-NOT-AGAIN",)

    def test_sends_again_to_who_is_in_office_now_and_to_nobody_where_nobody_is(self) -> None:
        owner = desk()
        number = say("booking-arrived", ARRIVED, to(owner))
        sending.drain(Carrier(Outcome(Verdict.REJECTED)), "test", Way.SMS, lambda: NOW)
        with reading(Actor.SYSTEM):
            delivery = Delivery.objects.get(message_id=number, way=Way.SMS)
        act = {"by": CLERK, "today": TODAY, "now": NOW}
        with durable(Actor.SYSTEM):
            Handler.objects.filter(pk=owner.handler_id).update(active=False)
        operations.send_again(delivery.pk, "补发", **act, key=Key.fresh())
        assert stood(number)["sms"] == "unreachable"
        move(owner, "13700137000")
        operations.send_again(delivery.pk, "经办人已登记", **act, key=Key.fresh())
        carrier = Carrier()
        sending.drain(carrier, "test", Way.SMS, lambda: NOW)
        assert [handed.address for handed in carrier.handed] == ["13700137000"]


class TestWhatWaits:
    def test_goes_where_its_handler_is_to_be_reached_by_then(self) -> None:
        owner = desk()
        bind_email(owner, "wang@example.com")
        number = say("restriction", RESTRICTED, to(owner))
        move(owner, "13700137000")
        own.drop_email(by=owner.handler, today=TODAY, now=NOW, key=Key.fresh())
        texts, mails = Carrier(), Carrier()
        sending.drain(texts, "test", Way.SMS, lambda: NOW)
        sending.drain(mails, "test", Way.MAIL, lambda: NOW)
        assert {handed.address for handed in texts.handed} == {"13700137000"}
        assert mails.handed == []
        assert (stood(number)["sms"], stood(number)["mail"]) == ("sent", "unreachable")

    def test_for_who_acts_no_more_is_given_up_but_not_what_tells_him_so(self) -> None:
        owner, later = desk(), NOW + timedelta(minutes=1)
        before = say("booking-arrived", ARRIVED, to(owner))
        with durable(CLERK):
            told = {"employer": "甲", "day": "2026年8月10日"}
            farewell = tell("termination", told, to=to(owner), by=CLERK, today=TODAY, now=later)
            end_user(Handler.objects.get(pk=owner.handler_id), SessionEnd.TERMINATED, later)
        sending.drain(Carrier(), "test", Way.SMS, lambda: later)
        assert (stood(before)["sms"], stood(farewell)["sms"]) == ("failed", "sent")


DONE = {"scope": "全部业务", "deed": "中止", "used": "使用单位网上业务大厅"}
RESTRICTED = {**DONE, "reason": "提交虚假资料", "clause": "第3.2条", "until": "整改完成为止"}


def move(owner: Desk, mobile: str) -> None:
    """A handler in office, with another mobile."""
    with durable(Actor.SYSTEM):
        digest = keyring().digest("mobile", mobile)
        Handler.objects.filter(pk=owner.handler_id).update(active=True, mobile=mobile, mobile_digest=digest)
