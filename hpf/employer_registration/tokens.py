"""Secrets of browsers before the door, and what the database keeps of them."""

from __future__ import annotations

import re
import secrets
import unicodedata

from hpf.storage import keyring, sm3


def fresh_token() -> str:
    """A secret of 256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def fresh_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def typed_code(text: str) -> str | None:
    """The six digits of a typed code, ``None`` if they are not six digits."""
    code = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text))
    return code if re.fullmatch("[0-9]{6}", code) else None


def token_digest(token: str) -> bytes:
    """What is kept of a token: it is random enough for a plain digest."""
    return sm3(token.encode())


def code_digest(token: str, code: str) -> bytes:
    """What is kept of a code: six digits need a keyed digest. It is bound to the browser that asked for it."""
    return keyring().digest("registration_code", f"{token}\0{code}")
