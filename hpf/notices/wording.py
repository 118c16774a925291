"""What a template says on a day at this center, and the ways by which it does not: its own, or else the program's."""

from __future__ import annotations

from datetime import date

from hpf.notices.models import PublishedVersion, SwitchedOff
from hpf.notices.templates import Template, Version, Way, template


def template_on(code: str, day: date) -> tuple[Template, Version]:
    """A template with its version in force. Raises ``LookupError`` for a code that nobody knows."""
    one = template(code)
    own = (
        PublishedVersion.objects.filter(code=code, effective_on__lte=day)
        .order_by("-effective_on", "-number")
        .values_list("number", "effective_on", "title", "sms", "text")
        .first()
    )
    return one, Version(*own) if own else one.on(day)


def switched_off(code: str) -> set[Way]:
    """The ways by which this center does not send a template."""
    return {Way(way) for way in SwitchedOff.objects.filter(code=code).values_list("way", flat=True)}
