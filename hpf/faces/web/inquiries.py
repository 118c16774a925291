"""Inquiries as the pages of both sides show them."""

from __future__ import annotations

from datetime import date

from hpf.faces.web.shapes.inquiries import InquiryRow, InquiryTurn
from hpf.inquiries.models import Inquiry, Turn
from hpf.inquiries.rules import InquiryKind, InquiryState, TurnKind, days_left
from hpf.kernel.chinese import mask_name


def row_of(one: Inquiry, href: str, today: date, who: str = "") -> InquiryRow:
    """An inquiry as a line."""
    return InquiryRow(
        href=href,
        title=one.title,
        kind=InquiryKind(one.kind).label,
        state=InquiryState(one.state),
        asked_on=one.asked_on,
        due_on=one.due_on,
        days_left=days_left(one.due_on, today),
        branch=one.branch.name,
        rating=one.rating,
        who=who,
    )


def turns_of(inquiry: Inquiry, *, names: bool) -> tuple[InquiryTurn, ...]:
    """What was said, in order. A handler reads that the center answered, and not who (``names``)."""
    found = Turn.objects.filter(inquiry=inquiry).order_by("pk")
    return tuple(InquiryTurn(TurnKind(one.kind), one.text, _who(one, names=names), one.said_at) for one in found)


def _who(one: Turn, *, names: bool) -> str:
    if one.by_staff:
        return one.by_name if names else "中心"
    return mask_name(one.by_name)
