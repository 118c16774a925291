"""How passwords are hashed: Argon2id as OWASP asks for at least (19 MiB, two passes, one lane)."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class HallArgon2(Argon2PasswordHasher):
    """Django's Argon2id with a cost that two cores can pay for eight logins a second (`benchmarks/logins.py`).

    Django's own 100 MiB on eight lanes takes eight times as long: on the last day of a month that is a queue.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
