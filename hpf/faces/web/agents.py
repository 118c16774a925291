"""What people call the browser that a request came from."""

from __future__ import annotations

import re

# In this order: a browser also names those that it descends from.
_BROWSERS = (
    ("微信", r"MicroMessenger/(\d+)"),
    ("Edge", r"Edg(?:A|iOS)?/(\d+)"),
    ("QQ浏览器", r"QQBrowser/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+)\S* (?:Mobile/\S+ )?Safari/"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS|OpenHarmony"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Macintosh"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """A User-Agent header as people say it; what nobody knows stays as it is.

    >>> browser_name("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36")
    'Chrome 140，Windows'
    """
    browser = next((f"{name} {found[1]}" for name, form in _BROWSERS if (found := re.search(form, agent))), "")
    system = next((name for name, form in _SYSTEMS if re.search(form, agent)), "")
    return "，".join(filter(None, (browser, system))) if browser else agent
