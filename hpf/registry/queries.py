"""A unit account's members as lists show them. Nouns; nothing here writes. Identity numbers come masked.

Everything is found by equality: under row level security LIKE would read the rows of all employers (settled 23).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from hpf.kernel import Fen, Month, normalise_name
from hpf.kernel.identity import mask_identity
from hpf.registry.codes import AccountState, Role
from hpf.registry.models import Account, Staff
from hpf.registry.timeline import statements
from hpf.storage import Query, keyring


class MemberRow(NamedTuple):
    """One member. ``wage`` is what was declared, ``base`` what counts, ``unit`` and ``personal`` are a month's."""

    account_id: int
    number: str
    name: str
    identity_masked: str
    state: AccountState
    wage: Fen | None
    base: Fen
    unit: Fen
    personal: Fen
    first_month: Month
    opened_on: date

    @property
    def is_active(self) -> bool:
        """Whether the account is paid into (正常)."""
        return self.state is AccountState.ACTIVE

    @property
    def monthly(self) -> Fen:
        """Both sides' monthly amount."""
        return self.unit + self.personal


@dataclass(frozen=True, slots=True)
class HeadCount:
    """How many members a unit account has, as it keeps count of them."""

    unit_account_id: int
    active: int
    sealed: int


def is_on_duty(staff_id: int, role: Role) -> bool:
    """Whether a member of the staff works at the center now, and in this role."""
    return Staff.objects.filter(pk=staff_id, active=True, roles__contains=[role.value]).exists()


def head_count(number: str = "") -> HeadCount | None:
    """That of the unit account of this number, or of the first; ``None`` for one that the one who asks may not see."""
    rows = statements("head_count", number=number).rows()
    return HeadCount(*rows[0]) if rows else None


def members(
    unit_account_id: int,
    *,
    state: AccountState | None = None,
    search: str = "",
    after: int = 0,
    before: int | None = None,
    limit: int = 50,
) -> list[MemberRow]:
    """A page of members in the order of their accounts: the first after an account's id, or the last before one.

    ``search`` is the whole number of an account or an identity document, or a name: one character is a surname, more
    are a part of a name.
    """
    if before is None:
        page = statements("page_after", after=after, limit=limit)
    else:
        page = statements("page_before", before=before, limit=limit)
    found = page.over(accounts=_accounts(unit_account_id, state, search))
    decrypt = partial(keyring().decrypt, "identity")
    return [_row(decrypt, *row) for row in statements("member_rows").over(page=found).rows()]


def own_accounts(numbers: Collection[str]) -> frozenset[str]:
    """Those of some account numbers that are one of the reader's employer."""
    return frozenset(Account.objects.filter(number__in=numbers).values_list("number", flat=True))


def count_members(unit_account_id: int, *, state: AccountState | None = None, search: str = "") -> int:
    """How many members ``members`` pages through. Without a search the unit account's stored counts are quicker."""
    (count,) = statements("count_accounts").over(accounts=_accounts(unit_account_id, state, search)).row()
    return int(count)


def _accounts(unit_account_id: int, state: AccountState | None, search: str) -> Query:
    scope = {"unit_account_id": unit_account_id, "state": state.value if state else ""}
    name = normalise_name(search)
    if not name:
        return statements("accounts", **scope)
    if any(char.isdecimal() for char in name):
        number = "".join(name.split()).upper()
        return statements("accounts_by_number", number=number, digest=keyring().digest("identity", number), **scope)
    if len(name) <= 2:
        return statements("accounts_by_token", token=name, **scope)
    return statements("accounts_by_part", part=name, **scope)


def _row(
    decrypt: Callable[[bytes], str],
    account_id: int,
    number: str,
    name: str,
    identity_number: bytes,
    state: str,
    wage_fen: int | None,
    base_fen: int,
    unit_fen: int,
    personal_fen: int,
    first_month: date,
    opened_on: date,
) -> MemberRow:
    """A row of ``member_rows``, in the order of its columns."""
    return MemberRow(
        account_id,
        number,
        name,
        mask_identity(decrypt(identity_number)),
        AccountState(state),
        None if wage_fen is None else Fen(wage_fen),
        Fen(base_fen),
        Fen(unit_fen),
        Fen(personal_fen),
        Month.of(first_month),
        opened_on,
    )
