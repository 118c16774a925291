"""Chinese writing: amounts in words (大写), names as the register keeps them."""

from __future__ import annotations

import re
import unicodedata

from hpf.kernel.money import Fen

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿", "亿亿")
_DOTS = re.compile("[•●・･⋅∙‧᛫⸱・.．]")
_ORDINARY = re.compile(r"[\u4e00-\u9fff]+\Z")
"""A text of common Han characters alone, as nearly every name is."""


def amount_in_words(amount: Fen) -> str:
    """An amount as papers write it (票据法 §8; 支付结算办法 annex 1).

    >>> amount_in_words(Fen.from_yuan("415902.40"))
    '肆拾壹万伍仟玖佰零贰元肆角整'
    >>> amount_in_words(Fen.from_yuan("100000.05"))
    '壹拾万元零伍分'
    """
    if amount < 0:
        return "负" + amount_in_words(-amount)
    yuan, fen = divmod(int(amount), 100)
    jiao, rest = divmod(fen, 10)
    words = _integer_in_words(yuan) + "元" if yuan else ""
    if not fen:
        return (words or "零元") + "整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif yuan:
        words += "零"
    return words + (_DIGITS[rest] + "分" if rest else "整")


def _integer_in_words(number: int) -> str:
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words, gap = "", False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1_000):
            words += "零"
        words += _group_in_words(group) + _GROUPS[index]
        gap = False
    return words


def _group_in_words(group: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = bool(words)
    return words


def normalise_name(text: str) -> str:
    """A person's or employer's name as it is kept: NFC, half-width letters, one kind of middle dot, no outer spaces.

    A Chinese name keeps no inner spaces; a Latin name keeps single ones. The middle dot is U+00B7.

    >>> normalise_name("阿依古丽•买买提 ")
    '阿依古丽·买买提'
    """
    if _ORDINARY.match(text):
        return text  # the ordinary name: nothing to mend
    name = normalise_line(text)
    if any(_is_han(char) for char in name):
        name = _DOTS.sub("·", name.replace(" ", ""))
    return name


def normalise_line(text: str) -> str:
    """A line such as an address as it is kept: NFC, half-width letters, single inner spaces, no outer ones.

    >>> normalise_line(" 嘉定路  1 号")
    '嘉定路 1 号'
    """
    line = "".join(_half_width(char) for char in unicodedata.normalize("NFC", text))
    return re.sub(r"[\s\u00a0\u200b\u200c\u200d\u2060\ufeff]+", " ", line).strip()


def compact(text: str) -> str:
    """A number or code as people type it and papers print it: half-width, upper case, without blanks and hyphens.

    >>> compact("d2143569－ｘ")
    'D2143569X'
    """
    return re.sub(r"[\s\-‐‑–—]+", "", unicodedata.normalize("NFKC", text)).upper()


def is_han_name(text: str) -> bool:
    """Whether a name is written in Han characters, with or without middle dots."""
    return bool(_ORDINARY.match(text)) or (bool(text) and all(_is_han(char) or char == "·" for char in text))


def mask_name(name: str) -> str:
    """张* · 欧阳** · 阿*: what a page shows of a person's name before a reason is given (领域 6.3)."""
    return name[:1] + "*" * max(1, len(name) - 1) if len(name) < 4 else name[:2] + "*" * (len(name) - 2)


def _is_han(char: str) -> bool:
    point = ord(char)
    return (
        0x4E00 <= point <= 0x9FFF
        or 0x3400 <= point <= 0x4DBF
        or 0x20000 <= point <= 0x323AF
        or 0xF900 <= point <= 0xFAFF
        or char in "〇々"
    )


def _half_width(char: str) -> str:
    point = ord(char)
    if point == 0x3000:
        return " "
    return chr(point - 0xFEE0) if 0xFF01 <= point <= 0xFF5E else char
