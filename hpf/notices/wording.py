"""What a template says on a day at this center: its own version, or else the one that came with the program."""

from __future__ import annotations

from datetime import date

from hpf.notices.models import PublishedVersion
from hpf.notices.templates import Template, Version, template


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
