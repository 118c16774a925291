"""Numbers of applications: nobody finds another one by counting on."""

from __future__ import annotations

import re
import secrets

from hpf.kernel.identity import read_reference, with_check_characters

_BODY = 10


def fresh_number() -> str:
    """A number of twelve digits: ten at random, two check digits."""
    return with_check_characters(10 ** (_BODY - 1) + secrets.randbelow(9 * 10 ** (_BODY - 1)))


def typed_number(text: str) -> str | None:
    """An application's number as it was typed or scanned, ``None`` if its check digits do not hold.

    >>> typed_number("7000 0000 0063")
    '700000000063'
    >>> typed_number("700000000064") is None
    True
    """
    body = read_reference(text)
    number = with_check_characters(body) if body else ""
    return number if re.fullmatch(rf"\d{{{_BODY + 2}}}", number) else None
