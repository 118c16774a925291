"""One message by several ways (agreement §9.1): told once, delivered to each employer by each way, and proved.

`tell` is called inside the transaction of the act that causes the message. To ten thousand employers it is the same
few statements as to one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from hpf.kernel import Actor
from hpf.notices.own import own_values
from hpf.notices.rendering import filled, render, segments
from hpf.notices.templates import Template, Way
from hpf.notices.wording import template_on
from hpf.storage import Statements, assert_in_transaction, keyring, sm3
from hpf.storage.queue import defer

statements = Statements(__package__)

LEAVING = (Way.SMS, Way.MAIL)
IN_THE_HALL = (Way.PAGE, Way.PROMPT, Way.INBOX)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a message is for: one employer, all of a branch, or all. Its handler is the one in office."""

    employer_id: int | None = None
    branch_id: int | None = None
    label: str = "全部单位"


def tell(
    template: str,
    values: Mapping[str, object],
    *,
    to: Audience,
    by: Actor,
    today: date,
    now: datetime,
    ways: Collection[Way] | None = None,
) -> int:
    """Send a message by its template's ways, or by some of them; returns its number.

    It goes out when the present transaction commits. ``values`` are exactly those that the template names.
    Raises ``ValueError`` for a way that the template has no text for, and for a template with a secret.
    """
    assert_in_transaction()
    said, chosen = _worded(template, values, today, ways)
    statements(
        "put_message",
        **said.parameters,
        title=said.title,
        text=said.text,
        ways=[way.value for way in chosen],
        audience=to.label,
        sender=by.name,
        now=now,
        today=today,
        digest=sm3(f"{said.title}\n{said.text}".encode()),
    ).execute()
    place = {"employer_id": to.employer_id, "branch_id": to.branch_id, "now": now}
    _keep(said, [way for way in chosen if way not in LEAVING], place)
    for way in chosen:
        if way in LEAVING:
            _post(said, way, place)
    return said.number


@dataclass(frozen=True, slots=True)
class _Said:
    """A message in words. ``values`` are those of its template, in order."""

    number: int
    template: Template
    version: int
    values: Mapping[str, str]
    title: str
    text: str
    sms: str

    @property
    def parameters(self) -> dict[str, object]:
        """What every statement about it takes."""
        return {
            "message": self.number,
            "template": self.template.code,
            "version": self.version,
            "important": self.template.important,
        }


def _worded(
    template: str, values: Mapping[str, object], today: date, ways: Collection[Way] | None
) -> tuple[_Said, list[Way]]:
    one, version = template_on(template, today)
    chosen = _chosen(one, ways)
    own = filled(values, one.values, one.paragraphs)
    shown = {**own, **own_values()}
    title, text = render(version.title, shown), render(version.text, shown)
    sms = f"【{settings.HALL.notices.signature}】{render(version.sms, shown)}" if Way.SMS in chosen else ""
    (number,) = statements("next_message").row()
    return _Said(int(number), one, version.number, own, title, text, sms), chosen


def _chosen(one: Template, ways: Collection[Way] | None) -> list[Way]:
    if one.secret:
        raise ValueError(f"{one.code} carries a secret: it goes to one address alone, with send_sms or send_mail")
    chosen = [way for way in one.ways if ways is None or way in ways]
    if ways is not None and set(ways) - set(chosen):
        raise ValueError(f"{one.code} does not go by {', '.join(sorted(set(ways) - set(chosen)))}")
    return [way for way in chosen if way is not Way.ANNOUNCEMENT]


def _keep(said: _Said, ways: list[Way], place: Mapping[str, object]) -> None:
    """What stays in the house: one statement for all employers and all these ways."""
    if ways:
        statements(
            "deliver",
            **said.parameters,
            **place,
            ways=[way.value for way in ways],
            in_the_hall=[way.value for way in IN_THE_HALL],
            title=said.title,
            text=said.text,
        ).execute()


def _post(said: _Said, way: Way, place: Mapping[str, object]) -> None:
    """What leaves it: a delivery for each employer, and for each whose handler has an address a place in the outbox."""
    keys, is_text = keyring(), way is Way.SMS
    statements(
        f"post_{way.value}",
        **said.parameters,
        **place,
        subject="" if is_text else said.title,
        text=keys.encrypt("sms_text", said.sms if is_text else said.text),
        values=keys.encrypt("sms_values", json.dumps(dict(said.values), ensure_ascii=False)),
        segments=segments(said.sms) if is_text else 1,
    ).execute()
    defer("send_messages", lock=way.value, way=way.value)
