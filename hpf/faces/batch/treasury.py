"""Taking the bank's money to the cases that it pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeVar

from hpf.faces.batch.app import task
from hpf.kernel import Actor
from hpf.kernel.collection import few_collections
from hpf.policy import business_day
from hpf.remittance import operations as remittance
from hpf.remittance.queries import ends as endings
from hpf.storage import reading
from hpf.treasury import operations as treasury
from hpf.treasury import queries

CASES_AT_ONCE = 500

_Item = TypeVar("_Item")


@task("settle_statement", is_business=True)
@few_collections()
def settle_statement(*, statement_id: int) -> None:
    """Count what came short and book what is matched, up to and including a statement.

    Killed at any point and run again it does what is left, and nothing twice: a sum is told as a total, a case books
    once, and a line that has arrived is no longer on its way.
    """
    by, today = Actor.SYSTEM, business_day()
    with reading(by):
        short, matched = queries.short_cases(statement_id), queries.matched_cases(statement_id)
    for some in _batches(list(short.items())):
        counted = remittance.receive(received=dict(some), by=by, today=today)
        treasury.note_counted(_outcomes(counted), through=statement_id, by=by, today=today)
    for case_nos in _batches(matched):
        booked = remittance.book(case_nos=case_nos, by=by, today=today)
        treasury.note_booked(_outcomes(booked), through=statement_id, by=by, today=today)


def note_ends() -> None:
    """Tell the lines that were counted for cases how these have ended since. Safe to repeat."""
    with reading(Actor.SYSTEM):
        ends = endings(queries.counted_cases())
    outcomes = [treasury.Outcome(case_no, refusal) for case_no, refusal in ends.items()]
    treasury.note_ended(outcomes, by=Actor.SYSTEM, today=business_day())


def _outcomes(answers: Sequence[remittance.Booking] | Sequence[remittance.Counting]) -> list[treasury.Outcome]:
    return [treasury.Outcome(answer.case_no, answer.refusal) for answer in answers]


def _batches(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    rest = iter(items)
    while batch := list(islice(rest, CASES_AT_ONCE)):
        yield batch
