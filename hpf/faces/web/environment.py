"""The Jinja2 environment of every page: autoescaped, strict about names, with filters for figures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from hpf.faces.web.agents import browser_name
from hpf.faces.web.shapes.frame import MenuGroup
from hpf.faces.web.states import State, tag_of
from hpf.kernel import Fen, Month, Refusal, amount_in_words
from hpf.kernel.chinese import mask_name
from hpf.kernel.identity import mask_identity, mask_mobile

STATIC_ROOT = Path(__file__).resolve().parent.parent / "static"
_CHINA = ZoneInfo("Asia/Shanghai")


def environment(**options: Any) -> Environment:
    """The environment that Django's Jinja2 backend asks for. A misspelt name is an error, never an empty place."""
    options |= {"undefined": StrictUndefined, "autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    env = Environment(**options)  # noqa: S701 - autoescape is set two lines above
    env.globals |= {"static": static, "url": url, "menu": lru_cache(maxsize=1_000)(partial(menu, env))}
    env.filters |= {
        "yuan": yuan,
        "in_order": in_order,
        "signed": signed,
        "words": words,
        "state_tag": state_tag,
        "month": month,
        "day": day,
        "moment": moment,
        "grouped": grouped,
        "mask_name": mask_name,
        "mask_identity": mask_identity,
        "mask_mobile": mask_mobile,
        "browser": browser_name,
        "labelled": labelled,
    }
    return env


def menu(env: Environment, groups: tuple[MenuGroup, ...], label: str) -> Markup:
    """A menu as it stands on the page, twice on each; kept, since it is the same for all who stand at one place."""
    return Markup(env.get_template("layouts/menu.html").render(groups=groups, label=label))  # noqa: S704 - autoescaped


@cache
def static(path: str) -> str:
    """The address of a static file. It changes with the content, so a browser may keep the file for ever."""
    digest = hashlib.sha256((STATIC_ROOT / path).read_bytes()).hexdigest()
    return f"/static/{path}?v={digest[:12]}"


def url(name: str, *args: object, **query: object) -> str:
    """The address of a named view, with a query if one is given. Empty values are left out of the query."""
    wanted = {key: value for key, value in query.items() if value not in (None, "")}
    path = reverse(name, args=args) if args else address(settings.ROOT_URLCONF, name)
    return path + (f"?{urlencode(wanted)}" if wanted else "")


@cache
def address(urlconf: str, name: str) -> str:
    """The address of a view that takes nothing. Asked for on every page, some twenty times; looked up once."""
    return reverse(name, urlconf)


@lru_cache(maxsize=None, typed=True)  # by type: members of two code lists may be equal
def state_tag(state: State) -> Markup:
    """A state as its tag: word and colour, from ``states``."""
    tag = tag_of(state)
    return Markup('<span class="{}">{}</span>').format(f"tag {tag.tone}".rstrip(), tag.label)


def yuan(amount: int | None) -> str:
    """Fen as yuan, ``1,204.00``; a dash where there is no amount."""
    return "—" if amount is None else Fen(amount).yuan


def signed(number: int | None) -> str:
    """A difference with its sign: ``+3``, ``−2``, ``0``; amounts (``Fen``) in yuan: ``+5,760.00``."""
    if number is None:
        return "—"
    size = abs(number)
    figure = size.yuan if isinstance(size, Fen) else f"{size:,}"
    return ("−" if number < 0 else "+" if number > 0 else "") + figure


def words(amount: int) -> str:
    """Fen as Chinese papers write an amount (大写)."""
    return amount_in_words(Fen(amount))


def month(value: Month | None) -> str:
    """``2026年8月``."""
    return "—" if value is None else value.chinese


def day(value: date | None) -> str:
    """``2026-08-10``; of a moment, its day in China."""
    local = value.astimezone(_CHINA) if isinstance(value, datetime) else value
    return "—" if local is None else f"{local:%Y-%m-%d}"


def moment(value: datetime | None) -> str:
    """``2026-08-10 09:12``, in China's time."""
    return "—" if value is None else f"{value.astimezone(_CHINA):%Y-%m-%d %H:%M}"


def grouped(number: str | int) -> str:
    """Account numbers in groups of four: ``5111 0000 0214``."""
    text = str(number)
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def in_order(refusals: Iterable[Refusal], inputs: Iterable[str]) -> list[Refusal]:
    """Refusals in the order of the form that they speak of; those of no field come first.

    >>> found = [Refusal("B", "b", where="name"), Refusal("A", "a", where="day"), Refusal("C", "c")]
    >>> [one.code for one in in_order(found, ["day", "name"])]
    ['C', 'A', 'B']
    """
    place = {name: at for at, name in enumerate(inputs)}
    return sorted(refusals, key=lambda one: place.get(one.where, -1))


def labelled(rows: Markup, columns: Sequence[str | tuple[str, str]]) -> Markup:
    """A table's rows in which each ``td`` names its column (``data-label``): in stacked rows the name stands before it.

    Columns that have no label, or speak for themselves (flag ``bare``), are left alone; a figure needs no unit there.
    """
    told = [column if isinstance(column, str) else "" if "bare" in column[1] else column[0] for column in columns]
    labels = [f' data-label="{escape(label.removesuffix("（元）"))}"' if label else "" for label in told]
    before, *written = str.split(rows, "<tr")
    pieces = [before]
    for row in written:
        head, *cells = row.split("<td")
        place = head.count("<th")
        pieces += ("<tr", head)
        for cell in cells:
            pieces += ("<td", labels[place], cell)
            place += 1 + (cell.count("<th") if "<th" in cell else 0)
    return Markup("".join(pieces))  # noqa: S704 - what came in was escaped, what is put in is too
