"""What stands on every paper."""

from __future__ import annotations

from hpf.faces.web.door import HallRequest
from hpf.faces.web.exports import export_of
from hpf.papers.shapes import CenterShape, Imprint, UnitShape
from hpf.registry.models import Center, UnitAccount


def center_shape() -> CenterShape:
    """The center in whose name papers are issued."""
    center = Center.objects.get()
    return CenterShape(center.name, center.hotline, center.address)


def unit_shape(unit: UnitAccount) -> UnitShape:
    """A unit account as papers name it."""
    return UnitShape(unit.employer.name, unit.number)


def imprint(request: HallRequest, number: str, *, rows: int | None = None, by: str = "") -> Imprint:
    """Who prints a paper, when, and the number of this printing; ``by`` where it is somebody without a name."""
    return Imprint(number, request.visit.now, by or request.actor.name, export_of(request, rows).number)
