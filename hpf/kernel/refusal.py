"""Refusals: what cannot be done now, why, what to do instead, and on what ground.

A rule answers with *all* its refusals. The same list greys a button, fills a sheet's error column, is printed by the
command line and stands on the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """REFUSED cannot be done; MEND has a proposed right value; CHECK is a hint and blocks nothing."""

    REFUSED = "不能办理"
    MEND = "需要更正"
    CHECK = "请核对"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason. ``code`` is stable (``REMIT-MONTH-GAP``); the rest is plain Chinese for a clerk.

    ``where`` names the field, cell or case; ``what`` the fact; ``why`` the rule broken; ``remedy`` the way out;
    ``basis`` the law or rule, with edition and article where the text says so. ``proposal`` is the right value of a
    MEND finding. ``case_no`` is the case that stands in the way.
    """

    code: str
    what: str
    why: str = ""
    remedy: str = ""
    basis: str = ""
    where: str = ""
    severity: Severity = Severity.REFUSED
    proposal: str | None = None
    case_no: int | None = None

    @property
    def sentence(self) -> str:
        """All parts as one paragraph."""
        head = f"{self.what}：{self.why}" if self.why else self.what
        parts = [head.rstrip("。") + "。"]
        if self.remedy:
            parts.append(self.remedy.rstrip("。") + "。")
        if self.basis:
            parts.append(f"（依据：{self.basis}）")
        return "".join(parts)


def by_weight(findings: Iterable[Refusal]) -> list[Refusal]:
    """Findings with the weightiest first, otherwise as they came: what stops a row is read before what is a hint."""
    weights = list(Severity)
    return sorted(findings, key=lambda finding: weights.index(finding.severity))


class Refused(Exception):
    """An act was refused. Carries every reason at once; the transaction around it rolls back."""

    def __init__(self, refusals: Refusal | Iterable[Refusal]) -> None:
        self.refusals = (refusals,) if isinstance(refusals, Refusal) else tuple(refusals)
        if not self.refusals:
            raise ValueError("Refused without a reason")
        super().__init__("；".join(f"[{r.code}] {r.sentence}" for r in self.refusals))

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(r.code for r in self.refusals)
