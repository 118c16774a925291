"""Reading single cells of a bank's file. Each function returns the value or raises `CellFault` in Chinese."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from hpf.kernel import Fen, TooLarge

_DAY = re.compile(r"^(\d{4})(?:(\d{2})(\d{2})|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)$")
_FLOW_NO = re.compile(r"^[A-Za-z0-9._-]{1,40}$")
_ACCOUNT_NO = re.compile(r"^[A-Za-z0-9-]{4,40}$")
_COUNT_DIGITS = 9
_SHOWN = 40  # characters of a cell that a fault repeats
_AS_TEXT = re.compile(r'^="(.*)"$')  # ="0012": how spreadsheets are told to keep leading zeros
_SIDES = {"贷": "贷", "贷方": "贷", "C": "贷", "借": "借", "借方": "借", "D": "借"}


class CellFault(ValueError):
    """A cell cannot be read, for a reason that others may share (``kind``).

    The message completes a sentence that begins with the column's title; of a long text it has the beginning.
    """

    def __init__(self, text: str, kind: str) -> None:
        shown = f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text
        super().__init__(f"“{shown}”{kind}" if text else "为空")
        self.kind = kind if text else ""


@lru_cache(maxsize=4096)
def day(text: str) -> date:
    """``2026-08-10``, ``20260810``, ``2026/8/10``, ``2026年8月10日``."""
    found = _DAY.match(text)
    if not found:
        raise CellFault(text, "不是日期，应如2026-08-10")
    year, month, number = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, number)
    except ValueError as error:
        raise CellFault(text, "这一天不存在") from error


def amount(text: str) -> Fen:
    """Yuan, exact to the fen, with or without thousands separators."""
    try:
        return Fen.from_yuan(text)
    except TooLarge as error:
        raise CellFault(text, "超出金额上限，应小于1万亿元") from error
    except ValueError as error:
        raise CellFault(text, "不是金额，应如5551.28，最多两位小数") from error


def positive_amount(text: str) -> Fen:
    """An amount above zero: the side says which way the money went."""
    value = amount(text)
    if value <= 0:
        raise CellFault(text, "应大于0，方向由借贷标志表示")
    return value


def count(text: str) -> int:
    """A whole number from nought on, of nine digits at most."""
    if not (text.isascii() and text.isdigit() and len(text) <= _COUNT_DIGITS):
        raise CellFault(text, "不是笔数")
    return int(text)


def side(text: str) -> str:
    """``贷`` for money in, ``借`` for money out."""
    if text.upper() not in _SIDES:
        raise CellFault(text, "应为“贷”或“借”")
    return _SIDES[text.upper()]


def flow_no(text: str) -> str:
    """The bank's flow number: up to 40 letters, digits and ``. _ -`` (JGJ/T 320-2014, 8.0.6)."""
    value = code(text)
    if not _FLOW_NO.match(value):
        raise CellFault(text, "应为1至40位字母、数字或._-")
    return value


def account_no(text: str) -> str:
    """A bank account's number."""
    value = code(text).replace(" ", "")
    if not _ACCOUNT_NO.match(value):
        raise CellFault(text, "不是银行账号")
    return value


def code(text: str) -> str:
    """A number that is no quantity, freed of the disguise in which spreadsheets keep its leading zeros."""
    disguised = _AS_TEXT.match(text)
    return disguised[1] if disguised else text


def words(text: str) -> str:
    """Any text, as it stands."""
    return text
