"""What a browser is asked to compute before it sends a form (工作量证明), and what its answer is worth."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse

from hpf.faces.web.door import HallRequest
from hpf.hall_access import proofs
from hpf.hall_access.proofs import ProofPurpose


def challenge(request: HallRequest, purpose: str) -> HttpResponse:
    """A fresh challenge for one purpose, as ALTCHA writes it."""
    if purpose not in list(ProofPurpose):
        raise Http404
    return JsonResponse(proofs.proof_challenge(ProofPurpose(purpose), request.visit))


def take(request: HallRequest, purpose: ProofPurpose) -> None:
    """Take the proof that came with a form. Raises ``Refused`` (ACCESS-PROOF-WAIT) after too many without."""
    proofs.take_proof(purpose, request.POST.get(proofs.FIELD, ""), request.visit)
