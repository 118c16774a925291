"""Guessing at the door (agreement §3.2(8)): who tries many passwords, or many accounts, and what the whole door sees.

Each attempt is slowed down where it is made (`attempts`). What is looked at here is the wave: it is shown to the
administrator of security, who cannot see it from single events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hpf.evidence.log import RefusedLogins, refused_logins
from hpf.hall_access.models import Limits

SPAN = timedelta(days=1)
ACCOUNTS = 5
"""So many different accounts from one address: an office has fewer that are wrong on one day."""
TOGETHER = 5
"""A day with so many times what one address may fail is a wave, from however many addresses it comes."""


@dataclass(frozen=True, slots=True)
class Guessing:
    """The refused logins of the last day by address; ``most`` is what one address may fail before it waits."""

    most: int
    addresses: tuple[RefusedLogins, ...]

    @property
    def suspicious(self) -> tuple[RefusedLogins, ...]:
        """The addresses from which somebody guesses."""
        return tuple(one for one in self.addresses if self.is_suspicious(one))

    def is_suspicious(self, one: RefusedLogins) -> bool:
        """Whether somebody guesses from an address: too many attempts, or at too many accounts."""
        return one.refused >= self.most or one.accounts >= ACCOUNTS

    @property
    def refused(self) -> int:
        """All of them together."""
        return sum(one.refused for one in self.addresses)

    @property
    def is_wave(self) -> bool:
        """Whether so many are refused that it matters, from wherever they come."""
        return self.refused >= self.most * TOGETHER


def guessing(now: datetime) -> Guessing:
    """How the door was tried during the last day."""
    (most,) = Limits.objects.values_list("address_failures", flat=True)
    return Guessing(most, tuple(refused_logins(now - SPAN)))
