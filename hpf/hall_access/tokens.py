"""Secrets of browsers and codes, and what the database keeps of them."""

from __future__ import annotations

import secrets

from hpf.storage import keyring, sm3

_BACKUP_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def fresh_token() -> str:
    """A secret of 256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def fresh_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def fresh_backup_code() -> str:
    """Ten random letters and digits that nobody misreads (49 bits)."""
    return "".join(secrets.choice(_BACKUP_LETTERS) for _ in range(10))


def token_digest(token: str) -> bytes:
    """What is kept of a token: it is random enough for a plain digest."""
    return sm3(token.encode())


def code_digest(challenge: str, code: str) -> bytes:
    """What is kept of a code: six digits need a keyed digest. It is bound to the login that the code was sent for."""
    return keyring().digest("login_code", f"{challenge}\0{code}")


def backup_digest(kind: str, principal_id: int | None, code: str) -> bytes:
    """What is kept of a backup code: a keyed digest, bound to its owner."""
    return keyring().digest("backup_code", f"{kind}\0{principal_id}\0{code}")
