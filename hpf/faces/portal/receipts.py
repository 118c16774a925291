"""回执: what an act that is done at once leaves in the handler's hand, read back from the log."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.casework import prepared
from hpf.casework.models import Case, CaseKind
from hpf.evidence import Event, events_about
from hpf.faces.portal.addresses import case_link
from hpf.faces.web.answers import see_other
from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.shapes.portal import ReceiptPage


def receipt(request: HallRequest, case_no: int) -> HttpResponse:
    """A case by its number, as a refusal names it: its own page, or the receipt of one that was done at once.

    ``Http404`` for one that is not the employer's.
    """
    case = Case.objects.select_related("roster").filter(number=case_no).first()
    if case and (own := case_link(case).href) != request.path:
        return see_other(own)
    acts = events_about(f"case:{case_no}") if case else []
    if case is None or not acts:
        raise Http404
    return page(request, "portal/receipt.html", _shape(case, acts[-1]))


def _shape(case: Case, act: Event) -> ReceiptPage:
    hands = prepared.hands_of(case.number, act.actor_name)
    roster = Link("看花名册", reverse("portal:roster"))
    declare = Link("去核定汇缴", reverse("portal:declare"))
    account_no = act.result.get("number")
    facts = [("事项", CaseKind(case.kind).label)]
    if case.people is not None:
        facts.append(("人数", f"{case.people} 人"))
    if account_no:
        facts.append(("个人账号", str(account_no)))
    if case.month:
        facts.append(("生效年月", case.month.chinese))
    first, *other = {
        CaseKind.SEALING: (declare, roster),
        CaseKind.ACCOUNT_OPENING: (Link("再开一户", reverse("portal:open")), roster, declare),
    }.get(CaseKind(case.kind), (Link("回首页", reverse("portal:home")),))
    return ReceiptPage(
        title=case.title,
        sentence="已办结。",
        number=str(case.number),
        at=act.at,
        by=hands.entered,
        approved=hands.approved,
        digest=act.digest,
        facts=tuple(facts),
        next=first,
        other=tuple(other),
    )
