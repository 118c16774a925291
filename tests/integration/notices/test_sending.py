"""The outbox on its way to a gateway: each message once, in time or never, whatever dies in between."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from hpf.kernel import Actor
from hpf.notices import receipts, sending
from hpf.notices.forgetting import forget_codes
from hpf.notices.gateways import DeliveryReceipt, Outcome, Outgoing, Pending, Verdict
from hpf.notices.models import DeliveryState, GatewayReceipt, OutboxMessage
from hpf.notices.rendering import Unfilled
from hpf.notices.sms import outbox, send_or_drop_sms, send_sms
from hpf.notices.templates import Way
from hpf.storage import durable, reading
from tests.integration.hall import NOW, TODAY
from tests.office import open_center

SENT = Outcome(Verdict.SENT, "g1")


class Carrier:
    """A gateway that answers as it is told, in turn, and remembers what it was handed."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes, self.handed = list(outcomes), list[Outgoing]()
        self.asked_after: list[Pending] = []
        self.waiting: list[DeliveryReceipt] = []

    def send(self, message: Outgoing) -> Outcome:
        self.handed.append(message)
        return self.outcomes.pop(0) if self.outcomes else Outcome(Verdict.SENT, f"g{message.id}")

    def receipts(self, pending: Sequence[Pending]) -> list[DeliveryReceipt]:
        self.asked_after = list(pending)
        return self.waiting

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def ground(center: Any) -> None:
    """A center of one's own for each test."""


def put(code: str = "123456", minutes: float | None = 5, mobile: str = "13800138000") -> None:
    """A code in the outbox, worthless after some minutes; ``None``: a notice that is never worthless."""
    until = None if minutes is None else NOW + timedelta(minutes=minutes)
    with durable(Actor.ANONYMOUS):
        send_sms(mobile, "login-code", {"code": code, "minutes": 5}, today=TODAY, now=NOW, valid_until=until)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def drain(carrier: Carrier, seconds: float = 0) -> int:
    return sending.drain(carrier, "test", Way.SMS, lambda: after(seconds))


def test_what_the_network_says_in_a_round_that_hands_nothing_over_is_kept() -> None:
    carrier = Carrier(Outcome(Verdict.UNAVAILABLE, reason="bind"))
    carrier.waiting = [DeliveryReceipt("g7", True)]
    put()
    sending.hand_over(carrier, "test", Way.SMS, lambda: NOW)
    assert states() == ["waiting"]
    assert waiting_receipts() == ["g7"]


def states() -> list[str]:
    with reading(Actor.SYSTEM):
        return list(OutboxMessage.objects.order_by("id").values_list("state", flat=True))


def waiting_receipts() -> list[str]:
    with reading(Actor.SYSTEM):
        return list(GatewayReceipt.objects.order_by("id").values_list("gateway_id", flat=True))


def only() -> OutboxMessage:
    with reading(Actor.SYSTEM):
        return OutboxMessage.objects.get()


def test_a_message_is_handed_over_once_with_its_values_in_order() -> None:
    put()
    carrier = Carrier(SENT)
    assert drain(carrier) == 1
    assert drain(carrier) == 0
    (handed,) = carrier.handed
    assert handed.address == "13800138000"
    assert handed.text == (
        "【住房公积金】您正在登录单位网上业务大厅，验证码123456，5分钟内有效。请勿告知他人，工作人员不会向您索要。"
    )
    assert list(handed.values.items()) == [("code", "123456"), ("minutes", "5")]
    row = only()
    assert (row.state, row.gateway, row.gateway_id, row.attempts) == (DeliveryState.SENT, "test", "g1", 1)


def test_codes_go_before_notices() -> None:
    put("111111", minutes=None)
    put("222222")
    carrier = Carrier()
    drain(carrier)
    assert [handed.values["code"] for handed in carrier.handed] == ["222222", "111111"]


def test_what_was_not_sent_waits_longer_each_time() -> None:
    put()
    carrier = Carrier(*[Outcome(Verdict.UNAVAILABLE, reason="refused")] * 9)
    tried = []
    for second in range(150):
        before = len(carrier.handed)
        drain(carrier, second)
        if len(carrier.handed) > before:
            tried.append(second)
    assert tried == [0, 5, 15, 35, 75]
    assert only().reasons == ["refused"] * 5


def test_a_code_that_comes_too_late_is_never_sent() -> None:
    put(minutes=1)
    carrier = Carrier(*[Outcome(Verdict.UNAVAILABLE)] * 9)
    for second in range(0, 300, 5):
        sending.tidy(after(second))
        drain(carrier, second)
    assert len(carrier.handed) == 4  # at 0, 5, 15 and 35 s; the next try would have been after its minute
    assert states() == [DeliveryState.EXPIRED]


def test_a_code_for_nobody_waits_like_any_other_and_is_never_handed_over() -> None:
    for mobile in (None, "13800138000"):
        with durable(Actor.ANONYMOUS):
            values = {"code": "123456", "minutes": 5}
            send_or_drop_sms(mobile, "password-reset", values, today=TODAY, now=NOW, valid_until=after(300))
    with reading(Actor.SYSTEM):
        assert [one.mobile for one in outbox()] == ["13800138000"]
    assert states() == [DeliveryState.WAITING] * 2
    carrier = Carrier()
    for second in (-1, 0, 1):  # the clock of who sends may be behind
        drain(carrier, second)
    assert [handed.address for handed in carrier.handed] == ["13800138000"]
    sending.tidy(after(1))
    assert states() == [DeliveryState.EXPIRED, DeliveryState.SENT]


def test_a_code_that_nobody_took_in_time_is_given_up() -> None:
    put(minutes=1)
    carrier = Carrier()
    assert drain(carrier, 61) == 0
    sending.tidy(after(61))
    assert states() == [DeliveryState.EXPIRED]


def test_a_refused_message_is_not_tried_again() -> None:
    put()
    carrier = Carrier(Outcome(Verdict.REJECTED, reason="isv.MOBILE_NUMBER_ILLEGAL"))
    drain(carrier)
    drain(carrier, 60)
    assert len(carrier.handed) == 1
    assert (only().state, only().reasons) == (DeliveryState.FAILED, ["isv.MOBILE_NUMBER_ILLEGAL"])


@pytest.mark.parametrize("minutes", [5, None])
def test_what_may_have_been_sent_is_not_sent_again(minutes: float | None) -> None:
    put(minutes=minutes)
    carrier = Carrier(Outcome(Verdict.UNCLEAR, reason="TimeoutError"))
    drain(carrier)
    for second in range(0, 3600, 60):
        sending.tidy(after(second))
        drain(carrier, second)
    assert len(carrier.handed) == 1
    assert states() == [DeliveryState.UNCLEAR]


def test_a_worker_that_dies_between_gateway_and_commit_leaves_a_message_unclear() -> None:
    put()

    class Dies(Carrier):
        def send(self, message: Outgoing) -> Outcome:
            super().send(message)
            raise SystemExit(9)

    doomed, successor = Dies(), Carrier()
    with pytest.raises(SystemExit):
        drain(doomed)
    assert states() == [DeliveryState.SENDING]
    for second in range(0, 600, 5):
        sending.tidy(after(second))
        drain(successor, second)
    assert (len(doomed.handed), successor.handed) == (1, [])
    assert states() == [DeliveryState.UNCLEAR]


def test_a_worker_thought_dead_may_still_say_that_it_sent() -> None:
    put()

    class Slow(Carrier):
        def send(self, message: Outgoing) -> Outcome:
            sending.tidy(after(600))
            assert states() == [DeliveryState.UNCLEAR]
            return super().send(message)

    drain(Slow(SENT))
    assert states() == [DeliveryState.SENT]


def test_a_gateway_that_fails_is_not_asked_for_each_message_in_turn() -> None:
    for _ in range(20):
        put()
    carrier = Carrier(Outcome(Verdict.UNAVAILABLE))
    assert drain(carrier) == 0
    assert len(carrier.handed) == 1
    assert drain(carrier, 1) == 19


def test_what_a_gateway_wants_back_later_keeps_nobody_else_waiting() -> None:
    for _ in range(3):
        put()
    carrier = Carrier(Outcome(Verdict.LATER, reason="SMTP 450"))
    assert drain(carrier) == 2
    assert states() == [DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.SENT]
    assert drain(carrier, 6) == 1


def test_receipts_are_asked_for_in_turn() -> None:
    for _ in range(25):
        put(minutes=None)
    carrier, asked = Carrier(), list[str]()
    drain(carrier)
    for second in (60, 120):
        receipts.collect_receipts(carrier, "test", Way.SMS, after(second))
        asked += [pending.gateway_id for pending in carrier.asked_after]
    assert len(asked) == 40
    assert len(set(asked)) == 25


def test_workers_at_the_same_time_hand_over_each_message_once() -> None:
    for number in range(40):
        put(f"{number:06d}")
    carriers = [Carrier() for _ in range(4)]
    together = Barrier(4)

    def work(carrier: Carrier) -> int:
        together.wait()
        try:
            return drain(carrier)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, carriers)) == 40
    handed = [message.id for carrier in carriers for message in carrier.handed]
    assert len(handed) == len(set(handed)) == 40
    assert set(states()) == {DeliveryState.SENT}


@pytest.mark.parametrize(("delivered", "state"), [(True, DeliveryState.DELIVERED), (False, DeliveryState.FAILED)])
def test_a_receipt_says_what_became_of_a_message(delivered: bool, state: DeliveryState) -> None:
    put()
    carrier = Carrier(SENT)
    drain(carrier)
    carrier.waiting = [DeliveryReceipt("g1", delivered, "" if delivered else "UNDELIV"), DeliveryReceipt("g9", True)]
    assert receipts.collect_receipts(carrier, "test", Way.SMS, after(30)) == 1
    assert carrier.asked_after == [Pending("g1", "13800138000", NOW)]
    assert receipts.collect_receipts(carrier, "test", Way.SMS, after(60)) == 0
    assert states() == [state]


def test_a_receipt_that_is_quicker_than_our_own_commit_is_noted_once_the_number_is_known() -> None:
    put()

    class Quick(Carrier):
        def send(self, message: Outgoing) -> Outcome:
            told = [DeliveryReceipt("g1", True), DeliveryReceipt("g1", False, "UNDELIV")]
            assert receipts.take_receipts(told, "test", NOW) == 0
            return super().send(message)

    drain(Quick(SENT))
    assert (states(), waiting_receipts()) == ([DeliveryState.DELIVERED], [])


def test_a_receipt_written_down_by_who_then_died_is_noted_by_the_next() -> None:
    put()
    carrier = Carrier(SENT)
    drain(carrier)
    receipts.keep_receipts([DeliveryReceipt("g1", True)], "test", after(30))  # given once
    assert (states(), waiting_receipts()) == ([DeliveryState.SENT], ["g1"])
    assert receipts.collect_receipts(carrier, "test", Way.SMS, after(90)) == 1
    assert (states(), waiting_receipts()) == ([DeliveryState.DELIVERED], [])


def test_a_receipt_that_came_long_before_its_number_was_given_is_of_another_message() -> None:
    receipts.take_receipts([DeliveryReceipt("g1", False, "UNDELIV")], "test", after(-600))
    put()
    drain(Carrier(SENT))
    assert states() == [DeliveryState.SENT]


def test_receipts_of_messages_that_nobody_knows_are_forgotten_after_three_days() -> None:
    for seconds, number in ((0, "a"), (1, "b")):
        receipts.take_receipts([DeliveryReceipt(number, True)], "test", after(seconds))
    three_days = timedelta(days=3) + timedelta(seconds=1)
    assert [receipts.forget_receipts(NOW + three_days) for _ in range(2)] == [1, 0]
    assert waiting_receipts() == ["b"]


def test_a_receipt_of_another_gateway_changes_nothing() -> None:
    put()
    drain(Carrier(SENT))
    assert receipts.take_receipts([DeliveryReceipt("g1", True)], "other", after(30)) == 0
    assert states() == [DeliveryState.SENT]


@pytest.mark.parametrize("values", [{"code": "1"}, {"code": "1", "minutes": 5, "more": 1}])
def test_a_message_takes_exactly_the_values_of_its_template(values: dict[str, object]) -> None:
    with durable(Actor.ANONYMOUS), pytest.raises(Unfilled):
        send_sms("13800138000", "login-code", values, today=TODAY, now=NOW)
    assert states() == []


def test_neither_text_nor_values_nor_mobile_stand_in_the_table(center: Any) -> None:
    put("975310")
    drain(Carrier())
    with center.connect("superuser") as superuser:
        (row,) = superuser.execute("SELECT t::text FROM notices_outboxmessage t").fetchone()
        jobs = superuser.execute("SELECT string_agg(t::text, '') FROM procrastinate_jobs t").fetchone()
    for secret in ("975310", "13800138000", b"975310".hex()):
        assert secret not in row
        assert secret not in str(jobs)


def test_codes_that_went_out_are_forgotten_and_that_they_went_out_is_not() -> None:
    open_center()
    put()
    sending.drain(Carrier(SENT), "carrier", Way.SMS, lambda: NOW)
    put(minutes=None)  # still waits
    month = timedelta(days=30)
    assert forget_codes(today=TODAY, now=NOW + month) == 0
    assert [forget_codes(today=TODAY, now=NOW + month + timedelta(minutes=turn)) for turn in (1, 2)] == [1, 0]
    with reading(Actor.SYSTEM):
        waits, went = outbox()
        proof = OutboxMessage.objects.get(state=DeliveryState.SENT)
    assert (went.text, went.code, went.mobile) == ("", "", "13800138000")
    assert (proof.template, proof.version, proof.gateway_id, proof.settled_at) == ("login-code", 1, "g1", NOW)
    assert len(proof.digest) == 32
    assert waits.code == "123456"
