"""Cases, as staff look them up: by number, employer, item and state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from hpf.casework.models import Case
from hpf.kernel import normalise_name
from hpf.kernel.identity import read_reference
from hpf.registry.models import Employer

_LAST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: a case's number, its payment reference or a part of an employer's name; a kind, a state."""

    words: str = ""
    kind: str = ""
    state: str = ""
    employer_id: int | None = None

    def after(self, number: int, limit: int) -> list[Case]:
        """The newest ones after (that is, older than) a case; 0 begins with the newest."""
        return list(self._found().filter(pk__lt=number or _LAST_NUMBER).order_by("-pk")[:limit])

    def before(self, number: int, limit: int) -> list[Case]:
        """Those just before a case, in the same order."""
        return list(reversed(self._found().filter(pk__gt=number).order_by("pk")[:limit]))

    def _found(self) -> QuerySet[Case]:
        wanted = {"kind": self.kind, "state": self.state, "employer_id": self.employer_id}
        cases = Case.objects.filter(**{name: value for name, value in wanted.items() if value})
        if not self.words:
            return cases
        if numbers := _numbers(self.words):
            return cases.filter(pk__in=numbers)
        named = Employer.objects.filter(name__contains=normalise_name(self.words))
        return cases.filter(employer_id__in=named.values("pk"))


def employer_names(cases: Iterable[Case]) -> dict[int, str]:
    """The names of the employers of some cases, by id."""
    rows = Employer.objects.filter(pk__in={case.employer_id for case in cases}).values_list("pk", "name")
    return dict(rows)


def _numbers(words: str) -> list[int]:
    """What a number may mean: a case, or the reference by which it is paid."""
    digits = words.replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        return []
    reference = read_reference(digits)
    return [int(digits)] if reference is None else [int(digits), reference]
