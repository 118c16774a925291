"""封存: members whose contributions stop from a month on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.faces.portal.submitting import Arguments, submitted
from hpf.faces.portal.unit import unit_of
from hpf.faces.web import forms
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.portal import SealPage, SealRow
from hpf.faces.web.watch import MOST_CHOSEN
from hpf.kernel import Fen, Key, Month, Refusal, Refused
from hpf.kernel.identity import mask_identity
from hpf.registry.codes import AccountState, SealReason
from hpf.registry.models import Account, UnitAccount
from hpf.storage import reading

TOO_MANY = Refusal(
    "SEAL-MANY", f"一次最多选{MOST_CHOSEN}人", "名册一页是这么多人", "请分几次选择、封存", where="accounts"
)


@dataclass(frozen=True, slots=True)
class Sealing:
    """Who is sealed stands in the page's hidden fields ``accounts``."""

    reason: str = ask("封存原因", forms.choice(SealReason.choices))
    effective_month: Month = ask("生效年月", forms.month(), hint="从这个月起不再汇缴")


def seal(request: HallRequest) -> HttpResponse:
    """Seal the members chosen in the roster, on an account's page, or by their numbers."""
    if request.method != "POST":
        unit = unit_of(request)
        return _page(request, unit, _chosen(unit, request.GET.getlist("account")))
    with reading(request.actor):
        unit = unit_of(request)
        people = _chosen(unit, request.POST.getlist("accounts"))

    def read() -> Arguments:
        form = forms.read(Sealing, request.POST)
        return {
            "unit_account_id": unit.pk,
            "account_ids": [account.pk for account in people],
            "effective_month": form.effective_month,
            "reason": form.reason,
        }

    return submitted(
        request,
        "seal_members",
        read,
        lambda receipt: reverse("portal:receipt", args=[receipt.result["case_no"]]),
        partial(_page, request, unit, people),
    )


def _chosen(unit: UnitAccount, numbers: Sequence[str]) -> list[Account]:
    """The accounts of these numbers, one page of the roster at most. ``Http404`` if one is not the unit account's."""
    wanted = set(numbers)
    if len(wanted) > MOST_CHOSEN:
        raise Refused(TOO_MANY)
    accounts = Account.objects.filter(unit_account=unit, number__in=wanted).select_related("member").order_by("pk")
    found = list(accounts)
    if len(found) < len(wanted):
        raise Http404
    return found


def _page(
    request: HallRequest, unit: UnitAccount, people: Sequence[Account], refusals: Sequence[Refusal] = ()
) -> HttpResponse:
    given = request.POST if request.method == "POST" else {"effective_month": unit.due_month}
    rows = tuple(map(_row, people))
    shape = SealPage(
        people=rows,
        monthly_fen=Fen(sum(int(row.monthly_fen) for row in rows)),
        inputs=forms.inputs(Sealing, given, refusals),
        key=Key.fresh(),
        refusals=tuple(refusals),
    )
    return page(request, "portal/seal.html", shape)


def _row(account: Account) -> SealRow:
    return SealRow(
        account_no=account.number,
        name=account.member.name,
        identity_masked=mask_identity(account.member.identity_number),
        base_fen=account.base_fen,
        monthly_fen=account.monthly_fen,
        state=AccountState(account.state),
    )
