"""Full logins as on the last day of a month: user name, password, code, for twenty seconds, two web workers, Argon2id
in earnest, everybody from an address of his own."""

from __future__ import annotations

import http.client
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import count
from statistics import quantiles
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from benchmarks.harness import ground, report
from benchmarks.pages import web

DAY = date(2026, 8, 10)
GOAL, RATE, SECONDS, WARM = 8, 9, 20, 2  # people come a little faster than they have to get in
HANDLERS = RATE * (SECONDS + WARM)
BROWSERS = 16
_FORM = "application/x-www-form-urlencoded"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def main() -> int:
    os.environ["HPF_TRUSTED_PROXIES"] = "127.0.0.1"  # everybody comes from an address of his own
    with ground() as place:
        people = _prepare()
        place.analyze()
        with web() as port:
            _at_a_rate(port, people[: RATE * WARM])
            done, taken, wall = _at_a_rate(port, people[RATE * WARM :])
    met = [
        report("full logins, password and code, two web workers", done / wall, "logins/s", GOAL, at_least=True),
        report("… of them the slowest twentieth takes", quantiles(taken, n=20)[-1] * 1000, "ms", 1500),
    ]
    return 0 if all(met) else 1


def _prepare() -> list[tuple[str, str]]:
    """Handlers of as many employers, each with a password and a mobile of his own: user name and mobile."""
    from hpf.hall_access.rules import Visit
    from tests.login import ready_to_log_in, stand_on
    from tests.office import open_center, open_unit

    open_center()
    stand_on(DAY)
    visit = Visit("127.0.0.1", "Firefox/140", datetime.now(ZoneInfo("Asia/Shanghai")), DAY)
    units = [open_unit(f"单位{number}", f"91511102{number:09d}0") for number in range(HANDLERS)]
    return [ready_to_log_in(unit, visit) for unit in units]


def _at_a_rate(port: int, people: list[tuple[str, str]]) -> tuple[int, list[float], float]:
    """Let one person after another come, evenly; how many got in, how long each took, and how long all did."""
    taken: list[float] = []
    start = time.monotonic()

    def come(number: int, person: tuple[str, str]) -> bool:
        time.sleep(max(0.0, start + number / RATE - time.monotonic()))
        began = time.perf_counter()
        is_in = _Browser(port, number).logs_in(*person)
        taken.append(time.perf_counter() - began)
        return is_in

    with ThreadPoolExecutor(BROWSERS) as browsers:
        done = sum(browsers.map(come, count(), people))
    if done != len(people):
        raise RuntimeError(f"{len(people) - done} of {len(people)} did not get in")
    return done, taken, time.monotonic() - start


class _Browser:
    """As much of a browser as a login needs: cookies, forms, where it is sent on to."""

    def __init__(self, port: int, number: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        self._cookies: dict[str, str] = {}

    def logs_in(self, user_name: str, mobile: str) -> bool:
        """User name and password, then the code: whether that opens the hall."""
        from tests.login import PASSWORD

        self._submit("/login/", user_name=user_name, password=PASSWORD)
        self._submit("/login/code/", code=_code_of(mobile))
        return "hall" in self._cookies

    def _submit(self, address: str, **typed: str) -> None:
        """Open the page, fill in its form and send it."""
        page = self._ask("GET", address)
        found = _TOKEN.search(page)
        if found is None:
            raise RuntimeError(f"{address} shows no form")
        self._ask("POST", address, urlencode({"csrfmiddlewaretoken": found[1], **typed}))

    def _ask(self, method: str, address: str, body: str = "") -> str:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Host": "localhost", "Cookie": cookies, "Content-Type": _FORM, "X-Forwarded-For": self._address}
        self._connection.request(method, address, body, headers)
        answer = self._connection.getresponse()
        for header in answer.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.read().decode()


def _code_of(mobile: str) -> str:
    """What stands on the handler's telephone."""
    from django.db import connection

    from hpf.notices.sms import outbox
    from hpf.storage import reading
    from tests.office import SYSTEM

    try:
        with reading(SYSTEM):
            return next(one.code for one in outbox(60) if one.mobile == mobile)
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
