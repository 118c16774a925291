"""The agreement in force, and who accepted it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources

from hpf.agreement.models import AgreementAcceptance
from hpf.kernel import Refusal, Refused
from hpf.registry.models import AgreementVersion

NONE_IN_FORCE = Refusal(
    "AGREEMENT-NONE", "中心尚未公布服务协议", "网上业务大厅须在接受服务协议后使用", "请联系住房公积金管理中心"
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A version of the agreement: ``text`` is Markdown, ``digest`` its SM3 in hex."""

    number: str
    effective_on: date
    summary: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """When and from where a handler accepted a version."""

    version: str
    handler_name: str
    accepted_at: datetime
    address: str
    digest: str


def current(today: date) -> Agreement:
    """The version in force on a day. Raises ``Refused`` (AGREEMENT-NONE) where the center has published none."""
    row = AgreementVersion.objects.filter(effective_on__lte=today).order_by("-effective_on").first()
    if row is None:
        raise Refused(NONE_IN_FORCE)
    return Agreement(row.number, row.effective_on, row.summary, row.text, bytes(row.digest).hex())


def acceptance(handler_id: int, version: str) -> Acceptance | None:
    """A handler's acceptance of a version, ``None`` while there is none."""
    rows = AgreementAcceptance.objects.filter(handler_id=handler_id, version__number=version)
    row = rows.select_related("handler").first()
    if row is None:
        return None
    return Acceptance(version, row.handler.name, row.accepted_at, row.address, bytes(row.digest).hex())


def demonstration_text() -> str:
    """The text shipped for demonstrations and tests; a center publishes its own."""
    return resources.files(__package__).joinpath("texts/demonstration.md").read_text(encoding="utf-8")
