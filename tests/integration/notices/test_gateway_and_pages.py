"""A gateway that is dead, slow or refuses holds up no page (proof 24): in a running hall, with its own worker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import monotonic

import pytest
from django.conf import settings

from hpf.hall_access.rules import Visit
from hpf.kernel import Actor
from hpf.policy import choose_business_day
from hpf.storage import durable
from tests.integration.hall import NOW, TODAY
from tests.integration.notices.carriers import until
from tests.integration.test_kills import Answer, ask, django_on
from tests.login import PASSWORD, ready_to_log_in
from tests.office import open_center, open_unit
from tests.running import Hall, new_folder
from tests.unit.notices.servers import answering, closed_port

AT_ONCE_SECONDS = 2.0  # proof 24; a figure, and so looked at by `make attack`
NUMBERS = count(1)
FORM = "application/x-www-form-urlencoded"
GATEWAY = """
[sms]
gateway = "http"
timeout_seconds = 30
url = "{url}"
json = {{ to = "{{mobile}}", text = "{{text}}" }}
"""


@contextmanager
def hall_with(url: str) -> Iterator[Hall]:
    """A running hall whose messages go to this address, with a handler who can log in as ``u…``."""
    with new_folder() as folder:
        file = Path(folder) / "notices.toml"
        file.write_text(GATEWAY.format(url=url), encoding="utf-8")
        hall = Hall(folder, HPF_NOTICES=str(file), HPF_DATA_KEYS=settings.DATA_KEYS)
        with hall.running(), django_on(hall):
            open_center()
            with durable(Actor.SYSTEM):
                choose_business_day(TODAY)
            yield hall


def entered(hall: Hall) -> tuple[Answer, float]:
    """A new handler logs in as far as the code, for which a text is sent; the page and the longest wait for one."""
    number = next(NUMBERS)
    user_name, _ = ready_to_log_in(
        open_unit(f"单位{number}", f"{number:017d}0"), Visit("127.0.0.1", "Firefox/140", NOW, TODAY)
    )
    waits = []

    def timed(*words: object) -> Answer:
        began = monotonic()
        answer = ask(hall, *words)  # type: ignore[arg-type]
        waits.append(monotonic() - began)
        return answer

    page = timed("GET", "/login/", "")
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]  # type: ignore[index]
    body = f"csrfmiddlewaretoken={token}&user_name={user_name}&password={PASSWORD}".encode()
    answer = timed("POST", "/login/", page.cookies, body, FORM)
    code_page = timed("GET", "/login/code/", f"{page.cookies}; {answer.cookies}")
    return code_page, max(waits)


def test_a_login_is_answered_while_the_gateway_is_still_silent() -> None:
    with answering(silent=True) as server, hall_with(server.url) as hall:
        entered(hall)
        until(lambda: bool(server.asked), 20, lambda: "the worker has not come to the gateway")
        page, _ = entered(hall)
        assert "验证码" in page.text
        assert states(hall) == {"sending": 1, "waiting": 1}  # nobody has answered the worker yet


@pytest.mark.attack
@pytest.mark.parametrize("gateway", ["silent", "gone", "out of order"])
def test_a_failing_gateway_makes_no_login_slower_than_two_seconds(gateway: str) -> None:
    with answering(status=503, silent=gateway == "silent") as server:
        url = f"http://127.0.0.1:{closed_port()}/" if gateway == "gone" else server.url
        with hall_with(url) as hall:
            entered(hall)  # the first visitor of a new process waits for its modules
            for _ in range(5):
                page, longest = entered(hall)
                assert "验证码" in page.text
                assert longest < AT_ONCE_SECONDS


def test_a_gateway_that_comes_back_gets_what_waited() -> None:
    with answering(status=503) as server, hall_with(server.url) as hall:
        entered(hall)
        until(lambda: bool(server.asked), 20, lambda: "the worker has not come to the gateway")
        server.status = 200
        until(lambda: states(hall) == {"sent": 1}, 30, lambda: "the code was not sent again")
    assert len({asked.body for asked in server.asked}) == 1


def states(hall: Hall) -> dict[str, int]:
    """How many messages stand in which state."""
    counted = "SELECT json_object_agg(state, n) FROM (SELECT state, count(*) n FROM notices_outboxmessage GROUP BY 1) t"
    found: dict[str, int] = hall.query(counted)  # type: ignore[assignment]
    return found
