"""Templates of messages: their codes, values, ways and versions, as they come with the program.

Each stands in ``texts/*.yaml`` with the names of its values; a version holds from its day of effect until the next one
does. Every scalar is read as the text that stands there; what nobody knows is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import yaml

from hpf.notices.rendering import placeholders


class Way(StrEnum):
    """How a message reaches somebody (agreement §9.1)."""

    PAGE = "page"
    ANNOUNCEMENT = "announcement"
    PROMPT = "prompt"
    INBOX = "inbox"
    SMS = "sms"
    MAIL = "mail"
    LETTER = "letter"

    @property
    def label(self) -> str:
        """The word on pages."""
        return _WAYS[self]


_WAYS = {
    Way.PAGE: "服务页面展示",
    Way.ANNOUNCEMENT: "网页公告",
    Way.PROMPT: "登录提示",
    Way.INBOX: "站内消息",
    Way.SMS: "手机短信",
    Way.MAIL: "电子邮件",
    Way.LETTER: "信函",
}


class UnreadableTemplates(ValueError):
    """A file of templates cannot be taken as it stands; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a template says from a day on. ``sms`` is the short form, ``text`` the whole one, for every other way."""

    number: int
    effective_on: date
    title: str
    sms: str
    text: str

    @property
    def places(self) -> frozenset[str]:
        """The names of all values that it asks for."""
        return placeholders(self.title) | placeholders(self.sms) | placeholders(self.text)


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of message. ``values`` are the names that whoever sends it must fill in, in this order.

    Those in ``secret`` go to one address alone, by text message or mail, and are kept nowhere; those in ``paragraphs``
    may have several lines. One that is ``fixed`` goes by all its ways, whatever a center would rather.
    """

    code: str
    name: str
    values: tuple[str, ...]
    secret: frozenset[str]
    paragraphs: frozenset[str]
    ways: tuple[Way, ...]
    important: bool
    fixed: bool
    versions: tuple[Version, ...]

    @property
    def switchable(self) -> tuple[Way, ...]:
        """The ways that a center may switch off: all but the inbox, where everything said is found again."""
        if self.fixed or Way.INBOX not in self.ways:
            return ()
        return tuple(way for way in self.ways if way not in (Way.INBOX, Way.ANNOUNCEMENT))

    def on(self, day: date) -> Version:
        """The version in force on a day. Raises ``LookupError`` before the first."""
        started = [version for version in self.versions if version.effective_on <= day]
        if not started:
            raise LookupError(f"no version of {self.code} is in force on {day}")
        return max(started, key=lambda version: (version.effective_on, version.number))


OWN_PLACES = frozenset({"center", "hotline"})
"""What the center itself fills in, in every template."""


def template(code: str) -> Template:
    """The template of a code. Raises ``LookupError`` for one that nobody knows."""
    try:
        return templates()[code]
    except KeyError:
        raise LookupError(f"no template has the code {code}") from None


@cache
def templates() -> Mapping[str, Template]:
    """All templates that come with the program, by code."""
    folder = resources.files(__package__).joinpath("texts")
    found: dict[str, Template] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            for one in read_templates(file.read_text(encoding="utf-8")):
                if one.code in found:
                    raise UnreadableTemplates(f"{one.code} stands in two files")
                found[one.code] = one
    return found


def read_templates(text: str) -> list[Template]:
    """The templates of one file. Raises `UnreadableTemplates`."""
    document = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 — makes text, lists and dictionaries only
    if not isinstance(document, dict):
        raise UnreadableTemplates("codes and their templates expected")
    return [_template(code, entry) for code, entry in document.items()]


_NEEDED = frozenset({"name", "ways", "versions"})
_KNOWN = _NEEDED | {"values", "secret", "paragraphs", "important", "fixed"}
_VERSION_NEEDED = frozenset({"number", "effective_on"})
_VERSION_KNOWN = _VERSION_NEEDED | {"title", "sms", "text"}


def _template(code: str, entry: Any) -> Template:
    _expect(entry, _NEEDED, _KNOWN, code)
    values = tuple(entry.get("values", ()))
    one = Template(
        code=code,
        name=entry["name"],
        values=values,
        secret=frozenset(entry.get("secret", ())),
        paragraphs=frozenset(entry.get("paragraphs", ())),
        ways=tuple(Way(way) for way in entry["ways"]),
        important=entry.get("important") == "true",
        fixed=entry.get("fixed") == "true",
        versions=tuple(_version(code, version) for version in entry["versions"]),
    )
    for fault in _faults(one):
        raise UnreadableTemplates(f"{code}: {fault}")
    return one


def _version(code: str, entry: Any) -> Version:
    _expect(entry, _VERSION_NEEDED, _VERSION_KNOWN, code)
    return Version(
        number=int(entry["number"]),
        effective_on=date.fromisoformat(entry["effective_on"]),
        title=entry.get("title", ""),
        sms=entry.get("sms", ""),
        text=entry.get("text", "").strip(),
    )


def _faults(one: Template) -> Iterator[str]:
    if strangers := (one.secret | one.paragraphs) - set(one.values):
        yield f"no values of these names: {', '.join(sorted(strangers))}"
    if len({version.number for version in one.versions}) < len(one.versions):
        yield "two versions have the same number"
    for version in one.versions:
        yield from (f"version {version.number}: {fault}" for fault in version_faults(one, version))


def version_faults(one: Template, version: Version) -> Iterator[str]:
    """What keeps a version from being one of a template: places that nothing fills, ways without a text."""
    if strangers := version.places - set(one.values) - OWN_PLACES:
        yield f"no values of these names: {', '.join(sorted(strangers))}"
    if Way.SMS in one.ways and not version.sms:
        yield "no text for the short message"
    if set(one.ways) - {Way.SMS} and not (version.title and version.text):
        yield "no title or no text"
    if one.secret and (set(one.ways) - {Way.SMS, Way.MAIL} or one.secret & placeholders(version.title)):
        yield "a secret goes by text message or mail alone, and not in a title"


def _expect(entry: Any, needed: frozenset[str], known: frozenset[str], where: str) -> None:
    if not isinstance(entry, dict):
        raise UnreadableTemplates(f"{where}: keys and values expected")
    if missing := needed - entry.keys():
        raise UnreadableTemplates(f"{where}: missing {', '.join(sorted(missing))}")
    if unknown := entry.keys() - known:
        raise UnreadableTemplates(f"{where}: unknown {', '.join(sorted(unknown))}")
