"""协议签署凭证, printed for the employer that accepted and for the staff alike."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from hpf.agreement import queries
from hpf.faces.web.answers import PDF, file_response
from hpf.faces.web.door import HallRequest
from hpf.faces.web.papers import center_shape, imprint, unit_shape
from hpf.kernel.wording import wording
from hpf.papers.agreements import agreement_certificate
from hpf.papers.shapes import AgreementCertificate
from hpf.registry.models import UnitAccount


def certificate(request: HallRequest, acceptance_id: int) -> HttpResponse:
    """The certificate of an acceptance that the reader may see. Raises ``Http404`` for any other."""
    accepted = queries.acceptance_by_id(acceptance_id)
    shown = queries.version(accepted.version_id) if accepted else None
    if accepted is None or shown is None:
        raise Http404
    unit = UnitAccount.objects.select_related("employer").filter(employer_id=accepted.employer_id).earliest("pk")
    text = wording(shown.text)
    paper = agreement_certificate(
        AgreementCertificate(
            center=center_shape(),
            imprint=imprint(request, str(accepted.id)),
            unit=unit_shape(unit),
            document=accepted.document.label,
            title=text.title,
            version=accepted.version,
            effective_on=shown.effective_on,
            digest=accepted.digest,
            handler=accepted.handler_name,
            accepted_at=accepted.accepted_at,
            address=accepted.address,
            agent=accepted.agent,
            ended_on=accepted.ended_on,
            chapters=tuple((chapter.heading, chapter.clauses) for chapter in text.chapters),
        )
    )
    return file_response(paper, f"协议签署凭证{accepted.id}.pdf", PDF, inline=True)
