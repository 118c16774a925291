"""What staff see of numbers that they need not see whole."""

from __future__ import annotations


def masked_account(number: str) -> str:
    """A bank account with its first and last four digits.

    >>> masked_account("6222000011112222")
    '6222 **** 2222'
    """
    return f"{number[:4]} **** {number[-4:]}" if len(number) > 8 else "****"


def masked_phone(number: str) -> str:
    """A telephone with its last four digits.

    >>> masked_phone("0833-2101234")
    '****1234'
    """
    return f"****{number[-4:]}"
