"""Contribution rates (缴存比例) and the named ways to round a contribution."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from hpf.kernel.money import Fen

_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,9}))?\s?[%％]?\Z", re.ASCII)
_PLACES = 2  # hundredths of a percent


class Rounding(StrEnum):
    """How one side's monthly amount becomes money. Names as centers use them (domain B-07, B-08).

    见厘进分 looks at the next digit only: what lies beyond that digit does not count.
    The SQL twin is the function ``contribution_fen`` in ``registry/sql/functions.sql``; a test holds the two together.
    """

    HALF_UP_FEN = "四舍五入到分"
    DOWN_FEN = "舍去到分"
    UP_FEN = "见厘进分"
    HALF_UP_JIAO = "四舍五入到角"
    DOWN_JIAO = "舍去到角"
    UP_JIAO = "见分进角"
    HALF_UP_YUAN = "四舍五入到元"
    DOWN_YUAN = "舍去到元"
    UP_YUAN = "见角进元"

    @property
    def unit_fen(self) -> int:
        """The smallest step of the result, in fen: 1, 10 or 100."""
        return _way(self)[1]


@cache
def _way(rounding: Rounding) -> tuple[str, int]:
    """To which side a name rounds, and to how many fen."""
    side, _, unit = rounding.name.rpartition("_")
    return side, {"FEN": 1, "JIAO": 10, "YUAN": 100}[unit]


@dataclass(frozen=True, order=True, slots=True)
class Rate:
    """A rate in hundredths of a percent: ``Rate(850)`` is 8.5 %.

    >>> Rate.from_percent("8.5").of(Fen.from_yuan("7654.32"))
    Fen(65062)
    """

    bp: int

    def __post_init__(self) -> None:
        if not 0 <= self.bp <= 10_000:
            raise ValueError(f"a rate lies between 0 % and 100 %, not at {self.bp} bp")

    @classmethod
    def from_percent(cls, text: str) -> Rate:
        """Read ``8``, ``8.5``, ``8.25%``. Raises ``ValueError`` for all else, and for anything finer than 0.01 %.

        The shape is looked at before the number is made: ``1e400000`` is short to type and long to multiply.
        """
        found = _PERCENT.match(text.strip())
        if found is None:
            raise ValueError(f"not a rate in percent: {text[:40]!r}")
        whole, places = found[1], (found[2] or "").rstrip("0")
        if len(places) > _PLACES:
            raise ValueError(f"finer than 0.01 %: {text[:40]!r}")
        return cls(int(whole + places.ljust(_PLACES, "0")))

    @property
    def percent(self) -> str:
        """``8%``, ``8.5%``, ``8.25%``."""
        return f"{Decimal(self.bp) / 100:f}".rstrip("0").rstrip(".") + "%" if self.bp % 100 else f"{self.bp // 100}%"

    def of(self, base: Fen, rounding: Rounding = Rounding.HALF_UP_FEN) -> Fen:
        """One side's monthly amount of a base in fen, rounded as named. 条例 §16: base × rate."""
        side, step = _way(rounding)
        exact, unit = int(base) * self.bp, 10_000 * step
        if side == "HALF_UP":
            steps = (exact + unit // 2) // unit
        elif side == "DOWN":
            steps = exact // unit
        else:
            next_digit = exact * 10 // unit
            steps = -(-next_digit // 10)
        return Fen(steps * step)

    def __str__(self) -> str:
        return self.percent
