"""Secrets of browsers and telephones, and what the database keeps of them."""

from __future__ import annotations

import re
import secrets
import unicodedata

from hpf.storage.crypto import keyring, sm3


def fresh_token() -> str:
    """A secret of 256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> bytes:
    """What is kept of a token: it is random enough for a plain digest."""
    return sm3(token.encode())


def fresh_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def typed_code(text: str) -> str | None:
    """The six digits of a typed code, ``None`` if they are not six digits.

    >>> typed_code(" ０１２ 345 "), typed_code("²²²²²²")
    ('012345', '222222')
    >>> [typed_code(text) for text in ("12345", "1234567", "12345a", "")]
    [None, None, None, None]
    """
    code = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text))
    return code if re.fullmatch("[0-9]{6}", code) else None


def code_digest(purpose: str, token: str, code: str) -> bytes:
    """What is kept of a code: six digits need a keyed digest. It is bound to its purpose and to the browser's token."""
    return keyring().digest(purpose, f"{token}\0{code}")
