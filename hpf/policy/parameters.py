"""The center's parameters in its database."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import Any

from hpf.kernel import Refusal, Refused
from hpf.policy.law import Law, Term, law_of, place_chain
from hpf.policy.shipped import shipped_terms
from hpf.storage import Statements, lock_key

statements = Statements(__package__)


def law_on(day: date, place: str) -> Law:
    """The law of a day at a place, as the center's parameters say it now.

    One statement; the law is built anew only when the parameters have changed.
    """
    return _law(tuple(statements("terms", places=list(place_chain(place))).rows()), day, place)


def load_shipped(place: str) -> int:
    """Bring the shipped law that matters to a center at ``place`` into its parameters; the number of terms added.

    Safe to repeat. What the center holds is never rewritten: raises ``Refused`` (POLICY-SHIPPED-DIFFERS) with every
    term that decides something else from the same start, and then adds nothing. Runs inside a durable transaction.
    """
    lock_key("policy:load")
    terms = shipped_terms(place)
    held = {_key(term): term for term in _read(statements("terms", places=[term.place for term in terms]).rows())}
    known = [(held[_key(term)], term) for term in terms if _key(term) in held]
    if refusals := [_differs(ours, shipped) for ours, shipped in known if _decision(ours) != _decision(shipped)]:
        raise Refused(refusals)
    added = [asdict(term) for term in terms if _key(term) not in held]
    return statements("add_terms", terms=json.dumps(added, default=str)).execute()


def load_new(place: str) -> int:
    """Bring shipped parameters of which the center holds no term at all into its parameters; the number of terms added.

    What a newer version of the program asks for, for a center that was founded with an older one. What the center
    holds stays as it is. Safe to repeat. Runs inside a durable transaction.
    """
    lock_key("policy:load")
    terms = shipped_terms(place)
    held = {term.name for term in _read(statements("terms", places=[term.place for term in terms]).rows())}
    added = [asdict(term) for term in terms if term.name not in held]
    return statements("add_terms", terms=json.dumps(added, default=str)).execute()


@lru_cache(maxsize=256)
def _law(rows: tuple[tuple[Any, ...], ...], day: date, place: str) -> Law:
    return law_of(_read(rows), day, place)


def _read(rows: list[tuple[Any, ...]] | tuple[tuple[Any, ...], ...]) -> list[Term]:
    return [Term(*row) for row in rows]


def _key(term: Term) -> tuple[str, str, date]:
    return term.name, term.place, term.starts_on


def _decision(term: Term) -> tuple[str, str, date | None]:
    return term.value, term.unit, term.ends_on


def _differs(held: Term, shipped: Term) -> Refusal:
    return Refusal(
        code="POLICY-SHIPPED-DIFFERS",
        what=f"参数{shipped.name}（{shipped.place}，{shipped.starts_on}起）与随程序发布的规定不一致",
        why=f"库中为“{held.value}”（{held.source}），发布的为“{shipped.value}”（{shipped.source}）",
        remedy="请由政策岗核对依据，以新的起始日录入更正",
        where=shipped.name,
    )
