"""The employers of the center, as people look them up: by name, code or number. For staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from hpf.kernel import Month, compact, normalise_name
from hpf.kernel.identity import organisation_code
from hpf.registry.codes import UnitState
from hpf.registry.models import UnitAccount, organisation_of

_LAST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit account in the list of employers. ``people`` are the members who are not sealed."""

    id: int
    employer_id: int
    name: str
    credit_code: str
    number: str
    branch: str
    people: int
    paid_through: Month | None
    state: UnitState


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: a part of the name, a whole code, a whole unit account number; in a state or any.

    An employer is found by either of its codes, whichever it was registered with.
    """

    words: str = ""
    state: str = ""

    def count(self) -> int:
        """How many unit accounts there are."""
        return self._found().count()

    def after(self, unit_id: int, limit: int) -> list[UnitLine]:
        """The newest ones after (that is, older than) a unit account; 0 begins with the newest."""
        return [_line(*row) for row in self._rows().filter(pk__lt=unit_id or _LAST_ID).order_by("-pk")[:limit]]

    def before(self, unit_id: int, limit: int) -> list[UnitLine]:
        """Those just before a unit account, in the same order."""
        return [_line(*row) for row in reversed(self._rows().filter(pk__gt=unit_id).order_by("pk")[:limit])]

    def _found(self) -> QuerySet[UnitAccount]:
        units = UnitAccount.objects.filter(state=self.state) if self.state else UnitAccount.objects.all()
        if not self.words:
            return units
        number = compact(self.words)
        by_name = Q(employer__name__contains=normalise_name(self.words))
        by_code = Q(organisation=organisation_code(number))
        found = units.alias(organisation=organisation_of("employer__credit_code"))
        return found.filter(by_name | by_code | Q(number=number))

    def _rows(self) -> QuerySet[UnitAccount, tuple[Any, ...]]:
        return self._found().values_list(
            "pk",
            "employer_id",
            "employer__name",
            "employer__credit_code",
            "number",
            "employer__branch__name",
            "active_count",
            "paid_through",
            "state",
        )


def _line(
    unit_id: int,
    employer_id: int,
    name: str,
    credit_code: str,
    number: str,
    branch: str,
    people: int,
    paid_through: Month | None,
    state: str,
) -> UnitLine:
    return UnitLine(unit_id, employer_id, name, credit_code, number, branch, people, paid_through, UnitState(state))
