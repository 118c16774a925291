"""From a template and its values to a text. Pure.

Values come from people. They can neither begin a new line, nor hide characters, nor pretend a signature, nor be read as
a place of the template.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_PLACE = re.compile(r"\{([a-z][a-z_]*)\}")
# Control and format characters, line and paragraph ends, odd blanks, surrogates, private use: what no reader sees.
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Cs", "Co", "Cn"})
_SIGNATURE_BRACKETS = str.maketrans("【】", "（）")
_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_UCS2_ALONE, _UCS2_PART = 70, 67
_GSM_ALONE, _GSM_PART = 160, 153


class Unfilled(ValueError):
    """A text and its values do not fit: a place without a value, or a value without a place to know it."""


def placeholders(text: str) -> frozenset[str]:
    """The names of the places in a text.

    >>> sorted(placeholders("{month}汇缴{amount}元"))
    ['amount', 'month']
    """
    return frozenset(_PLACE.findall(text))


def neutral(value: str) -> str:
    """A value as it may stand in a text: on one line, nothing hidden, no signature of its own.

    >>> neutral("甲公司\\n【某银行】\\u202e")
    '甲公司 （某银行）'
    """
    seen = "".join(" " if unicodedata.category(char) in _UNSEEN else char for char in value)
    return re.sub(r" {2,}", " ", seen.translate(_SIGNATURE_BRACKETS)).strip()


def filled(values: Mapping[str, object], wanted: tuple[str, ...], paragraphs: frozenset[str]) -> dict[str, str]:
    """The values of a message in the template's order, each harmless. Raises `Unfilled` for others than wanted."""
    if values.keys() != set(wanted):
        raise Unfilled(f"wanted: {', '.join(wanted)}; given: {', '.join(values)}")
    return {name: _harmless(str(values[name]), name in paragraphs) for name in wanted}


def _harmless(value: str, has_lines: bool) -> str:
    if not has_lines:
        return neutral(value)
    lines = [neutral(line) for line in value.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def render(text: str, values: Mapping[str, str]) -> str:
    """Fill the places of a text with values made harmless by `filled`. What is filled in is not read again.

    Raises `Unfilled` if a place has no value.

    >>> render("验证码{code}", {"code": "{code}"})
    '验证码{code}'
    """
    if missing := placeholders(text) - values.keys():
        raise Unfilled(f"no value for {', '.join(sorted(missing))}")
    return _PLACE.sub(lambda found: values[found[1]], text)


def segments(text: str) -> int:
    """How many text messages a text is charged as: 70 characters alone or 67 a part; 160 or 153 without Chinese.

    >>> segments("验" * 70), segments("验" * 71), segments("a" * 160)
    (1, 2, 1)
    """
    if set(text) <= _GSM_7:
        length, alone, part = len(text), _GSM_ALONE, _GSM_PART
    else:
        length, alone, part = len(text.encode("utf-16-be")) // 2, _UCS2_ALONE, _UCS2_PART
    return 1 if length <= alone else -(-length // part)
