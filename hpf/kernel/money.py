"""Money is whole fen (分). Yuan exist only at the edges: in files, on pages, on paper."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

_YUAN = re.compile(r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?\Z", re.ASCII)
_REST = tuple(f".{fen:02}" for fen in range(100))  # formatted once: long lists write little else
_LONGEST = 40  # characters of an amount
BOUND_FEN = 10**14  # a trillion yuan: a day sum of it still fits a bigint, which JGJ/T 320's d(18,2) would not


class TooLarge(ValueError):
    """An amount of a trillion yuan or more: no fund holds it, no column of the books is made for it."""


class Fen(int):
    """An exact amount of money in fen. It is an ``int``, so it can be stored and summed as one.

    >>> Fen.from_yuan("26,495.50")
    Fen(2649550)
    >>> Fen(555128).yuan
    '5,551.28'
    >>> Fen(555128) + Fen(2)
    Fen(555130)
    """

    __slots__ = ()

    def __new__(cls, value: int = 0) -> Fen:
        if type(value) is not int and (isinstance(value, bool) or not isinstance(value, int)):
            raise TypeError(f"Fen takes whole fen as an int, not {value!r}")
        return int.__new__(cls, value)

    @classmethod
    def from_yuan(cls, text: str | Decimal) -> Fen:
        """Read yuan as people write them: ``5551.28``, ``5,551.28``, ``-3``.

        Raises ``ValueError`` for anything that is not an exact number of fen, ``TooLarge`` from a trillion yuan on; a
        float is a ``TypeError``.
        """
        if isinstance(text, Decimal):
            amount = text
        elif isinstance(text, str):
            stripped = text.strip()
            if not _YUAN.match(stripped):
                raise ValueError(f"not an amount in yuan: {text[:_LONGEST]!r}")
            if len(stripped) > _LONGEST:  # before it is multiplied: that takes its time for a hundred thousand digits
                raise TooLarge(f"longer than any amount: {text[:_LONGEST]!r}…")
            amount = Decimal(stripped.replace(",", ""))
        else:
            raise TypeError(f"yuan are read from text or Decimal, not from {type(text).__name__}")
        if amount.is_finite() and amount.adjusted() > _LONGEST:
            raise TooLarge("longer than any amount")
        try:
            fen = amount * 100
            whole = int(fen)
        except (InvalidOperation, OverflowError, ValueError) as error:
            raise ValueError(f"not an amount in yuan: {text!r}") from error
        if fen != whole:
            raise ValueError(f"finer than one fen: {text!r}")
        if abs(whole) >= BOUND_FEN:
            raise TooLarge(f"a trillion yuan or more: {text!r}")
        return cls(whole)

    @property
    def yuan(self) -> str:
        """The amount in yuan with two places and thousands separators: ``-1,204.00``."""
        fen = int(self)
        return f"{fen // 100:,}{_REST[fen % 100]}" if fen >= 0 else f"-{Fen(-fen).yuan}"

    @property
    def plain_yuan(self) -> str:
        """The amount in yuan without separators, for files: ``-1204.00``."""
        return self.yuan.replace(",", "")

    @property
    def decimal(self) -> Decimal:
        """The amount in yuan as an exact ``Decimal``."""
        return Decimal(int(self)) / 100

    def __add__(self, other: Any) -> Fen:
        return Fen(int(self) + int(other)) if isinstance(other, int) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Any) -> Fen:
        return Fen(int(self) - int(other)) if isinstance(other, int) else NotImplemented

    def __rsub__(self, other: Any) -> Fen:
        return Fen(int(other) - int(self)) if isinstance(other, int) else NotImplemented

    def __neg__(self) -> Fen:
        return Fen(-int(self))

    def __abs__(self) -> Fen:
        return Fen(abs(int(self)))

    def __repr__(self) -> str:
        return f"Fen({int(self)})"

    def __str__(self) -> str:
        return self.yuan

    def __format__(self, spec: str) -> str:
        return format(self.yuan, spec)
