"""What staff see of numbers that they need not see whole."""

from __future__ import annotations


def masked_phone(number: str) -> str:
    """A telephone with its last four digits.

    >>> masked_phone("0833-2101234")
    '****1234'
    """
    return f"****{number[-4:]}"
