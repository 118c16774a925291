"""Browsers as people call them."""

from __future__ import annotations

import pytest

from hpf.faces.web.agents import browser_name

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/156.0.0.0 Safari/537.36", "Chrome 156，Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge 140，Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140，Linux"),
        (f"Mozilla/5.0 (Macintosh) {WEBKIT} Version/18.1 Safari/605.1.15", "Safari 18，macOS"),
        (f"Mozilla/5.0 (iPhone) {WEBKIT} Version/18.1 Mobile/15E148 Safari/604.1", "Safari 18，iPhone"),
        (f"Mozilla/5.0 (Linux; Android 14) {WEBKIT} Chrome/130.0 Mobile MicroMessenger/8.0.50", "微信 8，Android"),
        ("python-requests/2.32", "python-requests/2.32"),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_people_call_it(agent: str, name: str) -> None:
    assert browser_name(agent) == name
