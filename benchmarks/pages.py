"""The roster page over 100,000 members, as a center serves it (production): full speed, then at a steady 20 a second;
search by name and by number."""

from __future__ import annotations

import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from statistics import quantiles
from urllib.parse import quote

from benchmarks.harness import Ground, ground, report
from benchmarks.posting import MEMBERS_SQL

MEMBERS = 100_000
DAY = date(2026, 8, 10)
SECONDS = 10
BROWSERS = 8  # each keeps to one worker: of four, three or all would often keep to the same
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国春梅志文海燕"


def main() -> int:
    with ground() as place:
        cookie, paths = _prepare(place)
        with web(**_production()) as port:
            _load(port, cookie, paths, pause=0, seconds=2)
            fast = _load(port, cookie, paths, pause=0, seconds=SECONDS)
            steady = _load(port, cookie, paths, pause=BROWSERS / 20, seconds=SECONDS)
    met = [
        report(
            "roster page, 50 of 100,000 rows, two web workers", len(fast) / SECONDS, "requests/s", 200, at_least=True
        ),
        report("the same at 20 requests/s, 95th percentile", quantiles(steady, n=20)[-1] * 1000, "ms", 50),
    ]
    return 0 if all(met) else 1


def _prepare(place: Ground) -> tuple[str, list[str]]:
    """An employer of 100,000 with names to search for; a logged-in handler's cookie, and the addresses to ask for."""
    from django.db import connection

    from hpf.registry.timeline import statements
    from hpf.storage import Query, durable, keyring
    from tests.login import browser, stand_on
    from tests.office import SYSTEM, open_center, open_unit

    open_center()
    unit = open_unit()
    stand_on(DAY)
    chance, ring = random.Random(7), keyring()
    names = [chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2)) for _ in range(MEMBERS)]
    with durable(SYSTEM), connection.cursor() as cursor:
        cursor.execute(MEMBERS_SQL, {"count": MEMBERS, "employer": unit.employer_id, "unit": unit.unit_account_id})
        cursor.execute(
            "UPDATE registry_member m SET name = n.name, identity_number = n.number"
            " FROM unnest(%s::text[], %s::bytea[]) WITH ORDINALITY AS n (name, number, i) WHERE m.name = '王' || n.i",
            [names, [ring.encrypt("identity", "511102199003071235") for _ in names]],
        )
        cursor.execute("UPDATE registry_unitaccount SET active_count = %s", [MEMBERS])
        pairs = Query(
            "SELECT a.id AS account_id, a.employer_id, m.name FROM registry_account a"
            " JOIN registry_member m ON m.id = a.member_id"
        )
        statements("name_tokens").over(names=pairs).execute()
        cursor.execute("SELECT number FROM registry_account ORDER BY random() LIMIT 20")
        numbers = [number for (number,) in cursor.fetchall()]
    place.analyze()
    client = browser(unit)
    searches = [quote(name) for name in (*chance.sample(names, 20), *SURNAMES[:5], *(n[1:] for n in names[:10]))]
    page = client.get("/roster/", headers={"host": "localhost"})
    if page.status_code != 200:
        raise RuntimeError(f"the roster page answers {page.status_code}")
    cookie = "; ".join(f"__Host-{name}={morsel.value}" for name, morsel in client.cookies.items())
    return cookie, ["/roster/"] * 20 + [f"/roster/?q={text}" for text in (*searches, *numbers)]


def _production() -> dict[str, str]:
    """The environment of a center that is none of demonstration, on the same ground."""
    from django.conf import settings

    keys = {"HPF_SECRET_KEY": settings.SECRET_KEY, "HPF_DATA_KEYS": settings.DATA_KEYS}
    return {**keys, "HPF_MODE": "production", "HPF_PUBLIC_URL": "https://localhost", "HPF_ALLOWED_HOSTS": "localhost"}


@contextmanager
def web(**environ: str) -> Iterator[int]:
    """The hall's web server with two workers, as `hpf run` starts it; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--port", str(port)]
    command += [
        "--workers",
        "2",
        "--blocking-threads",
        "4",
        "--log-level",
        "warning",
        "benchmarks.unlimited:application",
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environ}
    )
    try:
        end = time.monotonic() + 30
        while not _answers(port):
            if time.monotonic() > end:
                raise RuntimeError("the web server did not start")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("HEAD", "/login/", headers={"Host": "localhost"})
        connection.getresponse()
    except OSError:
        return False
    return True


def _load(port: int, cookie: str, paths: list[str], pause: float, seconds: float) -> list[float]:
    """Some browsers asking at the same time, each ``pause`` seconds apart; the seconds of every answer."""
    taken: list[float] = []
    faults: list[int] = []
    end = time.monotonic() + seconds

    def browse(number: int) -> None:
        chance = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        due = time.monotonic() + chance.random() * pause
        while time.monotonic() < end:
            if pause:
                time.sleep(max(0.0, due - time.monotonic()))
                due += pause
            start = time.perf_counter()
            connection.request("GET", chance.choice(paths), headers={"Cookie": cookie, "Host": "localhost"})
            answer = connection.getresponse()
            answer.read()
            taken.append(time.perf_counter() - start)
            if answer.status != 200:
                faults.append(answer.status)

    threads = [threading.Thread(target=browse, args=(number,)) for number in range(BROWSERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(f"{len(faults)} answers were not 200: {set(faults)}")
    return taken


if __name__ == "__main__":
    sys.exit(main())
