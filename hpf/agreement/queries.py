"""The versions of the agreement and of the special rules, their drafts, and who accepted which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources

from django.db.models import QuerySet

from hpf import evidence
from hpf.agreement.models import AgreementAcceptance, AgreementDraft
from hpf.kernel import Refusal, Refused
from hpf.registry.clauses import Clauses, clauses
from hpf.registry.codes import AgreementDocument
from hpf.registry.models import AgreementVersion

_HANDED_OVER = ("draft_agreement", "redraft_agreement")
NONE_IN_FORCE = Refusal(
    "AGREEMENT-NONE", "中心尚未公布服务协议", "网上业务大厅须在接受服务协议后使用", "请联系住房公积金管理中心"
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A published version: ``text`` is Markdown, ``digest`` its SM3 in hex."""

    id: int
    document: AgreementDocument
    number: str
    published_on: date
    effective_on: date
    summary: str
    text: str
    digest: str
    clauses: Clauses


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that is not published (yet), as it stands."""

    id: int
    document: AgreementDocument
    number: str
    effective_on: date
    summary: str
    text: str
    digest: str
    drafted_by: str
    clauses: Clauses


@dataclass(frozen=True, slots=True)
class Acceptance:
    """When, by whom and from where a version was accepted; ``ended_on`` once it has ended."""

    id: int
    employer_id: int
    document: AgreementDocument
    version: str
    version_id: int
    handler_name: str
    accepted_at: datetime
    address: str
    agent: str
    digest: str
    ended_on: date | None


def in_force(document: AgreementDocument, today: date) -> Agreement:
    """The version of a document in force on a day. Raises ``Refused`` (AGREEMENT-NONE) where there is none."""
    found = newest(document, today)
    if found is None:
        raise Refused(NONE_IN_FORCE if document is AgreementDocument.AGREEMENT else _none_of(document))
    return found


def newest(document: AgreementDocument, today: date) -> Agreement | None:
    """The version of a document in force on a day, ``None`` while there is none."""
    row = _of(document).filter(effective_on__lte=today).order_by("-effective_on").first()
    return _agreement(row) if row else None


def former(document: AgreementDocument, effective_on: date) -> Agreement | None:
    """What a version that takes effect on a day takes the place of: the one in force the day before."""
    return newest(document, effective_on - timedelta(days=1))


def current(today: date) -> Agreement:
    """The service agreement in force on a day. Raises ``Refused`` (AGREEMENT-NONE) where there is none."""
    return in_force(AgreementDocument.AGREEMENT, today)


def coming(document: AgreementDocument, today: date) -> Agreement | None:
    """The next version of a document that is published and not yet in force."""
    row = _of(document).filter(effective_on__gt=today).order_by("effective_on").first()
    return _agreement(row) if row else None


def versions() -> list[Agreement]:
    """Every version of every document, by document, newest first."""
    rows = AgreementVersion.objects.order_by("document", "-effective_on")
    return [_agreement(row) for row in rows]


def version(version_id: int) -> Agreement | None:
    """A version by its number in the database."""
    row = AgreementVersion.objects.filter(pk=version_id).first()
    return _agreement(row) if row else None


def draft(draft_id: int) -> Draft | None:
    """A draft by its number in the database."""
    row = AgreementDraft.objects.filter(pk=draft_id).first()
    return _draft(row) if row else None


def open_drafts(limit: int = 50) -> list[Draft]:
    """The drafts that have not been published, newest first."""
    published = AgreementVersion.objects.exclude(draft_id=None).values("draft_id")
    return [_draft(row) for row in AgreementDraft.objects.exclude(pk__in=published).order_by("-pk")[:limit]]


def acceptance(handler_id: int, version_id: int) -> Acceptance | None:
    """A handler's acceptance of a version that still holds, ``None`` while there is none."""
    return _first(AgreementAcceptance.objects.filter(handler_id=handler_id, version_id=version_id, ended_on=None))


def acceptance_by_id(acceptance_id: int) -> Acceptance | None:
    """An acceptance by its number in the database; a handler finds those of his own employer."""
    return _first(AgreementAcceptance.objects.filter(pk=acceptance_id))


def acceptances(employer_id: int) -> list[Acceptance]:
    """Every acceptance for an employer, newest first."""
    rows = AgreementAcceptance.objects.filter(employer_id=employer_id).select_related("version").order_by("-pk")
    return [_acceptance(row) for row in rows]


def accepted_before(handler_id: int, document: AgreementDocument) -> Agreement | None:
    """The version of a document that a handler accepted last: what a new one is compared with."""
    rows = AgreementAcceptance.objects.filter(handler_id=handler_id, version__document=document)
    row = rows.select_related("version").order_by("-pk").first()
    return _agreement(row.version) if row else None


def has_accepted(handler_id: int, document: AgreementDocument, today: date) -> bool:
    """Whether a handler has accepted the version of a document that is in force; ``False`` where there is none."""
    newest = _of(document).filter(effective_on__lte=today).order_by("-effective_on").values("pk")[:1]
    return AgreementAcceptance.objects.filter(handler_id=handler_id, version__in=newest, ended_on=None).exists()


def demonstration_text(document: AgreementDocument = AgreementDocument.AGREEMENT) -> str:
    """The text of a document shipped for demonstrations and tests; a center publishes its own."""
    return resources.files(__package__).joinpath(f"texts/{document.value}.md").read_text(encoding="utf-8")


def _of(document: AgreementDocument) -> QuerySet[AgreementVersion]:
    return AgreementVersion.objects.filter(document=document)


def _none_of(document: AgreementDocument) -> Refusal:
    return Refusal(
        "AGREEMENT-NONE",
        f"中心尚未公布《{document.label}》",
        "这项功能须在接受专项规则后使用",
        "请联系住房公积金管理中心",
    )


def _agreement(row: AgreementVersion) -> Agreement:
    return Agreement(
        row.pk,
        AgreementDocument(row.document),
        row.number,
        row.published_on,
        row.effective_on,
        row.summary,
        row.text,
        bytes(row.digest).hex(),
        clauses(row.text, row.binding),
    )


def confirmed_loss(draft_id: int) -> str:
    """What the maker of a draft confirmed of the former text's loss when it was last handed over, "" for nothing."""
    found = evidence.events_about(f"agreement_draft:{draft_id}")
    return next((str(one.detail.get("loss_confirmed", "")) for one in found if one.act in _HANDED_OVER), "")


def _draft(row: AgreementDraft) -> Draft:
    return Draft(
        row.pk,
        AgreementDocument(row.document),
        row.number,
        row.effective_on,
        row.summary,
        row.text,
        bytes(row.digest).hex(),
        row.drafted_by,
        clauses(row.text, row.binding),
    )


def _first(rows: QuerySet[AgreementAcceptance]) -> Acceptance | None:
    row = rows.select_related("version").order_by("-pk").first()
    return _acceptance(row) if row else None


def _acceptance(row: AgreementAcceptance) -> Acceptance:
    return Acceptance(
        row.pk,
        row.employer_id,
        AgreementDocument(row.version.document),
        row.version.number,
        row.version_id,
        row.handler_name,
        row.accepted_at,
        row.address,
        row.agent,
        bytes(row.digest).hex(),
        row.ended_on,
    )
