"""Payment references in what a line of the bank says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from hpf.kernel.identity import read_reference, with_check_characters
from hpf.treasury.statement import StatementLine

_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_SEPARATOR = r"[\s\u200b\ufeff\-－‐‑–—_]"
_RUN = re.compile(rf"[0-9]+(?:{_SEPARATOR}{{1,3}}[0-9]+)*")
_REFERENCE_LENGTHS = range(12, 17)  # case numbers begin at ten digits; two check digits follow
_ORDINARY_LENGTH = range(12, 13)


def reference_numbers(line: StatementLine) -> tuple[int, ...]:
    """All case numbers that the line's texts name by a right reference, in the order found: remark, then summary."""
    return tuple(dict.fromkeys(_references(line.remark) + _references(line.summary)))


@lru_cache(maxsize=65_536)
def _references(text: str) -> tuple[int, ...]:
    """Those of ``references_in``: a line's texts are asked more than once, and many lines have the same summary."""
    return tuple(references_in(text))


def mistyped_reference(line: StatementLine) -> str:
    """The first digits as long as a payment reference whose check digits do not hold; empty if none are."""
    texts = (line.remark, line.summary)
    return next((digits for text in texts for digits in digit_strings(text, _ORDINARY_LENGTH)), "")


def references_in(text: str) -> Iterator[int]:
    """Case numbers of all payment references in a text.

    A reference is 12 to 16 digits whose check digits hold (ISO 7064 MOD 97-10), in one piece or in groups, full-width
    or not; it begins and ends where a group of digits does, so it is never cut out of a longer number.

    >>> list(references_in("公积金汇缴 1000 0000 0190 谢谢"))
    [1000000001]
    """
    for digits in digit_strings(text, _REFERENCE_LENGTHS):
        number = read_reference(digits)
        if number is not None and with_check_characters(number) == digits:  # no leading zeros, no 01 for 98
            yield number


def digit_strings(text: str, lengths: range) -> Iterator[str]:
    """Every string of digits in a text that neighbouring groups make, of these lengths."""
    for run in _RUN.findall(text.translate(_FULL_WIDTH_DIGITS)):
        groups = re.split(rf"{_SEPARATOR}+", run)
        for start in range(len(groups)):
            digits = ""
            for group in groups[start:]:
                digits += group
                if len(digits) >= lengths.stop:
                    break
                if len(digits) in lengths:
                    yield digits
