"""Secrets of browsers and codes, and what the database keeps of them."""

from __future__ import annotations

import secrets

from hpf.storage import keyring, sm3


def fresh_token() -> str:
    """A secret of 256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def fresh_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def token_digest(token: str) -> bytes:
    """What is kept of a token: it is random enough for a plain digest."""
    return sm3(token.encode())


def code_digest(challenge: str, code: str) -> bytes:
    """What is kept of a code: six digits need a keyed digest. It is bound to the login that the code was sent for."""
    return keyring().digest("login_code", f"{challenge}\0{code}")
