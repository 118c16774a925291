"""Cases and their files: what anyone may run. It alarms; it never repairs."""

from __future__ import annotations

from collections.abc import Iterator

from hpf.casework.attachments import read
from hpf.casework.models import Attachment, CaseKind, CaseState
from hpf.ledger.invariants import Check
from hpf.storage import Statements
from hpf.storage.crypto import Undecryptable

_NAMED = 20

# Kinds whose cases hold their unit account as long as they are under way.
HOLDING = (CaseKind.ACCOUNT_OPENING, CaseKind.REMITTANCE)

statements = Statements(__package__)


def checks() -> list[Check]:
    """Run every check of the case desk inside a ``reading`` transaction of the staff."""
    return [_holds(), _attachments()]


def _holds() -> Check:
    final, holding = [state.value for state in CaseState.final()], [kind.value for kind in HOLDING]
    compared, faults = statements("check_holds", final=final, holding=holding).row()
    return Check("C1", "在途的办件都占用其事项，办结的办件不再占用", compared, tuple(faults or ()))


def _attachments() -> Check:
    compared, faults = 0, []
    for attachment in _once_each():
        compared += 1
        if fault := _fault(attachment):
            owner = f"办件{attachment.case_id}" if attachment.case_id else f"登记申请{attachment.subject_id}"
            faults.append(f"{owner}的附件{attachment.pk}{fault}")
    return Check("A1", "每个附件都在，能用密钥打开，内容与收到时一致", compared, tuple(faults[:_NAMED]))


def _once_each() -> Iterator[Attachment]:
    """One attachment for each content: who uploads the same file twice keeps it once."""
    return Attachment.objects.order_by("digest", "pk").distinct("digest").iterator()


def _fault(attachment: Attachment) -> str:
    try:
        size = sum(len(chunk) for chunk in read(attachment))
    except FileNotFoundError:
        return "不在数据目录中"
    except Undecryptable:
        return "打不开或已被改动"
    return "" if size == attachment.size else "大小不符"
