"""One message by several ways (agreement §9.1): told once, delivered to each employer by each way, and proved.

`tell` and `tell_each` are called inside the transaction of the act that causes the message. To ten thousand employers
it is the same few statements as to one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from hpf.kernel import Actor
from hpf.notices.own import own_values
from hpf.notices.rendering import filled, render, segments
from hpf.notices.templates import Template, Version, Way
from hpf.notices.wording import switched_off, template_on
from hpf.registry.models import Employer
from hpf.storage import Query, Statements, assert_in_transaction, keyring, sm3
from hpf.storage.queue import defer

statements = Statements(__package__)

LEAVING = (Way.SMS, Way.MAIL)
IN_THE_HALL = (Way.PAGE, Way.PROMPT, Way.INBOX)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a message is for: one employer, all of a branch, chosen ones, or all. Its handler is the one in office.

    ``served``: of all those, only who has a handler in office, where a message tells of the portal alone.
    """

    employer_id: int | None = None
    branch_id: int | None = None
    label: str = "全部单位"
    employer_ids: tuple[int, ...] = ()
    served: bool = False


SERVED = Audience(label="使用网厅的全部单位", served=True)


@dataclass(frozen=True, slots=True)
class Told:
    """What one employer is told by a template, with values of its own; ``about`` names what `withdraw_about` knows."""

    employer_id: int
    values: Mapping[str, object]
    about: str = ""


def tell(
    template: str,
    values: Mapping[str, object],
    *,
    to: Audience,
    by: Actor,
    today: date,
    now: datetime | None = None,
    ways: Collection[Way] | None = None,
    shown_until: datetime | None = None,
) -> int:
    """Send a message by its template's ways, or by some of them; returns its number.

    It goes out when the present transaction commits, and is of ``now`` or of the transaction's own moment. ``values``
    are exactly those that the template names. A way that the center has switched off is left out. On pages and
    at the login it stands until ``shown_until``, a moment of the hall, or for as long as such things stand there; its
    letters have lost their purpose then.
    Raises ``ValueError`` for a way that the template has no text for, and for a template with a secret.
    """
    assert_in_transaction()
    words = _words(template, today, ways)
    ((number, moment),) = statements("next_messages", count=1).rows()
    said = [words.said(int(number), values, to.label)]
    if to.employer_ids:
        told = statements("told_to_chosen", employers=list(to.employer_ids), **_columns(said))
    else:
        among = {"employer_id": to.employer_id, "branch_id": to.branch_id, "served": to.served}
        told = statements("told_to_many", **among, **_columns(said))
    _put(words, said, told, by, today, now or moment, shown_until)
    return int(number)


def withdraw(message_id: int, now: datetime) -> None:
    """Take what a message says off the pages and the login, where it is not true any more, and out of the letters that
    are still to be printed. ``now`` is the hall's moment."""
    assert_in_transaction()
    statements("withdraw", message_id=message_id, now=now).execute()


def count_as_read(messages: Sequence[int], employers: Sequence[int], *, by: Actor, now: datetime | None = None) -> int:
    """Say that what messages tell was read where they lead: they are unread no longer, nor asked to be confirmed.

    It was at ``now``, or at the transaction's own moment. Returns how many deliveries it was news of. Nobody is asked
    whether he acts for the employer.
    """
    assert_in_transaction()
    given = {"messages": list(messages), "employers": list(employers)}
    return statements("count_as_read", **given, by=by.name, now=now).execute()


def are_unread(messages: Sequence[int], employer_id: int) -> bool:
    """Whether an employer has yet to read one of these messages."""
    (found,) = statements("unread", messages=list(messages), employer_id=employer_id).row()
    return bool(found)


def withdraw_about(about: Sequence[str], now: datetime) -> None:
    """Take all that was said about some things off the pages and the login, as `withdraw` does of one message."""
    assert_in_transaction()
    statements("withdraw_about", about=list(about), now=now).execute()


def tell_each(template: str, told: Sequence[Told], *, by: Actor, today: date) -> None:
    """Tell employers one by one what concerns each alone, in a fixed number of statements however many they are.

    As `tell`; the moment is that of the present transaction.
    """
    assert_in_transaction()
    if not told:
        return
    words = _words(template, today, None)
    numbers = statements("next_messages", count=len(told)).rows()
    names = dict(Employer.objects.filter(pk__in={one.employer_id for one in told}).values_list("pk", "name"))
    said = [
        words.said(int(number), one.values, names.get(one.employer_id, ""), one.about)
        for one, (number, _) in zip(told, numbers, strict=True)
    ]
    each = statements("told_to_each", employers=[one.employer_id for one in told], **_columns(said))
    _put(words, said, each, by, today, numbers[0][1])


@dataclass(frozen=True, slots=True)
class _Said:
    """One message in words. ``values`` are those of its template, in order."""

    number: int
    values: Mapping[str, str]
    title: str
    text: str
    sms: str
    audience: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    """A template with the version in force, the ways it goes by, and what the center itself fills in."""

    template: Template
    version: Version
    ways: tuple[Way, ...]
    own: Mapping[str, str]

    def said(self, number: int, values: Mapping[str, object], audience: str, about: str = "") -> _Said:
        """The message that these values make."""
        given = filled(values, self.template.values, self.template.paragraphs)
        shown = {**given, **self.own}
        title, text = render(self.version.title, shown), render(self.version.text, shown)
        is_text = Way.SMS in self.ways
        sms = f"【{settings.HALL.notices.signature}】{render(self.version.sms, shown)}" if is_text else ""
        return _Said(number, given, title, text, sms, audience, about)

    @property
    def parameters(self) -> dict[str, object]:
        """What every statement about its messages takes."""
        return {
            "template": self.template.code,
            "version": self.version.number,
            "important": self.template.important,
        }


def _words(template: str, today: date, ways: Collection[Way] | None) -> _Words:
    one, version = template_on(template, today)
    if one.secret:
        raise ValueError(f"{one.code} carries a secret: it goes to one address alone, with send_sms or send_mail")
    if ways is not None and (strangers := set(ways) - set(one.ways)):
        raise ValueError(f"{one.code} does not go by {', '.join(sorted(strangers))}")
    off = switched_off(one.code)
    chosen = [way for way in one.ways if (ways is None or way in ways) and way not in off]
    return _Words(one, version, tuple(way for way in chosen if way is not Way.ANNOUNCEMENT), own_values())


def _columns(said: Sequence[_Said]) -> dict[str, object]:
    """The messages as arrays, one a column."""
    return {
        "messages": [one.number for one in said],
        "titles": [one.title for one in said],
        "texts": [one.text for one in said],
    }


def _put(
    words: _Words,
    said: Sequence[_Said],
    told: Query,
    by: Actor,
    today: date,
    now: datetime,
    shown_until: datetime | None = None,
) -> None:
    statements(
        "put_messages",
        **words.parameters,
        **_columns(said),
        ways=[way.value for way in words.ways],
        audiences=[one.audience for one in said],
        about=[one.about for one in said],
        digests=[sm3(f"{one.title}\n{one.text}".encode()) for one in said],
        sender=by.name,
        now=now,
        today=today,
    ).execute()
    staying = [way.value for way in words.ways if way not in LEAVING]
    if staying:
        in_the_hall = [way.value for way in IN_THE_HALL]
        standing = {"ways": staying, "in_the_hall": in_the_hall, "shown_until": shown_until}
        statements("deliver", **words.parameters, **standing, now=now).over(told=told).execute()
    for way in words.ways:
        if way in LEAVING:
            _post(words, said, way, told, now)


def _post(words: _Words, said: Sequence[_Said], way: Way, told: Query, now: datetime) -> None:
    """What leaves the house: a delivery for each employer, and for each whose handler has an address a place in the
    outbox."""
    keys, is_text = keyring(), way is Way.SMS
    outgoing = statements(
        "outgoing",
        numbers=[one.number for one in said],
        subjects=["" if is_text else one.title for one in said],
        sealed=[keys.encrypt("sms_text", one.sms if is_text else one.text) for one in said],
        sealed_values=[keys.encrypt("sms_values", json.dumps(dict(one.values), ensure_ascii=False)) for one in said],
        segments=[segments(one.sms) if is_text else 1 for one in said],
    )
    post = statements(f"post_{way.value}", **words.parameters, now=now)
    post.over(told=told, outgoing=outgoing).execute()
    defer("send_messages", lock=way.value, way=way.value)
