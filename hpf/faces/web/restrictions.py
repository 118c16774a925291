"""Restrictions and appeals as portal and counter both tell them, on pages and on paper."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from hpf.access_restriction import queries
from hpf.access_restriction.models import Appeal, Restriction
from hpf.access_restriction.operations import scope_of, standing_of
from hpf.access_restriction.rules import AppealState, RestrictionKind, until_of, used
from hpf.faces.web.answers import PDF, file_response
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import day
from hpf.faces.web.papers import center_shape, imprint, unit_shape
from hpf.faces.web.shapes.restrictions import AppealView, RestrictionFacts
from hpf.kernel.wording import cited
from hpf.papers.shapes import RestrictionNotice
from hpf.papers.slips import restriction_notice
from hpf.registry.models import UnitAccount


def facts_of(found: Restriction, today: date) -> RestrictionFacts:
    """A restriction as it is told."""
    kind = RestrictionKind(found.kind)
    lifted = f"{day(found.lifted_on)} 解除：{found.lifted_why}" if found.lifted_on else ""
    return RestrictionFacts(
        id=found.pk,
        standing=standing_of(found, today),
        title=kind.label,
        scope=scope_of(found),
        reason=found.reason,
        clause=cited(found.clause),
        clause_text=found.clause_text,
        until=until_of(max(found.starts_on, found.decided_on or found.starts_on), found.ends_on, kind),
        lifted=lifted,
    )


def appeal_view(made: Appeal, today: date) -> AppealView:
    """An appeal as it is told."""
    how = "书面提交" if made.on_paper else "在网厅提交"
    return AppealView(
        state=AppealState(made.state),
        text=made.text,
        made=f"{day(made.made_on)} {how}",
        answer_by=made.answer_by,
        left=(made.answer_by - today).days,
        answer=made.answer,
        answered=f"{day(made.answered_on)} 答复" if made.answered_on else "",
    )


def notice(request: HallRequest, found: Restriction) -> HttpResponse:
    """The notice (通知书) of a restriction, as PDF."""
    kind = RestrictionKind(found.kind)
    facts = facts_of(found, request.today)
    unit = UnitAccount.objects.select_related("employer").filter(employer_id=found.employer_id).earliest("pk")
    appeal_by, answer_days = queries.appeal_terms(found, request.today)
    paper = restriction_notice(
        RestrictionNotice(
            center=center_shape(),
            imprint=imprint(request, str(found.pk)),
            unit=unit_shape(unit),
            title=f"{kind.paper}网厅通知书",
            deed=kind.deed,
            used=used(kind, found.functions),
            scope=facts.scope,
            reason=facts.reason,
            version=found.version.number,
            clause=facts.clause,
            clause_text=facts.clause_text,
            until=facts.until,
            decided_on=found.decided_on or found.starts_on,
            appeal_by=appeal_by,
            answer_days=answer_days,
        )
    )
    return file_response(paper, f"{kind.paper}网厅通知书{found.pk}.pdf", PDF, inline=True)
