"""Which unit account, center and day of law a page is about."""

from __future__ import annotations

from django.http import Http404

from hpf import policy
from hpf.faces.web.door import HallRequest
from hpf.policy import Law
from hpf.registry.models import Center, UnitAccount


def unit_of(request: HallRequest) -> UnitAccount:
    """The unit account that ``?unit=`` names, else the employer's first. ``Http404`` for one that is not its own."""
    accounts = UnitAccount.objects.all()  # row level security leaves the handler those of his employer
    if wanted := request.GET.get("unit"):
        accounts = accounts.filter(number=wanted)
    found = list(accounts.defer("bank_account", "bank_account_digest").order_by("pk")[:1])
    if not found:
        raise Http404
    return found[0]


def law_of(request: HallRequest) -> Law:
    """The center's law on the business day."""
    return policy.law_on(request.today, Center.objects.get().place)
