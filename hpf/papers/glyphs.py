"""Which characters the papers' own fonts can print, read from the fonts themselves."""

from __future__ import annotations

import re
import struct
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

Runs = tuple[tuple[int, ...], tuple[int, ...]]
"""First code points and last code points of the runs that a font covers, in order."""


def clean(text: str) -> str:
    """Text without control and format characters, which no paper can show.

    >>> clean("王\\u200b小\\t明")
    '王小明'
    """
    if text.isprintable():
        return text
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf"))


def printable(text: str) -> str:
    """The text with every character that none of our fonts has written as its code point.

    >>> printable("王𠮷\\U00031350")
    '王𠮷〔U+31350〕'
    """
    missing = "".join(char for char in set(text) if not has_glyph(char))
    if not missing:
        return text
    return re.sub(f"[{re.escape(missing)}]", lambda found: f"〔U+{ord(found[0]):04X}〕", text)


def has_glyph(char: str) -> bool:
    """Whether one of our fonts has a glyph for the character."""
    return any(_covers(runs, ord(char)) for runs in _coverage())


def _covers(runs: Runs, point: int) -> bool:
    firsts, lasts = runs
    at = bisect_right(firsts, point) - 1
    return at >= 0 and point <= lasts[at]


@cache
def _coverage() -> tuple[Runs, ...]:
    return tuple(_runs(font) for font in sorted(FONTS.glob("*.ttf")))


def _runs(font: Path) -> Runs:
    """The character map of an OpenType font: table ``cmap``, platform 3 (Windows), encoding 10, format 12."""
    with font.open("rb") as file:
        (tables,) = struct.unpack_from(">4xH6x", file.read(12))
        places = {tag: place for tag, _, place, _ in struct.iter_unpack(">4sIII", file.read(16 * tables))}
        cmap = places[b"cmap"]
        file.seek(cmap)
        (maps,) = struct.unpack(">2xH", file.read(4))
        records = {(platform, code): at for platform, code, at in struct.iter_unpack(">HHI", file.read(8 * maps))}
        file.seek(cmap + records[3, 10])
        (groups,) = struct.unpack(">12xI", file.read(16))
        runs = list(struct.iter_unpack(">III", file.read(12 * groups)))
    return tuple(first for first, _, _ in runs), tuple(last for _, last, _ in runs)
