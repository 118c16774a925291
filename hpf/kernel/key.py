"""Idempotency keys: the same key does its work once."""

from __future__ import annotations

import re
import secrets

_FORM = re.compile(r"^[A-Za-z0-9:._-]{8,120}\Z")
_STRANGE = re.compile(r"[^A-Za-z0-9._-]")


class Key(str):
    """A name for one intention, born where the intention is born: in the form, the file line, the job.

    >>> Key.of("bank-line", "5111001", "F20260810-7", "2026-08-10")
    'bank-line:5111001:F20260810-7:2026-08-10'
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Key:
        if not _FORM.match(text):
            raise ValueError(f"not an idempotency key: {text!r}")
        return super().__new__(cls, text)

    @classmethod
    def fresh(cls) -> Key:
        """A new key for a form about to be shown."""
        return cls(secrets.token_urlsafe(18))

    @classmethod
    def of(cls, *parts: object) -> Key:
        """A key made of facts that identify the intention."""
        return cls(":".join([_STRANGE.sub("_", str(part)) for part in parts]))
