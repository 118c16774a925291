"""What is proposed for bank lines. The lines are the treasury's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hpf.money_desk.rules import Act, ProposalState


class Proposal(models.Model):
    """What one person proposes for a line's money and another decides (认领、更正认领、冲正到账、确认为付款).

    ``unit_account_id`` is whose 暂存款 the money goes to, or is taken from, if any's; ``receipt_id`` the line that this
    one takes back. ``entry_id`` booked it, once approved. ``told_before_id`` is the employer that was told of the line
    until then.
    """

    line_id = models.BigIntegerField()
    act = models.TextField(choices=[(one.value, one.label) for one in Act])
    unit_account_id = models.BigIntegerField(null=True)
    receipt_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    state = models.TextField(choices=[(one.value, one.value) for one in ProposalState])
    proposed_by_id = models.BigIntegerField()
    proposed_name = models.TextField()
    proposed_on = models.DateField()
    decided_on = models.DateField(null=True)
    entry_id = models.BigIntegerField(null=True, unique=True)
    told_before_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("line_id",),
                condition=Q(state=ProposalState.PROPOSED.value),
                name="money_desk_proposal_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.APPROVED.value) ^ Q(entry_id=None) | Q(act=Act.PAY_OUT.value),
                name="money_desk_proposal_booked",
            ),
        )
        indexes = (models.Index(fields=("line_id", "-id"), name="money_desk_proposal_of_line"),)


class HandedIn(models.Model):
    """A bank's statement for a second person (提交复核的对账单): it does not prove itself, pays out or continues
    one that waits.

    ``typed`` is the head that was typed in beside the file, ``gap_told`` what is missing beside it, ``gaps`` that as
    the database compares it. ``follows_id`` is the one that it continues, which waited when it came. The file lies
    sealed under ``digest``; the statement is known by ``statement_digest``.
    Nothing of it is booked before.
    """

    name = models.TextField()
    size = models.BigIntegerField()
    digest = models.BinaryField()
    statement_digest = models.BinaryField()
    typed = models.JSONField(null=True)
    gap_told = models.TextField(default="", db_default="")
    gaps = models.JSONField(default=list, db_default=[])
    follows_id = models.BigIntegerField(null=True)
    state = models.TextField(choices=[(one.value, one.value) for one in ProposalState])
    proposed_by_id = models.BigIntegerField()
    proposed_name = models.TextField()
    proposed_on = models.DateField()
    decided_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("statement_digest",),
                condition=Q(state=ProposalState.PROPOSED.value),
                name="money_desk_handed_in_once",
            ),
        )
