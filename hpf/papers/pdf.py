"""Typst, kept warm: a template and plain data in, a PDF/A-2u out.

Data reach Typst as one JSON string in ``sys.inputs`` and are values there, never source: a name such as
``#read("x")`` is printed as it stands (ASVS 1.3.7). Typst reads nothing outside ``templates``; the fonts are ours,
never the machine's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from hpf.kernel import Fen, Month, Rate
from hpf.papers.glyphs import FONTS, clean, printable
from hpf.papers.marks import in_beijing

TEMPLATES = Path(__file__).parent / "templates"

_LARGE = 100_000
"""Characters of JSON from which Typst's memory of a paper is worth giving back at once."""

_ROUNDS_TO_FORGET = 11
"""Typst forgets what ten compilations in a row did not ask for."""

_lock = Lock()


def render(template: str, data: Mapping[str, Any], *, printed_at: datetime) -> bytes:
    """Lay out ``templates/<template>.typ`` with plain ``data`` (see ``plain``). The same input gives the same bytes.

    Raises ``typst.TypstError`` for a broken template. A character that none of our fonts has is printed as its code
    point, ``〔U+31350〕``, never as an empty box.
    """
    text = printable(json.dumps(data, ensure_ascii=False))
    source = TEMPLATES / f"{template}.typ"
    with _lock:
        paper = _compiler().compile(
            input=source,
            format="pdf",
            sys_inputs={"paper": text},
            pdf_standards="a-2u",
            pdf_tags=len(text) < _LARGE,
            timestamp=in_beijing(printed_at).replace(microsecond=0),  # Typst takes whole seconds
        )
        if len(text) >= _LARGE:
            _forget()
    if not isinstance(paper, bytes):
        raise TypeError(f"{template}: Typst gave {type(paper).__name__} instead of a PDF")
    return paper


def plain(value: Any) -> Any:
    """A shape as JSON-ready data, every value as it is to be printed.

    ``Fen`` become ``1,204.00``, months ``2026年7月``, days ``2026年7月10日``, moments ``2026-07-10 09:12:33`` in
    Beijing, rates ``8%``, counts ``10,000``; text loses control and format characters. Raises ``TypeError`` for
    anything else and ``ValueError`` for a moment without time zone.
    """
    if is_dataclass(value) and not isinstance(value, type | Month | Rate):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return _word(value)


def _word(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    for kind, written in _WRITTEN.items():
        if isinstance(value, kind):
            return written(value)
    raise TypeError(f"a paper cannot print {type(value).__name__}")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_WRITTEN: dict[type, Any] = {
    str: clean,
    Fen: lambda amount: amount.yuan,
    int: lambda count: f"{count:,}",
    Month: lambda month: month.chinese,
    Rate: lambda rate: rate.percent,
    datetime: lambda moment: in_beijing(moment).strftime("%Y-%m-%d %H:%M:%S"),
    date: _day,
}
"""How each kind of value is written; the more special kind stands first (``Fen`` is an ``int``)."""


@cache
def _compiler() -> typst.Compiler:
    own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    nowhere = TEMPLATES / "packages"
    return typst.Compiler(root=TEMPLATES, font_paths=own, package_path=nowhere, package_cache_path=nowhere)


def _forget() -> None:
    for _ in range(_ROUNDS_TO_FORGET):
        _compiler().compile(input=b"", format="pdf", sys_inputs=None)
