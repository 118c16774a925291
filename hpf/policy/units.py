"""The units of parameters, each declared once: its name, and how a value written as text is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from hpf.kernel import Fen, Rate, Rounding

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unit(Generic[T]):
    """A unit. ``read`` raises ``ValueError`` for a text that is not exactly a value of it."""

    name: str
    read: Callable[[str], T]


def _annual_rate(text: str) -> Decimal:
    try:
        rate = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"not a yearly rate: {text!r}") from error
    if not 0 <= rate < 1:
        raise ValueError(f"a yearly rate is written as a fraction of one: {text!r}")
    return rate


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"not a whole number: {text!r}")
    return int(text)


def _sentence(text: str) -> str:
    if not text.strip():
        raise ValueError("an empty text")
    return text


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"neither true nor false: {text!r}")
    return text == "true"


FEN = Unit("fen", Fen.from_yuan)  # written in yuan, as notices do: 26495.50
RATE = Unit("rate", Rate.from_percent)  # written in percent: 5%, 8.25%
ANNUAL_RATE = Unit("annual_rate", _annual_rate)  # a fraction of one: 0.0150
DAYS = Unit("days", _count)
COUNT = Unit("count", _count)
MONTHS = Unit("months", _count)
YEARS = Unit("years", _count)
ROUNDING = Unit("rounding", Rounding)
TEXT = Unit("text", _sentence)
BOOLEAN = Unit("boolean", _boolean)
