"""The law that a first month is measured by: the dated limits of its place and the unit account's own rates."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import date

from django.db import connection

from hpf import policy
from hpf.account_opening.rules import Laws
from hpf.account_opening.shapes import OpeningContext, OpeningLaw
from hpf.casework import cases
from hpf.casework.models import CaseKind
from hpf.kernel import Actor, Month, Rate
from hpf.policy import Law
from hpf.registry.models import UnitAccount
from hpf.storage import Statements, reading

statements = Statements(__package__)


def opening_law(law: Law, unit_rate: Rate, personal_rate: Rate) -> OpeningLaw:
    """What opening needs of the law of a day. Raises ``NoLawInForce``."""
    return OpeningLaw(
        base_floor=law.base_floor_fen,
        base_cap=law.base_cap_fen,
        unit_rate=unit_rate,
        personal_rate=personal_rate,
        rounding=law.rounding,
        minimum_age=law.minimum_age,
        basis=law.basis("base_cap_fen"),
    )


def laws_from_shipped(place: str, unit_rate: Rate | None = None, personal_rate: Rate | None = None) -> Laws:
    """The law that comes with the program, for checking a roster without a database; rates default to the lowest."""

    def law_of(month: Month) -> OpeningLaw:
        law = policy.shipped_law(month.first_day, place)
        return opening_law(law, unit_rate or law.rate_min, personal_rate or law.rate_min)

    return law_of


def laws_of_unit(unit: UnitAccount, place: str, by: Actor) -> Laws:
    """The center's law, at the rates that a unit account has in each month.

    Asks the database on every call: inside the transaction that is open, or in one of its own where none is.
    """

    def law_of(month: Month) -> OpeningLaw:
        with _scope(by):
            rows = statements("rates", unit_account_id=unit.pk, month=month.first_day).rows()
            unit_rate, personal_rate = map(Rate, rows[0]) if rows else (unit.unit_rate, unit.personal_rate)
            return opening_law(policy.law_on(month.first_day, place), unit_rate, personal_rate)

    return law_of


def context_of(unit: UnitAccount, today: date) -> OpeningContext:
    """The unit account as it stands, with the month that is declared and not yet booked."""
    declared = next(iter(cases.in_the_way([f"unit:{unit.pk}"], [CaseKind.REMITTANCE])), None)
    return OpeningContext(
        unit_state=unit.state,
        unit_first_month=unit.first_month,
        paid_through=unit.paid_through,
        today=today,
        declared_month=declared.month if declared else None,
        declared_case=declared.case_no if declared else None,
        unit_number=unit.number,
    )


def _scope(by: Actor) -> AbstractContextManager[None]:
    return nullcontext() if connection.in_atomic_block else reading(by)
