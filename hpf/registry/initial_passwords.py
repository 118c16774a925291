"""Initial passwords (初始密码): given once in clear, kept as a hash, good for one login within some days."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

VALID = timedelta(days=14)
READABLE = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
"""Letters and digits that nobody misreads: without 0 O, 1 l I."""


@dataclass(frozen=True, slots=True)
class InitialPassword:
    """``text`` is shown once and kept nowhere; ``hash`` is kept."""

    text: str = field(repr=False)
    hash: str
    expires_at: datetime


def initial_password(now: datetime) -> InitialPassword:
    """A new password of twelve readable characters (70 bits)."""
    text = "".join(secrets.choice(READABLE) for _ in range(12))
    return InitialPassword(text, make_password(text), now + VALID)
