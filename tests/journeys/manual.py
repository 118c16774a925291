"""The pictures of the operation manual: taken by the journeys when ``make manual`` asks for them."""

from __future__ import annotations

import base64
import os
import re
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

PROGRAM = Path(__file__).parents[2] / "hpf"
PICTURES = PROGRAM / "faces" / "static" / "manual"
ASKED = "MANUAL_PICTURES"
SIZE = {"width": 1000, "height": 640}
TALLEST = 900
_NAMED = re.compile(r"!\[[^\]]+\]\(([a-z0-9-]+)\.webp\)")
# The browser itself makes the small picture: no program for pictures is needed besides.
_SHRINK = """async shot => {
  const image = new Image(); image.src = 'data:image/png;base64,' + shot; await image.decode();
  const canvas = document.createElement('canvas'); canvas.width = image.width; canvas.height = image.height;
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', 0.5).split(',')[1];
}"""


@cache
def wanted() -> frozenset[str]:
    """The names of all pictures in the chapters."""
    chapters = (PROGRAM / "publications" / "texts").glob("manual-*.md")
    return frozenset(name for file in chapters for name in _NAMED.findall(file.read_text(encoding="utf-8")))


def take(page: Page, name: str) -> None:
    """Take the picture of a page, if ``make manual`` runs and a chapter shows it."""
    if ASKED not in os.environ or name not in wanted():
        return
    before = page.viewport_size
    page.set_viewport_size(SIZE)  # type: ignore[arg-type]
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": SIZE["width"], "height": max(SIZE["height"], height)})
    page.evaluate("scrollTo(0, 0)")
    shot = base64.b64encode(page.screenshot()).decode()
    studio = page.context.new_page()
    small = studio.evaluate(_SHRINK, shot)
    studio.close()
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"{name}.webp").write_bytes(base64.b64decode(small))
    if before:
        page.set_viewport_size(before)
