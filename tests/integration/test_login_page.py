"""The first page of the hall: light enough for the slowest line, and whole without scripts."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.browser import Browser, lay_hall, newcomer
from tests.integration.hall import quick_passwords

pytestmark = pytest.mark.usefixtures("ground")
LIGHT = 40_000


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Iterator[Any]:
    with quick_passwords():
        lay_hall()
        yield shared_center


def served(browser: Browser, address: str) -> Any:
    response = browser.get(address, headers={"accept-encoding": "gzip, br"})
    assert response.status_code == 200, address
    return response


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def test_it_is_under_forty_kilobytes_with_all_that_it_loads() -> None:
    browser = Browser()
    html = body(served(browser, "/login/"))
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html.decode()))
    computed = set(re.findall(r'data-proof="([^"]+)"', html.decode()))
    assert any("proof.js" in one for one in loaded)
    weights = {one: len(body(served(browser, one))) for one in loaded | computed}
    assert len(html) + sum(weights.values()) <= LIGHT, (len(html), weights)


def test_style_and_scripts_travel_compressed_and_pages_do_not() -> None:
    browser = Browser()
    response = served(browser, "/static/hall.css")
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]
    assert gzip.decompress(body(response)) == body(browser.get("/static/hall.css"))
    assert "Content-Encoding" not in served(browser, "/login/").headers


def test_a_handler_comes_in_without_scripts() -> None:
    """The tests' browser runs none: user name, password and code are all it sends."""
    assert newcomer().logs_in(Browser()).address == "/password/"
