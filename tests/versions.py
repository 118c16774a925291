"""Versions of the agreement, for tests: founded with the center, or drafted by one person and approved by another."""

from __future__ import annotations

from datetime import date, timedelta

from hpf.agreement import publishing
from hpf.agreement.queries import demonstration_text
from hpf.agreement.rules import Version
from hpf.casework.review import ReviewState
from hpf.kernel import Actor, Key
from hpf.registry.codes import AgreementDocument, Role
from tests.office import employ

NOTICE = timedelta(days=7)


def found_center(number: str, on: date, text: str = "") -> None:
    """The documents with which a center is founded: the shipped ones, or the agreement alone with a text of its own."""
    for document in AgreementDocument if not text else (AgreementDocument.AGREEMENT,):
        wanted = text or demonstration_text(document)
        publishing.found(document, wanted, number, on, by=Actor.SYSTEM, today=on, key=Key.fresh())


def publish(
    number: str,
    effective_on: date,
    text: str = "# 新协议\n\n## 一、新\n\n1.1 新的条款。\n",
    *,
    summary: str = "改了一条",
    document: AgreementDocument = AgreementDocument.AGREEMENT,
    today: date | None = None,
) -> int:
    """A version drafted, approved and published on the last day that leaves the notice it needs; its draft's number."""
    day = today or effective_on - NOTICE
    version = Version(document, number, effective_on, summary, text)
    maker, checker = employ("发布员", Role.PUBLISHER), employ("复核员", Role.REVIEWER)
    drafted = publishing.draft(version, loss_confirmed=True, by=maker, today=day, key=Key.fresh())
    draft_id = int(drafted.result["draft_id"])
    given = {"note": "", "by": checker, "today": day, "key": Key.fresh()}
    publishing.decide(draft_id, ReviewState.APPROVED, loss_confirmed=True, **given)
    return draft_id
