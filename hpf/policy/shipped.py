"""The law that comes with the program: one YAML file for the country and one per place.

A file names its place and lists the terms of each parameter. Every scalar is read as the text that stands there, so a
rate is never a float. Keys that nobody knows, keys that stand twice and values without a source are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from hpf.policy.law import PARAMETERS, Law, Term, law_of, place_chain

_FILE_KEYS = frozenset({"place", "name", "parameters"})
_NEEDED_KEYS = frozenset({"starts_on", "value", "source"})
_TERM_KEYS = _NEEDED_KEYS | {"ends_on", "checked"}


class UnreadableLaw(ValueError):
    """A file of law cannot be taken as it stands; the message says where and why."""


class _TextLoader(yaml.BaseLoader):
    """Reads every scalar as text and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            raise UnreadableLaw(f"a key stands twice{node.start_mark}")
        return mapping


def shipped_terms(place: str) -> tuple[Term, ...]:
    """The shipped terms that matter to a center at ``place``: its own, its districts' and all it lies in."""
    return tuple(term for term in _all_terms() if term.place in place_chain(place) or place in place_chain(term.place))


def shipped_law(day: date, place: str) -> Law:
    """The shipped law of a day at a place, for programs without a database."""
    return law_of(_all_terms(), day, place)


def read_terms(text: str) -> list[Term]:
    """The terms of one file. Raises `UnreadableLaw`."""
    document = yaml.load(text, Loader=_TextLoader)  # noqa: S506 — makes text, lists and dictionaries only
    place, parameters = _expect(document, _FILE_KEYS, _FILE_KEYS, "file")["place"], document["parameters"]
    if strangers := parameters.keys() - PARAMETERS.keys():
        raise UnreadableLaw(f"{place}: no parameters of these names: {', '.join(sorted(strangers))}")
    return [term for name, entries in parameters.items() for term in _terms(name, place, entries)]


def _terms(name: str, place: str, entries: list[Mapping[str, str]]) -> Iterator[Term]:
    starts: set[str] = set()
    for entry in entries:
        _expect(entry, _NEEDED_KEYS, _TERM_KEYS, f"{place} {name}")
        if entry["starts_on"] in starts:
            raise UnreadableLaw(f"{place} {name}: two terms start on {entry['starts_on']}")
        starts.add(entry["starts_on"])
        try:
            yield _term(name, place, entry)
        except ValueError as error:
            raise UnreadableLaw(f"{place} {name} of {entry['starts_on']}: {error}") from error


def _term(name: str, place: str, entry: Mapping[str, str]) -> Term:
    term = Term(
        name=name,
        place=place,
        starts_on=date.fromisoformat(entry["starts_on"]),
        ends_on=date.fromisoformat(entry["ends_on"]) if "ends_on" in entry else None,
        value=entry["value"],
        unit=PARAMETERS[name].unit.name,
        source=entry["source"],
        checked=entry.get("checked", ""),
    )
    PARAMETERS[name].read(term)
    return term


def _expect(mapping: Any, needed: frozenset[str], known: frozenset[str], where: str) -> Any:
    if not isinstance(mapping, dict):
        raise UnreadableLaw(f"{where}: keys and values expected")
    if missing := needed - mapping.keys():
        raise UnreadableLaw(f"{where}: missing {', '.join(sorted(missing))}")
    if unknown := mapping.keys() - known:
        raise UnreadableLaw(f"{where}: unknown {', '.join(sorted(unknown))}")
    return mapping


@cache
def _all_terms() -> tuple[Term, ...]:
    folder = resources.files(__package__).joinpath("law")
    return tuple(term for file in _files(folder) for term in read_terms(file.read_text(encoding="utf-8")))


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry)
        elif entry.name.endswith(".yaml"):
            yield entry
