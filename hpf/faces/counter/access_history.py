"""经办人与网厅 on an employer's page: what was done about its access, and what the reader may do."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from hpf.faces.counter.permissions import WHO
from hpf.faces.web.shapes.counter import AccessEvent
from hpf.faces.web.shapes.frame import Link
from hpf.hall_access.queries import changes
from hpf.kernel import Actor


def history_of(employer_id: int) -> tuple[AccessEvent, ...]:
    """Changes of handler and mobile, newest first."""
    return tuple(
        AccessEvent(
            change.changed_on,
            change.case.title,
            change.changed_by,
            Link("办件", reverse("counter:case", args=[change.case_id])),
        )
        for change in changes(employer_id)
    )


def acts_for(actor: Actor, employer_id: int, has_handler: bool) -> tuple[Link, ...]:
    """What the actor's roles let him do about an employer's access."""
    return tuple(
        Link(label, reverse(f"counter:{name}", args=[employer_id]))
        for name, label in _acts(has_handler)
        if WHO[name][0].roles & actor.roles
    )


def _acts(has_handler: bool) -> Iterator[tuple[str, str]]:
    yield "handler", "变更经办人" if has_handler else "登记经办人"
    if has_handler:
        yield "mobile", "变更手机号码"
