"""Error pages."""

from __future__ import annotations

from dataclasses import dataclass

from hpf.kernel import Refusal


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """``errors/*.html``: what happened, what to do, the reference to read out on the telephone; refusals for 422."""

    title: str
    what: str
    remedy: str
    reference: str
    back: str
    refusals: tuple[Refusal, ...] = ()
