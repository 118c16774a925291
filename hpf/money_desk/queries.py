"""What was proposed for bank lines. Nouns; nothing here writes."""

from __future__ import annotations

from collections.abc import Collection

from hpf.casework.models import Attachment
from hpf.money_desk.models import HandedIn, Proposal
from hpf.money_desk.rules import REVIEW_KIND, ProposalState


def one(proposal_id: int) -> Proposal | None:
    """A proposal, ``None`` for no such."""
    return Proposal.objects.filter(pk=proposal_id).first()


def of_line(line_id: int) -> list[Proposal]:
    """What was proposed for a line, the latest first."""
    return list(Proposal.objects.filter(line_id=line_id).order_by("-pk"))


def waiting(line_ids: Collection[int]) -> dict[int, Proposal]:
    """What waits for a second person, by line."""
    found = Proposal.objects.filter(line_id__in=line_ids, state=ProposalState.PROPOSED.value)
    return {proposal.line_id: proposal for proposal in found}


def papers_of(proposal_id: int) -> list[Attachment]:
    """The papers that came with a proposal, in their order."""
    return list(Attachment.objects.filter(subject_kind=REVIEW_KIND, subject_id=proposal_id).order_by("pk"))


def handed_in(handed_in_id: int) -> HandedIn | None:
    """A statement that was handed in, ``None`` for no such."""
    return HandedIn.objects.filter(pk=handed_in_id).first()


def statements_waiting() -> list[HandedIn]:
    """The statements that wait for a second person, oldest first."""
    return list(HandedIn.objects.filter(state=ProposalState.PROPOSED.value).order_by("pk"))
