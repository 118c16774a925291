"""Letters: written for whom nothing else has reached, looked through, printed, taken out, brought to the post."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from hpf.evidence import Receipt, events_about
from hpf.kernel import Actor, Key, Refused
from hpf.messaging import operations, queries, wordings
from hpf.notices.messages import Audience, tell, withdraw
from hpf.notices.models import Delivery
from hpf.notices.templates import Way
from hpf.registry.codes import Role
from hpf.registry.models import Employer
from hpf.storage import durable, reading
from tests.integration.browser import Browser, lay_hall, staff_browser
from tests.integration.hall import CLERK, NOW, TODAY, quick_passwords
from tests.integration.hall import desk as new_desk
from tests.integration.restricting import lift, restrict
from tests.office import employ

ACT: dict[str, Any] = {"today": TODAY, "now": NOW}
AT: dict[str, Any] = ACT | {"by": CLERK, "moment": NOW}
VALUES = {"title": "停机维护", "body": "第一段"}


@pytest.fixture(autouse=True)
def hall(center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        yield


@pytest.fixture
def clerk(hall: Any) -> Browser:
    return staff_browser(Role.CLERK)


def say(*ways: Way, to: Audience | None = None, **more: Any) -> int:
    with durable(Actor.SYSTEM):
        return tell("general", VALUES, to=to or Audience(), by=Actor.SYSTEM, **ACT, ways=ways, **more)


def letters(message: int) -> list[int]:
    with reading(Actor.SYSTEM):
        found = Delivery.objects.filter(message_id=message, way=Way.LETTER)
        return list(found.order_by("pk").values_list("pk", flat=True))


def state(letter: int) -> str:
    with reading(Actor.SYSTEM):
        return Delivery.objects.get(pk=letter).state


def refused(act: Callable[[], Receipt]) -> tuple[str, ...]:
    with pytest.raises(Refused) as found:
        act()
    return found.value.codes


def printing(chosen: list[int], over: list[int] | None = None, **more: Any) -> Receipt:
    return operations.print_letters(chosen, over or [], key=Key.fresh(), **AT | more)


def test_letters_go_to_whom_nothing_else_has_reached_and_to_the_post_with_its_number(clerk: Browser) -> None:
    reached, unreached = new_desk(), new_desk()
    message = say(Way.INBOX)
    with durable(Actor.SYSTEM):
        Delivery.objects.filter(employer_id=reached.employer_id).update(state="read")
    page = clerk.open(f"/counter/messages/{message}/")
    page = clerk.submit(page, f"/counter/messages/{message}/letters/")
    assert "1 封信函等待打印" in page
    with reading(Actor.SYSTEM):
        name = Employer.objects.get(pk=unreached.employer_id).name
    listed = page.html.partition("已打印的批次")[0]
    assert [one in listed for one in (name, "停机维护", "其他方式没有送达，补发")] == [True, True, True]
    page = clerk.submit(page, "/counter/letters/")
    assert "最新一批信函已生成，请打开 PDF 打印。" in page
    (letter,) = letters(message)
    assert state(letter) == "printed"
    (batch,) = [part.split("/")[0] for part in page.html.split('href="/counter/letters/')[1:] if "letters.pdf" in part]
    assert clerk.get(f"/counter/letters/{batch}/letters.pdf").content.startswith(b"%PDF")
    assert "2026-1" in page
    assert unposted() == [int(batch)]
    page = clerk.submit(page, f"/counter/letters/{batch}/post/", proof="XA12345678")
    assert "XA12345678" in page
    assert unposted() == []
    assert state(letter) == "posted"
    assert refused(lambda: operations.post_letters(int(batch), "XA1", by=CLERK, **ACT, key=Key.fresh())) == (
        "LETTERS-POSTED",
    )


def unposted() -> list[int]:
    """The batches that the desk shows however many have been printed since."""
    with reading(Actor.SYSTEM):
        return [one.number for one in queries.batches(recent=0)]


def test_a_letter_of_a_restriction_that_was_lifted_is_marked_and_not_printed_by_itself(clerk: Browser) -> None:
    lifted, standing = new_desk(), new_desk()
    number = restrict(lifted.employer_id)
    restrict(standing.employer_id)
    lift(number)
    page = clerk.open("/counter/letters/")
    assert "2 封信函等待打印" in page
    assert page.html.count("事项已结束</span>") == 1
    assert page.html.count("这类通知都寄信") == 2
    page = clerk.submit(page, "/counter/letters/")
    with reading(Actor.SYSTEM):
        found = dict(Delivery.objects.filter(way=Way.LETTER).values_list("employer_id", "state"))
        (over,) = Delivery.objects.filter(way=Way.LETTER, state="unprinted").values_list("pk", flat=True)
    assert found == {lifted.employer_id: "unprinted", standing.employer_id: "printed"}
    assert clerk.submit(page, "/counter/letters/out/").status == 422  # no reason
    page = clerk.submit(page, "/counter/letters/out/", reason="限制已解除")
    assert "已取出，不再寄送。" in page
    assert "没有等待打印的信函" in page
    assert "限制已解除" in clerk.open(f"/counter/messages/deliveries/{over}/")


def test_one_letter_is_taken_out_with_a_reason_that_stays(clerk: Browser) -> None:
    new_desk()
    message = say(Way.INBOX, Way.LETTER)
    (letter,) = letters(message)
    page = clerk.open("/counter/letters/")
    assert "发送时选定寄信" in page
    with durable(Actor.SYSTEM):
        withdraw(message, NOW - timedelta(days=1))  # over at whatever hour the browser comes
    address = f"/counter/messages/deliveries/{letter}/"
    page = clerk.open(address)
    assert clerk.submit(page, address).status == 422
    page = clerk.submit(page, address, reason="消息已撤回")
    assert [one in page for one in ("不再寄送", "消息已撤回")] == [True, True]
    with reading(Actor.SYSTEM):
        (event, *_) = events_about(f"delivery:{letter}")
    assert (event.act, event.detail) == ("take_out_letters", {"reason": "消息已撤回"})
    assert refused(lambda: printing([letter])) == ("LETTERS-CHANGED",)
    assert state(letter) == "taken_out"


def test_no_letter_is_taken_out_whose_matter_is_not_over(clerk: Browser) -> None:
    lifted, standing = new_desk(), new_desk()
    number = restrict(lifted.employer_id)
    restrict(standing.employer_id)
    lift(number)
    with reading(Actor.SYSTEM):
        waiting = dict(Delivery.objects.filter(way=Way.LETTER).values_list("employer_id", "pk"))
    over, live = waiting[lifted.employer_id], waiting[standing.employer_id]
    page = clerk.open("/counter/letters/")
    sent = clerk.submit(page, "/counter/letters/out/", over=[str(over), str(live)], reason="不寄了")
    assert (sent.status, "所选信函有的事项没有结束" in sent) == (422, True)
    address = f"/counter/messages/deliveries/{live}/"
    assert "不再寄送" not in clerk.open(address)
    act = ACT | {"by": CLERK, "moment": NOW, "key": Key.fresh()}
    assert refused(lambda: operations.take_out_letters([live], "不寄了", **act)) == ("LETTERS-NOT-OVER",)
    assert [state(over), state(live)] == ["unprinted", "unprinted"], "all or nothing"


def test_nothing_is_printed_of_a_choice_that_does_not_hold_any_more() -> None:
    new_desk(), new_desk()
    message = say(Way.INBOX, Way.LETTER)
    one, two = letters(message)
    assert refused(lambda: printing([])) == ("LETTERS-NONE-CHOSEN",)
    assert refused(lambda: printing(list(range(1, 202)))) == ("LETTERS-MANY",)
    printing([one])
    assert refused(lambda: printing([one, two])) == ("LETTERS-CHANGED",)
    with durable(Actor.SYSTEM):
        withdraw(message, NOW)
    assert refused(lambda: printing([two])) == ("LETTERS-OVER",)
    assert state(two) == "unprinted"
    assert printing([], [two]).result == {"letters": [two]}, "although it is over, by somebody's will"


def test_what_is_over_gets_no_letters_and_no_template_whose_letters_are_switched_off(clerk: Browser) -> None:
    new_desk()
    over = say(Way.INBOX, Way.PROMPT, shown_until=NOW + timedelta(hours=1))
    late = AT | {"moment": NOW + timedelta(hours=1)}
    assert refused(lambda: operations.write_letters(over, key=Key.fresh(), **late)) == ("LETTERS-NONE",)
    message, publisher = say(Way.INBOX), employ("白露", Role.PUBLISHER)
    wordings.switch_way("general", Way.LETTER, "改发邮件", on=False, by=publisher, **ACT, key=Key.fresh())
    assert refused(lambda: operations.write_letters(message, key=Key.fresh(), **AT)) == ("MESSAGE-WAY-OFF",)
    page = clerk.open(f"/counter/messages/{message}/")
    assert "这种消息的信函已停发" in page
    assert f"/counter/messages/{message}/letters/" not in page
    assert letters(message) == []


def test_two_clerks_at_once_write_each_letter_once_and_print_it_once() -> None:
    new_desk(), new_desk()
    message = say(Way.INBOX)

    def both(act: Callable[[], int]) -> list[int]:
        together = Barrier(2)

        def at_once(_: int) -> int:
            together.wait()
            try:
                return act()
            except Refused:
                return 0
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            return sorted(pool.map(at_once, range(2)))

    assert both(lambda: int(operations.write_letters(message, key=Key.fresh(), **AT).result["count"])) == [0, 2]
    written = letters(message)
    assert both(lambda: len(printing(written).result["letters"])) == [0, 2]
